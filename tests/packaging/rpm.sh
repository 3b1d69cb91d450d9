#!/bin/sh
# Builds the RPM packages in a temporary folder, and asks rpmlint. On a system of another kind the
# dependencies cannot be looked up: they are taken as met.
#
#   rpm.sh TARBALL        (of `make dist`)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
spec=$here/../../packaging/ucmail.spec
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-rpm.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/SOURCES"
cp "$1" "$work/SOURCES"

echo 'build'
rpmbuild -bb --nodeps --without check --define "_topdir $work" "$spec" >"$work/log" 2>&1 ||
    { tail -n 40 "$work/log" >&2; exit 1; }
find "$work/RPMS" -name '*.rpm' -exec basename {} \; | sort | sed 's/^/  /'

echo 'rpmlint'
rpmlint --config "$here/rpmlint.toml" "$spec" "$work"/RPMS/*/*.rpm
