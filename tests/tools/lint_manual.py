#!/usr/bin/env python3
"""The manual pages say what the program says."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import TOP, SystemTest, main, policy_lint, run  # noqa: E402


def read(name):
    """A file of tools."""
    with open(f"{TOP}/tools/{name}", encoding="utf-8") as file:
        return file.read()


class Manual(SystemTest):
    """Man pages against --help and the tables."""

    def test_rules(self):
        """ucmail-rules(7) is what the table of rules makes"""
        table = policy_lint("--list-rules", "--json").out
        made = run(sys.executable, f"{TOP}/tests/tools/rules_manual.py", input=table.encode())
        self.assertEqual(made.out, read("ucmail-rules.7"))

    def test_options(self):
        """policy-lint(1) and --help have the same options, and the program takes them all"""
        options = set(re.findall(r"--([a-z][a-z-]+)", policy_lint("--help").out))
        manual = set(re.findall(r"(?:Fl |Fl . , )-([a-z][a-z-]+)", read("policy-lint.1")))
        self.assertEqual(options | {"help", "version"}, manual | {"help", "version"})
        for option in manual:
            result = policy_lint(f"--{option}=x", cwd=self.folder)
            self.assertNotIn("unknown option", result.err, option)

    def test_config(self):
        """policy-lint.conf(5) lists the options that the file may hold, and no other"""
        text = read("policy-lint.conf.5").split("These may stand here:")[1].split(".Ss")[0]
        listed = set(re.findall(r"[a-z][a-z-]+", text.replace(".Cm", "")))
        for option in re.findall(r"--([a-z][a-z-]+)", policy_lint("--help").out):
            with open(f"{self.folder}/.policy-lint.conf", "w", encoding="ascii") as file:
                file.write(f"[policy-lint]\n{option} =\n")
            taken = "there is no option" not in policy_lint("gone", cwd=self.folder).err
            self.assertEqual(taken, option in listed, option)

    def test_list(self):
        """--list-rules: all rules of the contract's table, in JSON and as text"""
        rules = policy_lint("--list-rules", "--json").json["rules"]
        for rule in rules:
            self.assertEqual(set(rule["severity"]), {"compat", "strict"})
            self.assertIn(rule["refuses"], ("never", "always", "strict"))
        self.assertEqual([rule["rule"] for rule in rules],
                         [line.split()[0] for line in policy_lint("--list-rules").out.splitlines()])

    def test_explain(self):
        """--explain takes identifiers, names and groups"""
        one = policy_lint("--explain", "UCM105")
        self.assertEqual((one.exit, one.out), (0, policy_lint("--explain", "SMTPS-CERT-MISSING").out))
        self.assertIn("Bad\n    SMTP_SERVER = ", one.out)
        self.assertGreater(policy_lint("--explain", "UCM1").out.count("Raised when"), 20)


if __name__ == "__main__":
    main()
