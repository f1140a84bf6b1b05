#!/bin/sh
# Make the virtual environment $1 and put the pinned installer in it.
# Uses $PYTHON when it is set, else the first Python of the supported versions on PATH.
set -eu
venv=$1
lock=$(dirname "$0")/setup.txt
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'

fail() {
    echo "make setup: $1" >&2
    exit 1
}

# An environment that is whole brings its installer up to date by itself.
if "$venv/bin/python" -c "$supported" 2>/dev/null && "$venv/bin/uv" --version >/dev/null 2>&1; then
    exec "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r "$lock"
fi

python=
for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$name" -c "$supported" 2>/dev/null; then
        python=$name
        break
    fi
done
[ -n "$python" ] ||
    fail "needs Python 3.11 to 3.14; install one, or name it: make setup PYTHON=/path/to/python3"

echo "making $venv with $("$python" --version)"
rm -rf "$venv"
set -- install --quiet --disable-pip-version-check --require-hashes -r "$lock"
if "$python" -m venv "$venv" >/dev/null 2>&1; then
    "$venv/bin/python" -m pip "$@"
else
    # Debian splits ensurepip off: its own pip, when there, can install into the environment.
    rm -rf "$venv"
    { "$python" -m venv --without-pip "$venv" && "$python" -m pip --version; } >/dev/null 2>&1 || {
        rm -rf "$venv"
        fail "this Python makes no virtual environments; on Debian: apt-get install python3-venv"
    }
    "$python" -m pip --python "$venv/bin/python" "$@"
fi
# uv takes over from here: 25 MB less.
"$venv/bin/uv" pip uninstall --quiet --python "$venv/bin/python" pip setuptools 2>/dev/null || true
