#!/usr/bin/env python3
"""Each rule of the settings, certificates and agents: one defect, and what exactly is found."""
import hashlib
import os
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "audit"))
from systems_gen import (AGENT, MAIL, STARTTLS, TLS, Certificates, audit, login,  # noqa: E402
                         place, put_system, resname, spot, store, vara, write)
from harness import add_rows, main  # noqa: E402

MADE = Certificates()
CERT = MADE.pem()
PLAIN = {**MAIL, "SMTP_PROTOCOL": "PLAIN"}
SETTINGS = "UC_CLIENT_SETTINGS"
OWN = f"100 {SETTINGS}"
OF_CERT = "0 UC_TRUSTEDCERTS MAILCERT"
ROOT = {"common_name": "CA", "names": None, "ca": True, "key": "ec-P-256#ca",
        "key_usage": "keyCertSign,cRLSign"}


def tls(**changed):
    """Settings of TLS with these changes; None removes a key."""
    rows = {**TLS, **changed}
    return {key: value for key, value in rows.items() if value is not None}


def day(seconds):
    """A point in time as --at takes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Case(unittest.TestCase):
    """A system in a folder of its own."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ucmail-contract-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def found(self, clients, payloads, *options, code=None):
        """The findings, as lines."""
        put_system(self.folder, clients, payloads)
        result = audit(*options, self.folder)
        self.assertIn(result.exit, (0, 1) if code is None else (code,), result)
        lines = sorted(place(finding) for finding in result.json["findings"])
        self.assertEqual(result.exit, code if code is not None else
                         int(any(" error " in line for line in lines)), result)
        return lines


class Settings(Case):
    """Defects of client 100 beside a clean client 0."""

    def rows(self, rows, compat, strict=None):
        """What both profiles find. Severities are those of the line, else E."""
        clients = {0: {SETTINGS: TLS}, 100: {SETTINGS: rows}}
        self.judged(clients, {"MAILCERT": CERT}, compat, strict, *AGENT)

    def objects(self, objects, compat, strict=None):
        """The same for objects in client 100."""
        self.judged({0: {SETTINGS: TLS}, 100: objects}, {"MAILCERT": CERT}, compat, strict, *AGENT)

    def zero(self, objects, compat, strict=None):
        """The same for objects of client 0 beside a clean client 100."""
        self.judged({0: objects, 100: {SETTINGS: TLS}}, {"MAILCERT": CERT}, compat, strict, *AGENT)

    def judged(self, clients, payloads, compat, strict, *options):
        """Audits in both profiles."""
        self.assertEqual(self.found(clients, payloads, *options), sorted(compat))
        self.assertEqual(self.found(clients, payloads, *options, "--profile", "strict"),
                         sorted(compat if strict is None else strict))

    def places(self, rows, key):
        """The finding of a value stands at its first character."""
        put_system(self.folder, {0: {SETTINGS: TLS}, 100: {SETTINGS: rows}}, {"MAILCERT": CERT})
        finding, = audit(*AGENT, self.folder).json["findings"]
        path = f"{self.folder}/UC4 - 0100/export.xml"
        self.assertEqual((finding["file"], finding["line"], finding["column"]),
                         (path, *spot(path, f'Name="{key}" Value="')))

    def test_missing_place(self):
        """what is missing is told at the variable's name"""
        put_system(self.folder, {0: {SETTINGS: TLS}, 100: {SETTINGS: tls(SMTP_SERVER=None)}},
                   {"MAILCERT": CERT})
        finding, = audit(*AGENT, self.folder).json["findings"]
        path = f"{self.folder}/UC4 - 0100/export.xml"
        self.assertEqual((finding["file"], finding["line"], finding["column"]),
                         (path, *spot(path, ' name="')))


def both(rule, place_, compat="error", strict=None):
    """Expected lines of one finding, for each profile."""
    return [f"{rule} {compat} {place_}"], [f"{rule} {strict or compat} {place_}"]


P107 = both("UCM107", f"{OWN} SMTP_PROTOCOL", "warning", "error")
P108 = both("UCM108", f"{OWN} SMTP_PROTOCOL", "warning", "error")


def with_(finding, base):
    """A finding beside that of the protocol."""
    return [finding] + base[0], [finding] + base[1]


