#!/usr/bin/env python3
"""policy-lint's exit codes, one row each, and that no format changes them."""
import os
import stat
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import FORMATS, SystemTest, add_rows, document, main, make_system, policy_lint, write  # noqa: E402

MAIL = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com"}
TLS = {**MAIL, "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "MAIL_CA"}
PLAIN = {**MAIL, "SMTP_PROTOCOL": "PLAIN"}
BROKEN = {**MAIL, "SMTP_PORT": "0"}
AGENT = ("--agents", "windows")


class Exit(SystemTest):
    """Runs in a folder of its own, so that no configuration file above it counts."""

    def system(self, settings, name="system"):
        """A system of client 0 with a store, and client 100 with these settings."""
        return make_system(f"{self.folder}/{name}", {0: {"UC_CLIENT_SETTINGS": TLS},
                                                     100: {"UC_CLIENT_SETTINGS": settings}},
                           {"MAIL_CA": self.cert("ca")})

    def lint(self, *arguments):
        """Runs policy-lint here."""
        return policy_lint(*arguments, cwd=self.folder)

    def code(self, settings, expected, *arguments):
        """The exit code of one audit, in every format."""
        system = self.system(settings)
        for name in FORMATS:
            result = self.lint("-f", name, *AGENT, *arguments, system)
            self.assertEqual(result.exit, expected, (name, result))

    def usage(self, *arguments):
        """Wrong usage: 2, one line that says why, and nothing on standard output."""
        result = self.lint(*arguments)
        self.assertEqual(result.exit, 2, result)
        self.assertEqual(result.out, "")
        self.assertTrue(result.err.startswith("policy-lint: "), result.err)

    def test_unreadable(self):
        """a truncated file: 3, whatever is ignored, lowered, or may fail"""
        system = self.system(BROKEN)
        write(f"{system}/UC4_TEST - 0100/cut.xml", document("")[:-14])
        for arguments in ((), ("--ignore", "UCM0"), ("--severity", "UCM001=off"),
                          ("--fail-on", "never"), ("--select", "UCM105")):
            self.assertEqual(self.lint(*arguments, system).exit, 3, arguments)

    def test_missing_input(self):
        """an input that is not there: 3, and it is named"""
        result = self.lint("-f", "json", "gone.xml")
        self.assertEqual(result.exit, 3, result)
        self.assertEqual([(f["rule"], f["file"]) for f in result.json["findings"]],
                         [("UCM006", "gone.xml")])

    def test_folder_walk(self):
        """a foreign XML met on a walk is a warning, and no reason for 3; named itself it is one"""
        system = self.system(TLS)
        write(f"{system}/pom.xml", "<project/>")
        self.assertEqual(self.lint(*AGENT, system).exit, 0)
        self.assertEqual(self.lint(*AGENT, system, f"{system}/pom.xml").exit, 3)

    def test_client_0_missing(self):
        """a policy that needs client 0, which is not there: 3"""
        system = make_system(f"{self.folder}/one", {100: {"UC_CLIENT_SETTINGS": TLS}})
        result = self.lint("-f", "json", system)
        self.assertEqual(result.exit, 3, result)
        self.assertIn("UCM007", [f["rule"] for f in result.json["findings"]])

    def test_nothing(self):
        """no mail variable: 4; --allow-empty: 0; --fail-on never: still 4"""
        write(f"{self.folder}/empty/0100/x.xml", document('<SCRI name="X"></SCRI>'))
        self.assertEqual(self.lint("empty").exit, 4)
        self.assertEqual(self.lint("--allow-empty", "empty").exit, 0)
        self.assertEqual(self.lint("--fail-on", "never", "empty").exit, 4)

    def test_unknown_agent(self):
        """a kind that is none: UCM303 and 1, and the others are judged"""
        system = self.system(TLS)
        result = self.lint("--agents", "windows,toaster", "-f", "json", system)
        self.assertEqual(result.exit, 1, result)
        found = [f for f in result.json["findings"] if f["rule"] == "UCM303"]
        self.assertEqual([(f["client"], f["file"], f["severity"]) for f in found],
                         [(None, None, "error")])
        self.assertIn("toaster", found[0]["message"])
        self.assertEqual(result.json["agents"], ["windows"])

    def test_full_disk(self):
        """a report that cannot be written is no success"""
        system = self.system(TLS)
        self.assertEqual(self.lint("-o", "json:/dev/full", *AGENT, system).exit, 3)
        self.assertEqual(self.lint("-o", "json:no/such/folder/x", *AGENT, system).exit, 3)

    def test_files(self):
        """several reports from one run, each whole, with the umask's rights, and nothing left over"""
        system = self.system(BROKEN)
        write(f"{self.folder}/out/r.json", "old")
        os.chmod(f"{self.folder}/out/r.json", 0o640)
        result = self.lint("-o", "json:out/r.json", "-o", "csv:out/r.csv", "-o", "out/r.sarif", system)
        self.assertEqual((result.exit, result.out), (1, ""), result)
        self.assertEqual(sorted(os.listdir(f"{self.folder}/out")), ["r.csv", "r.json", "r.sarif"])
        self.assertEqual(stat.S_IMODE(os.stat(f"{self.folder}/out/r.json").st_mode), 0o640)
        with open(f"{self.folder}/out/r.sarif", encoding="utf-8") as file:
            self.assertIn('"version": "2.1.0"', file.read())

    def test_formats_to_stdout(self):
        """--format beside outputs that have their own goes to standard output"""
        result = self.lint("-f", "csv", "-o", "json:r.json", self.system(TLS))
        self.assertTrue(result.out.startswith("rule,name,"), result)


add_rows(Exit, "code", [
    ("nothing to object to: 0", TLS, 0),
    ("an error: 1", BROKEN, 1),
    ("a warning alone: 0", PLAIN, 0),
    ("a warning, strict: an error: 1", PLAIN, 1, "--profile", "strict"),
    ("a warning, --fail-on warning: 1", PLAIN, 1, "--fail-on", "warning"),
    ("an error, --fail-on never: 0", BROKEN, 0, "--fail-on", "never"),
    ("an error that is ignored: 0", BROKEN, 0, "--ignore", "UCM110"),
    ("an error whose group is ignored: 0", BROKEN, 0, "--ignore", "UCM1"),
    ("an error of a group in words with x: 0", BROKEN, 0, "--ignore", "UCM1xx"),
    ("an error that is not selected: 0", BROKEN, 0, "--select", "UCM2"),
    ("an error that is selected by name: 1", BROKEN, 1, "--select", "port-invalid"),
    ("an error lowered to a warning: 0", BROKEN, 0, "--severity", "UCM110=warning"),
    ("a warning raised to an error: 1", PLAIN, 1, "--severity", "protocol-plain=error"),
    ("an error that is off: 0", BROKEN, 0, "--severity", "UCM110=off"),
    ("a client without the error: 0", BROKEN, 0, "--only", "0"),
    ("a client with it: 1", BROKEN, 1, "--only", "100"),
    ("a client for objects without one leaves no other out: 1", BROKEN, 1, "--client", "200"),
    ("a client that the inputs lack: 4", BROKEN, 4, "--only", "200"),
    ("--expires-within 0", TLS, 0, "--expires-within", "0"),
    ("after the certificate's end: 1", TLS, 1, "--at", "2099-01-01"),
])
add_rows(Exit, "usage", [
    ("no input",),
    ("an unknown option", "--frobnicate", "x"),
    ("an option without its value", "x", "--release"),
    ("an unknown format", "-f", "yaml", "x"),
    ("an unknown format of an output", "-o", "sarfi:x", "x"),
    ("an output without a name", "-o", "json:", "x"),
    ("a client that cannot be", "--client", "10000", "x"),
    ("a client that is no number", "--client", "1e2", "x"),
    ("a client to judge that cannot be", "--only", "10000", "x"),
    ("a date that is none", "--at", "2027-13-01", "x"),
    ("a rule that is none", "--select", "UCM999", "x"),
    ("no rule at all, as by a variable that is not set", "--select", "", "x"),
    ("nothing between commas", "--select", " , ", "x"),
    ("no kind of agent at all", "--agents", "", "x"),
    ("a severity that is none", "--severity", "UCM105=fatal", "x"),
    ("a severity without a rule", "--severity", "error", "x"),
    ("a threshold that is none", "--fail-on", "off", "x"),
    ("a profile that is none", "--profile", "lax", "x"),
    ("a release that is none", "--release", "newest", "x"),
    ("no worker", "-j", "0", "x"),
    ("days that are no number", "--expires-within", "soon", "x"),
    ("a baseline that is not there", "--baseline", "gone.json", "x"),
    ("a configuration that is not there", "--config", "gone.conf", "x"),
    ("a rule that cannot be explained", "--explain", "UCM000"),
])

if __name__ == "__main__":
    main()
