#!/usr/bin/env python3
"""The library as a stranger sees it: through dlopen() only, and by its symbols."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, SendTest  # noqa: E402
from harness import BUILD, TOP, main, run  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

LIBS = os.path.join(BUILD, "libsrc", ".libs")
LIBRARY = os.path.join(LIBS, "libucmail.so.0")


def dynamic(path, *options):
    """Names of the dynamic symbols, without their versions."""
    text = subprocess.run(["nm", "-D", *options, path], check=True, stdout=subprocess.PIPE,
                          encoding="ascii").stdout
    return {line.split()[-1].split("@")[0] for line in text.splitlines() if line.split()[-2] != "A"}


class Library(SendTest):
    """libucmail.so.0 of this build."""

    def test_dlopen(self):
        """a program that links nothing sends, closes the library and sends again"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            result = run(os.path.join(BUILD, "tests", "dlopen", "send"), LIBRARY, LIBS,
                         self.system(**FORCED), "100", f"::127.0.0.1:{server.port}", "b@example.com")
            self.assertEqual((result.exit, result.out), (0, "sent\nsent\n"), result)
            self.assertEqual(len(server.messages()), 2)

    def test_not_linked(self):
        """that program needs no libucmail to be loaded"""
        needed = subprocess.run(["readelf", "-d", os.path.join(BUILD, "tests", "dlopen", "send")],
                                check=True, stdout=subprocess.PIPE, encoding="ascii").stdout
        self.assertNotIn("ucmail", needed)

    def test_exported(self):
        """exported is what the header declares and the map lists, and nothing else"""
        with open(f"{TOP}/libsrc/ucmail.h", encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        declared = set(re.findall(r"\b(ucm_\w+)\((?!\*)", text))
        with open(f"{TOP}/libsrc/libucmail.map", encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        listed = set(re.findall(r"\b(ucm_\w+);", text))
        self.assertEqual(sorted(listed), sorted(declared))
        self.assertEqual(sorted(dynamic(LIBRARY, "--defined-only")), sorted(declared))

    def test_soname(self):
        """the soname is libucmail.so.0"""
        text = subprocess.run(["readelf", "-d", LIBRARY], check=True, stdout=subprocess.PIPE,
                              encoding="ascii").stdout
        self.assertIn("[libucmail.so.0]", text)

    def test_needed(self):
        """the library itself needs no XML library"""
        text = subprocess.run(["readelf", "-d", LIBRARY], check=True, stdout=subprocess.PIPE,
                              encoding="ascii").stdout
        self.assertNotIn("xml2", text)

    def test_example(self):
        """README's program compiles without a warning"""
        source = os.path.join(self.folder, "example.c")
        with open(source, "w", encoding="ascii") as file:
            subprocess.run([f"{TOP}/tests/example.sh"], check=True, stdout=file)
        result = run(os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Werror",
                     "-fsyntax-only", "-I", f"{TOP}/libsrc", source)
        self.assertEqual(result.exit, 0, result)

    def test_forbidden(self):
        """no call that would end the process, print, or keep its state in the C library"""
        forbidden = {"exit", "_exit", "abort", "system", "popen", "getenv", "setenv", "signal",
                     "strtok", "localtime", "gmtime", "ctime", "asctime", "strerror", "setlocale",
                     "gethostbyname", "rand", "printf", "puts", "perror", "sprintf", "strcpy",
                     "strcat", "atoi", "tmpnam", "mktemp"}
        self.assertEqual(dynamic(LIBRARY, "--undefined-only") & forbidden, set())


main()