add_rows(Settings, "rows", [
    ("TLS: nothing", TLS, []),
    ("a name before the address: nothing", tls(SMTP_FROM_ADDR="UC4 <uc4@example.com>"), []),
    ("101", tls(SMTP_SERVER=None), *both("UCM101", f"{OWN} SMTP_SERVER")),
    ("101: blank", tls(SMTP_SERVER="  "), *both("UCM101", f"{OWN} SMTP_SERVER")),
    ("102", tls(SMTP_FROM_ADDR=None), *both("UCM102", f"{OWN} SMTP_FROM_ADDR")),
    ("103: sender", tls(SMTP_FROM_ADDR="nobody"), *both("UCM103", f"{OWN} SMTP_FROM_ADDR")),
    ("103: reply", tls(SMTP_REPLY_TO="x@"), *both("UCM103", f"{OWN} SMTP_REPLY_TO")),
    ("104", tls(SMTP_PROTOCOL="STARTLS"), *both("UCM104", f"{OWN} SMTP_PROTOCOL")),
    ("105: TLS", tls(SMTPS_CERT=None), *both("UCM105", f"{OWN} SMTPS_CERT")),
    ("105: STARTTLS", {**MAIL, "SMTP_PROTOCOL": "STARTTLS"},
     *with_(f"UCM105 error {OWN} SMTPS_CERT", P108)),
    ("106: PLAIN", {**PLAIN, "SMTPS_CERT": "MAILCERT"},
     *with_(f"UCM106 warning {OWN} SMTPS_CERT", P107)),
    ("106: no protocol", {**MAIL, "SMTPS_CERT": "MAILCERT"},
     *with_(f"UCM106 warning {OWN} SMTPS_CERT", P107)),
    ("107", PLAIN, *P107),
    ("107: by default", MAIL, *P107),
    ("108", STARTTLS, *P108),
    ("109", {**PLAIN, "SMTP_LOGIN": "L"}, *with_(f"UCM109 error {OWN} SMTP_LOGIN", P107)),
    ("110: 0", tls(SMTP_PORT="0"), *both("UCM110", f"{OWN} SMTP_PORT")),
    ("110: 65536", tls(SMTP_PORT="65536"), *both("UCM110", f"{OWN} SMTP_PORT")),
    ("110: 65535 and 1 are ports", tls(SMTP_PORT="65535"), []),
    ("110: no number", tls(SMTP_PORT="smtp"), *both("UCM110", f"{OWN} SMTP_PORT")),
    ("111: 25 with TLS", tls(SMTP_PORT="25"), *both("UCM111", f"{OWN} SMTP_PORT", "warning")),
    ("111: 465 with STARTTLS", {**STARTTLS, "SMTP_PORT": "465"},
     *with_(f"UCM111 warning {OWN} SMTP_PORT", P108)),
    ("111: 465 with PLAIN", {**PLAIN, "SMTP_PORT": "465"},
     *with_(f"UCM111 warning {OWN} SMTP_PORT", P107)),
    ("111: 587 without protocol", {**MAIL, "SMTP_PORT": "587"},
     *with_(f"UCM111 warning {OWN} SMTP_PORT", P107)),
    ("111: 587 with TLS is usual", tls(SMTP_PORT="587"), []),
    ("112", tls(SMTP_TIMEOUT="1000"), *both("UCM112", f"{OWN} SMTP_TIMEOUT")),
    ("112: 0 and 999 are none", tls(SMTP_TIMEOUT="0"), []),
    ("113: 399", tls(SMTP_MAX_ATTACHMENT_SIZE="399"),
     *both("UCM113", f"{OWN} SMTP_MAX_ATTACHMENT_SIZE")),
    ("113: 50001", tls(SMTP_MAX_ATTACHMENT_SIZE="50001"),
     *both("UCM113", f"{OWN} SMTP_MAX_ATTACHMENT_SIZE")),
    ("113: 400 is none", tls(SMTP_MAX_ATTACHMENT_SIZE="400"), []),
    ("114", tls(SMTP_SERVR="x"), *both("UCM114", f"{OWN} SMTP_SERVR", "warning")),
    ("114: other keys are nobody's business", tls(MAX_PARALLEL="x"), []),
    ("115", [*TLS.items(), ("SMTP_SERVER", "mail.example.com")],
     *both("UCM115", f"{OWN} SMTP_SERVER")),
    ("116", tls(SMTP_SERVER="mail.\nexample.com"), *both("UCM116", f"{OWN} SMTP_SERVER")),
    ("116: at the end", tls(SMTP_FROM_ADDR="uc4@example.com\r\n"),
     *both("UCM116", f"{OWN} SMTP_FROM_ADDR")),
    ("117: a scheme", tls(SMTP_SERVER="smtp://mail.example.com"),
     *both("UCM117", f"{OWN} SMTP_SERVER")),
    ("117: a port", tls(SMTP_SERVER="mail.example.com:25"), *both("UCM117", f"{OWN} SMTP_SERVER")),
    ("117: a blank", tls(SMTP_SERVER="mail example.com"), *both("UCM117", f"{OWN} SMTP_SERVER")),
    ("118: no Login object in the input", tls(SMTP_LOGIN="L"), []),
    ("119", tls(SMTP_AUTH_METHOD="DIGEST"), *both("UCM119", f"{OWN} SMTP_AUTH_METHOD")),
    ("119: known", tls(SMTP_AUTH_METHOD="SCRAM-SHA-256"), []),
    ("120: a key", {**tls(SMTP_TIMEOUT=None), "  SMTP_TIMEOUT": "20"},
     *both("UCM120", f"{OWN} SMTP_TIMEOUT", "warning")),
    ("120: other keys are nobody's business", {**TLS, " EMPTY": " x "}, []),
    ("122: a key", {**tls(SMTP_TIMEOUT=None), "Smtp_Timeout": "20"},
     *both("UCM122", f"{OWN} SMTP_TIMEOUT", "warning")),
    ("120: a value", tls(SMTP_TIMEOUT=" 20 "), *both("UCM120", f"{OWN} SMTP_TIMEOUT", "warning")),
    ("122: protocol", tls(SMTP_PROTOCOL="tls"), *both("UCM122", f"{OWN} SMTP_PROTOCOL", "warning")),
    ("122: method", tls(SMTP_AUTH_METHOD="password"),
     *both("UCM122", f"{OWN} SMTP_AUTH_METHOD", "warning")),
    ("123", tls(SMTP_FILE_ATTACHMENT="yes"),
     *both("UCM123", f"{OWN} SMTP_FILE_ATTACHMENT", "warning")),
    ("201", tls(SMTPS_CERT="MAILCRT"), *both("UCM201", f"{OWN} SMTPS_CERT")),
    ("216: case", tls(SMTPS_CERT="mailcert"), *both("UCM216", f"{OWN} SMTPS_CERT", "warning")),
    ("216: blanks", tls(SMTPS_CERT=" MAILCERT"), *both("UCM216", f"{OWN} SMTPS_CERT", "warning")),
    ("304: no rows", {}, *both("UCM304", f"{OWN} -", "info")),
    ("304: SEND_MAIL_DEFAULT is no SMTP setting", {"SEND_MAIL_DEFAULT": "A"},
     *both("UCM304", f"{OWN} -", "info")),
    ("304: blank values are unset", {"SMTP_SERVER": " "}, *both("UCM304", f"{OWN} -", "info")),
])
add_rows(Settings, "places", [
    (f"{key} of {value!r} is told where it stands", tls(**{key: value}), key) for key, value in (
        ("SMTP_PORT", "0"), ("SMTP_PROTOCOL", "TSL"), ("SMTPS_CERT", "NONE"), ("SMTP_SERVER", "a b"),
        ("SMTP_TIMEOUT", "x"), ("SMTP_REPLY_TO", "x"), ("SMTP_AUTH_METHOD", "x"))])
