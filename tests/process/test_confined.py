#!/usr/bin/env python3
"""The library behind a system call filter."""
import os
import re
import signal
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, SendTest  # noqa: E402
from harness import BUILD, TOP, main, run, ucmail  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

LIBS = os.path.join(BUILD, "libsrc", ".libs")
PROGRAM = os.path.join(BUILD, "tests", "process", "confined")


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
        """the filter is one: who may not open files or sockets, or send, has no mail"""
        core, reader = documented()
        for missing in (("socket",), ("open", "openat"), ("sendto",)):
            result = self.confined(self.system(**FORCED),
                                   [name for name in core + reader if name not in missing])
            # A thread that blocks signals is killed by it at once.
            self.assertTrue(result.exit >= 100 or result.exit == -signal.SIGSYS, f"{missing}: {result}")


main()
