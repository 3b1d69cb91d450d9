#!/bin/sh
# Builds source and binary packages of a tarball in a folder made for them.
#
#   build.sh TARBALL FOLDER OPTIONS      (of `make dist`; OPTIONS: DEB_BUILD_OPTIONS)
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
tarball=$1 folder=$2
version=$(basename "$tarball" .tar.xz | sed 's/.*-//')
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l "$top/debian/changelog" -S Timestamp)
export SOURCE_DATE_EPOCH
umask 022
mkdir -p "$folder"
cp "$tarball" "$folder/ucmail_$version.orig.tar.xz"
tar -C "$folder" -xf "$tarball"
cp -R "$top/debian" "$folder/ucmail-$version/"
cd "$folder/ucmail-$version"
DEB_BUILD_OPTIONS=$3 LC_ALL=C dpkg-buildpackage -us -uc >"$folder/log" 2>&1 ||
    { tail -n 40 "$folder/log" >&2; exit 1; }