OTHER = f"{vara(SETTINGS, TLS)}"
add_rows(Settings, "objects", [
    ("118: neither here nor in client 0", vara(SETTINGS, tls(SMTP_LOGIN="A")) + login("B"),
     *both("UCM118", f"{OWN} SMTP_LOGIN", "warning")),
    ("118: here", vara(SETTINGS, tls(SMTP_LOGIN="A")) + login("A"), []),
    ("214: a store", OTHER + store({}), *both("UCM214", "100 UC_TRUSTEDCERTS -", "warning")),
    ("305: only a server", {SETTINGS: TLS, "UC_SMTP_X": {"SMTP_SERVER": "mail.example.com"}},
     *both("UCM305", "100 UC_SMTP_X -", "warning")),
    ("305: complete", {SETTINGS: TLS, "UC_SMTP_X": TLS}, []),
    ("305: without a certificate of its own", {SETTINGS: TLS, "UC_SMTP_X": tls(SMTPS_CERT=None)},
     *both("UCM305", "100 UC_SMTP_X -", "warning")),
    ("308: no name", {SETTINGS: TLS, "UC_SMTP_": TLS}, *both("UCM308", "100 UC_SMTP_ -", "warning")),
    ("308: a blank", {SETTINGS: TLS, "UC_SMTP_A B": TLS},
     *both("UCM308", "100 UC_SMTP_A B -", "warning")),
    ("308: lower case", {SETTINGS: TLS, "UC_SMTP_a": TLS},
     *both("UCM308", "100 UC_SMTP_a -", "warning")),
    ("308: all that names may hold", {SETTINGS: TLS, "UC_SMTP_A9$@_.#-": TLS}, []),
    ("310: settings", vara(SETTINGS, TLS, kind="SQL"), *both("UCM310", f"{OWN} -")),
    ("310: a server", OTHER + vara("UC_SMTP_X", TLS, kind="EXEC"), *both("UCM310", "100 UC_SMTP_X -")),
])
add_rows(Settings, "zero", [
    ("the store alone: client 0 has no policy to object to", "", []),
    ("217 does not matter beside a store", OTHER + vara("UC_TRUSTEDCERTS", {"MAILCERT": "x"}), []),
    ("305 of client 0, once", {SETTINGS: TLS, "UC_SMTP_Y": MAIL},
     *both("UCM305", "0 UC_SMTP_Y -", "warning")),
])


