#!/usr/bin/env python3
"""The binary interface is that of the last release, and only ever grows."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "abi"))
from harness import SystemTest, main  # noqa: E402
from dump import dump, interface, released  # noqa: E402


class Abi(SystemTest):
    """ucmail.h against the last release."""

    def compare(self, *changes):
        """What abidiff says of the present interface with these changes, (old, new) each: (exit, words)."""
        header, versions = interface()
        for old, new in changes:
            self.assertIn(old, header + versions)
            header, versions = header.replace(old, new), versions.replace(old, new)
        for name, text in (("old", dump(*released())),
                           ("new", dump(header, versions))):
            with open(f"{self.folder}/{name}.abi", "wb") as file:
                file.write(text)
        result = subprocess.run(["abidiff", "--no-added-syms", f"{self.folder}/old.abi",
                                 f"{self.folder}/new.abi"],
                                stdout=subprocess.PIPE, encoding="utf-8", check=False)
        return result.returncode, result.stdout

    def test_released(self):
        """nothing was removed or changed since the last release"""
        code, words = self.compare()
        self.assertEqual(code, 0, words)

    def test_sees_changes(self):
        """what breaks programs is seen"""
        for old, new, told in (
                ("const char *ucm_version(void);", "", "ucm_version"),
                ("double milliseconds;", "float milliseconds;", "milliseconds"),
                ("int refuses;", "", "ucm_policy_finding"),
                ("UCM_CLIENT = 1,", "UCM_CLIENT = 2,", "UCM_CLIENT"),
                ("ucm_set_number(struct ucm *handle, enum ucm_number_item item, long value)",
                 "ucm_set_number(struct ucm *handle, enum ucm_number_item item, int value)",
                 "ucm_set_number"),
                ("UCMAIL_0.1", "UCMAIL_0.2", "ucm_version")):
            code, words = self.compare((old, new))
            self.assertNotEqual(code, 0, told)
            self.assertIn(told, words)

    def test_growth(self):
        """a function that is added is no change"""
        code, words = self.compare(("const char *ucm_version(void);",
                                    "const char *ucm_version(void);\nint ucm_newer(int a);"),
                                   ("\t\tucm_version;", "\t\tucm_version;\n\t\tucm_newer;"))
        self.assertEqual(code, 0, words)


if __name__ == "__main__":
    main()
