#!/bin/sh
# Boots a clean Debian with the packages in a container, with systemd as its first process and no
# network but its own, and runs booted.py there.
#
#   boot.sh TARBALL [WORD...]      (of `make dist`; WORDs: of the tests wanted)
#
# As root, with mmdebstrap and systemd-container.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
tarball=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
patience=900
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-boot.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root

echo 'build the packages'
"$here/build.sh" "$tarball" "$work/built" 'parallel=2 nocheck'

echo 'make a system'
needs=systemd,systemd-sysv,dbus,cron,iproute2,logrotate,openssl,python3-aiosmtpd
mmdebstrap --quiet --variant=apt --mode=root --skip=cleanup/apt/lists --include="$needs" \
    --dpkgopt='path-include=/usr/share/doc/*' "$suite" "$root" >/dev/null
mkdir -p "$root/check/packages" "$root/check/xml"
cp "$work"/built/*.deb "$root/check/packages"
rm -f "$root"/check/packages/*-dbgsym_*
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    sh -c 'apt-get install -y --no-install-recommends /check/packages/*.deb' >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 1; }
cp -R "$top/tests" "$root/check"
printf '127.0.0.1 localhost mail.example.com\n' >"$root/etc/hosts"
: >"$root/etc/machine-id"

cat >"$root/check/run" <<END
#!/bin/sh
top_srcdir=/check top_builddir=/check python3 -B /check/tests/packaging/booted.py $* >/check/tap 2>/check/errors
echo \$? >/check/status
systemctl --no-block poweroff
END
cat >"$root/etc/systemd/system/check.service" <<'END'
[Unit]
Description=Tests of a booted system
[Service]
ExecStart=/bin/sh /check/run
END
ln -s ../check.service "$root/etc/systemd/system/multi-user.target.wants/check.service"

echo 'boot it'
# A service manager keeps a register of containers; where there is none, as in a container, none is kept.
unregistered=
[ -d /run/systemd/system ] || unregistered='--register=no --keep-unit'
# shellcheck disable=SC2086 # two options or none
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout --kill-after=30 "$patience" systemd-nspawn --quiet $unregistered \
    --private-network --directory="$root" --boot </dev/null >"$work/console" 2>&1 || true
[ -e "$root/check/status" ] || { tail -n 40 "$work/console" >&2; exit 1; }
cat "$root/check/tap"
exit "$(cat "$root/check/status")"
