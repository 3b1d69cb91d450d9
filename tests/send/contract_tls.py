#!/usr/bin/env python3
"""What the contract says of TLS and trust, row by row, against servers that break one rule each."""
import datetime
import hashlib
import os
import ssl
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, FORCED_587, OPPORTUNISTIC, PLAIN, SendTest  # noqa: E402
from harness import add_rows, main, make_system, ucmail  # noqa: E402
from processes import OpensslServer  # noqa: E402
from scripted import Scripted  # noqa: E402

FORCED_25 = {**FORCED, "SMTP_PORT": "25"}
FORCED_2525 = {**FORCED, "SMTP_PORT": "2525"}
EHLO = ["> 220 mail.example.com ESMTP", "< EHLO"]
SEND = ["< MAIL FROM:<automation@example.com>", "> 250 ok", "< RCPT TO:<b@example.com>", "> 250 ok",
        "< DATA", "> 354 go", "data", "> 250 2.0.0 stored", "< QUIT", "> 221 bye"]
OFFER = EHLO + ["> 250-mail.example.com", "> 250 STARTTLS", "< STARTTLS"]
INNER = ["< EHLO", "> 250 mail.example.com"] + SEND
IMPLICIT = ["tls"] + EHLO + ["> 250 mail.example.com"] + SEND
STARTTLS = OFFER + ["> 220 go", "tls"] + INNER
INJECTED = "220 go\\r\\n250-evil\\r\\n250 AUTH PLAIN\\r\\n"


class Tls(SendTest):
    """Scripts with TLS in them."""

    def converse(self, script, settings, code, *arguments, cert="server", trusted="ca", **fields):
        """Sends to the script; whatever the outcome, no mail is seen in clear unless it says so."""
        with Scripted(script, self.cert(cert), self.cert(cert + ".key")) as server:
            result = self.send(self.system(trusted, **settings), server.port, *arguments)
        outcome = self.expect(result, code, **fields)
        return outcome, server

    def good(self, script, settings, mode, *arguments):
        outcome, server = self.converse(script, settings, 0, *arguments, status="sent", plaintext=False,
                                        tls_mode=mode, tls_trusted_by="TRUSTED")
        self.assertIsNone(server.failure)
        self.assertRegex(outcome["tls"]["version"], r"^TLSv1\.[23]$")
        self.assertTrue(outcome["tls"]["cipher"])

    def refused(self, script, settings, code, *arguments):
        outcome, server = self.converse(script, settings, code, *arguments, status="failed",
                                        plaintext=False)
        self.assertEqual([line for line in server.received if line.upper().startswith(("MAIL", "AUTH"))], [])
        self.assertTrue(outcome["error"])
        self.assertEqual(outcome["send_mail_code"], 50006)

    def test_injection(self):
        """bytes injected round the reply to STARTTLS, split anywhere, end the session: 76"""
        text = "220 go\\r\\n250 x\\r\\n".encode().decode("unicode_escape")
        for split in range(9, len(text)):
            pieces = [text[:split], text[split:]]
            steps = [">> " + piece.replace("\r", "\\r").replace("\n", "\\n") for piece in pieces]
            self.refused(OFFER + steps + ["< ?"], OPPORTUNISTIC, 76)

    def test_client_certificate(self):
        """a server that wants a certificate of the client's turns it away: 77, with TLS 1.2 and 1.3"""
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            for script, settings in ((IMPLICIT, FORCED), (STARTTLS, OPPORTUNISTIC)):
                with Scripted(script, self.cert("server"), self.cert("server.key"), version) as server:
                    server.context.load_verify_locations(self.cert("ca"))
                    server.context.verify_mode = ssl.CERT_REQUIRED
                    result = self.send(self.system(**settings), server.port)
                self.expect(result, 77, status="failed", plaintext=False)

    def test_split(self):
        """a reply to STARTTLS in any two pieces is a good one"""
        for split in range(1, 8):
            steps = [">> " + piece.replace("\r", "\\r").replace("\n", "\\n")
                     for piece in ("220 go\r\n"[:split], "220 go\r\n"[split:])]
            self.good(OFFER + [steps[0], "wait 0.02", steps[1], "tls"] + INNER, FORCED_587, "starttls")

    def test_forgotten(self):
        """what the server could before TLS is forgotten"""
        script = EHLO + ["> 250-mail.example.com", "> 250-SMTPUTF8", "> 250-REQUIRETLS", "> 250-SIZE 5",
                         "> 250-AUTH PLAIN", "> 250 STARTTLS", "< STARTTLS", "> 220 go", "tls"]
        self.good(script + INNER, OPPORTUNISTIC, "starttls")
        self.converse(script + ["< EHLO", "> 250 mail.example.com"] + ["< ?"] * 2, OPPORTUNISTIC, 69,
                      "--require-tls", status="failed", plaintext=False)

    def test_require(self):
        """--require-tls is passed on where the server knows REQUIRETLS"""
        script = ["tls"] + EHLO + ["> 250-mail.example.com", "> 250 REQUIRETLS"] + SEND
        _, server = self.converse(script, FORCED, 0, "--require-tls", status="sent")
        self.assertIn("MAIL FROM:<automation@example.com> REQUIRETLS", server.received)

    def test_timeout(self):
        """a handshake that never comes is a time-out"""
        one = {"SMTP_TIMEOUT": "1"}
        for script, settings in ((["wait 2.2"], FORCED), (OFFER + ["> 220 go", "wait 2.2"], OPPORTUNISTIC),
                                 (OFFER + ["wait 2.2"], OPPORTUNISTIC)):
            self.converse(script, {**settings, **one}, 75, status="failed", send_mail_code=50012)