class Systems(Case):
    """Whole systems in the compatible profile."""

    def system(self, clients, payloads, expected, code, *options):
        """What is found, and the exit code."""
        self.assertEqual(self.found(clients, payloads, *options, code=code), sorted(expected))


STORE = {"MAILCERT": CERT}
ZERO = f"0 {SETTINGS}"
TWO = {0: {SETTINGS: TLS}, 100: {SETTINGS: TLS}}
BROKEN = f"{vara(SETTINGS, tls(SMTP_PORT='0'))}"
add_rows(Systems, "system", [
    ("a defect that others inherit: at client 0, once",
     {0: BROKEN, 100: {SETTINGS: {}}, 200: {SETTINGS: {}}}, STORE,
     [f"UCM110 error {ZERO} SMTP_PORT", f"UCM304 info {OWN} -", f"UCM304 info 200 {SETTINGS} -"],
     1, *AGENT),
    ("what client 0 lacks too: at client 0, once", {0: {SETTINGS: {}}, 100: {SETTINGS: {}}}, None,
     [f"UCM101 error {ZERO} SMTP_SERVER", f"UCM102 error {ZERO} SMTP_FROM_ADDR",
      f"UCM107 warning {ZERO} SMTP_PROTOCOL", f"UCM304 info {OWN} -"], 1, *AGENT),
    ("a client of scripts inherits", {0: {SETTINGS: TLS}, 100: '<SCRI name="S"></SCRI>\n'}, STORE,
     [f"UCM304 info {OWN} -"], 0, *AGENT),
    ("111: a port of client 0 that is unusual for several heirs: once",
     {0: {SETTINGS: TLS, "UC_SMTP_Y": {"SMTP_PORT": "465"}}, 100: {SETTINGS: STARTTLS},
      200: {SETTINGS: PLAIN}}, STORE,
     ["UCM111 warning 0 UC_SMTP_Y SMTP_PORT", "UCM305 warning 0 UC_SMTP_Y -",
      f"UCM108 warning {OWN} SMTP_PROTOCOL", f"UCM107 warning 200 {SETTINGS} SMTP_PROTOCOL"],
     0, *AGENT),
    ("007: a certificate", {100: {SETTINGS: TLS}}, None, [f"UCM007 error {OWN} -"], 3, *AGENT),
    ("007: inherited", {100: {SETTINGS: {}}}, None, [f"UCM007 error {OWN} -"], 3, *AGENT),
    ("007: PLAIN needs nothing of client 0", {100: {SETTINGS: PLAIN}}, None, P107[0], 0, *AGENT),
    ("202: at each that refers", TWO, None,
     [f"UCM202 error {ZERO} SMTPS_CERT", f"UCM202 error {OWN} SMTPS_CERT"], 1, *AGENT),
    ("217: a variable is all there is",
     {0: vara(SETTINGS, PLAIN) + vara("UC_TRUSTEDCERTS", {"A": "x"})}, None,
     [f"UCM107 warning {ZERO} SMTP_PROTOCOL", "UCM217 warning 0 UC_TRUSTEDCERTS -"], 0, *AGENT),
    ("213", TWO, {**STORE, "OTHER": CERT}, ["UCM213 info 0 UC_TRUSTEDCERTS OTHER"], 0, *AGENT),
    ("301 and 302 without --agents: once for each object", {0: {SETTINGS: TLS, "UC_SMTP_X": TLS}},
     STORE, [f"UCM301 info {ZERO} -", f"UCM302 warning {ZERO} SMTP_PROTOCOL",
             "UCM301 info 0 UC_SMTP_X -", "UCM302 warning 0 UC_SMTP_X SMTP_PROTOCOL"], 0),
    ("302: PLAIN is what they would do anyway", {0: {SETTINGS: PLAIN}}, None,
     [f"UCM107 warning {ZERO} SMTP_PROTOCOL"], 0, "--agents", "vms"),
    ("302, strict", {0: {SETTINGS: TLS}}, STORE, [f"UCM302 error {ZERO} SMTP_PROTOCOL"], 1,
     "--agents", "vms", "--profile", "strict"),
    ("301, strict", {0: {SETTINGS: TLS}}, STORE, [f"UCM301 warning {ZERO} -"], 0,
     "--agents", "zos", "--profile", "strict"),
    ("301 and the engine's nothing", {0: {SETTINGS: TLS}}, STORE, [f"UCM301 info {ZERO} -"], 0,
     "--agents", "zos,engine"),
    ("303 alone: no kind is selected", {0: {SETTINGS: TLS}}, STORE, ["UCM303 error - - -"], 1,
     "--agents", "toaster"),
    ("303: a kind of a later release", {0: {SETTINGS: TLS}}, STORE, ["UCM303 error - - -"], 1,
     "--agents", "unix-linux-ppc64le", "--release", "24.0"),
    ("the kind in the newest", {0: {SETTINGS: TLS}}, STORE, [], 0,
     "--agents", "unix-linux-ppc64le"),
    ("121 at 21.0.7, whichever agent", {0: {SETTINGS: TLS}}, STORE,
     [f"UCM121 warning {ZERO} SMTPS_CERT", f"UCM121 warning {ZERO} SMTP_PROTOCOL",
      f"UCM302 warning {ZERO} SMTP_PROTOCOL"], 0, *AGENT, "--release", "21.0.7"),
    ("121 at 21.0.10", {0: {SETTINGS: TLS}}, STORE, [f"UCM121 warning {ZERO} SMTPS_CERT"], 0,
     *AGENT, "--release", "21.0.10"),
    ("121 at 21.0.6", {0: {SETTINGS: {**PLAIN, "SMTP_PORT": "25"}}}, None,
     [f"UCM107 warning {ZERO} SMTP_PROTOCOL", f"UCM121 warning {ZERO} SMTP_PROTOCOL",
      f"UCM121 warning {ZERO} SMTP_PORT"], 0, "--agents", "engine", "--release", "21.0.6"),
    ("121 at 24.0", {0: {SETTINGS: tls(SMTP_AUTH_METHOD="PASSWORD")}}, STORE,
     [f"UCM121 warning {ZERO} SMTP_AUTH_METHOD"], 0, *AGENT, "--release", "24.0"),
    ("--without-cert", TWO, STORE,
     [f"UCM201 error {ZERO} SMTPS_CERT", f"UCM201 error {OWN} SMTPS_CERT"], 1, *AGENT,
     "--without-cert", "MAILCERT"),
    ("--client filters nothing", {0: BROKEN}, STORE, [f"UCM110 error {ZERO} SMTP_PORT"], 1,
     *AGENT, "--client", "100"),
    ("--only judges one client", {0: BROKEN, 100: {SETTINGS: TLS}}, STORE, [], 0, *AGENT,
     "--only", "100"),
    ("an address in the certificate",
     {0: {SETTINGS: tls(SMTP_SERVER="192.0.2.1")}},
     {"MAILCERT": MADE.pem(names="DNS:x.example.com,IP:192.0.2.1")}, [], 0, *AGENT),
    ("an address written as a name",
     {0: {SETTINGS: tls(SMTP_SERVER="192.0.2.1")}},
     {"MAILCERT": MADE.pem(names="DNS:192.0.2.1")}, [f"UCM211 error {ZERO} SMTPS_CERT"], 1, *AGENT),
])


