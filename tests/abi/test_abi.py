#!/usr/bin/env python3
"""The binary interface is that of the last release, and only ever grows."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "abi"))
from harness import TOP, SystemTest, main  # noqa: E402
from dump import dump  # noqa: E402

RELEASED = f"{TOP}/tests/abi/libucmail.abi"


class Abi(SystemTest):
    """ucmail.h against the last release."""

    def compare(self, text):
        """What abidiff says of a dump: (exit, words)."""
        with open(f"{self.folder}/new.abi", "wb") as file:
            file.write(text)
        result = subprocess.run(["abidiff", "--no-added-syms", RELEASED, f"{self.folder}/new.abi"],
                                stdout=subprocess.PIPE, encoding="utf-8", check=False)
        return result.returncode, result.stdout

    def test_released(self):
        """nothing was removed or changed since the last release"""
        code, words = self.compare(dump())
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
                 "ucm_set_number")):
            code, words = self.compare(dump(old, new))
            self.assertNotEqual(code, 0, told)
            self.assertIn(told, words)

    def test_growth(self):
        """a function that is added is no change"""
        self.assertEqual(self.compare(dump("const char *ucm_version(void);",
                                           "const char *ucm_version(void);\nint ucm_newer(int a);"))[0], 0)


if __name__ == "__main__":
    main()
