#!/bin/sh
# Builds and tests in a clean system made for it, of any Debian suite, machine and compiler. Says what was
# there and how the tests ended. As root, with mmdebstrap.
#
#   system.sh TARBALL [ARGUMENT of configure ...]       (of `make dist`)
#
# Of the environment, each with a default:
#   SUITE           this system's
#   MACHINE         Debian's name of it; this one's. i386 runs on x86-64 as it is, others under qemu-user
#   COMPILER        gcc; clang, or any package that brings a compiler of its own name
#   TARGET          what is made: check, or check-unit for another machine; standards, distcheck, several
#   SYSTEM_OPTIONS  more options of mmdebstrap
set -eu
tarball=$1
shift
SUITE=${SUITE:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)}
own=$(dpkg --print-architecture)
MACHINE=${MACHINE:-$own}
COMPILER=${COMPILER:-gcc}
version=$(basename "$tarball" .tar.xz)
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-system.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root

# Runs as it is, or is cross-built and then run by qemu-user.
machines=$own qemu='' cross=''
case $own:$MACHINE in
"$MACHINE:$MACHINE" | amd64:i386) machines=$MACHINE ;;
*:arm64) qemu='qemu-aarch64' ;;
*:armhf | *:armel) qemu='qemu-arm' ;;
*:ppc64el) qemu='qemu-ppc64le' ;;
*) qemu=qemu-$MACHINE ;;
esac
[ -z "$qemu" ] || machines=$own,$MACHINE cross=:$MACHINE
TARGET=${TARGET:-check${qemu:+-unit}}
triplet=$(dpkg-architecture -a "$MACHINE" -q DEB_HOST_GNU_TYPE 2>/dev/null)
multiarch=$(dpkg-architecture -a "$MACHINE" -q DEB_HOST_MULTIARCH 2>/dev/null)

# What ./bootstrap installs, except what analyses; unit tests take less.
packages_demo='' packages_check=''
eval "$(tar -xOf "$tarball" "$version/bootstrap" |
    sed -n "/^packages_[a-z]*='/,/'\$/p")"
wanted='make mount openssl pkg-config python3-aiosmtpd'
[ "$TARGET" = check-unit ] || for package in $packages_demo $packages_check; do
    case $package in
    bear | clang* | cppcheck | gcc | libclang* | shellcheck | valgrind | lib*-dev) ;;
    *) wanted="$wanted $package" ;;
    esac
done
compiler=$COMPILER libraries='jansson wolfssl xml2 zip cmocka'
if [ -n "$qemu" ]; then
    wanted="$wanted qemu-user crossbuild-essential-$MACHINE" compiler=$triplet-gcc
else
    wanted="$wanted $COMPILER libc6-dev" libraries="$libraries event"
fi
for library in $libraries; do
    wanted="$wanted lib$library-dev$cross"
done

# Nothing that is installed may start a service.
# shellcheck disable=SC2016,SC2086 # for the hooks; several options or none
mmdebstrap --quiet --variant=apt --mode=root --architectures="$machines" ${SYSTEM_OPTIONS-} \
    --essential-hook='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"' \
    --essential-hook='echo postfix postfix/main_mailer_type select No configuration |
        chroot "$1" debconf-set-selections' \
    --include="$(echo "$wanted" | tr -s ' \n' ,)" "$SUITE" "$root" >"$work/log" 2>&1 ||
    { tail -n 20 "$work/log" >&2; exit 1; }
mkdir "$root/build"
tar -C "$root/build" -xf "$tarball"

cat >"$root/build/run" <<'END_OF_RUN'
set -e
mount -t proc proc /proc
mkdir -p /dev/pts
mount -t devpts -o ptmxmode=666 devpts /dev/pts
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
cd "/build/$VERSION"
./configure CC="$COMPILER" "$@"
make -j2 -k
if [ -n "$QEMU" ]; then
    make -j2 "$TARGET" TAP_LOG_COMPILER="\$(LIBTOOL) --mode=execute $QEMU"
else
    make -j2 -k $TARGET
fi
END_OF_RUN
echo '127.0.0.1 localhost' >"$root/etc/hosts"

inside()
{
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

# shellcheck disable=SC2016 # for the shell there
# The versions that the table of packaging/README wants.
release=$(inside sh -c '. /etc/os-release && echo "$PRETTY_NAME"')
echo "  $release, $MACHINE, $(inside "$compiler" --version | head -n 1)"
# shellcheck disable=SC2016 # for dpkg-query
inside dpkg-query -W -f '${Package} ${Version}\n' "libc6$cross" "libwolfssl-dev$cross" "libxml2-dev$cross" \
    "libcmocka-dev$cross" ${qemu:+qemu-user} | sed 's/^/  /'

[ -z "$qemu" ] || set -- --host="$triplet" PKG_CONFIG_LIBDIR="/usr/lib/$multiarch/pkgconfig:/usr/share/pkgconfig" "$@"
# What it mounts ends with it.
status=0
unshare --mount --pid --fork chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LC_ALL=C.UTF-8 VERSION="$version" COMPILER="$compiler" QEMU="$qemu" TARGET="$TARGET" \
    sh /build/run --with-agent-kind=unix-x64-linux --enable-werror "$@" >"$work/log" 2>&1 || status=$?
[ "$status" = 0 ] || {
    grep -E '^(FAIL|ERROR|not ok)|[Ee]rror:' "$work/log" >&2 || tail -n 30 "$work/log" >&2
    [ -z "${KEEP-}" ] || { mkdir -p "$KEEP" && cp -R "$work/log" "$root/build" "$KEEP"; }
}
library=$root/build/$version/libsrc/.libs/libucmail.so.0.0.0
[ ! -e "$library" ] || file "$library" | sed 's/.*: /  /'
sed -n 's/^# \([A-Z]*: *[0-9]*\)$/  \1/p' "$work/log"
exit "$status"
