#!/usr/bin/env python3
"""Tests of ucmail against scripted servers on loopback: outcomes, passwords, batches, traces."""
import json
import os
import resource
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import BUILD, SystemTest, main, make_system, memory_is_real  # noqa: E402
from scripted import Scripted  # noqa: E402
from ucmail_fixture import Runner, UcmailTest  # noqa: E402

OUTCOME_KEYS = ["status", "exit", "client", "decision", "tls", "server", "recipients", "message_id",
                "reply", "send_mail_code", "plaintext", "refused_by", "error"]
GREET = ["> 220 mail.example.com ready", "< EHLO", "> 250 mail.example.com"]
QUIT = ["< QUIT", "> 221 bye"]
GREET_AUTH = ["> 220 mail.example.com ready", "< EHLO", "> 250-mail.example.com",
              "> 250 AUTH PLAIN LOGIN"]
PLAIN_LOGIN = "AUTH PLAIN AGF1dG9tYXRpb24Ac2VjcmV0"  # \0automation\0secret


class WireTest(UcmailTest):
    """A plain policy, dialled to a scripted server."""

    def send(self, script, *arguments, client=0, **more):
        """Sends to a server that follows the script; the outcome and the server."""
        with Scripted(script) as server:
            result = self.run_json("send", "-C", self.system, "-c", client, "--connect-to",
                                   f"::127.0.0.1:{server.port}", *arguments, **more)
        return result, server


class Outcomes(WireTest):
    """The object of the contract for what a server may say."""

    def test_sent(self):
        result, server = self.send(
            GREET + ["< MAIL FROM:<robot@example.com>", "> 250 ok", "< RCPT TO:<a@example.com>",
                     "> 250 2.1.5 ok", "< DATA", "> 354 go", "data", "> 250 2.0.0 queued as 1"] + QUIT,
            "-t", "a@example.com", "-s", "x", code=0)
        self.assertIsNone(server.failure)
        self.assertEqual(list(result), OUTCOME_KEYS)
        self.assertEqual(result["status"], "sent")
        self.assertEqual(result["decision"], "plain")
        self.assertEqual(result["client"], 0)
        self.assertIs(result["plaintext"], True)
        self.assertEqual(result["send_mail_code"], 0)
        self.assertEqual(result["tls"]["mode"], "none")
        self.assertEqual(result["server"]["host"], "mail.example.com")
        self.assertIn("ready", result["server"]["banner"])
        self.assertIn("queued as 1", result["reply"])
        self.assertTrue(result["message_id"].startswith("<"))
        self.assertIsNone(result["refused_by"])
        self.assertIsNone(result["error"])
        self.assertEqual(result["recipients"], [{"address": "a@example.com", "status": "accepted",
                                                 "code": 250, "enhanced": "2.1.5",
                                                 "text": result["recipients"][0]["text"]}])

    def test_partial(self):
        result, _ = self.send(
            GREET + ["< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< RCPT", "> 550 5.1.1 no such user",
                     "< DATA", "> 354 go", "data", "> 250 ok"] + QUIT,
            "-t", "a@example.com", "-t", "b@example.com", code=69)
        self.assertEqual(result["status"], "partial")
        self.assertEqual([one["status"] for one in result["recipients"]], ["accepted", "rejected"])
        self.assertEqual(result["recipients"][1]["enhanced"], "5.1.1")
        self.assertTrue(result["error"])

    def test_deferred(self):
        result, _ = self.send(
            GREET + ["< MAIL", "> 250 ok", "< RCPT", "> 450 4.2.1 later"] + ["< ?"] * 3,
            "-t", "a@example.com", code=75)
        self.assertEqual(result["status"], "failed")
        self.assertEqual(result["recipients"][0]["status"], "deferred")

    def test_unknown(self):
        result, _ = self.send(
            GREET + ["< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA", "> 354 go", "data", "close"],
            "-t", "a@example.com", code=75)
        self.assertEqual(result["status"], "unknown")
        self.assertEqual(result["recipients"][0]["status"], "unknown")

    def test_no_connection(self):
        with Scripted([]) as server:
            port = server.port
        process = self.run_program("send", "-C", self.system, "-t", "a@example.com", "--connect-to",
                                   f"::127.0.0.1:{port}")
        self.assertEqual(process.returncode, 75)
        self.assertEqual(process.stderr.count("\n"), 1, process.stderr)

    def test_text(self):
        with Scripted(GREET + ["< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA", "> 354 go", "data",
                               "> 250 ok"] + QUIT) as server:
            process = self.run_program("send", "-C", self.system, "-t", "a@example.com",
                                       "--connect-to", f"mail.example.com:25:127.0.0.1:{server.port}")
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        self.assertRegex(process.stdout, r"(?m)^accepted +a@example\.com$")
        self.assertRegex(process.stdout, r"(?m)^sent +by mail\.example\.com:25, in clear$")


