#!/bin/sh
# Installs packages in a clean system made for it, runs debian/tests there, and removes them again.
#
#   chroot.sh PACKAGES SOURCE      (folders; as root)
set -eu
packages=$(cd "$1" && pwd)
source=$(cd "$2" && pwd)
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-chroot.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root

# What the tests need beside the packages, and nothing that the packages must bring themselves.
needs=openssl,python3-aiosmtpd,gcc,libc6-dev,pkg-config,autopkgtest,man-db
mmdebstrap --quiet --variant=apt --mode=root --skip=cleanup/apt/lists --include="$needs" \
    --dpkgopt='path-include=/usr/share/man/*' --dpkgopt='path-include=/usr/share/doc/*' \
    "$suite" "$root" >/dev/null

mkdir "$root/packages" "$root/source"
cp "$packages"/*.deb "$root/packages"
rm -f "$root"/packages/*-dbgsym_*
(cd "$source" && cp -R debian tests xml libsrc README "$root/source/")

inside()
{
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}

inside sh -c 'apt-get install -y --no-install-recommends /packages/*.deb' >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 1; }
echo '  installed'

inside sh -c 'cd /source && mkdir -p /results && autopkgtest --output-dir /results/all -B \
    /source -- null' >"$work/log" 2>&1 || { tail -n 60 "$work/log" >&2; exit 1; }
sed 's/^/  /' "$root/results/all/summary"

# By the documentation that was installed, and nothing else.
for page in 'ucmail' 'policy-lint' 'ucmail-sendmail' '5 ucmail-snapshot' '7 ucmail-rules' \
    '7 ucmail-agents' '7 ucmail-tutorial' '3 ucm_set_number' '3 libucmail'; do
    # shellcheck disable=SC2086 # a section and a name
    inside man -w $page >/dev/null
done
echo '  manual pages found'

inside sh -c 'apt-get purge -y libucmail0 libucmail-dev' >"$work/log" 2>&1
left=$(inside find / -xdev -path /packages -prune -o -path /source -prune -o -path /results -prune \
    -o -path /proc -prune -o -name '*ucmail*' ! -path '/var/lib/apt/*' -print)
[ -z "$left" ] || { printf 'error: left after purge: %s\n' "$left" >&2; exit 1; }
echo '  removed without a trace'
