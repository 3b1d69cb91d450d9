# Sourced by ./bootstrap demo: the audit of the sample system, two sends through a real server, and one
# that is refused. Commands are shown as they are run, in build/demo.
# shellcheck shell=sh
# shellcheck disable=SC2154 # top: of bootstrap

demo=$top/build/demo
servers=
# Shown is an agent that knows TLS, whatever the host.
agent=--with-agent-kind=unix-x64-linux

build_demo()
{
    mkdir -p "$demo" && cd "$demo" &&
        { [ -e config.status ] || "$top/configure" --disable-tests "$agent"; } &&
        make -j"$(jobs_wanted)" all
}

make_sample()
{
    PYTHON=$python "$top/tests/servers/make_certs.sh" "$demo/certificates" &&
        "$top/xml/sample/render.sh" "$demo/certificates" "$demo/sample"
}

# serve MODE CERTIFICATE: aiosmtpd on a port of the kernel's choice.
serve()
{
    rm -rf "port.$1" "mail.$1"
    "$python" -B "$top/tests/servers/smtpd.py" --mode "$1" --cert "certificates/$2.pem" \
        --key "certificates/$2.key" --port-file "port.$1" --mail "mail.$1" \
        >"$log_dir/smtpd.$1.log" 2>&1 &
    servers="$servers $!"
}

listening()
{
    waited=0
    while [ ! -e port.tls ] || [ ! -e port.starttls ]; do
        waited=$((waited + 1))
        [ "$waited" -lt 100 ] || { echo 'no server within 20 s'; return 1; }
        sleep 0.2
    done
}

stop_servers()
{
    # shellcheck disable=SC2086 # a list of numbers
    [ -z "$servers" ] || kill $servers 2>/dev/null
    wait
    servers=
}

title()
{
    printf '\n== %s\n' "$1"
}

# shown CODE COMMAND...: shows a command, runs it, and wants this exit code of it.
shown()
{
    wanted=$1
    shift
    printf '\n$'
    for word in "$@"; do
        case $word in
        *[!A-Za-z0-9_./:=,@-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    status=0
    "$@" 2>&1 || status=$?
    [ "$status" = 0 ] || printf '(exit %d)\n' "$status"
    if [ "$status" != "$wanted" ]; then
        printf 'bootstrap: demo: exit %d, not %d, from: %s\n' "$status" "$wanted" "$*" >&2
        exit 1
    fi
}

for python in python3 /usr/bin/python3 ''; do
    [ -n "$python" ] || { echo 'bootstrap: no Python 3 with aiosmtpd' >&2; exit 1; }
    "$python" -c 'import aiosmtpd' 2>/dev/null && break
done

stage 'build' build-demo build_demo
stage 'certificates for today, sample system' sample make_sample
cd "$demo" || exit 1
PATH=$demo/tools:$PATH
trap stop_servers EXIT
trap 'exit 1' HUP INT TERM
serve tls server
serve starttls relay
stage 'real SMTP servers on loopback (aiosmtpd)' smtpd listening
implicit=$(cat port.tls) starttls=$(cat port.starttls)

title 'The audit: seven clients, defects planted in five of them'
shown 1 policy-lint --agents unix-x64-linux,windows -o text:audit sample
printf '\n$ grep UCM audit\n'
grep UCM audit

title 'One finding of it, as it is printed'
shown 1 policy-lint --only 300 --select UCM105 sample

title 'Forced TLS: client 100, believing only the CA that its settings name'
echo 'The invoices of this month are booked.' >text
shown 0 ucmail send -C sample -c 100 --connect-to "mail.example.com:465:127.0.0.1:$implicit" \
    -t ledger@example.com -s 'Month closed: 4 711 €' --body-file text

title 'STARTTLS: the same client through the server RELAY, whose certificate is pinned'
shown 0 ucmail send -C sample -c 100 --server RELAY \
    --connect-to "relay.example.com:587:127.0.0.1:$starttls" \
    -t ledger@example.com -s 'Month closed' --body-file text

title 'What the first server received'
shown 0 cat mail.tls/0001.eml

title 'Client 300 says STARTTLS without a certificate (UCM105 above): refused, nothing is sent'
shown 78 ucmail send -C sample -c 300 --connect-to "mail.example.com:587:127.0.0.1:$starttls" \
    -t stock@example.com -s 'Stock' --body-file text

stop_servers
title 'Servers stopped. All of this is in build/demo, the logs are in build/log.'
