#!/usr/bin/env python3
"""
A mutant for every rule: one defect planted in a system without findings. In both profiles it gives
that finding, at that place, and nothing else.
"""
import os
import ssl
import sys
import time

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "audit"))
from harness import SystemTest, add_rows, main, policy_lint, write  # noqa: E402
from processes import Aiosmtpd, free_port  # noqa: E402
from scripted import Scripted  # noqa: E402
from systems_gen import (TLS, Certificates, export, login, put_store, resname, script,  # noqa: E402
                         spot, vara)

MADE = Certificates()
CERT = MADE.pem()
SETTINGS, STORE, NAME = "UC_CLIENT_SETTINGS", "UC_TRUSTEDCERTS", "MAILCERT"
ZERO, OWN, CERTS = "UC4 - 0000/export.xml", "UC4 - 0100/export.xml", f"UC4 - 0000/{STORE}.xml"
PAYLOAD = f"UC4 - 0000/{resname(NAME)}"
CALL = 'SEND_MAIL("ops@example.com",,"Ended","All jobs ended.")'
BASE = (vara(SETTINGS, TLS), login("MAIL"), script("SCRI.A", f":SET &R# = {CALL}\n"))
FAR = "2098-01-31"
OF_STORE = (0, STORE, NAME, CERTS, ' name="', 2)


class System:
    """The files of a system without findings, to plant a defect in."""

    def __init__(self, folder):
        self.folder = folder
        self.inputs = ["system"]
        self.options = []
        self.put(ZERO, export(vara(SETTINGS, TLS)))
        self.put(OWN, export(*BASE))
        put_store(f"{folder}/system/UC4 - 0000", {NAME: CERT})

    def put(self, path, content):
        """Writes a file of the system."""
        write(f"{self.folder}/system/{path}", content)

    def beside(self, path, content):
        """Writes a file beside the system, and makes it an input too."""
        write(f"{self.folder}/{path}", content)
        self.inputs.append(path)

    def objects(self, *objects):
        """Other objects in client 100."""
        self.put(OWN, export(*objects))

    def settings(self, **changed):
        """Other settings of client 100; None removes a key."""
        rows = {key: value for key, value in {**TLS, **changed}.items() if value is not None}
        self.objects(vara(SETTINGS, rows), *BASE[1:])

    def more(self, *objects):
        """Further objects in client 100."""
        self.objects(*BASE, *objects)

    def payload(self, content):
        """Another payload, which the store knows."""
        put_store(f"{self.folder}/system/UC4 - 0000", {NAME: content})

    def drop(self, *paths):
        """Removes files."""
        for path in paths:
            os.unlink(f"{self.folder}/system/{path}")

    def conf(self, rule, expires):
        """A suppression."""
        write(f"{self.folder}/.policy-lint.conf", f"[suppress old]\nrule = {rule}\nreason = r\n"
              f"owner = o\nexpires = {expires}\n")


def settings(**changed):
    """A defect in the settings of client 100."""
    return lambda system: system.settings(**changed)


def value(key, occurrence=1):
    """The place of a value in client 100's settings."""
    return 100, SETTINGS, key, OWN, f'<row Name="{key}" Value="', occurrence


def with_options(*options):
    """Nothing but these options."""
    return lambda system: system.options.extend(options)


