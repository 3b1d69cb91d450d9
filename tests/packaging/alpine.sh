#!/bin/sh
# Goes through an APKBUILD as abuild would, on any system: its syntax, the checksum of the tarball, its
# functions, and each subpackage's share of what was installed. Built is for this system.
#
#   alpine.sh TARBALL [FILLED]     (of `make dist`; FILLED: where the APKBUILD with its checksum goes)
# shellcheck disable=SC2034,SC2154 # what abuild and the APKBUILD know of each other
set -eu
here=$(cd "$(dirname "$0")" && pwd)
apkbuild=$here/../../packaging/APKBUILD
tarball=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
filled=${2-}
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-alpine.XXXXXX")
trap 'rm -rf "$work"' EXIT

echo 'shellcheck'
# Variables are for abuild, which sets others.
shellcheck -s dash -e SC2034,SC2154 "$apkbuild"

echo 'checksum'
sum=$(sha512sum "$tarball" | cut -d ' ' -f 1)
sed "s/^sha512sums=.*/sha512sums=\"\\
$sum  $(basename "$tarball")\\
\"/" "$apkbuild" >"$work/APKBUILD"
# shellcheck disable=SC1091 # the copy just made
. "$work/APKBUILD"
cp "$tarball" "$work"
(cd "$work" && echo "$sha512sums" | grep . | sha512sum -c --quiet)
for variable in pkgname pkgver pkgrel pkgdesc url arch license source; do
    eval "[ -n \"\$$variable\" ]" || { echo "error: $variable is not set" >&2; exit 1; }
done
[ "${#pkgdesc}" -lt 128 ] && [ "$(basename "$tarball")" = "$source" ]

# What abuild gives to the functions.
CBUILD=$(cc -dumpmachine) CHOST=$CBUILD
want_check() { return 1; }
amove()
{
    for pattern in "$@"; do
        # shellcheck disable=SC2086 # a pattern
        (cd "$pkgdir" && for path in $pattern; do
            [ -e "$path" ] || { echo "error: $subpkgname: no $path" >&2; exit 1; }
            mkdir -p "$subpkgdir/${path%/*}" && mv "$path" "$subpkgdir/${path%/*}/" || exit 1
        done) || exit 1
    done
}

echo 'build'
pkgdir=$work/pkg/$pkgname
tar -C "$work" -xf "$tarball"
cd "$work/$pkgname-$pkgver"
(set -e && build && package) >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }

echo 'subpackages'
for subpackage in $subpackages; do
    subpkgname=${subpackage%%:*} subpkgdir=$work/pkg/${subpackage%%:*} split=${subpackage#*:}
    case $subpackage in
    *:*) (pkgdesc='' && $split && [ -n "$pkgdesc" ]) ;;
    *-doc) amove usr/share/man usr/share/doc ;;
    *-bash-completion) amove usr/share/bash-completion ;;
    *-fish-completion) amove usr/share/fish ;;
    *-zsh-completion) amove usr/share/zsh ;;
    esac
    echo "  $subpkgname: $(find "$subpkgdir" -type f -o -type l | wc -l) files"
done
left=$(cd "$pkgdir" && find . -type f -o -type l | sort | tr '\n' ' ')
echo "  $pkgname: $left"
[ "$left" = './usr/bin/policy-lint ./usr/bin/ucmail ./usr/bin/ucmail-sendmail ' ] ||
    { echo 'error: other files than the programs are left' >&2; exit 1; }
[ -z "$filled" ] || cp "$work/APKBUILD" "$filled"
