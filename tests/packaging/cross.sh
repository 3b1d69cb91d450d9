#!/bin/sh
# Builds for another architecture in a clean system made for it, and runs the unit tests: i386 runs on
# x86-64 as it is, others run under qemu-user. s390x is big-endian, i386 has 32-bit pointers.
#
#   cross.sh ARCHITECTURE TARBALL [--disable-xml]     (Debian's name of it; as root, with mmdebstrap)
#
# --disable-xml: where the archive has no libxml2 and libzip of that architecture to go with its own.
set -eu
architecture=$1 tarball=$2 option=${3-}
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
own=$(dpkg --print-architecture)
triplet=$(dpkg-architecture -a "$architecture" -q DEB_HOST_GNU_TYPE 2>/dev/null)
multiarch=$(dpkg-architecture -a "$architecture" -q DEB_HOST_MULTIARCH 2>/dev/null)
version=$(basename "$tarball" .tar.xz)
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-cross.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root

case $architecture in
i386) qemu= ;;
arm64) qemu='qemu-aarch64' ;;
armhf | armel) qemu='qemu-arm' ;;
ppc64el) qemu='qemu-ppc64le' ;;
*) qemu=qemu-$architecture ;;
esac
needs=crossbuild-essential-$architecture,make,mount,openssl,pkg-config,python3-aiosmtpd${qemu:+,qemu-user}
libraries='jansson wolfssl cmocka'
[ -n "$option" ] || libraries="$libraries xml2 zip"
for library in $libraries; do
    needs=$needs,lib$library-dev:$architecture
done
mmdebstrap --quiet --variant=apt --mode=root --architectures="$own,$architecture" \
    --include="$needs" "$suite" "$root" >/dev/null
mkdir "$root/build"
tar -C "$root/build" -xf "$tarball"

cat >"$root/build/run" <<END
set -e
mount -t proc proc /proc
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
cd /build/$version
PKG_CONFIG_LIBDIR=/usr/lib/$multiarch/pkgconfig:/usr/share/pkgconfig
export PKG_CONFIG_LIBDIR
./configure --host=$triplet CC=$triplet-gcc $option
make -j2
make check-unit TAP_LOG_COMPILER='\$(LIBTOOL) --mode=execute $qemu'
END
echo '127.0.0.1 localhost' >"$root/etc/hosts"
# What it mounts ends with it.
unshare --mount --pid --fork chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    sh /build/run >"$work/log" 2>&1 || {
    grep -E '^(FAIL|ERROR)|[Ee]rror:' "$work/log" >&2 || true
    tail -n 30 "$work/log" >&2
    exit 1
}
file "$root/build/$version/libsrc/.libs/libucmail.so.0.0.0" | sed 's/.*: /  /'
sed -n 's/^# \([A-Z]*: *[0-9]*\)$/  \1/p' "$work/log"
