#!/usr/bin/env python3
"""Whom a send believes: real TLS servers, honest and otherwise, against each sort of trust."""
import os
import ssl
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, OPPORTUNISTIC, SendTest  # noqa: E402
from harness import add_rows, main  # noqa: E402
from processes import Aiosmtpd, OpensslServer  # noqa: E402
from scripted import Scripted  # noqa: E402

#        sentence, certificate of the server, trusted certificate, host
HONEST = [
    ("a server of the CA that is trusted", "server", "ca", "mail.example.com"),
    ("a server with an RSA key", "server_rsa", "ca", "mail.example.com"),
    ("a CA stored as DER", "server", "ca.der", "mail.example.com"),
    ("a store entry with two CAs", "server", "two", "mail.example.com"),
    ("a pinned certificate", "server", "server", "mail.example.com"),
    ("a pinned self-signed certificate", "self_signed", "self_signed", "mail.example.com"),
    ("a name that only the common name tells", "common_name_only", "ca", "mail.example.com"),
    ("an address, told by the certificate", "server", "ca", "127.0.0.1"),
]
FALSE = [
    ("a certificate of another name", "wrong_name", "ca", "mail.example.com"),
    ("another host's name", "relay", "ca", "mail.example.com"),
    ("an expired certificate", "expired", "ca", "mail.example.com"),
    ("a certificate of the future", "not_yet", "ca", "mail.example.com"),
    ("a CA that nobody trusts", "unknown_ca", "ca", "mail.example.com"),
    ("a self-signed certificate", "self_signed", "ca", "mail.example.com"),
    ("a certificate for clients only", "client_only", "ca", "mail.example.com"),
    ("a forged copy of the CA", "forged_ca", "ca", "mail.example.com"),
    ("a forged copy of the CA among two", "forged_ca", "two", "mail.example.com"),
    ("a forged copy of the pinned certificate", "forged_relay", "relay", "relay.example.com"),
    ("a certificate that the pinned one issued", "issued_by_leaf", "server", "mail.example.com"),
    ("a sister of the pinned certificate", "server_rsa", "server", "mail.example.com"),
    ("a pinned certificate for another host", "server", "server", "other.example.com"),
]


class Trust(SendTest):
    """Every row over implicit TLS and over STARTTLS."""

    MODES = (("tls", FORCED), ("starttls", OPPORTUNISTIC))

    def honest(self, presented, trusted, host):
        for mode, settings in self.MODES:
            with self.subTest(mode), \
                    Aiosmtpd("--mode", mode, *self.server_options(presented)) as server:
                system = self.system(trusted, **{**settings, "SMTP_SERVER": host})
                self.expect(self.send(system, server.port), 0, status="sent", plaintext=False,
                            tls_trusted_by="TRUSTED",
                            tls_mode="implicit" if mode == "tls" else "starttls")
                (envelope, message, _), = server.messages()
                self.assertTrue(envelope["tls"])
                self.assertEqual(message["Subject"], "Prüfung")

    def false(self, presented, trusted, host):
        for mode, settings in self.MODES:
            with self.subTest(mode), \
                    Aiosmtpd("--mode", mode, *self.server_options(presented)) as server:
                system = self.system(trusted, **{**settings, "SMTP_SERVER": host})
                code = 78 if host == "other.example.com" else 77
                outcome = self.expect(self.send(system, server.port), code, status="failed",
                                      plaintext=False)
                self.assertTrue(outcome["error"])
                self.assertEqual(server.messages(), [])

    def test_strict(self):
        """the common name counts for nothing under the strict profile"""
        with Aiosmtpd("--mode", "tls", *self.server_options("common_name_only")) as server:
            result = self.send(self.system(**FORCED), server.port, "--profile", "strict")
            self.expect(result, 77, status="failed")
            self.assertEqual(server.messages(), [])

    def test_peer(self):
        """the outcome names the certificate that the server presented"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            outcome = self.expect(self.send(self.system(**FORCED), server.port), 0)
        with open(self.cert("server"), encoding="ascii") as file:
            der = ssl.PEM_cert_to_DER_cert(file.read())
        import hashlib
        self.assertEqual(outcome["tls"]["peer_sha256"], hashlib.sha256(der).hexdigest())


class Handshake(SendTest):
    """Servers that would let TLS be less than it is."""

    def without_authentication(self, *options):
        with OpensslServer(*options) as server:
            outcome = self.expect(self.send(self.system(**FORCED), server.port), 77,
                                  status="failed", plaintext=False)
            self.assertTrue(outcome["error"])

    def test_old(self):
        """TLS 1.1"""
        with Scripted(["tls", "> 220 hello", "< ?"], self.cert("server"), self.cert("server.key"),
                      maximum=ssl.TLSVersion.TLSv1_1, minimum=ssl.TLSVersion.TLSv1) as server:
            self.expect(self.send(self.system(**FORCED), server.port), 77, status="failed")
            self.assertEqual(server.received, [])

    def test_older(self):
        """TLS 1.2 is good enough"""
        with Aiosmtpd("--mode", "tls", "--tls12", *self.server_options("server")) as server:
            self.expect(self.send(self.system(**FORCED), server.port), 0, tls_version="TLSv1.2")


add_rows(Trust, "honest", HONEST)
add_rows(Trust, "false", FALSE)
add_rows(Handshake, "without_authentication", [
    ("anonymous Diffie-Hellman", "-nocert", "-tls1_2", "-cipher", "ADH-AES256-GCM-SHA384:@SECLEVEL=0"),
    ("anonymous elliptic Diffie-Hellman", "-nocert", "-tls1_2", "-cipher",
     "AECDH-AES256-SHA:@SECLEVEL=0"),
])


class NullCipher(SendTest):
    """A server that authenticates, but does not encrypt."""

    def test_null(self):
        """the NULL cipher"""
        with OpensslServer("-cert", self.cert("server"), "-key", self.cert("server.key"), "-tls1_2",
                           "-cipher", "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0") as server:
            self.expect(self.send(self.system(**FORCED), server.port), 77, status="failed")


main()