class ClearPasswords(WireTest):
    """A password and a connection that is not secure."""

    def test_no_password_in_clear(self):
        result, server = self.send(GREET_AUTH + ["< ?"] * 2, "-t", "a@example.com", "--password-file",
                                   self.path("password", "secret\n", 0o600), client=200)
        self.assertEqual(result["exit"], 77)
        self.assertEqual(result["status"], "failed")
        self.assertFalse([line for line in server.received if line.upper().startswith("AUTH")])


class Passwords(Runner, SystemTest):
    """A password on a verified connection: where it may come from, and when it is refused."""

    def setUp(self):
        super().setUp()
        self.system = make_system(f"{self.folder}/system", {0: {"UC_CLIENT_SETTINGS": {
            "SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com", "SMTP_PORT": "465",
            "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "CA", "SMTP_LOGIN": "LOGIN.MAIL"}}},
            {"CA": self.cert("ca")})

    def log_in(self, *arguments, **more):
        """Sends; the object and what the server heard of AUTH."""
        script = ["tls"] + GREET_AUTH + ["< AUTH", "> 235 2.7.0 ok", "< MAIL", "> 250 ok", "< RCPT",
                                         "> 250 ok", "< DATA", "> 354 go", "data", "> 250 ok"] + QUIT
        with Scripted(script, cert=self.cert("server"), key=self.cert("server.key")) as server:
            result = self.run_json("send", "-C", self.system, "-t", "b@example.com", "--connect-to",
                                   f"::127.0.0.1:{server.port}", "--login-user", "automation",
                                   *arguments, **more)
        return result, [line for line in server.received if line.startswith("AUTH")]

    def test_from_a_file(self):
        path = self.path("password", "secret\n", 0o600)
        result, auth = self.log_in("--password-file", path, "--trace", self.path("trace"), code=0)
        self.assertEqual(auth, [PLAIN_LOGIN])
        self.assertEqual(result["tls"]["trusted_by"], "CA")
        with open(self.path("trace"), encoding="utf-8") as file:
            trace = file.read()
        self.assertIn("AUTH PLAIN", trace)
        self.assertNotIn(PLAIN_LOGIN.split()[2], trace)
        self.assertNotIn("secret\n", trace)

    def test_from_a_descriptor(self):
        read, write = os.pipe()
        os.write(write, b"secret\n")
        os.close(write)
        _, auth = self.log_in("--password-fd", read, pass_fds=[read], code=0)
        os.close(read)
        self.assertEqual(auth, [PLAIN_LOGIN])

    def test_from_the_service_manager(self):
        self.path("LOGIN.MAIL", "secret")
        _, auth = self.log_in(environment={"CREDENTIALS_DIRECTORY": self.folder}, code=0)
        self.assertEqual(auth, [PLAIN_LOGIN])

    def test_not_from_a_file_that_others_may_read(self):
        path = self.path("password", "secret\n", 0o644)
        result, auth = self.log_in("--password-file", path, code=78)
        self.assertEqual((result["status"], auth), ("failed", []))
        self.assertIn("chmod 600", result["error"])

    def test_without_one(self):
        result, auth = self.log_in(code=78)
        self.assertEqual((result["send_mail_code"], auth), (10034, []))
        self.assertIn("LOGIN.MAIL", result["error"])


class Batch(WireTest):
    """One JSON message a line."""

    LINES = ['{"to":["a@example.com"],"subject":"1","id":"one"}', "no JSON",
             '{"to":["b@example.com"],"bc":["c@example.com"]}',
             '{"to":["b@example.com"],"subject":"2","body":"text","id":2}']
    MAIL = ["< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA", "> 354 go", "data", "> 250 ok"]

    def batch(self, script, lines, *more):
        with Scripted(script) as server:
            process = self.run_program("send", "-C", self.system, "--connect-to",
                                       f"::127.0.0.1:{server.port}", "--batch", "-", "--json", *more,
                                       stdin="\n".join(lines) + "\n")
        return process, [json.loads(line) for line in process.stdout.splitlines()], server

    def test_outcomes_come_in_order_over_one_connection(self):
        process, outcomes, server = self.batch(GREET + self.MAIL + self.MAIL + QUIT, self.LINES)
        self.assertIsNone(server.failure)
        self.assertEqual(server.connections, 1)
        self.assertEqual([one["index"] for one in outcomes], [0, 1, 2, 3])
        self.assertEqual([one["id"] for one in outcomes], ["one", None, None, 2])
        self.assertEqual([one["exit"] for one in outcomes], [0, 65, 65, 0])
        self.assertEqual(list(outcomes[0])[:len(OUTCOME_KEYS)], OUTCOME_KEYS)
        self.assertEqual(process.returncode, 65)

    def test_the_worst_decides(self):
        rejected = ["< MAIL", "> 250 ok", "< RCPT", "> 550 no", "< ?", "> 250 ok"]
        process, outcomes, _ = self.batch(GREET + rejected + self.MAIL + QUIT,
                                          [self.LINES[0], self.LINES[1], self.LINES[3]])
        self.assertEqual([one["exit"] for one in outcomes], [69, 65, 0])
        self.assertEqual(process.returncode, 69)

    def test_an_empty_batch_is_no_error(self):
        process, outcomes, server = self.batch(GREET, [""])
        self.assertEqual((process.returncode, outcomes), (0, []))
        self.assertEqual(server.connections, 0)

    def test_a_policy_that_refuses(self):
        process = self.run_program("send", "-C", self.system, "-c", "100", "--batch", "-", "--json",
                                   stdin="\n".join(self.LINES) + "\n")
        self.assertEqual(process.returncode, 78)
        self.assertTrue(all(json.loads(line)["exit"] in (65, 78) for line in process.stdout.splitlines()))

    @unittest.skipUnless(memory_is_real(), "under a checker memory is not the program's own")
    def test_a_line_without_memory_is_no_end(self):
        limit = 100_000_000
        process = self.run_program(
            "send", "-C", self.system, "-c", "100", "--batch", "-", "--json",
            stdin='{"to":["a@example.com"],"body":"' + "x" * limit + '"}\n' + self.LINES[0] + "\n",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        self.assertEqual(process.returncode, 74)
        self.assertIn("stopped behind line 0", process.stderr)


class Traces(WireTest):
    """The dialogue in a file of one's own."""

    def test_a_trace_is_closed_to_others(self):
        trace = self.path("trace", "old", 0o644)
        self.send(GREET + ["< MAIL", "> 250 ok", "< RCPT", "> 550 no"] + ["< ?"] * 3, "-t", "a@example.com",
                  "--trace", trace, code=69)
        self.assertEqual(stat.S_IMODE(os.stat(trace).st_mode), 0o600)
        with open(trace, encoding="utf-8") as file:
            text = file.read()
        self.assertRegex(text, r"(?m)^S: 220 mail\.example\.com ready$")
        self.assertRegex(text, r"(?m)^C: EHLO ")


class Streams(WireTest):
    """Started without standard streams: the connection is none of them."""

    MAIL = ["< EHLO", "> 250 mail.example.com", "< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA", "> 354 go",
            "data", "> 250 ok", "< QUIT", "> 221 bye"]

    def run_without(self, *closed, stdin="", code=0):
        """Sends verbosely with these streams closed, by the program itself: libtool's script opens files."""
        program = os.path.join(BUILD, "tools", ".libs", "ucmail")
        if not os.path.exists(program):
            program = os.path.join(BUILD, "tools", "ucmail")
        with Scripted(["> 220 mail.example.com"] + self.MAIL) as server:
            process = subprocess.run(
                [program, "send", "-C", self.system, "--connect-to", f"::127.0.0.1:{server.port}",
                 "-t", "a@example.com", "-s", "x", "--body-file", "-", "-v"], input=stdin, text=True, timeout=60,
                capture_output=True, check=False, preexec_fn=lambda: [os.close(fd) for fd in closed],
                env={**os.environ, "LD_LIBRARY_PATH": os.path.join(BUILD, "libsrc", ".libs")})
        self.assertEqual(process.returncode, code, process)
        return server

    def test_no_error_output(self):
        server = self.run_without(2)
        self.assertIsNone(server.failure)
        self.assertTrue(server.received[0].startswith("EHLO"), server.received)

    def test_no_output(self):
        self.assertIsNone(self.run_without(1, 2, code=74).failure)

    def test_no_input(self):
        self.assertEqual(self.run_without(0, code=74).received, [])


class Check(WireTest):
    """Steps."""

    def test_steps(self):
        with Scripted(GREET + ["< ?"] * 2) as server:
            result = self.run_json("check", "-C", self.system, "--connect-to",
                                   f"::127.0.0.1:{server.port}", code=0)
        self.assertEqual(result["status"], "ok")
        names = [step["name"] for step in result["steps"]]
        self.assertIn("connect", names)
        self.assertIn("greeting", names)
        self.assertTrue(all(step["status"] == 0 for step in result["steps"]))

    def test_a_failed_step_has_advice(self):
        with Scripted([]) as server:
            port = server.port
        result = self.run_json("check", "-C", self.system, "--connect-to", f"::127.0.0.1:{port}", code=75)
        self.assertEqual(result["status"], "failed")
        self.assertTrue(result["steps"][-1]["advice"])


if __name__ == "__main__":
    main()
