"""A small system of exports, and the program under test, for the tests of ucmail."""
import json
import os
import subprocess
import tempfile
import unittest

PROGRAM = [os.environ.get("UCMAIL", os.path.join(os.environ.get("top_builddir", "."), "tools", "ucmail"))]

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<uc-export clientvers="24.3.0">
<VARA data_type="STATIC" name="{name}" replacementmode="2">
<HEADER state="1"><Title/><OH_SubType>STATIC</OH_SubType></HEADER>
<VARA state="1">
<Variables>
{rows}
</Variables>
</VARA>
</VARA>
</uc-export>
"""
ROW = '<row Name="{}" Value="{}" Value1="" Value2="" Value3="" Value4=""/>'

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
    """Writes {client: {variable: {key: value}}} as exports below the folder."""
    for client, variables in system.items():
        place = os.path.join(folder, f"TEST - {client:04}")
        os.makedirs(place, exist_ok=True)
        for name, rows in variables.items():
            text = "\n".join(ROW.format(key, value) for key, value in rows.items())
            with open(os.path.join(place, name + ".xml"), "w", encoding="utf-8") as file:
                file.write(EXPORT.format(name=name, rows=text))


class UcmailTest(unittest.TestCase):
    """A folder of its own with the basic system in `self.system`."""

    maxDiff = None

    def setUp(self):
        keeper = tempfile.TemporaryDirectory(prefix="ucmail-")
        self.addCleanup(keeper.cleanup)
        self.folder = keeper.name
        self.system = os.path.join(self.folder, "system")
        write_system(self.system, BASIC)

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
