#!/usr/bin/env python3
"""Forges a certificate: the original's subject, extensions and signature bytes, another key.

    forge.py ORIGINAL.pem KEY.pub(DER) HOST >FORGED.pem

The signature is of course wrong; the tests see to it that this is noticed. HOST is put in as
subjectAltName where the original has none, so that the name alone would pass.
"""
import base64
import sys


def read(der, at=0):
    """One DER element: tag, start of content, end."""
    tag, length, start = der[at], der[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length = int.from_bytes(der[start:start + count], "big")
        start += count
    return tag, start, start + length


def children(der):
    """The elements inside the one element that der is, each with its header."""
    _, at, end = read(der)
    while at < end:
        _, _, after = read(der, at)
        yield der[at:after]
        at = after


def wrap(tag, content):
    """One element with its header."""
    length = len(content)
    if length < 0x80:
        head = bytes([length])
    else:
        size = (length.bit_length() + 7) // 8
        head = bytes([0x80 | size]) + length.to_bytes(size, "big")
    return bytes([tag]) + head + content


SUBJECT_ALT_NAME = bytes.fromhex("0603551d11")


def with_name(extensions, host):
    """The [3] element of a certificate with the host in a subjectAltName."""
    listed = list(children(next(children(extensions))))
    if not any(SUBJECT_ALT_NAME in extension for extension in listed):
        names = wrap(0x30, wrap(0x82, host.encode()))
        listed.append(wrap(0x30, SUBJECT_ALT_NAME + wrap(0x04, names)))
    return wrap(0xA3, wrap(0x30, b"".join(listed)))


def forge(original, public_key, host):
    """The forged certificate in DER."""
    body, algorithm, signature = children(original)
    # version, serial, algorithm, issuer, validity, subject, key, extensions
    fields = list(children(body))
    fields[6] = public_key
    fields[7] = with_name(fields[7], host)
    return wrap(0x30, wrap(0x30, b"".join(fields)) + algorithm + signature)


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        lines = file.read().splitlines()
    original = base64.b64decode("".join(line for line in lines if "-----" not in line))
    with open(sys.argv[2], "rb") as file:
        public_key = file.read()
    text = base64.encodebytes(forge(original, public_key, sys.argv[3])).decode().strip()
    print("-----BEGIN CERTIFICATE-----", text, "-----END CERTIFICATE-----", sep="\n")


main()
