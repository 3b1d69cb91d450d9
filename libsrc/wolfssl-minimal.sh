#!/bin/sh
# Builds the small static wolfSSL of the constrained build (configure --with-wolfssl-static=PREFIX).
#
# Usage: wolfssl-minimal.sh PREFIX [SOURCE]
#   PREFIX  where include/ and lib/ go
#   SOURCE  an unpacked wolfSSL; without it the distribution's source package is fetched, with its
#           security patches (apt-get source: needs a deb-src line, dpkg-dev, autoconf, libtool)
#
# What is in it: a client of TLS 1.2 and 1.3; X25519, P-256, P-384; RSA to 4096 bits, ECDSA; AES-GCM,
# ChaCha20-Poly1305; SHA-256, 384, 512; SNI, tickets, the exporter; PBKDF2 and HMAC for SCRAM. SHA-1
# only names keys (subject key identifiers). No server, no old TLS, no file access, no error texts
# but the library's own numbers.
set -eu

prefix=${1:?"usage: $0 PREFIX [SOURCE]"}
source=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "$source" ]; then
	cp -a "$source" "$work/wolfssl"
else
	(cd "$work" && apt-get source --quiet wolfssl && mv wolfssl-*/ wolfssl)
fi
cd "$work/wolfssl"
[ -x configure ] || autoreconf -fi

# Verification as libsrc/tls_verify.c expects it: the callback sees every certificate.
verify="-DWOLFSSL_ALWAYS_VERIFY_CB -DWOLFSSL_VERIFY_CB_ALL_CERTS -DWOLFSSL_ALT_CERT_CHAINS \
 -DKEEP_PEER_CERT -DHAVE_EXT_CACHE"
# Constant time where the curve code offers it; no tables at run time; loops, not unrolled.
crypto="-DECC_TIMING_RESISTANT -DTFM_TIMING_RESISTANT -DWC_RSA_BLINDING \
 -DSP_INT_BITS=4096 -DUSE_SLOW_SHA512 -DUSE_SLOW_SHA256 -DUSE_SLOW_SHA -DWOLFSSL_AES_SMALL_TABLES \
 -DECC_USER_CURVES -DHAVE_ECC384 -DNO_ECC_SIGN -DWC_NO_RSA_OAEP"
# The library sends and receives itself, and keeps its sessions itself.
less="-DNO_WOLFSSL_SERVER -DWOLFSSL_NO_CLIENT_AUTH -DNO_FILESYSTEM -DNO_DSA -DNO_MD4 -DNO_RC4 -DNO_DES3 -DNO_PSK \
 -DNO_OLD_TLS -DNO_SESSION_CACHE_REF -DNO_CLIENT_CACHE -DSMALL_SESSION_CACHE -DWOLFSSL_USER_IO \
 -DWOLFSSL_NO_DEF_TICKET_ENC_CB"
# Those that the compiler knows. The code can be linked with the library as one whole.
flags=
for flag in -Oz -fstack-protector-strong -fstack-clash-protection -fcf-protection '-flto -ffat-lto-objects'; do
	# shellcheck disable=SC2086 # words
	if echo 'int nothing;' | ${CC:-cc} -Werror $flag -xc -c -o "$work/probe.o" - 2>/dev/null; then
		flags="$flags $flag"
	fi
done

./configure --quiet --prefix="$prefix" --disable-shared --enable-static \
	--disable-examples --disable-crypttests --disable-filesystem --disable-oldtls \
	--disable-asm --enable-tls13 --enable-sni --enable-session-ticket \
	--enable-supportedcurves --enable-curve25519 --enable-ecc --enable-chacha --enable-poly1305 \
	--enable-aesgcm --disable-aescbc --enable-sha384 --enable-sha512 --enable-keying-material \
	--enable-pwdbased --disable-dh --disable-des3 --disable-md5 --disable-pkcs12 \
	--disable-psk --disable-errorstrings --disable-sys-ca-certs --disable-sha3 \
	--disable-sha224 --enable-sp-math-all=small --disable-eccshamir \
	CFLAGS="-Os -g -fPIC -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables \
 -fvisibility=hidden -D_FORTIFY_SOURCE=2$flags $verify $crypto $less"
make -s
make -s install
# Without it libtool takes the archive as it takes any other.
rm -f "$prefix/lib/libwolfssl.la"
