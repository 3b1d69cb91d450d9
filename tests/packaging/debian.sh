#!/bin/sh
# Builds the Debian packages in a temporary folder, twice and in different places, compares the two,
# and asks lintian. As root, with mmdebstrap, also installs them in a clean system and runs debian/tests
# there.
#
#   debian.sh TARBALL [KEEP]      (TARBALL: of `make dist`; KEEP: a folder for the packages)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
tarball=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
keep=${2-}
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-debian.XXXXXX")
trap 'rm -rf "$work"' EXIT
umask 022

say()
{
    printf '%s\n' "$*"
}

say 'build, with the unit tests'
"$here/build.sh" "$tarball" "$work/first" 'parallel=2'
say 'build again, elsewhere'
TZ=Pacific/Kiritimati "$here/build.sh" "$tarball" "$work/a-second/place" 'nocheck'

say 'compare'
for file in "$work"/first/*.deb "$work"/first/*.dsc "$work"/first/*.tar.*; do
    case $file in
    *-dbgsym_*) continue ;;
    esac
    cmp "$file" "$work/a-second/place/$(basename "$file")"
    say "  identical: $(basename "$file")"
done

say 'lintian'
as_user=
[ "$(id -u)" != 0 ] || as_user=--allow-root
# shellcheck disable=SC2086 # one option or none
TMPDIR=$work lintian $as_user -EI --pedantic --fail-on error,warning "$work"/first/*.changes

if [ -n "$keep" ]; then
    mkdir -p "$keep"
    cp "$work"/first/*.deb "$work"/first/*.dsc "$work"/first/*.tar.* "$work"/first/*.changes "$keep"
fi

if [ "$(id -u)" = 0 ] && command -v mmdebstrap >/dev/null; then
    say 'install in a clean system, and run debian/tests there'
    "$here/chroot.sh" "$work/first" "$top"
else
    say 'not root, or no mmdebstrap: not installed in a clean system'
fi
