#!/bin/sh
# Makes, for today, every certificate that the sample system and the tests need: NAME.pem with its
# key NAME.key. The subjects and names are those of the sample system.
#
#   make_certs.sh DIRECTORY
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
mkdir -p "$1"
cd "$1"
umask 077

cat >ca.cnf <<'END'
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = policy
unique_subject = no
[policy]
commonName = supplied
[req]
distinguished_name = dn
[dn]
END
: >index.txt

# A day as openssl wants it: days from now, which may be negative.
day()
{
    date -u -d "$1 days" +%Y%m%d%H%M%SZ
}

# key NAME [ALGORITHM OPTION]
key()
{
    openssl genpkey -quiet -algorithm "${2-EC}" -pkeyopt "${3-ec_paramgen_curve:P-256}" \
        -out "$1.key" 2>/dev/null ||
        openssl genpkey -algorithm "${2-EC}" -pkeyopt "${3-ec_paramgen_curve:P-256}" -out "$1.key"
}

# cert NAME ISSUER COMMON-NAME FIRST-DAY LAST-DAY, extensions on standard input. ISSUER `self`: signed
# by its own key. The key is made unless it is there.
cert()
{
    cat >ext.cnf
    [ -e "$1.key" ] || key "$1"
    openssl req -new -config ca.cnf -key "$1.key" -subj "/CN=$3" -out "$1.csr"
    if [ "$2" = self ]; then
        set -- "$@" -selfsign -keyfile "$1.key"
    else
        set -- "$@" -cert "$2.pem" -keyfile "$2.key"
    fi
    name=$1 from=$(day "$4") to=$(day "$5")
    shift 5
    openssl ca -batch -notext -config ca.cnf -extfile ext.cnf -in "$name.csr" -out "$name.pem" \
        -startdate "$from" -enddate "$to" "$@"
}

authority='basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash'
server='basicConstraints = CA:FALSE
keyUsage = digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid'
mail="$server
subjectAltName = DNS:mail.example.com, DNS:localhost, IP:127.0.0.1, IP:::1"

{
    # What honest servers have.
    echo "$authority" | cert ca self 'Example Mail CA' -30 3650
    echo "$mail" | cert server ca mail.example.com -1 90
    key server_rsa RSA rsa_keygen_bits:2048
    echo "$mail" | cert server_rsa ca mail.example.com -1 90
    printf '%s\nsubjectAltName = DNS:relay.example.com\n' "$server" |
        cert relay ca relay.example.com -1 90
    printf '%s\nsubjectAltName = DNS:smtp.partner.example\n' "$server" |
        cert partner self smtp.partner.example -353 12
    printf '%s\nsubjectAltName = DNS:gateway.example.com\n' "$server" |
        cert gateway self gateway.example.com -2920 -730

    # One defect each.
    echo "$authority" | cert other_ca self 'Somebody Else CA' -30 3650
    echo "$mail" | cert unknown_ca other_ca mail.example.com -1 90
    echo "$mail" | cert expired ca mail.example.com -90 -1
    echo "$mail" | cert expired_self self mail.example.com -90 -1
    echo "$mail" | cert not_yet ca mail.example.com 30 90
    printf '%s\nsubjectAltName = DNS:www.example.net\n' "$server" |
        cert wrong_name ca mail.example.com -1 90
    echo "$server" | cert common_name_only ca mail.example.com -1 90
    echo "$mail" | sed 's/serverAuth/clientAuth/' | cert client_only ca mail.example.com -1 90
    echo "$mail" | cert self_signed self mail.example.com -1 90
    key weak RSA rsa_keygen_bits:1024
    echo "$mail" | cert weak ca mail.example.com -1 90
    # A pinned certificate issues nothing, whatever its key signs.
    echo "$mail" | cert issued_by_leaf server mail.example.com -1 90

    # The same subject, key identifier and signature as the genuine one, but another key.
    key attacker
    openssl pkey -in attacker.key -pubout -outform DER -out attacker.pub
    "$python" "$here/forge.py" ca.pem attacker.pub mail.example.com >forged_ca.pem
    "$python" "$here/forge.py" relay.pem attacker.pub relay.example.com >forged_relay.pem
    cp attacker.key forged_ca.key
    cp attacker.key forged_relay.key

    # Other shapes of what a store may hold.
    openssl x509 -in ca.pem -outform DER -out ca.der
    cat other_ca.pem ca.pem >two.pem
    cat server.pem server.key >with_key.pem
} >make_certs.log 2>&1 || { tail -n 3 make_certs.log >&2; exit 1; }
rm -f ./*.csr ./index.txt* ext.cnf ca.cnf attacker.pub
find . -name '[0-9A-F]*.pem' -exec rm -f {} +
