#!/usr/bin/env python3
"""The library behind a system call filter, and the hardening of what was built."""
import glob
import os
import platform
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, SendTest  # noqa: E402
from harness import BUILD, TOP, main, run, ucmail  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

LIBS = os.path.join(BUILD, "libsrc", ".libs")
LIBRARIES = [os.path.join(LIBS, name) for name in ("libucmail.so.0", "ucmail-xml.so")]
PROGRAM = os.path.join(BUILD, "tests", "process", "confined")


def programs():
    """The tools themselves, not libtool's wrappers of them."""
    for name in ("ucmail", "policy-lint", "ucmail-sendmail"):
        real = os.path.join(BUILD, "tools", ".libs", name)
        yield real if os.path.exists(real) else os.path.join(BUILD, "tools", name)


def documented():
    """The lists of libucmail(3): the core's, and what the reader of exports needs beside it."""
    with open(f"{TOP}/libsrc/libucmail.3", encoding="ascii") as file:
        section = file.read().split(".Sh SYSTEM CALLS\n")[1].split(".Sh ")[0]
    return [re.findall(r"[a-z]\w+", block.split(".Ed")[0]) for block in section.split(".Bd -filled")[1:]]


class Confined(SendTest):
    """A mail with an attachment, over TLS, to a host whose name is looked up."""

    def confined(self, system, names):
        """How the program ends where it may make these calls."""
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            return self.on_port(server.port, system, names)

    def on_port(self, port, system, names):
        return run(PROGRAM, system, f"::localhost:{port}", f"{TOP}/COPYING", *names,
                   env={**os.environ, "UCM_TEST_MODULES": LIBS})

    def test_calls(self):
        """the system calls that the manual lists are enough, from a snapshot and from exports"""
        core, reader = documented()
        exports = self.system(**FORCED)
        snapshot = os.path.join(self.folder, "snapshot")
        self.assertEqual(ucmail("compile", "-C", exports, "-o", snapshot).exit, 0)
        self.assertEqual(self.confined(snapshot, core).exit, 0, "from a snapshot")
        self.assertEqual(self.confined(exports, core + reader).exit, 0, "from exports")

    def test_forbidden(self):
        """the filter is one: without socket or openat there is no mail"""
        core, reader = documented()
        for missing in ("socket", "openat", "sendto"):
            result = self.confined(self.system(**FORCED), [name for name in core + reader if name != missing])
            # A thread that blocks signals is killed by it at once.
            self.assertTrue(result.exit >= 100 or result.exit == -signal.SIGSYS, f"{missing}: {result}")


class Hardened(SendTest):
    """What readelf and nm tell of the libraries and tools."""

    def told(self, *command):
        """The output of a program."""
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8",
                              env={**os.environ, "LC_ALL": "C"}).stdout

    def each(self, claim, paths=None):
        """Holds a claim for every file: of its headers, dynamic section and notes, its symbols, its name."""
        for path in paths or [*LIBRARIES, *programs()]:
            with self.subTest(os.path.basename(path)):
                claim(self.told("readelf", "-Wldn", path), self.told("nm", "-D", path), path)

    def test_relro(self):
        """relocations are read-only, and resolved at the start"""
        def claim(text, _symbols, path):
            self.assertIn("GNU_RELRO", text, path)
            self.assertRegex(text, r"BIND_NOW|FLAGS_1.*NOW", path)
        self.each(claim)

    def test_segments(self):
        """nothing is writable and executable, and no text is relocated"""
        def claim(text, _symbols, path):
            self.assertRegex(text, r"GNU_STACK .* RW +0x", path)
            self.assertNotRegex(text, r"LOAD .* RWE ", path)
            self.assertNotIn("TEXTREL", text, path)
        self.each(claim)

    def test_pie(self):
        """the tools lie anywhere"""
        self.each(lambda text, _symbols, path: self.assertRegex(text, r"FLAGS_1.*PIE", path), list(programs()))

    def test_runpath(self):
        """the libraries look for others nowhere but where the system does"""
        self.each(lambda text, _symbols, path: self.assertNotRegex(text, r"\(R(UN)?PATH\)", path), LIBRARIES)

    def test_stack(self):
        """functions with buffers guard their stack, and calls that copy know how much room there is"""
        def claim(_text, symbols, path):
            self.assertIn("__stack_chk_fail", symbols, path)
            self.assertRegex(symbols, r"__\w+_chk\b", path)
        self.each(claim)

    def test_branches(self):
        """objects are fit for enforced control flow; it takes those of the C library too"""
        objects = glob.glob(os.path.join(LIBS, "*_la-*.o"))
        self.assertGreater(len(objects), 20)
        if platform.machine() != "x86_64":
            return
        for path in objects:
            self.assertIn("x86 feature: IBT, SHSTK", self.told("readelf", "-Wn", path), path)


# The manual's lists are those of 64-bit systems: i386 has one call for all that sockets do.
if sys.maxsize < 2 ** 32:
    del Confined

main()