SPACED = ["> 250-mail.example.com", "> 250-SIZE   90 ", "> 250-  STARTTLS ", "> 250 8BITMIME"]
add_rows(Tls, "good", [
    ("STARTTLS behind more blanks than the grammar has", EHLO + SPACED + ["< STARTTLS"] + STARTTLS[5:],
     OPPORTUNISTIC, "starttls"),
    ("STARTTLS before a tab", EHLO + [">> 250-a\\r\\n250 starttls\\t\\r\\n", "< STARTTLS"] + STARTTLS[5:],
     OPPORTUNISTIC, "starttls"),
    ("implicit TLS on 465", IMPLICIT, FORCED, "implicit"),
    ("implicit TLS on another port", IMPLICIT, FORCED_2525, "implicit"),
    ("forced on 25 is STARTTLS", STARTTLS, FORCED_25, "starttls"),
    ("forced on 587 is STARTTLS", STARTTLS, FORCED_587, "starttls"),
    ("forced without a port is STARTTLS on 587", STARTTLS, {k: v for k, v in FORCED.items() if k != "SMTP_PORT"},
     "starttls"),
    ("opportunistic with STARTTLS", STARTTLS, OPPORTUNISTIC, "starttls"),
    ("strict with STARTTLS", STARTTLS, OPPORTUNISTIC, "starttls", "--profile", "strict"),
    ("220 of several lines", OFFER + ["> 220-well", "> 220 go", "tls"] + INNER, OPPORTUNISTIC, "starttls"),
])
add_rows(Tls, "refused", [
    ("injected: a whole reply in one segment", OFFER + [">> 220 go\\r\\n250 x\\r\\n", "< ?"], OPPORTUNISTIC, 76),
    ("injected: a reply of several lines", OFFER + [">> " + INJECTED, "< ?"], FORCED_587, 76),
    ("injected: one octet", OFFER + [">> 220 go\\r\\n2", "< ?"], FORCED_587, 76),
    ("injected: a line feed", OFFER + [">> 220 go\\r\\n\\n", "< ?"], FORCED_587, 76),
    ("injected: a NUL", OFFER + [">> 220 go\\r\\n\\x00", "< ?"], FORCED_587, 76),
    ("injected: before the reply", OFFER + [">> 250 x\\r\\n220 go\\r\\n", "< ?"], OPPORTUNISTIC, 76),
    ("injected: with the offer", OFFER[:3] + [">> 250 STARTTLS\\r\\n220 go\\r\\n", "< ?", "< ?"], OPPORTUNISTIC, 76),
    ("injected: 220 of several lines and more", OFFER + [">> 220-go\\r\\n220 go\\r\\n250 x\\r\\n", "< ?"],
     OPPORTUNISTIC, 76),
    ("STARTTLS answered 454", OFFER + ["> 454 4.7.0 not now", "< ?"], OPPORTUNISTIC, 75),
    ("STARTTLS answered 421", OFFER + ["> 421 4.7.0 bye", "< ?"], FORCED_587, 75),
    ("STARTTLS answered 502", OFFER + ["> 502 no", "< ?"], OPPORTUNISTIC, 77),
    ("STARTTLS answered 554", OFFER + ["> 554 no", "< ?"], FORCED_587, 77),
    ("STARTTLS answered 501", OFFER + ["> 501 no", "< ?"], FORCED_25, 77),
    ("closed at STARTTLS, opportunistic", OFFER + ["close"], OPPORTUNISTIC, 75),
    ("closed at STARTTLS, forced", OFFER + ["close"], FORCED_587, 75),
    ("closed within the reply to STARTTLS", OFFER + [">> 22", "close"], FORCED_587, 75),
    ("not offered, forced on 587", EHLO + ["> 250 mail.example.com", "< ?"], FORCED_587, 77),
    ("not offered, forced on 25", EHLO + ["> 250 mail.example.com", "< ?"], FORCED_25, 77),
    ("not offered, strict", EHLO + ["> 250 mail.example.com", "< ?"], OPPORTUNISTIC, 77, "--profile", "strict"),
    ("EHLO refused, forced on 587", EHLO + ["> 502 no", "< ?", "< ?"], FORCED_587, 77),
])


