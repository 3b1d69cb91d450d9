#!/bin/sh
# Installs the build of the working directory, uses what is installed as a stranger would, and
# uninstalls it.
#
#   installed.sh PREFIX        (the prefix that the build was configured with)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
    echo "error: $1" >&2
    exit 1
}

rm -rf "$prefix"
make install
PYTHON=$(sed -n 's/^PYTHON = //p' Makefile) "$here/servers/make_certs.sh" "$work/certificates"
"$here/../xml/sample/render.sh" "$work/certificates" "$work/sample"

"$prefix/bin/policy-lint" "$work/sample" >"$work/audit" && fail 'the audit of the sample passed'
grep -q UCM105 "$work/audit" || fail 'the audit of the sample does not tell UCM105'
"$prefix/bin/ucmail" policy -C "$work/sample" -c 100 --json | grep -q '"decision": *"forced"' ||
    fail 'client 100 is not forced TLS'

# README's program, told to be client 300, whose policy refuses before anything is dialled.
"$here/example.sh" | sed "s,/etc/ucmail,$work/sample,; s/UCM_CLIENT, 100/UCM_CLIENT, 300/" \
    >"$work/example.c"
PKG_CONFIG_PATH=$prefix/lib/pkgconfig
export PKG_CONFIG_PATH
# shellcheck disable=SC2046 # a list of words
cc -std=c11 -Wall -Wextra -Werror "$work/example.c" -o "$work/example" \
    $(pkg-config --cflags --libs ucmail) "-Wl,-rpath,$prefix/lib"
status=0
"$work/example" 2>"$work/said" || status=$?
[ "$status" = 78 ] || fail "README's program: exit $status: $(cat "$work/said")"
grep -q UCM105 "$work/said" || fail "README's program does not name UCM105"

make uninstall
left=$(find "$prefix" ! -type d)
[ -z "$left" ] || fail "left after uninstall: $left"
