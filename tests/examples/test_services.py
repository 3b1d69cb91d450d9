#!/usr/bin/env python3
"""The examples in C: with the library, without it, asked for a password, and in an event loop."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, SendTest  # noqa: E402
from harness import BUILD, document, main, run, write  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

LIBS = os.path.join(BUILD, "libsrc", ".libs")
LOGINS = """<LOGIN name="MAIL_LOGIN">
<HEADER state="1"/>
<LOGIN state="1"><Logins><row Host="*" Login="automation" Pass="" Type="MAIL"/></Logins>
</LOGIN>
</LOGIN>
"""


def example(name, *arguments, **options):
    """Runs one of the build."""
    return run(os.path.join(BUILD, "examples", name), *arguments, **options)


class Services(SendTest):
    """examples/*.c"""

    def reachable(self, server, **settings):
        """A system whose SMTP_SERVER is the server: the examples dial nothing else."""
        return self.system(**{**FORCED, "SMTP_SERVER": "localhost", "SMTP_PORT": str(server.port),
                              **settings})

    def service(self, system, libraries):
        """Runs the service where the loader looks into this folder."""
        return example("service", system, "100", "ops@example.com", "All jobs ended.",
                       env={**os.environ, "LD_LIBRARY_PATH": libraries})

    def test_service(self):
        """the service sends through the library that it loads"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            result = self.service(self.reachable(server), LIBS)
            self.assertEqual((result.exit, result.out, result.err), (0, "service: done\n", ""))
            self.assertIn(b"All jobs ended.", server.messages()[0][2])

    def test_without_library(self):
        """without the library the service writes to its log, and goes on"""
        result = self.service(self.system(**FORCED), self.folder)
        self.assertEqual((result.exit, result.out), (0, "service: done\n"))
        self.assertIn("libucmail is not installed", result.err)
        self.assertIn("All jobs ended.", result.err)

    def test_refused(self):
        """where the policy refuses, the service tells why, and goes on"""
        result = self.service(self.system(SMTP_PROTOCOL="TLS"), LIBS)
        self.assertEqual((result.exit, result.out), (0, "service: done\n"))
        self.assertIn("SMTPS_CERT", result.err)

    def conversation(self, server, typed):
        """A login that is answered with this line."""
        system = self.reachable(server, SMTP_LOGIN="MAIL_LOGIN")
        write(f"{system}/UC4_TEST - 0100/logins.xml", document(LOGINS))
        return example("conversation", system, "100", "ops@example.com", input=typed)

    def test_conversation(self):
        """the conversation asks on the terminal, and the password logs in"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server"), "--user", "automation",
                      "--password", "secret word") as server:
            result = self.conversation(server, b"secret word\n")
            self.assertEqual(result.exit, 0, result)
            self.assertIn("at localhost: ", result.err)
            self.assertEqual(len(server.messages()), 1)

    def test_wrong_password(self):
        """a wrong password is a failed login, and no mail"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server"), "--user", "automation",
                      "--password", "secret word") as server:
            self.assertEqual(self.conversation(server, b"guess\n").exit, 77)
            self.assertEqual(len(server.messages()), 0)

    def test_no_answer(self):
        """no answer refuses"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server"), "--user", "automation",
                      "--password", "secret word") as server:
            self.assertEqual(self.conversation(server, b"").exit, 78)

    def test_event_loop(self):
        """the event loop sends several messages at a time, and tells the one that failed"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server"), "--reject",
                      "gone@example.com") as server:
            result = example("event_loop", self.reachable(server), "100", "a@example.com",
                             "gone@example.com", "b@example.com", "c@example.com")
            self.assertEqual(result.exit, 69, result)
            said = sorted(line.split(":")[0] for line in result.out.splitlines())
            self.assertEqual(said, ["a@example.com", "b@example.com", "c@example.com",
                                    "gone@example.com"])
            self.assertEqual(len(server.messages()), 3)

    def test_usage(self):
        """without arguments each of them says what it wants"""
        for name in ("service", "conversation", "event_loop"):
            result = example(name)
            self.assertEqual(result.exit, 64, result)
            self.assertIn(f"usage: {name} SYSTEM CLIENT RECIPIENT", result.err)


if __name__ == "__main__":
    main()
