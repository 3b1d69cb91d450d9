#!/bin/sh
# The tarball is the same wherever it is made, and builds without git, network and autotools: made of itself
# under another mask, time zone and locale, it has the same bytes; then it is built where every tool of
# those fails, and, for root, where there is no network.
#
#   dist.sh TARBALL [TARGET]      (of `make dist`; TARGET: what is made there, all where none is named)
set -eu
tarball=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
target=${2-all}
version=$(basename "$tarball" .tar.xz)
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir "$work/bin"
for tool in git autoconf autoheader autom4te automake autoreconf aclocal libtoolize curl wget; do
    printf '#!/bin/sh\necho "%s was called" >>%s/called\nexit 1\n' "$tool" "$work" >"$work/bin/$tool"
    chmod 755 "$work/bin/$tool"
done
PATH=$work/bin:$PATH

logged()
{
    "$@" >"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; exit 1; }
}

echo 'made of itself, elsewhere'
(umask 077 && mkdir -p "$work/another/place" && tar -C "$work/another/place" -xf "$tarball" &&
    cd "$work/another/place/$version" && unset SOURCE_DATE_EPOCH &&
    export TZ=Pacific/Kiritimati LC_ALL=C && logged ./configure && logged make dist)
cmp "$tarball" "$work/another/place/$version/$version.tar.xz"

echo "built without git, network and autotools: $target"
tar -C "$work" -xf "$tarball"
cd "$work/$version"
alone=''
[ "$(id -u)" != 0 ] || alone='unshare --net'
# shellcheck disable=SC2086 # two words or none
logged $alone ./configure --with-agent-kind=unix-x64-linux
# shellcheck disable=SC2086 # two words or none
logged $alone make -j2 "$target"
sed -n 's/^# \([A-Z]*: *[0-9]*\)$/  \1/p' "$work/log"
# The date of the tarball is asked of git first.
if grep -v '^git ' "$work/called" >&2 2>/dev/null; then exit 1; fi