def date(seconds):
    """A moment, for --at."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def no_store(system):
    """Client 0 has no store, and nobody needs one."""
    system.settings(SMTP_PROTOCOL="PLAIN", SMTPS_CERT=None, SMTP_PORT=None)
    system.drop(CERTS, PAYLOAD)
    system.put(ZERO, export(vara(SETTINGS, {**TLS, "SMTP_PROTOCOL": "PLAIN", "SMTPS_CERT": "",
                                            "SMTP_PORT": ""})))


def plain(system):
    """Client 100 sends in clear."""
    system.settings(SMTP_PROTOCOL="PLAIN", SMTPS_CERT=None, SMTP_PORT=None)


def and_then(*steps):
    """One step after the other."""
    return lambda system: [step(system) for step in steps]


def server(settings_of_server):
    """UC_SMTP_OPS, and a script that names it."""
    return lambda system: system.more(
        vara("UC_SMTP_OPS", settings_of_server),
        script("SCRI.B", ':SET &R# = SEND_MAIL("a@example.com",,"S","T",,,,"OPS")\n'))


# rule: what plants the defect; where it is found: client, object, key, file, what stands before it
# there, its occurrence; what has been planted before, for the defects that need another.
MUTANTS = {
    "UCM001": (lambda s: s.put("UC4 - 0100/cut.xml", export(login("X"))[:-12]),
               (..., ..., ..., "UC4 - 0100/cut.xml", None)),
    "UCM002": (lambda s: s.put("UC4 - 0100/dtd.xml", "<!DOCTYPE x [<!ENTITY y 'z'>]>\n<uc-export/>"),
               (..., ..., ..., "UC4 - 0100/dtd.xml", None)),
    "UCM003": (lambda s: s.beside("other.xml", "<other/>"), (..., ..., ..., "../other.xml", None)),
    "UCM004": (lambda s: s.beside("stray.xml", export(login("X"))),
               (None, "X", ..., "../stray.xml", 'LOGIN name="')),
    "UCM005": (lambda s: s.put("UC4 - 0100/more.xml", export(vara(SETTINGS, {**TLS, "SMTP_TIMEOUT": "9"}))),
               (100, SETTINGS, ..., "UC4 - 0100/more.xml", 'STATIC" name="')),
    "UCM006": (lambda s: s.beside("export.json", '{"uc-export": {}}'),
               (..., ..., ..., "../export.json", None)),
    "UCM007": (lambda s: s.drop(ZERO, CERTS, PAYLOAD), (100, SETTINGS, None, OWN, 'STATIC" name="')),
    "UCM101": (settings(SMTP_SERVER=None), (100, SETTINGS, "SMTP_SERVER", OWN, 'STATIC" name="')),
    "UCM102": (settings(SMTP_FROM_ADDR=None), (100, SETTINGS, "SMTP_FROM_ADDR", OWN, 'STATIC" name="')),
    "UCM103": (settings(SMTP_FROM_ADDR="nobody"), value("SMTP_FROM_ADDR")),
    "UCM104": (settings(SMTP_PROTOCOL="TSL"), value("SMTP_PROTOCOL")),
    "UCM105": (settings(SMTPS_CERT=None),
               (100, SETTINGS, "SMTPS_CERT", OWN, '<row Name="SMTP_PROTOCOL" Value="')),
    "UCM106": (settings(SMTP_PROTOCOL="PLAIN", SMTP_PORT=None), value("SMTPS_CERT"), plain),
    "UCM107": (plain, value("SMTP_PROTOCOL")),
    "UCM108": (settings(SMTP_PROTOCOL="STARTTLS", SMTP_PORT=None), value("SMTP_PROTOCOL")),
    "UCM109": (settings(SMTP_PROTOCOL="PLAIN", SMTPS_CERT=None, SMTP_PORT=None, SMTP_LOGIN="MAIL"),
               value("SMTP_LOGIN"), plain),
    "UCM110": (settings(SMTP_PORT="0"), value("SMTP_PORT")),
    "UCM111": (settings(SMTP_PORT="25"), value("SMTP_PORT")),
    "UCM112": (settings(SMTP_TIMEOUT="1000"), value("SMTP_TIMEOUT")),
    "UCM113": (settings(SMTP_MAX_ATTACHMENT_SIZE="399"), value("SMTP_MAX_ATTACHMENT_SIZE")),
    "UCM114": (settings(SMTP_SERVR="x"), (100, SETTINGS, "SMTP_SERVR", OWN, ...)),
    "UCM115": (lambda s: s.objects(vara(SETTINGS, [*TLS.items(), ("SMTP_SERVER", "mail.example.com")]),
                                   *BASE[1:]), value("SMTP_SERVER", 2)),
    "UCM116": (settings(SMTP_FROM_ADDR="uc4@example.com\t\n"), value("SMTP_FROM_ADDR")),
    "UCM117": (settings(SMTP_SERVER="mail.example.com:25"), value("SMTP_SERVER")),
    "UCM118": (settings(SMTP_LOGIN="NONE"), value("SMTP_LOGIN")),
    "UCM119": (settings(SMTP_AUTH_METHOD="DIGEST"), value("SMTP_AUTH_METHOD")),
    "UCM120": (settings(SMTP_TIMEOUT=" 20"), value("SMTP_TIMEOUT")),
    "UCM121": (and_then(settings(SMTP_AUTH_METHOD="PASSWORD"), with_options("--release", "24.0")),
               (100, SETTINGS, "SMTP_AUTH_METHOD", OWN, ...)),
    "UCM122": (settings(SMTP_PROTOCOL="tls"), value("SMTP_PROTOCOL")),
    "UCM123": (settings(SMTP_FILE_ATTACHMENT="yes"), value("SMTP_FILE_ATTACHMENT")),
    "UCM201": (settings(SMTPS_CERT="MAILCRT"), value("SMTPS_CERT")),
    "UCM202": (lambda s: (s.drop(CERTS, PAYLOAD), s.put(ZERO, export(login("X")))), value("SMTPS_CERT")),
    "UCM203": (lambda s: s.drop(PAYLOAD), OF_STORE),
    "UCM204": (lambda s: s.payload((CERT, "AB" * 32)), OF_STORE),
    "UCM205": (lambda s: s.payload(b"no certificate"), OF_STORE),
    "UCM206": (with_options("--at", date(MADE.not_after(CERT) + 1)), OF_STORE),
    "UCM207": (with_options("--at", date(MADE.not_before(CERT) - 1)), OF_STORE),
    "UCM208": (with_options("--at", date(MADE.not_after(CERT) - 1)), OF_STORE),
    "UCM209": (lambda s: s.payload(MADE.pem(key="rsa-1024")), OF_STORE),
    "UCM210": (lambda s: s.payload(MADE.pem(digest="sha1")), OF_STORE),
    "UCM211": (settings(SMTP_SERVER="other.example.com"), value("SMTPS_CERT")),
    "UCM212": (lambda s: s.payload(CERT + MADE.private()), OF_STORE),
    "UCM213": (lambda s: put_store(f"{s.folder}/system/UC4 - 0000", {NAME: CERT, "OTHER": CERT}),
               (0, STORE, "OTHER", CERTS, ' name="', 3)),
    "UCM214": (lambda s: put_store(f"{s.folder}/system/UC4 - 0100", {}),
               (100, STORE, None, f"UC4 - 0100/{STORE}.xml", 'STORE name="')),
    "UCM215": (lambda s: s.payload(MADE.pem(usage="clientAuth")), OF_STORE),
    "UCM216": (settings(SMTPS_CERT="mailcert"), value("SMTPS_CERT")),
    "UCM217": (lambda s: s.put("UC4 - 0000/vara.xml", export(vara(STORE, {NAME: "x"}))),
               (0, STORE, None, "UC4 - 0000/vara.xml", 'STATIC" name="'), no_store),
    "UCM301": (with_options("--agents", "zos"), (..., SETTINGS, None, ..., 'STATIC" name="')),
    "UCM302": (with_options("--agents", "vms"), (..., SETTINGS, "SMTP_PROTOCOL", ...,
                                                 'Name="SMTP_PROTOCOL" Value="')),
    "UCM303": (with_options("--agents", "toaster"), (None, None, None, None, None)),
    "UCM304": (lambda s: s.objects(vara(SETTINGS, {}), *BASE[1:]),
               (100, SETTINGS, None, OWN, 'STATIC" name="')),
    "UCM305": (server({"SMTP_SERVER": "mail.example.com"}), (100, "UC_SMTP_OPS", None, OWN,
                                                             'STATIC" name="', 2)),
    "UCM306": (lambda s: s.more(script(
        "SCRI.B", ':SET &R# = SEND_MAIL("a@example.com",,"S","T",,,,"NONE")\n')),
               (100, "SCRI.B", ..., OWN, '"T",,,,')),
    "UCM307": (lambda s: s.more(vara("UC_SMTP_OPS", TLS)),
               (100, "UC_SMTP_OPS", None, OWN, 'STATIC" name="', 2)),
    "UCM308": (lambda s: s.more(vara("UC_SMTP_", TLS)), (100, "UC_SMTP_", None, OWN, 'STATIC" name="', 2)),
    "UCM309": (lambda s: s.more(script(
        "SCRI.B", f':SET &R# = SEND_MAIL("a@example.com",,"{"S" * 256}","T")\n')),
               (100, "SCRI.B", ..., OWN, 'a@example.com",,')),
    "UCM310": (lambda s: s.objects(vara(SETTINGS, TLS, kind="SQL"), *BASE[1:]),
               (100, SETTINGS, None, OWN, 'SQL" name="')),
    "UCM401": (None, (0, SETTINGS, "SMTP_SERVER", ZERO, 'Name="SMTP_SERVER" Value="')),
    "UCM402": (None, (0, SETTINGS, "SMTP_SERVER", ZERO, 'Name="SMTP_SERVER" Value="')),
    "UCM403": (None, (0, SETTINGS, "SMTP_SERVER", ZERO, 'Name="SMTP_SERVER" Value="')),
    "UCM501": (lambda s: s.conf("UCM111", FAR), (None, None, ..., "../.policy-lint.conf", None)),
    "UCM502": (lambda s: s.conf("UCM111", "2020-01-31"), (None, None, ..., "../.policy-lint.conf", None)),
}
RULES = {rule["rule"]: rule for rule in policy_lint("--list-rules", "--json").json["rules"]}


class Mutants(SystemTest):
    """One system for each."""

    def audit(self, system, *options):
        """Runs policy-lint where the system lies."""
        return policy_lint("-f", "json", "-q", *([] if "--agents" in system.options else
                                                 ["--agents", "engine"]),
                           *system.options, *options, *system.inputs, cwd=self.folder)

    def test_clean(self):
        """the system without a defect has no finding in either profile"""
        system = System(self.folder)
        for profile in ("compat", "strict"):
            result = self.audit(system, "--profile", profile)
            self.assertEqual((result.exit, result.json["findings"]), (0, []), result)

    def test_complete(self):
        """there is a mutant for every rule"""
        self.assertEqual(sorted(MUTANTS), sorted(RULES))

    def place(self, rule, finding, expected):
        """The finding is at that place."""
        client, name, key, path, before, *occurrence = expected
        for word, wanted in (("client", client), ("object", name), ("key", key)):
            if wanted is not ...:
                self.assertEqual(finding[word], wanted, finding)
        if path is None:
            self.assertIsNone(finding["file"])
            return
        if path is not ...:
            self.assertEqual(finding["file"], os.path.normpath(f"system/{path}"))
        with open(f"{self.folder}/{finding['file']}", encoding="iso-8859-15") as file:
            lines = file.read().split("\n")
        if before is None:
            return
        if before is ...:
            self.assertIn(f'"{key}"', lines[finding["line"] - 1], rule)
            return
        self.assertEqual((finding["line"], finding["column"]),
                         spot(f"{self.folder}/{finding['file']}", before, *occurrence), finding)

    def judge(self, rule, system, before, *options):
        """Both profiles find the defect and nothing else, and exit as they must."""
        both = rule in ("UCM301", "UCM302")  # of all settings, whoever has them
        for profile in ("compat", "strict"):
            result = self.audit(system, "--profile", profile, *options)
            severity = RULES[rule]["severity"][profile]
            found = [finding for finding in result.json["findings"]
                     if (finding["rule"], finding["client"]) not in before[profile]]
            self.assertEqual([(finding["rule"], finding["severity"]) for finding in found],
                             [(rule, severity)] * (2 if both else 1), result)
            for finding in found:
                self.place(rule, finding, MUTANTS[rule][1])
            levels = {finding["severity"] for finding in result.json["findings"]}
            self.assertEqual(result.exit, 3 if rule <= "UCM007" else int("error" in levels), result)

    def mutant(self, rule):
        """Plants one defect."""
        plant, _, *ground = MUTANTS[rule]
        system = System(self.folder)
        before = {"compat": set(), "strict": set()}
        if ground:
            ground[0](system)
            for profile in before:
                before[profile] = {(finding["rule"], finding["client"]) for finding in
                                   self.audit(system, "--profile", profile).json["findings"]}
        plant(system)
        self.judge(rule, system, before)

    def probe(self, rule, port):
        """A server with a defect: all clients use it, and it is told once, at client 0."""
        system = System(self.folder)
        with open(self.cert("ca"), "rb") as file:
            system.payload(file.read())
        self.judge(rule, system, {"compat": set(), "strict": set()}, "--probe", "--connect-to",
                   f"::127.0.0.1:{port}")

    def test_401(self):
        """UCM401 probe-unreachable"""
        self.probe("UCM401", free_port())

    def test_402(self):
        """UCM402 probe-tls-failed"""
        with Aiosmtpd("--mode", "tls", *self.server_options("wrong_name")) as one:
            self.probe("UCM402", one.port)

    def test_403(self):
        """UCM403 probe-weak-tls"""
        with Scripted(["tls", "> 220 hello", "< ?"], self.cert("server"), self.cert("server.key"),
                      maximum=ssl.TLSVersion.TLSv1_1, minimum=ssl.TLSVersion.TLSv1) as one:
            self.probe("UCM403", one.port)


add_rows(Mutants, "mutant", [(f"{rule} {RULES[rule]['name']}", rule) for rule in MUTANTS
                             if MUTANTS[rule][0]])

if __name__ == "__main__":
    main()
