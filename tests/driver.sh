#!/bin/sh
# Runs a test by the driver that the arguments name, with a folder for what is temporary. The folder
# goes when the test is over, however it ended.
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/ucm.XXXXXX") || exit 99
export TMPDIR
chmod 711 "$TMPDIR" # servers that give up root pass through
trap 'chmod -R u+rwx "$TMPDIR" 2>/dev/null; rm -rf "$TMPDIR"' EXIT
trap 'exit 1' HUP INT TERM
"$@"
