#!/usr/bin/env python3
"""The library in another's process: in many threads, across fork(), leaving no trace of itself or of a
password. Environment: THREADS; GUESTS, where other builds of the programs lie."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, FORCED_587, PLAIN, SendTest  # noqa: E402
from harness import BUILD, add_rows, main, run, sanitized, ucmail  # noqa: E402
from processes import Aiosmtpd  # noqa: E402
from scripted import Scripted  # noqa: E402

LIBS = os.path.join(BUILD, "libsrc", ".libs")
THREADS = int(os.environ.get("THREADS") or 16)
GUESTS = os.environ.get("GUESTS") or os.path.join(BUILD, "tests", "process")
SECRET_LENGTH = 24


def secret():
    """The password that tests/process/secrets.c makes up."""
    value, text = 12345, ""
    for _ in range(SECRET_LENGTH):
        value = (value * 1103515245 + 12345) % 2 ** 32
        text += chr(ord("A") + (value >> 16) % 26)
    return text


class Guest(SendTest):
    """Programs that use the library."""

    def guest(self, name, *arguments):
        """Runs one of them."""
        return run(os.path.join(GUESTS, name), *[str(word) for word in arguments],
                   env={**os.environ, "UCM_TEST_MODULES": LIBS})

    def snapshot(self, **settings):
        """A compiled system."""
        path = os.path.join(self.folder, "snapshot")
        result = ucmail("compile", "-C", self.system(**settings), "-o", path)
        self.assertEqual(result.exit, 0, result)
        return path

    def test_threads(self):
        """many threads with a handle each send over TLS at the same time"""
        system = self.snapshot(**FORCED)
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            result = self.guest("threads", system, f"::127.0.0.1:{server.port}", THREADS)
            self.assertEqual((result.exit, result.out, result.err), (0, "", ""), result)
            self.assertEqual(len(server.messages()), 2 * THREADS)

    def test_forks(self):
        """a child neither disturbs the parent's connection nor speaks on it"""
        for mode, settings in (("tls", FORCED), ("starttls", FORCED_587), ("plain", PLAIN)):
            with Aiosmtpd("--mode", mode, *self.server_options("server")) as server:
                result = self.guest("forks", self.snapshot(**settings), f"::127.0.0.1:{server.port}")
                self.assertEqual((result.exit, result.err), (0, ""), result)
                self.assertEqual(len(server.messages()), 6)

    def test_one_connection(self):
        """the parent's connection is the same before and after its children"""
        script = ["tls"] + HELLO + MAIL * 2 + ["< QUIT", "> 221 bye"]
        with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
            result = self.guest("forks", self.snapshot(**FORCED), f"::127.0.0.1:{server.port}", "once")
            self.assertEqual((result.exit, result.err), (0, ""), result)
        self.assertEqual((server.connections, server.failure), (1, None))

    def manners(self, settings, script, *arguments):
        """A send that succeeds or is lost, from exports: libxml2 is a guest too."""
        with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
            result = self.guest("manners", self.system(**settings), f"::127.0.0.1:{server.port}", *arguments)
            self.assertEqual(result.exit, 0, result)

    def secrets(self, settings, mode):
        """The password is found where a copy of it is left, and nowhere where none is."""
        system = self.system(**settings, SMTP_LOGIN="LOGIN.MAIL")
        with Aiosmtpd("--mode", mode, "--user", "mailer", "--password", secret(),
                      *self.server_options("server")) as server:
            rule = f"::127.0.0.1:{server.port}"
            result = self.guest("secrets", system, rule)
            self.assertEqual(result.exit, 0, result)
            result = self.guest("secrets", system, rule, "found")
            self.assertEqual(result.exit, 0, result)
            self.assertEqual([envelope["user"] for envelope, _, _ in server.messages()], ["mailer"] * 2)


HELLO = ["> 220 hi", "< EHLO", "> 250 hi"]
MAIL = ["< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA", "> 354 go", "data", "> 250 ok"]
SENT = HELLO + MAIL + ["< QUIT"]
add_rows(Guest, "manners", [
    ("a send leaves the process as it was", FORCED, ["tls"] + SENT),
    ("a send in clear leaves the process as it was", PLAIN, SENT),
    ("a lost connection leaves the process as it was, SIGPIPE included", PLAIN,
     HELLO + ["< MAIL", "reset"], "lost"),
    ("a lost TLS connection leaves the process as it was", FORCED, ["tls"] + HELLO + ["< MAIL", "reset"], "lost"),
])
# A sanitizer's shadow is too large to be searched.
add_rows(Guest, "secrets", [] if sanitized() else [
    ("AUTH PLAIN leaves no password in memory, TLS", {**FORCED, "SMTP_AUTH_METHOD": "PLAIN"}, "tls"),
    ("AUTH PLAIN leaves no password in memory, STARTTLS", {**FORCED_587, "SMTP_AUTH_METHOD": "PLAIN"}, "starttls"),
    ("AUTH LOGIN leaves no password in memory", {**FORCED, "SMTP_AUTH_METHOD": "LOGIN"}, "tls"),
])

main()
