#!/usr/bin/env python3
"""Sends to servers of other makers, in the configurations that are met in the field."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, FORCED_587, OPPORTUNISTIC, PLAIN, SendTest  # noqa: E402
from harness import add_rows, main, write  # noqa: E402
from processes import Aiosmtpd, Dovecot, Postfix  # noqa: E402

USER, SECRET = "automation", "päss wörd {x}"
LOGIN = {"SMTP_LOGIN": "LOGIN.MAIL"}


class ServerTest(SendTest):
    """What the cases share: passwords, traces, statuses of recipients."""

    @classmethod
    def begin(cls, server):
        """Starts a server that ends with the class, and returns it."""
        cls.addClassCleanup(server.__exit__)
        return server.__enter__()

    @staticmethod
    def server_pair():
        """Certificate and key of an honest server."""
        return f"{SendTest.certificates}/server.pem", f"{SendTest.certificates}/server.key"

    def password(self, secret=SECRET):
        """Options that give the password."""
        path = os.path.join(self.folder, "password")
        write(path, secret.encode() + b"\n")
        os.chmod(path, 0o600)
        return ["--password-file", path, "--login-user", USER]

    def traced(self, system, port, *arguments, **options):
        """Sends, and returns the result and the lines that the client sent."""
        path = os.path.join(self.folder, "trace")
        result = self.send(system, port, "--trace", path, *arguments, **options)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn(SECRET, text)
        return result, re.findall(r"(?m)^C: (.*)$", text)

    def statuses(self, outcome):
        """What became of each recipient."""
        return [recipient["status"] for recipient in outcome["recipients"]]


class Submission(ServerTest):
    """Postfix for its own users only: smtpd_tls_auth_only, Dovecot's SASL, a size limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pair = cls.server_pair()
        cls.dovecot = cls.begin(Dovecot(*pair, USER, SECRET))
        cls.postfix = cls.begin(Postfix(
            *pair, smtpd_sasl_auth_enable="yes", smtpd_sasl_type="dovecot", smtpd_sasl_path=cls.dovecot.auth,
            smtpd_tls_auth_only="yes", smtpd_sasl_authenticated_header="yes", message_size_limit="20000",
            smtpd_recipient_restrictions="permit_sasl_authenticated, reject"))
        cls.delivered = 0

    def login(self, settings, mechanism):
        port = self.postfix.smtps_port if settings["SMTP_PORT"] == "465" else self.postfix.port
        result, lines = self.traced(self.system(**settings, **LOGIN), port, *self.password())
        self.expect(result, 0, status="sent", plaintext=False)
        self.assertEqual([line.split()[1] for line in lines if line.startswith("AUTH")], [mechanism])
        type(self).delivered += 1
        message = self.postfix.messages(self.delivered)[-1]
        self.assertIn(f"(Authenticated sender: {USER})", " ".join(message["Received"].split()))

    def refused(self, settings, code, secret, words):
        arguments = self.password(secret) if secret else []
        result = self.send(self.system(**settings), self.postfix.port, *arguments)
        outcome = self.expect(result, code, plaintext=False)
        self.assertIn(words, outcome["error"] + json.dumps(outcome["recipients"]))

    def test_size(self):
        """a message over message_size_limit is not even begun"""
        path = os.path.join(self.folder, "large")
        write(path, b"x" * 30000)
        result, lines = self.traced(self.system(**FORCED, **LOGIN), self.postfix.smtps_port, "-A", path,
                                    *self.password())
        outcome = self.expect(result, 69, status="failed", send_mail_code=50006)
        self.assertIn("20000", outcome["error"])
        self.assertFalse([line for line in lines if line.startswith(("MAIL", "DATA"))])


