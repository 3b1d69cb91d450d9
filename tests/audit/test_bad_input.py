#!/usr/bin/env python3
"""Bad input: a one-line error with its place, the contract's exit code, and nothing sent."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import (SystemTest, add_rows, document, main, make_system, policy_lint,  # noqa: E402
                     ucmail, variable, write)
from scripted import Scripted  # noqa: E402

SETTINGS = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com",
            "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "TRUSTED"}
BODY = variable("UC_CLIENT_SETTINGS", SETTINGS)
DTD = ('<?xml version="1.0" encoding="ISO-8859-15"?>\n<!DOCTYPE uc-export [<!ENTITY x "y">]>\n'
       f'<uc-export clientvers="24.3.0">{BODY}</uc-export>')


class BadInput(SystemTest):
    """One bad thing in an otherwise good system."""

    def good(self):
        return make_system(os.path.join(self.folder, "system"),
                           {0: {"UC_CLIENT_SETTINGS": SETTINGS}, 100: {"UC_CLIENT_SETTINGS": SETTINGS}},
                           {"TRUSTED": self.cert("ca")})

    def send(self, system, *arguments):
        """Sends, and sees to it that nobody was called."""
        with Scripted([]) as server:
            result = ucmail("send", "-C", system, "-c", "100", "-t", "b@example.com", "-s", "x",
                            "--connect-to", f"::127.0.0.1:{server.port}", "--body-file", "-",
                            *arguments, input=b"x\n")
            self.assertEqual(server.connections, 0)
        return result

    def one_line(self, text, *words):
        """A diagnostic of one line that has these words."""
        lines = text.strip().splitlines()
        self.assertEqual(len(lines), 1, text)
        for word in words:
            self.assertIn(word, lines[0])

    def refused(self, system, rule):
        """A send that the policy refuses, with the place in words and the rule in JSON."""
        result = self.send(system)
        self.assertEqual(result.exit, 78, result)
        self.one_line(result.err, "UC_TRUSTEDCERTS.xml:", "TRUSTED")
        self.assertEqual(self.send(system, "--json").json["refused_by"], rule)

    def file(self, content, rule, *words):
        """A bad file among good ones."""
        system = self.good()
        write(f"{system}/UC4_TEST - 0100/more.xml", content)
        result = policy_lint("-f", "json", system)
        self.assertEqual(result.exit, 3, result)
        findings = [finding for finding in result.json["findings"] if finding["rule"] == rule]
        self.assertEqual(len(findings), 1, result)
        self.assertTrue(findings[0]["file"].endswith("more.xml"), result)
        result = self.send(system)
        self.assertEqual(result.exit, 66, result)
        self.one_line(result.err, "more.xml", *words)

    def path(self, name):
        """An input that cannot be read."""
        self.good()
        path = os.path.join(self.folder, name)
        result = policy_lint("-f", "json", path)
        self.assertEqual(result.exit, 3, result)
        self.assertEqual([finding["rule"] for finding in result.json["findings"]], ["UCM006"])
        result = self.send(path)
        self.assertEqual(result.exit, 66, result)
        self.one_line(result.err, path)

    def arguments(self, arguments, codes, *words):
        """A send that is asked for something that is not there."""
        result = self.send(self.good(), *arguments)
        self.assertIn(result.exit, codes, result)
        self.one_line(result.err, *words)

    def test_payloads(self):
        """a store without its payloads"""
        system = self.good()
        os.unlink(f"{system}/UC4_TEST - 0000/UC_TRUSTEDCERTS-TRUSTED-ALL-ALL-ALL")
        result = policy_lint("-f", "json", system)
        self.assertEqual(result.exit, 1, result)
        self.assertEqual([finding["rule"] for finding in result.json["findings"]
                          if finding["severity"] == "error"], ["UCM203"])
        self.refused(system, "UCM203")

    def test_exchanged(self):
        """a payload that is not the one that was exported"""
        system = self.good()
        with open(self.cert("other_ca"), "rb") as file:
            write(f"{system}/UC4_TEST - 0000/UC_TRUSTEDCERTS-TRUSTED-ALL-ALL-ALL", file.read())
        self.assertEqual(policy_lint(system).exit, 1)
        self.refused(system, "UCM204")

    def test_unreadable(self):
        """a folder that may not be read"""
        system = self.good()
        hidden = f"{system}/UC4_TEST - 0100"
        # Root may read everything: a loop of links stands for a folder that even root cannot open.
        if os.getuid() == 0:
            hidden = f"{system}/UC4_TEST - 0300"
            os.symlink(hidden, hidden)
        else:
            os.chmod(hidden, 0)
            self.addCleanup(os.chmod, hidden, 0o700)
        result = policy_lint(system)
        self.assertEqual(result.exit, 3, result)
        self.assertIn("UCM006", result.out)
        self.assertEqual(self.send(system).exit, 66)

    def test_empty(self):
        """an empty folder is no audit, unless that is allowed"""
        path = os.path.join(self.folder, "empty")
        os.mkdir(path)
        self.assertEqual(policy_lint(path).exit, 4)
        self.assertEqual(policy_lint("--allow-empty", path).exit, 0)

    def test_zero(self):
        """client 0 is needed and not among the inputs"""
        system = self.good()
        result = policy_lint("-f", "json", f"{system}/UC4_TEST - 0100")
        self.assertEqual(result.exit, 3, result)
        self.assertEqual([finding["rule"] for finding in result.json["findings"]
                          if finding["severity"] == "error"], ["UCM007"])


add_rows(BadInput, "file", [
    ("a truncated export", document(BODY)[:-40], "UCM001"),
    ("an export with a DTD", DTD, "UCM002"),
    ("bytes that are no XML", b"\0\1\2\3 no xml at all", "UCM001"),
    ("an export as JSON", '{"uc-export": {}}', "UCM006", "JSON"),
    ("settings that contradict the first ones",
     document(variable("UC_CLIENT_SETTINGS", {**SETTINGS, "SMTP_PORT": "2525"})), "UCM005"),
])
add_rows(BadInput, "path", [
    ("a file that is not there", "nowhere.xml"),
    ("a folder below a file", "system/UC4_TEST - 0000/export.xml/below"),
])
add_rows(BadInput, "arguments", [
    ("a client that the inputs do not have", ["-c", "4711"], (64, 66, 78), "4711"),
    ("a client that cannot be", ["-c", "10000"], (64,), "10000"),
    ("a client that is no number", ["-c", "1x"], (64,), "1x"),
    ("an agent that nobody knows", ["--agent", "amiga"], (64,), "amiga"),
    ("a server variable that is not there", ["--server", "NOWHERE"], (64, 66, 78), "NOWHERE"),
    ("an address without a domain", ["-t", "nobody"], (65,), "nobody"),
    ("an address with a line break", ["-t", "a@example.com\r\nRCPT TO:<b@example.com>"], (65,)),
    ("a subject with a line break", ["-s", "x\r\nBcc: b@example.com"], (65,)),
    ("an attachment that is not there", ["-A", "/nowhere/file"], (74,), "/nowhere/file"),
    ("an option that is not there", ["--no-such-option"], (64,), "--no-such-option"),
])

main()
