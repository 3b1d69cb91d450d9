#!/usr/bin/env python3
"""Audits of whole systems: the sample, and that the audit and ucmail decide alike."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import TOP, SystemTest, add_rows, main, make_system, policy_lint, ucmail  # noqa: E402

AGENTS = "unix-x64-linux"
MAIL = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com"}
TLS = {**MAIL, "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "TRUSTED"}


def place(finding):
    """One line: rule, severity, client, object, key."""
    return " ".join(str(finding[name]) if finding[name] not in (None, "") else "-"
                    for name in ("rule", "severity", "client", "object", "key"))


class Sample(SystemTest):
    """The sample system, with certificates of today."""

    def setUp(self):
        super().setUp()
        self.sample = os.path.join(self.folder, "sample")
        subprocess.run([f"{TOP}/xml/sample/render.sh", SystemTest.certificates, self.sample],
                       check=True)

    def test_findings(self):
        """the sample's planted defects are found, and nothing else"""
        result = policy_lint("--agents", AGENTS, "-f", "json", self.sample)
        self.assertEqual(result.exit, 1, result)
        with open(f"{TOP}/tests/audit/sample.expected", encoding="ascii") as file:
            expected = file.read().splitlines()
        found = sorted(place(finding) for finding in result.json["findings"])
        self.assertEqual("\n".join(found), "\n".join(sorted(expected)))

    def test_places(self):
        """every finding with a key points at the line that holds its value"""
        for finding in policy_lint("-f", "json", self.sample).json["findings"]:
            if finding["key"] in ("SMTP_PROTOCOL", "SMTP_LOGIN") and finding["line"]:
                with open(finding["file"], encoding="iso-8859-15") as file:
                    line = file.read().split("\n")[finding["line"] - 1]
                self.assertIn(f'"{finding["key"]}"', line, finding)

    def test_order(self):
        """the order of the inputs and the number of workers change no byte"""
        folders = sorted(os.path.join(self.sample, name) for name in os.listdir(self.sample))
        for form in ("json", "text"):
            one = policy_lint("-f", form, *folders)
            two = policy_lint("-f", form, "-j", "2", *reversed(folders))
            self.assertEqual((one.exit, one.out), (1, two.out), one)

    def test_alike(self):
        """what the matrix says is what ucmail policy says, cell by cell"""
        matrix = policy_lint("--agents", "unix-x64-linux,unix-other,zos", "--matrix", "-f", "json",
                             self.sample).json["matrix"]
        self.assertGreater(len(matrix), 30)
        for cell in matrix:
            arguments = ["-C", self.sample, "-c", str(cell["client"]), "--via", cell["via"],
                         "--agent", cell["agent"], "--json"]
            if cell["server_variable"]:
                arguments += ["--server", cell["server_variable"][len("UC_SMTP_"):]]
            result = ucmail("policy", *arguments)
            policy = result.json
            for key in ("decision", "host", "port", "protocol"):
                self.assertEqual(policy[key], cell[key], (cell, result))

    def test_hint(self):
        """a misspelt protocol is answered with the right spelling"""
        findings = policy_lint("-f", "json", self.sample).json["findings"]
        words, = [finding["message"] + finding["hint"] for finding in findings
                  if finding["rule"] == "UCM104"]
        self.assertIn("STARTTLS", words)


class Systems(SystemTest):
    """Small systems, each with what its sentence says."""

    def audit(self, clients, expected, code):
        system = make_system(os.path.join(self.folder, "system"), clients,
                             {"TRUSTED": self.cert("ca")})
        result = policy_lint("--agents", AGENTS, "-f", "json", system)
        self.assertEqual(result.exit, code, result)
        found = sorted(place(finding) for finding in result.json["findings"])
        self.assertEqual(found, sorted(expected))

    def test_passwords(self):
        """a value that may be a secret is printed in no format"""
        secret = "--10A1B2C3D4E5F6"
        system = make_system(os.path.join(self.folder, "system"),
                             {0: {"UC_CLIENT_SETTINGS": {**TLS, "SMTP_LOGIN": secret,
                                                         "SMTP_PROTOCOL": secret}}},
                             {"TRUSTED": self.cert("ca")})
        for form in ("text", "json"):
            result = policy_lint("-f", form, system)
            self.assertNotIn(secret[2:], result.out + result.err)
        self.assertNotIn(secret[2:], repr(ucmail("policy", "-C", system, "--json")))


CLEAN = {"UC_CLIENT_SETTINGS": TLS}
SETTINGS = "UC_CLIENT_SETTINGS"
add_rows(Systems, "audit", [
    ("nothing wrong", {0: CLEAN, 100: CLEAN}, [], 0),
    ("a client without settings uses client 0", {0: CLEAN, 100: {SETTINGS: {"TASK_PRIORITY": "200"}}},
     ["UCM304 info 100 UC_CLIENT_SETTINGS -"], 0),
    ("a defect that others inherit is told once, at client 0",
     {0: {SETTINGS: {**TLS, "SMTP_PORT": "0"}}, 100: {SETTINGS: {"X": "1"}}, 200: {SETTINGS: {"X": "1"}}},
     ["UCM110 error 0 UC_CLIENT_SETTINGS SMTP_PORT", "UCM304 info 100 UC_CLIENT_SETTINGS -",
      "UCM304 info 200 UC_CLIENT_SETTINGS -"], 1),
    ("no server, no sender", {0: {SETTINGS: {"SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "TRUSTED"}}},
     ["UCM101 error 0 UC_CLIENT_SETTINGS SMTP_SERVER",
      "UCM102 error 0 UC_CLIENT_SETTINGS SMTP_FROM_ADDR"], 1),
    ("values out of range",
     {0: {SETTINGS: {**TLS, "SMTP_TIMEOUT": "1000", "SMTP_MAX_ATTACHMENT_SIZE": "399"}}},
     ["UCM112 error 0 UC_CLIENT_SETTINGS SMTP_TIMEOUT",
      "UCM113 error 0 UC_CLIENT_SETTINGS SMTP_MAX_ATTACHMENT_SIZE"], 1),
])

main()