add_rows(Submission, "login", [
    ("SCRAM-SHA-256 comes first: implicit TLS", FORCED, "SCRAM-SHA-256"),
    ("SCRAM-SHA-256 comes first: forced STARTTLS", FORCED_587, "SCRAM-SHA-256"),
    ("SCRAM-SHA-256 comes first: opportunistic", OPPORTUNISTIC, "SCRAM-SHA-256"),
    ("the method that the settings name: SCRAM", {**FORCED, "SMTP_AUTH_METHOD": "scram-sha-256"},
     "SCRAM-SHA-256"),
    ("the method that the settings name: PLAIN", {**FORCED_587, "SMTP_AUTH_METHOD": "PLAIN"}, "PLAIN"),
    ("the method that the settings name: LOGIN", {**FORCED, "SMTP_AUTH_METHOD": "LOGIN"}, "LOGIN"),
])
add_rows(Submission, "refused", [
    ("a wrong password, SCRAM", {**FORCED_587, **LOGIN}, 77, "wrong", "535"),
    ("a wrong password, PLAIN", {**FORCED_587, **LOGIN, "SMTP_AUTH_METHOD": "PLAIN"}, 77, "wrong", "535"),
    ("no login where one is needed", FORCED_587, 69, None, "554"),
    ("a method that is not offered", {**FORCED_587, **LOGIN, "SMTP_AUTH_METHOD": "XOAUTH2"}, 77, SECRET,
     "XOAUTH2"),
    ("a login without TLS: none is offered, none is given", {**PLAIN, **LOGIN}, 77, SECRET, "no login"),
])


class Postscreen(ServerTest):
    """Postfix behind postscreen: a greeting in two parts, and a first visit that is sent away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.postfix = cls.begin(Postfix(
            *cls.server_pair(), postscreen=True, postscreen_access_list="", postscreen_greet_wait="1s",
            postscreen_greet_action="enforce", postscreen_pipelining_enable="yes",
            postscreen_pipelining_action="enforce", postscreen_non_smtp_command_enable="yes",
            postscreen_non_smtp_command_action="enforce", postscreen_bare_newline_enable="yes",
            postscreen_bare_newline_action="enforce"))

    def test_postscreen(self):
        """the first visit is deferred, and the second delivered"""
        system = self.system(**FORCED_587)
        first = self.expect(self.send(system, self.postfix.port), 75, status="failed", plaintext=False)
        self.assertEqual(self.statuses(first), ["deferred"])
        self.assertEqual(first["recipients"][0]["code"], 450)
        again = self.expect(self.send(system, self.postfix.port), 0, status="sent", tls_mode="starttls")
        self.assertIn("ESMTP", again["server"]["banner"])
        self.assertEqual(self.postfix.messages()[0]["Subject"], "Prüfung")


class Strict(ServerTest):
    """Postfix that sleeps, counts errors, and refuses some of everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pair = cls.server_pair()
        access = ("check_recipient_access inline:{{nobody@example.com=550 5.1.1 no such user}, "
                  "{example.net=550 5.7.1 no relay}, {busy@example.com=450 4.2.1 mailbox busy}, "
                  "{drop@example.com=421 4.7.0 go away}}")
        cls.checks = os.path.join(SendTest.certificates, "header_checks")
        write(cls.checks, "/^Subject: refuse/ REJECT not this one\n")
        os.chmod(SendTest.certificates, 0o755)
        os.chmod(cls.checks, 0o644)
        cls.postfix = cls.begin(Postfix(
            *pair, smtpd_delay_reject="no", smtpd_client_restrictions="sleep 1, permit",
            smtpd_data_restrictions="reject_unauth_pipelining", smtpd_hard_error_limit="3",
            smtpd_soft_error_limit="2", smtpd_error_sleep_time="0",
            smtpd_recipient_limit="4", smtpd_recipient_overshoot_limit="100",
            smtpd_recipient_restrictions=f"{access}, permit_mynetworks, reject",
            header_checks=f"regexp:{cls.checks}", smtputf8_enable="yes"))

    def mail(self, to, code, statuses, *arguments):
        result = self.send(self.system(**OPPORTUNISTIC), self.postfix.port, *arguments, to=to)
        self.assertEqual(self.statuses(self.expect(result, code)), statuses, result)

    def find(self, subject):
        """The delivered message of that subject."""
        from processes import wait_for
        return wait_for(lambda: [message for message in self.postfix.messages(0)
                                 if message["Subject"] == subject], subject)[0]

    def test_utf8(self):
        """an address outside ASCII, over SMTPUTF8"""
        self.mail(["jörg@example.com"], 0, ["accepted"], "-s", "utf8")
        message = self.find("utf8")
        self.assertIn("with UTF8SMTPS", message["Received"])
        self.assertEqual(message["To"], "jörg@example.com")

    def test_dsn(self):
        """a wish for a notice of success is granted, and --dsn never asks for none"""
        self.mail(["b@example.com"], 0, ["accepted"], "-s", "noticed", "--dsn", "success,failure")
        report = self.find("Successful Mail Delivery Report")
        self.assertEqual(report.get_content_type(), "multipart/report")
        self.assertIn("b@example.com", str(report))
        self.mail(["b@example.com"], 0, ["accepted"], "-s", "unnoticed", "--dsn", "never")
        self.find("unnoticed")

    def test_batch(self):
        """a batch in which one is refused after the dot, and one has nobody to go to"""
        lines = [{"to": ["a@example.com"], "subject": "batch 1", "body": "."},
                 {"to": ["a@example.com"], "subject": "refuse me"},
                 {"to": ["nobody@example.com"], "subject": "batch 3"},
                 {"to": ["a@example.com", "busy@example.com"], "subject": "batch 4", "body": "\n..\n"}]
        path = os.path.join(self.folder, "batch")
        write(path, "".join(json.dumps(line) + "\n" for line in lines))
        from harness import ucmail
        result = ucmail("send", "--json", "-C", self.system(**OPPORTUNISTIC), "-c", "100", "--connect-to",
                        f"::127.0.0.1:{self.postfix.port}", "--batch", path)
        outcomes = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual([outcome["exit"] for outcome in outcomes], [0, 69, 69, 75], result)
        self.assertEqual(result.exit, 75)
        self.assertEqual(self.find("batch 1").get_content().strip(), ".")
        self.assertEqual(self.find("batch 4").get_content().splitlines()[:2], ["", ".."])


