#!/usr/bin/env python3
"""Runs of policy-lint: exit codes, files to live with, secrets, and the same bytes every time."""
import json
import os
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "audit"))
from systems_gen import (AGENT, MAIL, TLS, Certificates, audit, export, place, put_system,  # noqa: E402
                         script, vara, write)
from harness import FORMATS, add_rows, main, policy_lint  # noqa: E402

MADE = Certificates()
CERT = MADE.pem()
SETTINGS = "UC_CLIENT_SETTINGS"
BROKEN = {**TLS, "SMTP_PORT": "0"}
PORT = f"UCM110 error 100 {SETTINGS} SMTP_PORT"


def date(days):
    """The day, so many after that on which the certificate was made."""
    return time.strftime("%Y-%m-%d", time.gmtime(MADE.not_before(CERT) + days * 86400))




class Runs(unittest.TestCase):
    """A system with one error in client 100, and a working folder without configuration."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ucmail-contract-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.system = put_system(f"{self.folder}/system",
                                 {0: {SETTINGS: TLS}, 100: {SETTINGS: BROKEN}}, {"MAILCERT": CERT})
        self.work = f"{self.folder}/work"
        os.makedirs(self.work)

    def lint(self, *options, at=date(2)):
        """Audits the system in the working folder."""
        return audit(*AGENT, "--at", at, *options, self.system, cwd=self.work)

    def configure(self, text):
        """Writes .policy-lint.conf."""
        write(f"{self.work}/.policy-lint.conf", text)

    def code(self, code, *options):
        """The exit code of these options."""
        options = [option.replace("SYSTEM", self.system) for option in options]
        self.assertEqual(audit(*AGENT, *options, cwd=self.work).exit, code)

    def broken(self, text):
        """A configuration file that is wrong."""
        self.configure(text)
        self.assertEqual(self.lint().exit, 2)

    def test_suppression(self):
        """a suppression counts to the end of its day; then 502, and what it hid is back"""
        self.configure("[suppress a]\nrule = UCM110\nclient = 100\nreason = r\nowner = o\n"
                       f"expires = {date(3)}\n")
        result = self.lint(at=date(3))
        self.assertEqual((result.exit, result.json["findings"],
                          result.json["summary"]["suppressed"]), (0, [], 1))
        shown, = self.lint("--show-suppressed", at=date(3)).json["findings"]
        self.assertIn("suppressed", shown)
        result = self.lint(at=date(4))
        self.assertEqual((result.exit, sorted(place(f) for f in result.json["findings"])),
                         (1, [PORT, "UCM502 error - - a"]))
        self.assertEqual(self.lint("--no-suppressions", at=date(3)).exit, 1)

    def test_unused(self):
        """501"""
        self.configure("[suppress a]\nrule = UCM111\nreason = r\nowner = o\nexpires = 2099-01-31\n")
        self.assertEqual(sorted(place(f) for f in self.lint().json["findings"]),
                         [PORT, "UCM501 warning - - a"])

    def test_unread(self):
        """what was not read is 3, suppressed or not"""
        self.configure("[suppress a]\nrule = UCM006\nreason = r\nowner = o\nexpires = 2099-01-31\n")
        self.assertEqual(self.lint("gone").exit, 3)

    def test_command_line(self):
        """the file is found upward, and the command line wins over it"""
        self.configure("[policy-lint]\nfail-on = never\n")
        self.assertEqual(self.lint().exit, 0)
        self.assertEqual(self.lint("--fail-on", "error").exit, 1)
        self.work += "/a/b"
        os.makedirs(self.work)
        self.assertEqual(self.lint().exit, 0)

    def test_baseline(self):
        """a baseline survives moved lines, and not another value"""
        self.assertEqual(self.lint("--write-baseline", "b.json").exit, 1)
        result = self.lint("--baseline", "b.json")
        self.assertEqual((result.exit, result.json["findings"], result.json["summary"]["baselined"]),
                         (0, [], 1))
        path = f"{self.system}/UC4 - 0100/export.xml"
        write(path, export("<!-- x -->\n\n", vara(SETTINGS, BROKEN)))
        self.assertEqual(self.lint("--baseline", "b.json").exit, 0)
        write(path, export(vara(SETTINGS, {**TLS, "SMTP_PORT": "99999"})))
        self.assertEqual(self.lint("--baseline", "b.json").exit, 1)

    def test_since(self):
        """--since"""
        old = self.lint("-o", "json:old.json", "-f", "json").json["findings"]
        write(f"{self.system}/UC4 - 0100/export.xml",
              export(vara(SETTINGS, {**BROKEN, "SMTP_TIMEOUT": "x"})))
        result = self.lint("--since", "old.json").json
        now = {f["rule"]: f["fingerprint"] for f in result["findings"]}
        self.assertEqual(result["since"], {"new": [now["UCM112"]], "fixed": [],
                                           "unchanged": [old[0]["fingerprint"]]})

    def test_merge(self):
        """the merge of two shards, each with client 0, is the report of one run"""
        zero = vara(SETTINGS, TLS) + vara("UC_SMTP_Z", TLS)
        call = ':SET &R# = SEND_MAIL("a",,"H","t",,,,"Z")'
        self.merged("shards", {
            0: zero, 100: vara(SETTINGS, BROKEN) + script("S", call),
            200: {SETTINGS: {**TLS, "SMTPS_CERT": "B"}}}, {"MAILCERT": CERT, "B": CERT, "C": CERT})

    def test_merge_trust(self):
        """a client 0 that holds the store alone is a client in the merge too"""
        self.merged("trust", {0: "", 100: {SETTINGS: TLS}, 200: {SETTINGS: TLS}}, {"MAILCERT": CERT})

    def test_merge_port(self):
        """a port of client 0 that two shards find unusual for different reasons"""
        self.merged("port", {0: vara(SETTINGS, TLS) + vara("UC_SMTP_Z", {"SMTP_PORT": "465"}),
                             100: {SETTINGS: {**TLS, "SMTP_PROTOCOL": "STARTTLS", "SMTP_PORT": "587"}},
                             200: {SETTINGS: MAIL}}, {"MAILCERT": CERT})

    def merged(self, name, clients, payloads):
        """One run, and the merge of client 0 beside 100 and beside 200: the same bytes."""
        system = put_system(f"{self.folder}/{name}", clients, payloads)
        parts = [f"{system}/UC4 - {client:04d}" for client in (0, 100, 200)]
        for number in (1, 2):
            audit(*AGENT, "-o", f"json:{self.folder}/{number}.json", parts[0], parts[number])
        merged = audit("--merge", f"{self.folder}/2.json", f"{self.folder}/1.json")
        whole = audit(*AGENT, *parts)
        self.assertEqual((merged.exit, merged.out), (whole.exit, whole.out))

    def test_same_bytes(self):
        """order, workers, and the environment change no byte"""
        parts = [f"{self.system}/UC4 - 0000", f"{self.system}/UC4 - 0100"]
        fixed = ("--at", date(2), "-q")
        for form in FORMATS:
            one = policy_lint("-f", form, *fixed, *parts)
            self.assertEqual(one.out, policy_lint("-f", form, *fixed, "-j", "5", *parts[::-1]).out)
            changed = {**os.environ, "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "tr_TR.UTF-8",
                       "TZ": "Asia/Tokyo", "COLUMNS": "40"}
            self.assertEqual(one.out, policy_lint("-f", form, *fixed, *parts, env=changed).out)

    def test_outputs(self):
        """several reports from one run"""
        result = self.lint("-o", "json:a", "-o", "b.csv", "-o", "sarif:c")
        self.assertEqual(result.exit, 1)
        with open(f"{self.work}/a", encoding="utf-8") as file:
            self.assertEqual(json.load(file)["version"], 1)

    def test_json(self):
        """the members of the report"""
        report = self.lint("--matrix").json
        self.assertLessEqual({"version", "tool", "summary", "findings", "clients", "matrix",
                              "references"}, set(report))
        self.assertEqual(list(report["matrix"][0]),
                         ["client", "via", "server_variable", "agent", "decision", "host", "port",
                          "protocol", "certificate", "refused_by"])
        self.assertEqual([(row["client"], row["via"], row["decision"], row["refused_by"])
                          for row in report["matrix"]],
                         [(0, "notification", "forced", None), (0, "send_mail", "forced", None),
                          (100, "notification", "refuse", "UCM110"),
                          (100, "send_mail", "refuse", "UCM110")])

    def secret(self, value, hidden):
        """A value that may be a password is in no report."""
        keys = ("SMTP_SERVER", "SMTP_FROM_ADDR", "SMTP_PORT", "SMTP_PROTOCOL", "SMTPS_CERT",
                "SMTP_LOGIN", "SMTP_AUTH_METHOD", "SMTP_REPLY_TO", "SMTP_TIMEOUT", "SMTP_SERVR")
        put_system(self.system, {100: {SETTINGS: {key: value for key in keys}},
                                 200: {SETTINGS: {**MAIL, "SMTP_LOGIN": value}}})
        self.check_hidden(hidden)

    def check_hidden(self, hidden):
        """The text is in no report."""
        for form in FORMATS:
            result = policy_lint("-f", form, "--matrix", "-v", self.system)
            self.assertNotIn(hidden, result.out + result.err, form)
        self.assertIn(policy_lint("-q", "--evidence", f"{self.folder}/e", self.system).exit, (0, 1, 3))
        for base, _, names in os.walk(f"{self.folder}/e"):
            for name in names:
                with open(f"{base}/{name}", "rb") as file:
                    self.assertNotIn(hidden.encode(), file.read(), name)

    def test_secret_beside(self):
        """nor is one that stands in the same line, spelled as it may be"""
        rows = vara(SETTINGS, BROKEN)
        for spelled in ("--10 SEKRET", "&#45;-10SEKRET", "--&#x31;0SEKRET"):
            write(f"{self.system}/UC4 - 0100/export.xml",
                  export(rows.replace('Value1=""', f'Value1="{spelled}"')))
            shutil.rmtree(f"{self.folder}/e", ignore_errors=True)
            self.check_hidden("SEKRET")

    def test_markup(self):
        """control characters and markup in names reach no terminal and no page"""
        name = "UC_SMTP_<b>\x85\u202e"
        text = export(vara(SETTINGS, TLS), vara(name, {**BROKEN, "SMTP_PORT": "<script>\x9b2J"}),
                      head='<?xml version="1.0" encoding="UTF-8"?>')
        write(f"{self.system}/UC4 - 0100/\x1b[2J<b>.xml", text.encode())
        os.unlink(f"{self.system}/UC4 - 0100/export.xml")
        for form in ("text", "html", "junit", "github"):
            result = policy_lint("-f", form, "--color", "never", self.system)
            for character in "\x1b\x85\x9b" + "\u202e" * (form in ("text", "html")):
                self.assertNotIn(character, result.out + result.err, form)
            if form == "html":
                self.assertNotIn("<script", result.out)


add_rows(Runs, "code", [
    ("an error: 1", 1, "SYSTEM"),
    ("--fail-on never: 0", 0, "--fail-on", "never", "SYSTEM"),
    ("--ignore: 0", 0, "--ignore", "UCM110", "SYSTEM"),
    ("--select: 0", 0, "--select", "UCM2", "SYSTEM"),
    ("--severity: 1", 1, "--severity", "UCM110=info", "--fail-on", "info", "SYSTEM"),
    ("unread outranks findings", 3, "SYSTEM", "gone"),
    ("and --fail-on never", 3, "--fail-on", "never", "SYSTEM", "gone"),
    ("and --ignore", 3, "--ignore", "UCM006", "SYSTEM", "gone"),
    ("and --severity", 3, "--severity", "UCM006=info", "SYSTEM", "gone"),
    ("and nothing to check", 3, "--allow-empty", "gone"),
    ("nothing to check: 4", 4, "."),
    ("--allow-empty: 0", 0, "--allow-empty", "."),
    ("usage outranks all: an option", 2, "--frobnicate", "gone"),
    ("no input", 2),
    ("a date", 2, "--at", "yesterday", "SYSTEM"),
    ("a baseline", 2, "--baseline", "gone", "SYSTEM"),
    ("a rule", 2, "--explain", "UCM999"),
])
GOOD = {"rule": "UCM110", "reason": "r", "owner": "o", "expires": "2099-01-31"}


def section(**changed):
    """A suppression with these changes; None removes a line."""
    lines = {**GOOD, **changed}
    return "[suppress a]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value)


add_rows(Runs, "broken", [
    *((f"a suppression without {key}", section(**{key: None})) for key in GOOD),
    ("a rule that is none", section(rule="UCM999")),
    ("a date that is none", section(expires="soon")),
    ("a section that is none", "[bogus]\nx = 1\n"),
    ("an option that is none", "[policy-lint]\nbogus = 1\n"),
    ("garbage", "garbage\n"),
])
add_rows(Runs, "secret", [
    ("a password of the product", "--10A1B2C3D4E5F6A7B8", "A1B2C3D4E5F6A7B8"),
    ("with blanks around and within", "  --10AB SEKRET ", "SEKRET"),
    *((f"with {mark!r} in it", f"--10AB{mark}SEKRET", "SEKRET") for mark in "'\"<&>\n\t]"),
])

if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(MADE.folder, ignore_errors=True)
