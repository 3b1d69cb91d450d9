#!/bin/sh
# Thousands of generated messages, read back by Python's email package.
set -eu
: "${top_srcdir:?}" "${top_builddir:?}" # of make check
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
exec_python=${PYTHON:-/usr/bin/python3}
for seed in 1 2; do
    "$exec_python" "$top_srcdir/tests/interop/mime_reader.py" \
        "$top_builddir/tests/interop/mime_generate" "$seed" "${UCM_MESSAGES:-1500}"
done