add_rows(Strict, "mail", [
    ("one is refused, one is busy, one is taken", ["nobody@example.com", "busy@example.com", "a@example.com"],
     69, ["rejected", "deferred", "accepted"]),
    ("one is busy, one is taken", ["busy@example.com", "a@example.com"], 75, ["deferred", "accepted"]),
    ("all are refused", ["nobody@example.com"], 69, ["rejected"]),
    ("more recipients than the server takes at once", [f"{name}@example.com" for name in "abcde"], 75,
     ["accepted"] * 4 + ["deferred"]),
    ("the server hangs up among the recipients", ["a@example.com", "drop@example.com", "b@example.com"], 75,
     ["deferred"] * 3),
    ("the server hangs up after too many errors",
     ["x@example.net", "y@example.net", "z@example.net", "a@example.com"], 69, ["rejected"] * 3 + ["deferred"]),
    ("the content is refused after the dot", ["a@example.com"], 69, ["rejected"], "-s", "refuse this"),
])


class Spartan(ServerTest):
    """Postfix that offers nothing: no pipelining, no 8BITMIME, no SIZE, no STARTTLS."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.postfix = cls.begin(Postfix(
            *cls.server_pair(), message_size_limit="20000", smtputf8_enable="no", smtpd_discard_ehlo_keywords=
            "pipelining, 8bitmime, size, dsn, enhancedstatuscodes, starttls, chunking, vrfy, etrn"))

    def test_sent(self):
        """a text outside ASCII goes through a server of 1982"""
        result = self.send(self.system(**OPPORTUNISTIC), self.postfix.port, "--dsn", "success")
        self.expect(result, 0, status="sent", plaintext=True)
        message = self.postfix.messages()[0]
        self.assertEqual(message.get_content().splitlines(), ["Grüße", "."])

    def test_size(self):
        """over its limit, which it tells after the dot only"""
        path = os.path.join(self.folder, "large")
        write(path, b"x" * 30000)
        result = self.send(self.system(**PLAIN), self.postfix.port, "-A", path)
        outcome = self.expect(result, 69, status="failed")
        self.assertEqual(outcome["recipients"][0]["code"], 552)

    def test_needs(self):
        """what the server lacks is said, and nothing is sent"""
        system = self.system(**OPPORTUNISTIC)
        outcome = self.expect(self.send(system, self.postfix.port, to=["jörg@example.com"]), 69,
                              status="failed", plaintext=False)
        self.assertIn("SMTPUTF8", outcome["error"])
        outcome = self.expect(self.send(system, self.postfix.port, "--require-tls"), 69, plaintext=False)
        self.assertIn("REQUIRETLS", outcome["error"])
        self.expect(self.send(self.system(**FORCED_587), self.postfix.port), 77, plaintext=False)


class DovecotSubmission(ServerTest):
    """Dovecot's own submission server, which relays to aiosmtpd."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relay = cls.begin(Aiosmtpd("--reject", "nobody@example.com"))
        cls.dovecot = cls.begin(Dovecot(*cls.server_pair(), USER, SECRET, cls.relay.port))
        cls.seen = 0

    def login(self, settings, mechanism):
        implicit = settings["SMTP_PORT"] == "465"
        port = self.dovecot.smtps_port if implicit else self.dovecot.port
        result, lines = self.traced(self.system(**settings, **LOGIN), port, *self.password())
        self.expect(result, 0, status="sent", tls_mode="implicit" if implicit else "starttls",
                    send_mail_code=0)
        self.assertEqual([line.split()[1] for line in lines if line.startswith("AUTH")], [mechanism])
        mails = self.relay.messages()
        type(self).seen += 1
        self.assertEqual(len(mails), self.seen)
        self.assertEqual(mails[-1][1].get_content().splitlines(), ["Grüße", "."])

    def test_partial(self):
        """one recipient that the server behind refuses"""
        result = self.send(self.system(**FORCED, **LOGIN), self.dovecot.smtps_port, *self.password(),
                           to=("nobody@example.com", "b@example.com"))
        self.assertEqual(self.statuses(self.expect(result, 69, status="partial")), ["rejected", "accepted"])
        type(self).seen += 1

    def test_refused(self):
        """a wrong password, no login, and a message over its size"""
        system = self.system(**FORCED, **LOGIN)
        port = self.dovecot.smtps_port
        self.expect(self.send(system, port, *self.password("wrong")), 77, status="failed")
        self.expect(self.send(self.system(**FORCED), port), 69, status="failed")
        path = os.path.join(self.folder, "large")
        write(path, b"x" * 3000000)
        outcome = self.expect(self.send(system, port, "-A", path, *self.password()), 69, status="failed")
        self.assertIn("2097152", outcome["error"])

    def test_large(self):
        """a megabyte, byte for byte"""
        path = os.path.join(self.folder, "large.bin")
        content = bytes(range(256)) * 4096
        write(path, content)
        self.expect(self.send(self.system(**FORCED, **LOGIN), self.dovecot.smtps_port, "-A", path,
                              *self.password()), 0, status="sent")
        type(self).seen += 1
        part, = self.relay.messages()[-1][1].iter_attachments()
        self.assertEqual(part.get_content(), content)

    def test_check(self):
        """ucmail check: every step passes"""
        from harness import ucmail
        result = ucmail("check", "--json", "-C", self.system(**FORCED, **LOGIN), "-c", "100", "--connect-to",
                        f"::127.0.0.1:{self.dovecot.smtps_port}", *self.password())
        self.assertEqual(result.exit, 0, result)


