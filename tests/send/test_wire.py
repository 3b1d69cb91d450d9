#!/usr/bin/env python3
"""What goes over the wire, decision by decision, when the server or the one in between is hostile."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, FORCED_587, OPPORTUNISTIC, PLAIN, SendTest  # noqa: E402
from harness import add_rows, main, write  # noqa: E402
from processes import Aiosmtpd  # noqa: E402
from scripted import Scripted  # noqa: E402

EHLO = ["> 220 mail.example.com ESMTP", "< EHLO"]
# After an EHLO without STARTTLS: a whole send in clear.
ACCEPT = ["< MAIL FROM:<automation@example.com>", "> 250 ok", "< RCPT TO:<b@example.com>", "> 250 ok",
          "< DATA", "> 354 go", "data", "> 250 2.0.0 stored", "< QUIT", "> 221 bye"]
OFFER = EHLO + ["> 250-mail.example.com", "> 250-8BITMIME", "> 250 STARTTLS", "< STARTTLS"]
LOGIN = {"SMTP_LOGIN": "LOGIN.MAIL"}
SECRET = "correct horse battery"


class Wire(SendTest):
    """Scripted servers."""

    def scripted(self, script, settings, *arguments):
        """Sends to a script; returns the result and what the server was told."""
        with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
            result = self.send(self.system(**settings), server.port, *arguments)
        return result, server.received, server.failure

    def password(self):
        """Options that give the password."""
        path = os.path.join(self.folder, "password")
        write(path, SECRET + "\n")
        os.chmod(path, 0o600)
        return ["--password-file", path, "--login-user", "automation"]

    def test_stripped(self):
        """opportunistic: STARTTLS is not offered, the mail goes in clear and the outcome says so"""
        script = EHLO + ["> 250-mail.example.com", "> 250 8BITMIME"] + ACCEPT
        result, received, failure = self.scripted(script, OPPORTUNISTIC)
        self.assertIsNone(failure)
        self.expect(result, 0, status="sent", plaintext=True, tls_mode="none",
                    decision="opportunistic")
        self.assertTrue(received)

    def test_stripped_login(self):
        """opportunistic with a login: stripped of STARTTLS, no password is given away"""
        script = EHLO + ["> 250-mail.example.com", "> 250 AUTH PLAIN LOGIN"] + ACCEPT
        _, received, _ = self.scripted(script, {**OPPORTUNISTIC, **LOGIN}, *self.password())
        self.assertFalse([line for line in received if line.upper().startswith("AUTH")], received)

    def test_plain_login(self):
        """plain with a login: no password in clear, and no mail either"""
        script = EHLO + ["> 250-mail.example.com", "> 250 AUTH PLAIN LOGIN", "< QUIT"]
        result, received, _ = self.scripted(script, {**PLAIN, **LOGIN}, *self.password())
        self.assertIn(result.exit, (77, 78), result)
        self.assertEqual(result.json["plaintext"], False)
        self.assertFalse([line for line in received if line.upper().startswith(("AUTH", "MAIL"))])

    def test_strict_stripped(self):
        """strict: opportunistic becomes forced"""
        script = EHLO + ["> 250-mail.example.com", "> 250 8BITMIME"] + ACCEPT
        result, received, _ = self.scripted(script, OPPORTUNISTIC, "--profile", "strict")
        self.expect(result, 77, status="failed", plaintext=False)
        self.assertFalse([line for line in received if line.startswith("MAIL")])

    def refused(self, settings, script, *codes):
        """Nothing of the mail may have been sent in clear."""
        result, received, _ = self.scripted(script, settings)
        self.assertIn(result.exit, codes, result)
        self.assertEqual(result.json["plaintext"], False)
        clear = [line for line in received if line.upper().startswith(("MAIL", "RCPT", "DATA"))]
        self.assertEqual(clear, [])

    def test_lost(self):
        """a connection lost after the final dot leaves the outcome unknown"""
        script = EHLO + ["> 250 mail.example.com"] + ACCEPT[:7] + ["close"]
        result, _, _ = self.scripted(script, PLAIN)
        outcome = self.expect(result, 75, status="unknown")
        self.assertEqual(outcome["recipients"][0]["status"], "unknown")

    def test_trace(self):
        """the trace of a send has no secret in it"""
        trace = os.path.join(self.folder, "trace")
        with Aiosmtpd("--mode", "tls", *self.server_options("server"), "--user", "automation",
                      "--password", SECRET) as server:
            result = self.send(self.system(**FORCED, **LOGIN), server.port, "--trace", trace,
                               *self.password())
        self.expect(result, 0, status="sent")
        with open(trace, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("EHLO", text)
        import base64
        for secret in (SECRET, base64.b64encode(f"\0automation\0{SECRET}".encode()).decode(),
                       base64.b64encode(SECRET.encode()).decode()):
            self.assertNotIn(secret, text)

    def test_nobody(self):
        """nobody listens"""
        from processes import free_port
        result = self.send(self.system(**FORCED), free_port())
        self.expect(result, 75, status="failed")

    def test_silent(self):
        """a server that never speaks is given up after SMTP_TIMEOUT"""
        result, _, _ = self.scripted(["wait 3"], {**PLAIN, "SMTP_TIMEOUT": "1"})
        self.expect(result, 75, status="failed", send_mail_code=50012)


class Login(SendTest):
    """Logging in, against aiosmtpd."""

    def login(self, password, code):
        path = os.path.join(self.folder, "password")
        arguments = ["--login-user", "automation"]
        if password is not None:
            write(path, password + "\n")
            os.chmod(path, 0o600)
            arguments += ["--password-file", path]
        for mode, settings in (("tls", FORCED), ("starttls", OPPORTUNISTIC)):
            with self.subTest(mode), \
                    Aiosmtpd("--mode", mode, *self.server_options("server"), "--user", "automation",
                             "--password", SECRET) as server:
                result = self.send(self.system(**settings, **LOGIN), server.port, *arguments)
                self.expect(result, code)
                users = [envelope["user"] for envelope, _, _ in server.messages()]
                self.assertEqual(users, ["automation"] if code == 0 else [])


class Policies(SendTest):
    """Decisions that are not the protocol's alone."""

    def test_plain(self):
        """plain is sent in clear, to port 25"""
        with Aiosmtpd() as server:
            system = self.system(**PLAIN)
            from harness import ucmail
            result = ucmail("send", "--json", "-C", system, "-c", "100", "-t", "b@example.com",
                            "--connect-to", f"mail.example.com:25:127.0.0.1:{server.port}",
                            "-s", "x", "--body-file", "-", input=b"y\n")
            self.expect(result, 0, status="sent", plaintext=True, decision="plain")
            self.assertEqual(len(server.messages()), 1)

    def test_fall_back(self):
        """an agent that knows no TLS sends plain, although the client says TLS"""
        with Aiosmtpd() as server:
            result = self.send(self.system(**FORCED), server.port, "--agent", "unix-other")
            outcome = self.expect(result, 0, status="sent", plaintext=True, decision="plain")
            self.assertEqual(outcome["server"]["port"], 25)

    def test_fall_back_strict(self):
        """the strict profile refuses it"""
        with Aiosmtpd() as server:
            result = self.send(self.system(**FORCED), server.port, "--agent", "unix-other",
                               "--profile", "strict")
            self.expect(result, 78, status="failed")
            self.assertEqual(server.messages(), [])

    def test_agent_cannot(self):
        """an agent that cannot send is refused"""
        with Aiosmtpd() as server:
            result = self.send(self.system(**FORCED), server.port, "--agent", "zos")
            self.expect(result, 78, status="failed", refused_by="UCM301")
            self.assertEqual(server.messages(), [])

    def policy(self, settings, rule):
        """A policy that refuses never reaches the network."""
        with Scripted([]) as server:
            result = self.send(self.system(**settings), server.port)
            self.expect(result, 78, status="failed", refused_by=rule, send_mail_code=10034)
            self.assertEqual(server.connections, 0)

    def test_partial(self):
        """one bad recipient does not stop the others"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server"),
                      "--reject", "nobody@example.com") as server:
            result = self.send(self.system(**FORCED), server.port,
                               to=("a@example.com", "nobody@example.com", "b@example.com"))
            outcome = self.expect(result, 69, status="partial")
            self.assertEqual([r["status"] for r in outcome["recipients"]],
                             ["accepted", "rejected", "accepted"])
            self.assertEqual(outcome["recipients"][1]["code"], 550)
            self.assertEqual(outcome["recipients"][1]["enhanced"], "5.1.1")
            self.assertEqual(server.messages()[0][0]["to"], ["a@example.com", "b@example.com"])

    def test_deferred(self):
        """a recipient put off makes the send one to try again"""
        with Aiosmtpd("--defer", "busy@example.com") as server:
            result = self.send(self.system(**PLAIN), server.port,
                               to=("a@example.com", "busy@example.com"))
            outcome = self.expect(result, 75, status="partial")
            self.assertEqual(outcome["recipients"][1]["status"], "deferred")

    def test_none(self):
        """no recipient accepted: failed"""
        with Aiosmtpd("--reject", "nobody@example.com") as server:
            result = self.send(self.system(**PLAIN), server.port, to=("nobody@example.com",))
            self.expect(result, 69, status="failed")
            self.assertEqual(server.messages(), [])


CLEAR = ["> 250-mail.example.com", "> 250 8BITMIME"]
add_rows(Wire, "refused", [
    ("forced on 587: STARTTLS is not offered", FORCED_587, EHLO + CLEAR + ACCEPT, 77),
    ("opportunistic: STARTTLS answered 454", OPPORTUNISTIC, OFFER + ["> 454 not now", "< QUIT"], 75),
    ("opportunistic: STARTTLS answered 502", OPPORTUNISTIC, OFFER + ["> 502 no", "< QUIT"], 77),
    ("opportunistic: closed at STARTTLS", OPPORTUNISTIC, OFFER + ["close"], 75),
    ("bytes injected behind the reply to STARTTLS", OPPORTUNISTIC,
     OFFER + [">> 220 go\\r\\n250 injected\\r\\n", "< ?"], 76),
    ("capabilities injected behind the reply to STARTTLS", OPPORTUNISTIC,
     OFFER + [">> 220 go\\r\\n250-mail.example.com\\r\\n250 AUTH PLAIN\\r\\n", "< ?"], 76),
    ("no handshake after STARTTLS", OPPORTUNISTIC, OFFER + ["> 220 go", "> 250 hello", "< ?"], 76, 77),
    ("forced on 465: a server that speaks in clear", FORCED, EHLO + CLEAR + ACCEPT, 75, 76, 77),
])
add_rows(Login, "login", [
    ("the right password", SECRET, 0),
    ("a wrong password", "wrong", 77),
    ("no password", None, 78),
])
add_rows(Policies, "policy", [
    ("refused: TLS without SMTPS_CERT", {"SMTP_PROTOCOL": "TLS"}, "UCM105"),
    ("refused: a misspelt protocol", {**FORCED, "SMTP_PROTOCOL": "STARTLS"}, "UCM104"),
    ("refused: a certificate that is not in the store", {**FORCED, "SMTPS_CERT": "OTHER"}, "UCM201"),
    ("refused: no server", {**FORCED, "SMTP_SERVER": " "}, "UCM101"),
    ("refused: a port that is none", {**FORCED, "SMTP_PORT": "70000"}, "UCM110"),
])

main()