class Garbage(SendTest):
    """A handshake that is none."""

    def garbage(self, script, settings, *codes):
        with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
            result = self.send(self.system(**settings), server.port)
        self.assertIn(result.exit, codes, result)
        self.assertEqual((result.json["status"], result.json["plaintext"]), ("failed", False))


add_rows(Garbage, "garbage", [
    ("text instead of a handshake", OFFER + ["> 220 go", "wait 0.05", "> 250 hello there, no TLS here", "< ?"],
     OPPORTUNISTIC, 76, 77),
    ("random octets instead of a handshake", OFFER + ["> 220 go", "wait 0.05", ">> \\x16\\x03\\x01\\xff\\xff\\x00\\x01",
                                                      "close"], FORCED_587, 75, 76, 77),
    ("an alert instead of a handshake", OFFER + ["> 220 go", "wait 0.05", ">> \\x15\\x03\\x03\\x00\\x02\\x02\\x28",
                                                 "close"], FORCED_587, 77),
    ("closed instead of a handshake", OFFER + ["> 220 go", "close"], OPPORTUNISTIC, 75),
    ("closed instead of an implicit handshake", ["close"], FORCED, 75),
    ("a greeting in clear on 465", EHLO, FORCED, 75, 76, 77),
])


class Ciphers(SendTest):
    """TLS 1.2 and 1.3 only, forward-secret AEAD suites only."""

    def refused(self, cert, *options):
        with OpensslServer("-cert", self.cert(cert), "-key", self.cert(cert + ".key"), *options) as server:
            outcome = self.expect(self.send(self.system(**FORCED), server.port), 77, status="failed",
                                  plaintext=False, send_mail_code=50006)
        self.assertTrue(outcome["error"])