add_rows(DovecotSubmission, "login", [
    ("Dovecot: implicit TLS", FORCED, "SCRAM-SHA-256"),
    ("Dovecot: STARTTLS", FORCED_587, "SCRAM-SHA-256"),
    ("Dovecot: opportunistic, PLAIN", {**OPPORTUNISTIC, "SMTP_AUTH_METHOD": "PLAIN"}, "PLAIN"),
    ("Dovecot: LOGIN", {**FORCED, "SMTP_AUTH_METHOD": "LOGIN"}, "LOGIN"),
])


class Aio(ServerTest):
    """aiosmtpd."""

    def test_utf8(self):
        """aiosmtpd: an address outside ASCII, over STARTTLS that it insists on"""
        with Aiosmtpd("--mode", "starttls", "--require-tls", *self.server_options("server")) as server:
            self.expect(self.send(self.system(**OPPORTUNISTIC), server.port, to=["jörg@example.com"]), 0)
            (envelope, message, _), = server.messages()
        self.assertEqual(envelope["to"], ["jörg@example.com"])
        self.assertEqual(message.get_content().splitlines(), ["Grüße", "."])

    def test_tls12(self):
        """aiosmtpd: TLS 1.2, one recipient refused, one busy"""
        with Aiosmtpd("--mode", "tls", "--tls12", *self.server_options("server_rsa"), "--reject",
                      "nobody@example.com", "--defer", "busy@example.com") as server:
            result = self.send(self.system(**FORCED), server.port,
                               to=["nobody@example.com", "busy@example.com", "b@example.com"])
            outcome = self.expect(result, 69, status="partial", tls_version="TLSv1.2")
            self.assertEqual(server.messages()[0][0]["to"], ["b@example.com"])
        self.assertEqual(self.statuses(outcome), ["rejected", "deferred", "accepted"])


main()
