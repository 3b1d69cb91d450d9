"""A small system of exports, and the program under test, for the tests of ucmail."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import document, tool, variable, write  # noqa: E402

PROGRAM = tool("ucmail")

BASIC = {
    0: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "robot@example.com",
                               "SMTP_TIMEOUT": "5"}},
    100: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "fin@example.com",
                                 "SMTP_PROTOCOL": "TLS"}},
    200: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "hr@example.com",
                                 "SMTP_LOGIN": "LOGIN.MAIL", "SMTP_TIMEOUT": "5"},
          "UC_SMTP_ALERTS": {"SMTP_FROM_ADDR": "alerts@example.com", "SMTP_REPLY_TO": "ops@example.com"}},
    300: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "log@example.com",
                                 "SMTP_FILE_ATTACHMENT": "N", "SMTP_MAX_ATTACHMENT_SIZE": "400"}},
}


def write_system(folder, system):
    """Writes {client: {variable: {key: value}}} as exports below the folder, a file for each."""
    for client, variables in system.items():
        for name, rows in variables.items():
            write(f"{folder}/TEST - {client:04}/{name}.xml", document(variable(name, rows)))


class Runner:
    """Runs ucmail; `self.folder` is the test's own."""

    def path(self, name, content=None, mode=None):
        """A path in the test's folder; with content, the file is made."""
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        if mode is not None:
            os.chmod(path, mode)
        return path

    def run_program(self, *arguments, stdin="", environment=None, **more):
        """Runs ucmail and returns the finished process, with text."""
        settings = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        settings.update(environment or {})
        return subprocess.run(PROGRAM + [str(argument) for argument in arguments], input=stdin,
                              capture_output=True, text=True, timeout=60, env=settings, check=False,
                              **more)

    def run_json(self, *arguments, code=None, **more):
        """Runs ucmail with --json, checks the exit code and returns the one object."""
        process = self.run_program(*arguments, "--json", **more)
        self.assertEqual(process.stdout.count("\n"), 1, process.stdout + process.stderr)
        result = json.loads(process.stdout)
        if code is not None:
            self.assertEqual(process.returncode, code, process.stderr)
            self.assertEqual(result["exit"], code)
        return result


class UcmailTest(Runner, unittest.TestCase):
    """A folder of its own with the basic system in `self.system`."""

    maxDiff = None

    def setUp(self):
        keeper = tempfile.TemporaryDirectory(prefix="ucmail-")
        self.addCleanup(keeper.cleanup)
        self.folder = keeper.name
        self.system = os.path.join(self.folder, "system")
        write_system(self.system, BASIC)