add_rows(Ciphers, "refused", [
    ("TLS 1.1", "server_rsa", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
    ("TLS 1.0", "server_rsa", "-tls1", "-cipher", "ALL:@SECLEVEL=0"),
    ("CBC suites only", "server", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA"),
    ("CBC suites only, RSA", "server_rsa", "-tls1_2", "-cipher", "ECDHE-RSA-AES256-SHA384:DHE-RSA-AES256-SHA256"),
    ("RSA key exchange only", "server_rsa", "-tls1_2", "-cipher", "AES256-GCM-SHA384:AES128-GCM-SHA256"),
    ("NULL encryption", "server_rsa", "-tls1_2", "-cipher", "NULL-SHA256:ECDHE-RSA-NULL-SHA:@SECLEVEL=0"),
    ("anonymous", "server", "-nocert", "-tls1_2", "-cipher", "ADH-AES128-GCM-SHA256:@SECLEVEL=0"),
])

CONFIGURATION = """
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
"""
ROOT = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
LEAF = ("basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
NAMED = LEAF + "subjectAltName=DNS:mail.example.com\n"


class Maker:
    """Certificates of a folder, made as they are asked for."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder)
        self.write("ca.cnf", CONFIGURATION)
        self.write("index.txt", "")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *words):
        subprocess.run(words, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def key(self, name, *algorithm):
        self.run("openssl", "genpkey", "-out", name + ".key",
                 *(algorithm or ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")))

    def cert(self, name, issuer, extensions, subject="mail.example.com", days=(-1, 90), digest="sha256",
             key=None):
        """NAME.pem and NAME.key; `key`: another one's key, used again."""
        if key:
            self.run("cp", key + ".key", name + ".key")
        elif not os.path.exists(self.path(name + ".key")):
            self.key(name)
        self.write("ext.cnf", extensions)
        self.run("openssl", "req", "-new", "-config", "ca.cnf", "-key", name + ".key", "-subj", f"/CN={subject}",
                 "-out", "x.csr")
        now = datetime.datetime.now(datetime.timezone.utc)
        start, end = ((now + datetime.timedelta(days=day)).strftime("%Y%m%d%H%M%SZ") for day in days)
        signer = ["-selfsign", "-keyfile", name + ".key"] if issuer is None else \
            ["-cert", issuer + ".pem", "-keyfile", issuer + ".key"]
        self.run("openssl", "ca", "-batch", "-notext", "-config", "ca.cnf", "-extfile", "ext.cnf", "-md", digest,
                 "-in", "x.csr", "-out", name + ".pem", "-startdate", start, "-enddate", end, *signer)

    def join(self, name, *parts):
        """NAME.pem of several certificates; the key is the first one's."""
        text = ""
        for part in parts:
            with open(self.path(part + ".pem"), encoding="ascii") as file:
                text += file.read()
        self.write(name + ".pem", text)
        self.run("cp", parts[0] + ".key", name + ".key")


def make(maker):
    """All that the rows below name."""
    cert = maker.cert
    cert("root", None, ROOT, "Root", (-30, 3650))
    cert("middle", "root", ROOT + "authorityKeyIdentifier=keyid\n", "Middle", (-30, 3650))
    cert("good", "root", NAMED)
    cert("below", "middle", NAMED)
    maker.join("chain", "below", "middle")
    maker.join("whole", "below", "middle", "root")
    cert("other", None, ROOT, "Root", (-30, 3650))  # the same name, another key
    cert("stranger", "other", NAMED)
    maker.join("bundle", "other", "root")
    cert("old_root", None, ROOT, "Root", (-90, -1), key="root")
    maker.join("rollover", "old_root", "root")
    cert("renewed", "root", NAMED, key="good")
    cert("issued", "good", NAMED)
    cert("star", "root", LEAF + "subjectAltName=DNS:*.example.com\n")
    cert("star2", "root", LEAF + "subjectAltName=DNS:*.com\n")
    cert("partial_star", "root", LEAF + "subjectAltName=DNS:m*.example.com\n")
    cert("deep_star", "root", LEAF + "subjectAltName=DNS:mail.*.com\n")
    cert("case", "root", LEAF + "subjectAltName=DNS:MAIL.Example.COM\n")
    cert("cn_only", "root", LEAF)
    cert("cn_hidden", "root", LEAF + "subjectAltName=DNS:other.example.com\n")
    cert("mail_name", "root", LEAF + "subjectAltName=email:a@example.com\n")
    cert("ip", "root", LEAF + "subjectAltName=IP:127.0.0.1\n", "somebody")
    cert("ip_as_dns", "root", LEAF + "subjectAltName=DNS:127.0.0.1\n", "somebody")
    cert("ip_other", "root", LEAF + "subjectAltName=IP:127.0.0.2\n", "127.0.0.1")
    cert("client", "root", NAMED.replace("serverAuth", "clientAuth"))
    cert("any_usage", "root", NAMED.replace("serverAuth", "anyExtendedKeyUsage"))
    cert("both_usages", "root", NAMED.replace("serverAuth", "clientAuth,serverAuth"))
    cert("no_usage", "root", NAMED.replace("extendedKeyUsage=serverAuth\n", ""))
    cert("late", "root", NAMED, days=(-30, -1))
    cert("early", "root", NAMED, days=(1, 30))
    maker.key("weak", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")
    cert("weak", "root", NAMED)
    maker.key("rsa", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072")
    cert("rsa", "root", NAMED)
    maker.key("p384", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384")
    cert("p384", "root", NAMED)
    cert("both", None, ROOT + "subjectAltName=DNS:mail.example.com\n")
    cert("of_both", "both", NAMED)
    cert("self", None, NAMED.replace("authorityKeyIdentifier=keyid\n", ""))
    cert("self_plain", None, "subjectAltName=DNS:mail.example.com\n")
    cert("self_late", None, NAMED.replace("authorityKeyIdentifier=keyid\n", ""), days=(-30, -1))
    cert("of_self", "self", NAMED)
    cert("short_root", None, ROOT.replace("CA:TRUE", "CA:TRUE,pathlen:0"), "Short", (-30, 3650))
    cert("short_middle", "short_root", ROOT, "Short Middle", (-30, 3650))
    cert("too_deep", "short_middle", NAMED)
    maker.join("too_deep_chain", "too_deep", "short_middle")
    below_root = ROOT + "authorityKeyIdentifier=keyid\n"
    cert("lengthy", "root", below_root.replace("CA:TRUE", "CA:TRUE,pathlen:0"), "Lengthy", (-30, 3650))
    cert("lengthy_middle", "lengthy", below_root, "Lengthy Middle", (-30, 3650))
    cert("lengthy_leaf", "lengthy_middle", NAMED)
    maker.join("lengthy_chain", "lengthy_leaf", "lengthy_middle", "lengthy")
    cert("lengthy_short", "lengthy", NAMED)
    maker.join("lengthy_short_chain", "lengthy_short", "lengthy")
    maker.key("middle_weak", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")
    for name, extensions, days in (("middle_late", below_root, (-30, -1)), ("middle_weak", below_root, (-30, 90)),
                                   ("middle_early", below_root, (1, 30)),
                                   ("middle_mute", below_root.replace("keyCertSign,", ""), (-30, 90)),
                                   ("middle_client", below_root + "extendedKeyUsage=clientAuth\n", (-30, 90))):
        cert(name, "root", extensions, name, days)
        cert("of_" + name, name, NAMED)
        maker.join("chain_" + name, "of_" + name, name)
    maker.join("repeated", "good", "root", "root", "good")
    cert("short_leaf", "short_root", NAMED)
    cert("no_ca", "root", LEAF, "No CA", (-30, 3650))
    cert("of_no_ca", "no_ca", NAMED)
    maker.join("no_ca_chain", "of_no_ca", "no_ca")
    cert("narrow", None, ROOT + "nameConstraints=critical,permitted;DNS:example.org\n", "Narrow", (-30, 3650))
    cert("outside", "narrow", NAMED)
    for name, networks in (("net_far", "permitted;IP:10.0.0.0/255.0.0.0"), ("net_near", "permitted;IP:127.0.0.0/255.0.0.0"),
                           ("net_not", "excluded;IP:127.0.0.0/255.255.255.0")):
        limits = f"nameConstraints=critical,{networks}\n"
        cert(name, None, ROOT + limits, name, (-30, 3650))
        cert("of_" + name, name, LEAF + "subjectAltName=IP:127.0.0.1\n", "somebody")
        cert("middle_" + name, "root", below_root + limits, "middle " + name, (-30, 3650))
        cert("below_" + name, "middle_" + name, LEAF + "subjectAltName=IP:127.0.0.1\n", "somebody")
        maker.join("chain_" + name, "below_" + name, "middle_" + name)


class Certificates(SendTest):
    """One server certificate, one trusted certificate, one host: who is believed."""

    maker = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Certificates.maker = Maker(os.path.join(SendTest.certificates, "contract"))
        make(cls.maker)

    def believe(self, presented, trusted, code, host="mail.example.com", profile="compat", mode=None):
        """The row, by implicit TLS, and by STARTTLS where the row does not say."""
        maker = self.maker
        for name, settings, script in (("tls", FORCED, IMPLICIT), ("starttls", OPPORTUNISTIC, STARTTLS)):
            if mode not in (None, name):
                continue
            system = make_system(
                os.path.join(self.folder, name),
                {0: {}, 100: {"UC_CLIENT_SETTINGS": {"SMTP_FROM_ADDR": "automation@example.com",
                                                     "SMTP_TIMEOUT": "10", **settings, "SMTP_SERVER": host}}},
                {"TRUSTED": maker.path(trusted + ".pem")})
            with Scripted(script, maker.path(presented + ".pem"), maker.path(presented + ".key"),
                          weak="weak" in presented) as server:
                result = self.send(system, server.port, "--profile", profile)
            outcome = self.expect(result, code, status="failed" if code else "sent", plaintext=False)
            if code == 0:
                self.assertEqual(outcome["tls"]["trusted_by"], "TRUSTED")
                self.assertIsNone(server.failure)
            else:
                self.assertEqual([line for line in server.received if line.startswith("MAIL")], [])
            if code in (0, 77):
                with open(maker.path(presented + ".pem"), encoding="ascii") as file:
                    first = file.read().partition("-----END CERTIFICATE-----")
                der = ssl.PEM_cert_to_DER_cert(first[0] + first[1])
                self.assertEqual(outcome["tls"]["peer_sha256"], hashlib.sha256(der).hexdigest(), result)
            if code == 78:
                self.assertEqual(server.connections, 0)


add_rows(Certificates, "believe", [
    ("issued by the trusted CA", "good", "root", 0),
    ("the intermediate is the anchor, and its root is sent", "whole", "middle", 0),
    ("an intermediate sent by the server", "chain", "root", 0),
    ("the root sent too", "whole", "root", 0),
    ("the intermediate is missing", "below", "root", 77),
    ("the intermediate is the anchor", "below", "middle", 0),
    ("the intermediate is the anchor, and is sent too", "chain", "middle", 0),
    ("a CA of the same name, but another key", "stranger", "root", 77),
    ("a bundle: the second one issued it", "good", "bundle", 0),
    ("a bundle: the first one issued it", "stranger", "bundle", 0),
    ("a bundle whose first one is expired", "good", "rollover", 0),
    ("an expired CA alone", "good", "old_root", 78),
    ("pinned: exactly it", "good", "good", 0),
    ("pinned: the renewed twin with the same key", "renewed", "good", 77),
    ("pinned: what it issued", "issued", "good", 77),
    ("pinned: the CA that issued it", "root", "good", 77),
    ("pinned: another of the same CA", "rsa", "good", 77),
    ("pinned within a chain", "chain", "below", 0),
    ("pinned, but in front of it something else", "too_deep_chain", "below", 77),
    ("self-signed, not a CA: itself", "self", "self", 0),
    ("self-signed, not a CA: what it issued", "of_self", "self", 77),
    ("self-signed without constraints: itself", "self_plain", "self_plain", 0),
    ("self-signed, expired", "self_late", "self_late", 78),
    ("a self-signed CA that the server presents itself", "both", "both", 0),
    ("a self-signed CA: what it issued", "of_both", "both", 0),
    ("a wildcard", "star", "root", 0),
    ("a wildcard covers one label only", "star", "root", 77, "a.mail.example.com"),
    ("a wildcard does not cover the domain itself", "star", "root", 77, "example.com"),
    ("a wildcard over a top-level domain", "star2", "root", 77, "mail.example.com"),
    ("a wildcard within a label", "partial_star", "root", 77),
    ("a wildcard in the second label", "deep_star", "root", 77),
    ("names ignore case", "case", "root", 0),
    ("the common name where there is no SAN", "cn_only", "root", 0),
    ("the common name, strict", "cn_only", "root", 77, "mail.example.com", "strict"),
    ("the common name beside a SAN", "cn_hidden", "root", 77),
    ("an address in the SAN", "ip", "root", 0, "127.0.0.1"),
    ("an address as a DNS name", "ip_as_dns", "root", 77, "127.0.0.1"),
    ("another address in the SAN", "ip_other", "root", 77, "127.0.0.1"),
    ("for clients only", "client", "root", 77),
    ("for any usage", "any_usage", "root", 0),
    ("for clients and servers", "both_usages", "root", 0),
    ("without an extended usage", "no_usage", "root", 0),
    ("expired", "late", "root", 77),
    ("not yet valid", "early", "root", 77),
    ("a weak key below a good CA", "weak", "root", 77),
    ("RSA of 3072 bits", "rsa", "root", 0),
    ("P-384", "p384", "root", 0),
    ("expired, pinned", "late", "late", 78),
    ("for clients only, pinned", "client", "client", 78),
    ("another name, pinned", "cn_hidden", "cn_hidden", 78),
    ("a longer path than the CA allows", "too_deep_chain", "short_root", 77),
    ("as long a path as the CA allows", "short_leaf", "short_root", 0),
    ("a longer path than the intermediate allows", "lengthy_chain", "root", 77),
    ("as long a path as the intermediate allows", "lengthy_short_chain", "root", 0),
    ("an expired intermediate", "chain_middle_late", "root", 77),
    ("an intermediate of the future", "chain_middle_early", "root", 77),
    ("an intermediate with a weak key", "chain_middle_weak", "root", 77),
    ("an intermediate that may not sign certificates", "chain_middle_mute", "root", 77),
    ("its issuer twice behind it", "repeated", "root", 0),
    ("an issuer that is no CA", "no_ca_chain", "root", 77),
    ("a name outside the CA's constraints", "outside", "narrow", 77),
    ("an address outside the CA's constraints", "of_net_far", "net_far", 77, "127.0.0.1"),
    ("an address within the CA's constraints", "of_net_near", "net_near", 0, "127.0.0.1"),
    ("an address that the CA's constraints exclude", "of_net_not", "net_not", 77, "127.0.0.1"),
    ("an address outside the intermediate's constraints", "chain_net_far", "root", 77, "127.0.0.1"),
    ("an address within the intermediate's constraints", "chain_net_near", "root", 0, "127.0.0.1"),
    ("an address that the intermediate's constraints exclude", "chain_net_not", "root", 77, "127.0.0.1"),
])


class Doors(SendTest):
    """How the wire is reached."""

    def test_switched(self):
        """a server that shows another certificate on the next connection is not believed"""
        lines = b'{"to":["a@example.com"]}\n{"to":["b@example.com"]}\n'
        one = ["tls"] + EHLO + ["> 250 mail.example.com", "< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA",
                                "> 354 go", "data", "> 250 ok", "close"]

        class Switching(Scripted):
            """Another certificate from the second connection on; `anew`: no session is known then either."""
            anew = False

            def _follow(server, connection):  # pylint: disable=no-self-argument
                if server.connections == 2:
                    if server.anew:
                        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    server.context.load_cert_chain(self.cert("unknown_ca"), self.cert("unknown_ca.key"))
                super()._follow(connection)

        for trusted in ("ca", "server"):
            for anew, codes in ((True, (77,)), (False, (0, 77))):
                with Switching(one, self.cert("server"), self.cert("server.key")) as server:
                    server.anew = anew
                    result = ucmail("send", "--json", "-C", self.system(trusted, **FORCED), "-c", "100",
                                    "--connect-to", f"::127.0.0.1:{server.port}", "--batch", "-", input=lines)
                self.assertEqual(server.connections, 2)
                # With a ticket of the first connection, the server proves to be the same: that is as good.
                self.assertIn(result.exit, codes, result)

    def test_fall_back(self):
        """unix-other sends plain to port 25, whatever port and protocol are set"""
        script = EHLO + ["> 250-mail.example.com", "> 250 STARTTLS"] + SEND
        with Scripted(script) as server:
            result = ucmail("send", "--json", "-C", self.system(**FORCED), "-c", "100", "-a", "unix-other",
                            "--connect-to", f"mail.example.com:25:127.0.0.1:{server.port}", "-t", "b@example.com",
                            "--body-file", "-", input=b"x\n")
        outcome = self.expect(result, 0, status="sent", plaintext=True, decision="plain", tls_mode="none")
        self.assertEqual(outcome["server"]["port"], 25)
        self.assertIsNone(server.failure)

    def test_plain_never(self):
        """plain takes no TLS, though it is offered"""
        with Scripted(EHLO + ["> 250-mail.example.com", "> 250 STARTTLS"] + SEND) as server:
            result = self.send(self.system(**PLAIN), server.port)
        self.expect(result, 0, status="sent", plaintext=True, tls_mode="none")
        self.assertIsNone(server.failure)


main()
