#!/usr/bin/env python3
"""Shards that GNU parallel makes, by the commands of the README, and --merge of them."""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import FORMATS, TOP, SystemTest, add_rows, main, make_system, tool  # noqa: E402

MAIL = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com"}
TLS = {**MAIL, "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "MAIL_CA"}
SETTINGS = "UC_CLIENT_SETTINGS"
CLIENTS = {0: {SETTINGS: TLS, "UC_SMTP_ALL": TLS},
           100: {SETTINGS: {}},
           200: {SETTINGS: {**TLS, "SMTP_LOGIN": "L", "SMTP_PORT": "0"}},
           300: {SETTINGS: {**MAIL, "SMTP_PROTOCOL": "STARTTLS", "SMTPS_CERT": "OTHER"}},
           400: {SETTINGS: MAIL, "UC_SMTP_X": {"SMTP_SERVER": "other.example.com"}}}


def commands():
    """The two commands that the README shows."""
    with open(f"{TOP}/README", encoding="utf-8") as file:
        text = file.read()
    return [re.search(pattern, text, re.M).group(1)
            for pattern in (r"^    (parallel policy-lint .*)$", r"^    (policy-lint --merge .*)$")]


class Shards(SystemTest):
    """A system in a folder for each client, and whatever has to be found in all of them at once."""

    def setUp(self):
        super().setUp()
        make_system(f"{self.folder}/exports", CLIENTS,
                    {name: self.cert("ca") for name in ("MAIL_CA", "OTHER", "UNUSED")})
        for name in os.listdir(f"{self.folder}/exports"):
            os.rename(f"{self.folder}/exports/{name}",
                      f"{self.folder}/exports/{name.replace('UC4_TEST', 'PROD')}")
        os.mkdir(f"{self.folder}/shards")
        os.mkdir(f"{self.folder}/bin")
        # One moment for all runs: reports tell when they were made, and a second may pass between two.
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with open(f"{self.folder}/bin/policy-lint", "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec {' '.join(tool('policy-lint'))} --at {now} \"$@\"\n")
        os.chmod(f"{self.folder}/bin/policy-lint", 0o755)
        self.parallel, self.merge = commands()
        self.shell(self.parallel, 0)
        self.assertEqual(len(os.listdir(f"{self.folder}/shards")), len(CLIENTS))

    def shell(self, command, code):
        """Runs a command line as a reader of the README would; returns standard output."""
        process = subprocess.run(
            command, shell=True, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            check=False, timeout=60,
            env={**os.environ, "HOME": self.folder, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        self.assertEqual(process.returncode, code, process.stderr)
        return process.stdout

    def same(self, name):
        """The report of the shards is that of one run, byte for byte."""
        whole = self.shell(f"policy-lint --matrix -f {name} exports/*", 1)
        self.assertEqual(self.shell(f"policy-lint --merge -f {name} shards/*.json", 1), whole)
        self.assertGreater(len(whole), 100)

    def test_readme(self):
        """the README's merge writes both reports of one run"""
        self.shell(self.merge, 1)
        self.shell("policy-lint -o one.html -o one.sarif exports/*", 1)
        for suffix in ("html", "sarif"):
            with open(f"{self.folder}/audit.{suffix}", "rb") as file:
                merged = file.read()
            with open(f"{self.folder}/one.{suffix}", "rb") as file:
                self.assertEqual(merged, file.read())


add_rows(Shards, "same", [(f"{name}: shards of GNU parallel are merged as of one run", name)
                          for name in FORMATS])

if __name__ == "__main__":
    main()