class Payloads(Case):
    """One payload of the certificate that client 0 refers to."""

    def payload(self, content, compat, strict=None, at=None, *options):
        """What both profiles find, all of it with the same key."""
        given = (*AGENT, *(("--at", day(at)) if at else ()), *options)
        clients, payloads = {0: {SETTINGS: TLS}}, {"MAILCERT": content}
        self.assertEqual(self.found(clients, payloads, *given), sorted(compat))
        self.assertEqual(self.found(clients, payloads, *given, "--profile", "strict"),
                         sorted(compat if strict is None else strict))

    def test_missing(self):
        """203"""
        put_system(self.folder, {0: {SETTINGS: TLS}}, STORE)
        os.unlink(f"{self.folder}/UC4 - 0000/{resname('MAILCERT')}")
        self.assertEqual([place(f) for f in audit(*AGENT, self.folder).json["findings"]],
                         [f"UCM203 error {OF_CERT}"])

    def test_platforms(self):
        """213 does not concern a resource whose name is referred to, for another platform too"""
        put_system(self.folder, {0: {SETTINGS: TLS}}, STORE)
        path = f"{self.folder}/UC4 - 0000/UC_TRUSTEDCERTS.xml"
        with open(path, encoding="ascii") as file:
            text = file.read()
        row = text[text.index("<row "):text.index("</resourceList>")]
        write(path, text.replace(row, row + row.replace("ALL-ALL-ALL", "WINDOWS-ALL-ALL").replace(
            'platform="*"', 'platform="WINDOWS"')))
        write(f"{self.folder}/UC4 - 0000/{resname('MAILCERT').replace('-ALL', '-WINDOWS', 1)}", CERT)
        result = audit(*AGENT, self.folder)
        self.assertEqual((result.exit, result.json["findings"]), (0, []))

    def test_place(self):
        """a certificate's defect stands at the store's row, once"""
        put_system(self.folder, TWO, {"MAILCERT": b"none"})
        finding, = audit(*AGENT, self.folder).json["findings"]
        path = f"{self.folder}/UC4 - 0000/UC_TRUSTEDCERTS.xml"
        self.assertEqual((finding["file"], finding["line"], finding["column"]),
                         (path, *spot(path, ' name="', 2)))


