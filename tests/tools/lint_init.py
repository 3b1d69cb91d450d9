#!/usr/bin/env python3
"""policy-lint --init: a configuration to begin with."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import SystemTest, main, make_system, policy_lint, tool, write  # noqa: E402

MAIL = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com"}
SETTING = re.compile(r"^#(\S+) = (.*)$", re.M)


class Init(SystemTest):
    """A system with findings of all severities."""

    def setUp(self):
        super().setUp()
        self.system = make_system(f"{self.folder}/system", {
            0: {"UC_CLIENT_SETTINGS": MAIL},
            100: {"UC_CLIENT_SETTINGS": {**MAIL, "SMTP_PORT": "0", "SMTP_PROTOCOL": "STARTTLS",
                                         "SMTPS_CERT": "MAIL_CA"}},
            200: {"UC_CLIENT_SETTINGS": {"SMTP_TIMEOUT": "20"}}}, {"MAIL_CA": self.cert("ca")})

    def lint(self, *arguments):
        """Runs policy-lint in the folder."""
        return policy_lint(*arguments, cwd=self.folder)

    def config(self):
        """What was written."""
        with open(f"{self.folder}/.policy-lint.conf", encoding="ascii") as file:
            return file.read()

    def keep(self, text):
        """Writes another configuration."""
        write(f"{self.folder}/.policy-lint.conf", text)

    def reports(self):
        """Exit code and all that is said, in the formats that tell most."""
        results = [self.lint("-f", name, "system") for name in ("text", "json", "junit")]
        return [(result.exit, result.out, result.err) for result in results]

    def test_as_written(self):
        """as it is written it is read without a word, and changes no byte of a report"""
        before = self.reports()
        made = self.lint("--init")
        self.assertEqual((made.exit, made.out), (0, ""), made)
        self.assertIn(".policy-lint.conf", made.err)
        self.assertEqual(self.reports(), before)

    def test_defaults(self):
        """what it says is the default is: without the # it changes nothing"""
        before = self.reports()
        text = policy_lint("--init", "-").out
        defaults = []
        for paragraph in text.split("\n\n"):
            if "efault" not in paragraph and "Mandatory" not in paragraph:
                defaults += SETTING.findall(paragraph)
        self.assertGreater(len(defaults), 10)
        self.keep("[policy-lint]\n" + "".join(f"{key} = {value}\n" for key, value in defaults))
        self.assertEqual(self.reports(), before)

    def test_each(self):
        """each setting without its # is accepted"""
        text = policy_lint("--init", "-").out.split("#[suppress")[0]
        os.mkdir(f"{self.folder}/payloads")
        made = self.lint("--write-baseline", "policy-lint.baseline", "system")
        self.assertEqual(made.exit, 1, made)
        for key, value in SETTING.findall(text):
            self.keep(text.replace(f"#{key} = ", f"{key} = "))
            result = self.lint("system")
            self.assertIn(result.exit, (0, 1), f"{key} = {value}: {result}")

    def test_suppression(self):
        """its suppression without the # suppresses"""
        text = policy_lint("--init", "-").out
        head, tail = text.split("#[suppress")
        text = head + "[suppress" + SETTING.sub(r"\1 = \2", tail)
        self.keep(text.replace("UC_SMTP_RELAY", "UC_CLIENT_SETTINGS"))
        result = self.lint("-f", "json", "--at", "2027-01-31", "system")
        self.assertEqual(result.json["summary"]["suppressed"], 1, result)
        self.assertNotIn("UCM501", [one["rule"] for one in result.json["findings"]])

    def test_whole(self):
        """every option that the file may hold is in it, once"""
        text = policy_lint("--init", "-").out.split("#[suppress")[0]
        listed = [key for key, _ in SETTING.findall(text)]
        self.assertEqual(len(listed), len(set(listed)))
        for option in re.findall(r"--([a-z][a-z-]+)", policy_lint("--help").out):
            self.keep(f"[policy-lint]\n{option} =\n")
            taken = "there is no option" not in self.lint("gone").err
            self.assertEqual(taken, option in listed, option)

    def test_there(self):
        """a file that is there is left as it is: 2, and told"""
        self.keep("# mine\n")
        result = self.lint("--init")
        self.assertEqual((result.exit, result.out), (2, ""), result)
        self.assertIn(".policy-lint.conf is there already", result.err)
        self.assertEqual(self.config(), "# mine\n")

    def test_link(self):
        """a link is not followed, wherever it leads"""
        os.symlink("elsewhere", f"{self.folder}/.policy-lint.conf")
        self.assertEqual(self.lint("--init").exit, 2)
        self.assertFalse(os.path.exists(f"{self.folder}/elsewhere"))

    def test_named(self):
        """another name, and standard output, get the same"""
        made = self.lint("--init", "-q", "other.conf")
        self.assertEqual((made.exit, made.out, made.err), (0, "", ""))
        with open(f"{self.folder}/other.conf", encoding="ascii") as file:
            self.assertEqual(file.read(), self.lint("--init", "-").out)

    def test_two(self):
        """two names: 2"""
        self.assertEqual(self.lint("--init", "a", "b").exit, 2)
        self.assertFalse(os.path.exists(f"{self.folder}/a"))

    def test_no_folder(self):
        """a folder that is not there: 3, and why"""
        result = self.lint("--init", "gone/conf")
        self.assertEqual(result.exit, 3, result)
        self.assertIn("gone/conf", result.err)

    def test_full(self):
        """standard output that takes nothing: 3"""
        with open("/dev/full", "wb") as full:
            done = subprocess.run([*tool("policy-lint"), "--init", "-"], stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)

    def test_no_argument(self):
        """without any argument: 2, and how to begin"""
        result = self.lint()
        self.assertEqual((result.exit, result.out), (2, ""), result)
        for word in ("no input", "--init", "--help", "ucmail-tutorial"):
            self.assertIn(word, result.err)


if __name__ == "__main__":
    main()
