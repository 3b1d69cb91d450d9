#!/bin/sh
# Makes the sample system ready for today: copies it and puts the certificates into the store of
# client 0, with the checksum and size that an export tells of them.
#
#   render.sh CERTIFICATES TARGET        (CERTIFICATES: made by tests/servers/make_certs.sh)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
certificates=$(cd "$1" && pwd)
rm -rf "$2"
mkdir -p "$2"
cp -R "$here"/UC4_PROD* "$2"
chmod -R u+w "$2"
cd "$2/UC4_PROD - 0000"
store=UC_TRUSTEDCERTS
cp "$store.xml.in" "$store.xml"

while read -r resource file; do
    payload=$store-$resource-ALL-ALL-ALL
    cp "$certificates/$file" "$payload"
    sum=$(sha256sum "$payload" | cut -d ' ' -f 1 | tr a-f A-F)
    size=$(wc -c <"$payload" | tr -d ' ')
    sed "s/@${resource}_SHA256@/$sum/; s/@${resource}_SIZE@/$size/" "$store.xml" >"$store.new"
    mv "$store.new" "$store.xml"
done <<'END'
MAIL_CA ca.pem
RELAY relay.pem
PARTNER partner.pem
GATEWAY_2019 gateway.pem
END
rm -f "$store.xml.in"