END, BEGIN = MADE.not_after(CERT), MADE.not_before(CERT)
DAY = 86400
WEAK = MADE.pem(key="rsa-1024")
CA = MADE.pem(**ROOT)
LATER = MADE.pem(days=800, serial=9)
SHA1 = MADE.pem(digest="sha1", issuer=(CA, ROOT["key"]))
MISMATCH = [f"UCM211 error {ZERO} SMTPS_CERT"]
add_rows(Payloads, "payload", [
    ("PEM", CERT, []),
    ("DER", MADE.der(), []),
    ("line ends of Windows, text around", b"x\r\n" + CERT.replace(b"\n", b"\r\n") + b"y\r\n", []),
    ("a CA", CA, []),
    ("a self-signed CA of another name", MADE.pem(ca=True, names="DNS:x.example.com"), []),
    ("204", (CERT, "AB" * 32), [f"UCM204 error {OF_CERT}"]),
    ("204: lower case is the same", (CERT, hashlib.sha256(CERT).hexdigest()), []),
    ("205", b"no certificate", [f"UCM205 error {OF_CERT}"]),
    ("205: empty", b"", [f"UCM205 error {OF_CERT}"]),
    ("206: the last second is valid, and 208 tells", CERT, [f"UCM208 warning {OF_CERT}"], None, END),
    ("206: one later", CERT, [f"UCM206 error {OF_CERT}"], None, END + 1),
    ("207: the first second is valid", CERT, [], None, BEGIN),
    ("207: one earlier", CERT, [f"UCM207 error {OF_CERT}"], None, BEGIN - 1),
    ("208: 30 days to the second", CERT, [f"UCM208 warning {OF_CERT}"], None, END - 30 * DAY),
    ("208: one second more", CERT, [], None, END - 30 * DAY - 1),
    ("208: 10 days asked, 11 left", CERT, [], None, END - 11 * DAY, "--expires-within", "10"),
    ("209: RSA of 1024 bits", WEAK, [f"UCM209 error {OF_CERT}"]),
    ("209: RSA of 2048 bits", MADE.pem(key="rsa-2048"), []),
    ("209: EC of 224 bits", MADE.pem(key="ec-secp224r1"), [f"UCM209 error {OF_CERT}"]),
    ("209: DSA", MADE.pem(key="dsa-2048"), [f"UCM209 error {OF_CERT}"]),
    ("210", SHA1, [f"UCM210 warning {OF_CERT}"], [f"UCM210 error {OF_CERT}"]),
    ("210: a root's own", MADE.pem(**{**ROOT, "digest": "sha1"}), []),
    ("210: a leaf that signed itself is no root", MADE.pem(digest="sha1"),
     [f"UCM210 warning {OF_CERT}"], [f"UCM210 error {OF_CERT}"]),
    ("211", MADE.pem(names="DNS:x.example.com"), MISMATCH),
    ("211: a wildcard covers one label", MADE.pem(names="DNS:*.example.com"), []),
    ("211: not two", MADE.pem(names="DNS:*.com"), MISMATCH),
    ("211: case does not matter", MADE.pem(names="DNS:MAIL.Example.COM"), []),
    ("211: the CN counts without SAN, never in strict", MADE.pem(names=None), [], MISMATCH),
    ("211: not beside a SAN", MADE.pem(names="DNS:x.example.com,IP:192.0.2.1"), MISMATCH),
    ("212: beside the certificate", CERT + MADE.private(), [f"UCM212 error {OF_CERT}"]),
    ("212: alone", MADE.private(), [f"UCM212 error {OF_CERT}"]),
    ("212: what is wrong with its certificate too", WEAK + MADE.private(),
     [f"UCM209 error {OF_CERT}", f"UCM212 error {OF_CERT}"]),
    ("211: beside a private key", MADE.pem(names="DNS:x.example.com") + MADE.private(),
     [f"UCM212 error {OF_CERT}", *MISMATCH]),
    ("211: of one that expired", MADE.pem(names="DNS:x.example.com"),
     [f"UCM206 error {OF_CERT}", *MISMATCH], None, END + DAY),
    ("211: none that expired has the name", CA + MADE.pem(names="DNS:x.example.com"),
     [f"UCM206 error {OF_CERT}"] * 2, None, END + DAY),
    ("215", MADE.pem(usage="clientAuth"), [f"UCM215 error {OF_CERT}"]),
    ("215: serverAuth among others", MADE.pem(usage="clientAuth,serverAuth"), []),
    ("a bundle that is rolled over", CERT + LATER, [f"UCM206 warning {OF_CERT}"], None, END + DAY),
    ("a bundle all of which expired", CERT + LATER, [f"UCM206 error {OF_CERT}"] * 2, None,
     END + 1000 * DAY),
    ("a weak one beside a good one", WEAK + CERT, [f"UCM209 warning {OF_CERT}"]),
    ("a SHA-1 one beside a good one", SHA1 + CERT, [f"UCM210 warning {OF_CERT}"]),
    ("one of another name beside a good one", MADE.pem(names="DNS:x.example.com") + CERT, []),
    ("the good one has another name", CERT + MADE.pem(names="DNS:x.example.com", days=800),
     [f"UCM206 warning {OF_CERT}", *MISMATCH], None, END + DAY),
])

if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(MADE.folder, ignore_errors=True)
