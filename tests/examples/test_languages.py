#!/usr/bin/env python3
"""The examples in other languages, whose interpreters load the library."""
import os
import re
import sys

from served import EXAMPLES, ServedTest, read
from harness import BUILD, TOP, main, run, write


class Languages(ServedTest):
    """examples/send.*"""

    def setUp(self):
        super().setUp()
        self.environment = {**os.environ, "LD_LIBRARY_PATH": os.path.join(BUILD, "libsrc", ".libs")}

    def language(self, *command):
        """Sends by a script of the language."""
        result = run(*command, self.sent, "100", "ops@example.com", "All jobs ended.",
                     env=self.environment)
        self.assertEqual((result.exit, result.out), (0, "TLSv1.3\n"), result)
        self.assertIn(b"All jobs ended.", self.server.messages()[0][2])

    def test_python(self):
        """Python sends by ctypes"""
        self.language(sys.executable, "-B", f"{EXAMPLES}/send.py")

    def test_python_refused(self):
        """Python tells why a policy refuses"""
        system = self.system(SMTP_PROTOCOL="TLS")
        result = run(sys.executable, "-B", f"{EXAMPLES}/send.py", system, "100", "ops@example.com",
                     "Text", env=self.environment)
        self.assertEqual(result.exit, 78, result)
        self.assertIn("SMTPS_CERT", result.err)

    def test_perl(self):
        """Perl sends by FFI::Platypus"""
        self.language("/usr/bin/perl", f"{EXAMPLES}/send.pl")

    def test_usage(self):
        """without arguments each of them says what it wants"""
        for name, interpreter in (("send.py", sys.executable), ("send.pl", "/usr/bin/perl")):
            result = run(interpreter, f"{EXAMPLES}/{name}", env=self.environment)
            self.assertEqual((result.exit, result.err),
                             (64, f"usage: {name} SYSTEM CLIENT RECIPIENT TEXT\n"))

    def test_numbers(self):
        """the numbers that these scripts repeat are those of ucmail.h"""
        program = f"{self.folder}/numbers"
        names = ("UCM_CLIENT", "UCM_TO", "UCM_SUBJECT", "UCM_OUTCOME_TLS_VERSION")
        write(f"{program}.c", "#include <stdio.h>\n#include <ucmail.h>\nint main(void) {\n" +
              "".join(f'printf("%d ", {name});' for name in names) + "}\n")
        made = run("cc", "-I", f"{TOP}/libsrc", f"{program}.c", "-o", program)
        self.assertEqual(made.exit, 0, made)
        numbers = [int(word) for word in run(program).out.split()]
        python = re.search(r"^UCM_.* = ([\d, ]+)$", read("send.py"), re.M).group(1)
        self.assertEqual([int(word) for word in python.split(",")], numbers)
        perl = dict(re.findall(r"(UCM_\w+) => (\d+)", read("send.pl")))
        self.assertEqual([int(perl[name]) for name in names], numbers)


if __name__ == "__main__":
    main()
