#!/usr/bin/env python3
"""What `ucmail send --json` says of whatever a server does: the contract's outcomes, row by row."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, FORCED_587, OPPORTUNISTIC, PLAIN, SendTest  # noqa: E402
from harness import add_rows, main  # noqa: E402
from scripted import Scripted  # noqa: E402

KEYS = ["status", "exit", "client", "decision", "tls", "server", "recipients", "message_id", "reply",
        "send_mail_code", "plaintext", "refused_by", "error"]
HELLO = ["> 220 mail.example.com ESMTP ready", "< EHLO", "> 250 mail.example.com"]
PIPED = HELLO[:2] + ["> 250-mail.example.com", "> 250 PIPELINING"]
MAIL, RCPT, DATA = ["< MAIL FROM:<automation@example.com>"], ["< RCPT TO:<b@example.com>"], ["< DATA"]
OK = ["> 250 2.0.0 ok"]
GO = ["> 354 go"]
BYE = ["< QUIT", "> 221 bye"]
ENVELOPE = HELLO + MAIL + OK + RCPT + OK
BODY = DATA + GO + ["data"]
ANY = ["< ?"] * 4  # RSET, QUIT or whatever else it says before it goes
TWO = ("b@example.com", "c@example.com")
RCPT2 = ["< RCPT TO:<c@example.com>"]


def check_shape(case, outcome):
    """Types of every member that the contract names, and the rules between them."""
    case.assertEqual([key for key in outcome if key in KEYS], KEYS)
    case.assertIn(outcome["status"], ("sent", "partial", "failed", "unknown"))
    case.assertIs(type(outcome["exit"]), int)
    case.assertIs(type(outcome["client"]), int)
    case.assertIn(outcome["decision"], ("forced", "opportunistic", "plain", "refuse"))
    tls = outcome["tls"]
    case.assertIn(tls["mode"], ("implicit", "starttls", "none"))
    for key in ("version", "cipher", "peer_sha256", "trusted_by"):
        case.assertIn(type(tls[key]), (str, type(None)), key)
    if tls["mode"] == "none":
        case.assertEqual([tls["version"], tls["cipher"], tls["trusted_by"]], [None] * 3)
    if tls["peer_sha256"] is not None:
        case.assertRegex(tls["peer_sha256"], "^[0-9a-f]{64}$")
    case.assertIs(type(outcome["plaintext"]), bool)
    case.assertEqual(list(outcome["server"])[:3], ["host", "port", "banner"])
    case.assertIn(outcome["send_mail_code"], (0, 50012, 10034, 50006))
    case.assertEqual(outcome["send_mail_code"] == 0, outcome["status"] == "sent")
    case.assertEqual(outcome["exit"] == 0, outcome["status"] == "sent")
    case.assertEqual(outcome["error"] is None, outcome["status"] == "sent")
    for one in outcome["recipients"]:
        case.assertEqual(list(one)[:5], ["address", "status", "code", "enhanced", "text"])
        case.assertIn(one["status"], ("accepted", "rejected", "deferred", "unknown"))
        case.assertIs(type(one["code"]), int)
    states = {one["status"] for one in outcome["recipients"]}
    if states:
        expected = ("unknown" if "unknown" in states else "sent" if states == {"accepted"}
                    else "partial" if "accepted" in states else "failed")
        case.assertEqual(outcome["status"], expected)
    if "unknown" in states:  # which matters more than whatever else went wrong
        case.assertIn("may have been accepted", outcome["error"])


class Outcome(SendTest):
    """Scripts in clear."""

    settings = PLAIN

    def converse(self, script, exit_code, status, statuses=None, options=(), settings=None, to=TWO[:1],
                 code=50006, **fields):
        """Sends to a script; `statuses`: of the recipients; `code`: send_mail_code."""
        with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
            result = self.send(self.system(**{**self.settings, **(settings or {})}), server.port,
                               *options, to=to)
        self.assertLessEqual(result.err.count("\n"), 1, result)
        outcome = self.expect(result, exit_code, status=status, **fields)
        check_shape(self, outcome)
        if exit_code == 0:
            code = 0
        self.assertEqual(outcome["send_mail_code"], code, result)
        if statuses is not None:
            told = [(one["status"], one["code"]) for one in outcome["recipients"]]
            self.assertEqual(told, statuses, result)
        return outcome, server

    def row(self, script, exit_code, status, statuses=None, more=None):
        self.converse(script, exit_code, status, statuses, **(more or {}))

    def test_all(self):
        """sent: every member of the object"""
        outcome, server = self.converse(ENVELOPE + BODY + ["> 250 2.0.0 queued as 7"] + BYE, 0, "sent",
                                        [("accepted", 250)])
        self.assertIsNone(server.failure)
        self.assertEqual(outcome["server"]["host"], "mail.example.com")
        self.assertEqual(outcome["server"]["port"], 25)
        self.assertIn("mail.example.com ESMTP ready", outcome["server"]["banner"])
        self.assertIn("2.0.0 queued as 7", outcome["reply"])
        self.assertIs(outcome["plaintext"], True)
        self.assertIsNone(outcome["refused_by"])
        self.assertRegex(outcome["message_id"], "^<[^<>@]+@[^<>@]+>$")
        self.assertEqual(outcome["recipients"][0]["address"], "b@example.com")
        self.assertEqual(outcome["recipients"][0]["enhanced"], "2.0.0")

    def test_not_in_clear(self):
        """plaintext is false where no mail went out"""
        for script, seen in ((HELLO + MAIL + ["> 550 no"] + ANY, False),
                             (ENVELOPE + BODY + ["> 554 5.7.1 spam"] + ANY, True)):
            outcome, _ = self.converse(script, 69, "failed")
            self.assertIs(outcome["plaintext"], seen)

    def test_before_the_dot(self):
        """closed before the final dot: nobody has the mail"""
        path = os.path.join(self.folder, "big")
        with open(path, "wb") as file:
            file.write(bytes(8 << 20))
        for script in (["close"], ["< ?", "< ?", "close"], ["< ?", "> 421 4.3.2 going down", "close"]):
            self.converse(ENVELOPE + DATA + GO + script, 75, "failed", options=["-A", path])
            self.converse(ENVELOPE + DATA + GO + ["< ?", "> 552 5.3.4 too much", "close"], 69, "failed",
                          [("rejected", 552)], options=["-A", path])

    def test_timeouts(self):
        """each state times out after SMTP_TIMEOUT: 75, 50012"""
        one = {"SMTP_TIMEOUT": "1"}
        states = {"greeting": [], "EHLO": HELLO[:2], "MAIL": HELLO + MAIL, "RCPT": HELLO + MAIL + OK + RCPT,
                  "DATA": ENVELOPE + DATA}
        for name, script in states.items():
            with self.subTest(name):
                start = time.monotonic()
                self.converse(script + ["wait 2.5"], 75, "failed", [("deferred", 0)], settings=one,
                              code=50012)
                self.assertLess(time.monotonic() - start, 4.5)
        self.converse(ENVELOPE + BODY + ["wait 2.5"], 75, "unknown", [("unknown", 250)], settings=one,
                      code=50012)

    def test_slow(self):
        """a server that speaks byte by byte is waited for, but never beyond --deadline"""
        def drip(text):
            return [step for byte in text for step in (f">> {byte}", "wait 0.02")]
        slow = drip("220 mail.example.com") + [">> \\r", "wait 0.1", ">> \\n"] + HELLO[1:] + ENVELOPE[3:]
        self.converse(slow + BODY + OK + BYE, 0, "sent")
        start = time.monotonic()
        self.converse([step for _ in range(40) for step in (">> 2", "wait 0.1")], 75, "failed",
                      options=["--deadline", "1"], code=50012)
        self.assertLess(time.monotonic() - start, 5)

    def test_goodbye(self):
        """QUIT is said before a connection is given up, but never to a server that broke the protocol"""
        for script, code in ((["> 554 no service"], 69), (HELLO + MAIL + ["> 550 no"], 69),
                             (HELLO + MAIL + OK + RCPT + ["> 550 no"], 69), (ENVELOPE + BODY + ["> 554 no"], 69),
                             (HELLO[:2] + ["> 450 later"], 75)):
            outcome, server = self.converse(script + ANY, code, "failed")
            self.assertIn("QUIT", server.received, outcome)
        for settings in (FORCED_587,):
            _, server = self.converse(HELLO + ANY, 77, "failed", settings=settings)
            self.assertIn("QUIT", server.received)
        _, server = self.converse(HELLO + MAIL + ["> what?"] + ANY, 76, "failed")
        self.assertNotIn("QUIT", server.received)

    def test_label(self):
        """a domain outside ASCII, and a server that cannot carry it: the advice is its A-label"""
        outcome, _ = self.converse(HELLO + ANY, 69, "failed", to=("b@bücher.example",))
        self.assertIn("A-label", outcome["error"])

    def test_policy(self):
        """a refusal by the policy claims nothing of the server"""
        outcome, server = self.converse([], 78, "failed", [("deferred", 0)],
                                        settings={"SMTP_PROTOCOL": "TLS", "SMTP_PORT": "0"}, code=10034,
                                        refused_by="UCM105", decision="refuse", plaintext=False)
        self.assertEqual(server.connections, 0)
        self.assertEqual(outcome["tls"]["mode"], "none")


MORE_TO = {"to": TWO}
add_rows(Outcome, "row", [
    ("greeting 554", ["> 554 no service"] + ANY, 69, "failed"),
    ("greeting 421", ["> 421 busy"] + ANY, 75, "failed", [("deferred", 421)]),
    ("greeting 450", ["> 450 later"] + ANY, 75, "failed"),
    ("greeting of several lines", ["> 220-mail.example.com", "> 220-welcome", "> 220 go"] + HELLO[1:] +
     ENVELOPE[3:] + BODY + OK + BYE, 0, "sent"),
    ("greeting that is none", ["> hello there"] + ANY, 76, "failed"),
    ("greeting of two codes", ["> 220-mail", "> 250 mail"] + ANY, 76, "failed"),
    ("greeting with NUL", [">> 220 a\\x00b\\r\\n"] + HELLO[1:] + ENVELOPE[3:] + BODY + OK + BYE, 76, "failed"),
    ("closed at once", ["close"], 75, "failed", [("deferred", 0)]),
    ("closed after the greeting", HELLO[:1] + ["close"], 75, "failed"),
    ("closed after EHLO", HELLO[:2] + ["close"], 75, "failed"),
    ("EHLO refused, HELO accepted", HELLO[:2] + ["> 502 what", "< HELO"] + OK + ENVELOPE[3:] + BODY + OK +
     BYE, 0, "sent"),
    ("EHLO and HELO refused", HELLO[:2] + ["> 500 what", "< HELO", "> 550 no"] + ANY, 69, "failed"),
    ("EHLO 421", HELLO[:2] + ["> 421 busy"] + ANY, 75, "failed"),
    ("EHLO 354", HELLO[:2] + ["> 354 what"] + ANY, 76, "failed"),
    ("MAIL rejected", HELLO + MAIL + ["> 550 5.7.1 not you"] + ANY, 69, "failed", [("rejected", 550)]),
    ("MAIL deferred", HELLO + MAIL + ["> 451 4.7.1 not now"] + ANY, 75, "failed", [("deferred", 451)]),
    ("MAIL 421", HELLO + MAIL + ["> 421 bye"] + ANY, 75, "failed", [("deferred", 421)]),
    ("MAIL answered 354", HELLO + MAIL + ["> 354 what"] + ANY, 76, "failed"),
    ("all recipients rejected", HELLO + MAIL + OK + RCPT + ["> 550 5.1.1 no"] + RCPT2 + ["> 553 no"] + ANY,
     69, "failed", [("rejected", 550), ("rejected", 553)], MORE_TO),
    ("one rejected, one deferred", HELLO + MAIL + OK + RCPT + ["> 450 4.2.1 x"] + RCPT2 + ["> 553 no"] + ANY,
     69, "failed", [("deferred", 450), ("rejected", 553)], MORE_TO),
    ("one accepted, one deferred", HELLO + MAIL + OK + RCPT + ["> 250 ok"] + RCPT2 + ["> 451 no"] + BODY +
     OK + BYE, 75, "partial", [("accepted", 250), ("deferred", 451)], MORE_TO),
    ("one accepted, one rejected", HELLO + MAIL + OK + RCPT + ["> 251 ok"] + RCPT2 + ["> 552 no"] + BODY +
     OK + BYE, 69, "partial", [("accepted", 251), ("rejected", 552)], MORE_TO),
    ("RCPT 421", HELLO + MAIL + OK + RCPT + ["> 421 bye"] + ANY, 75, "failed", [("deferred", 421)]),
    ("RCPT 252 is accepted", HELLO + MAIL + OK + RCPT + ["> 252 maybe"] + BODY + OK + BYE, 0, "sent",
     [("accepted", 252)]),
    ("421 at the second recipient", HELLO + MAIL + OK + RCPT + OK + RCPT2 + ["> 421 bye"] + ANY, 75,
     "failed", [("deferred", 421), ("deferred", 421)], MORE_TO),
    ("closed at the second recipient", HELLO + MAIL + OK + RCPT + OK + RCPT2 + ["close"], 75, "failed",
     [("deferred", 0), ("deferred", 0)], MORE_TO),
    ("DATA rejected", ENVELOPE + DATA + ["> 554 5.5.1 no"] + ANY, 69, "failed", [("rejected", 554)]),
    ("DATA deferred", ENVELOPE + DATA + ["> 451 4.3.0 no"] + ANY, 75, "failed", [("deferred", 451)]),
    ("DATA 421", ENVELOPE + DATA + ["> 421 4.3.0 no"] + ANY, 75, "failed", [("deferred", 421)]),
    ("DATA answered 250", ENVELOPE + DATA + ["> 250 what"] + ANY, 76, "failed"),
    ("closed at DATA", ENVELOPE + DATA + ["close"], 75, "failed", [("deferred", 0)]),
    ("message rejected", ENVELOPE + BODY + ["> 554 5.7.1 spam"] + ANY, 69, "failed", [("rejected", 554)]),
    ("message deferred", ENVELOPE + BODY + ["> 451 4.7.1 greylisted"] + ANY, 75, "failed",
     [("deferred", 451)]),
    ("message answered 421", ENVELOPE + BODY + ["> 421 4.3.2 going down"] + ANY, 75, "failed",
     [("deferred", 421)]),
    ("closed after the final dot", ENVELOPE + BODY + ["close"], 75, "unknown", [("unknown", 250)]),
    ("closed within the last reply", ENVELOPE + BODY + [">> 250 ok", "close"], 75, "unknown",
     [("unknown", 250)]),
    ("garbage after the final dot", ENVELOPE + BODY + ["> what?"] + ANY, 75, "unknown", [("unknown", 250)]),
    ("closed after the final dot, one rejected", HELLO + MAIL + OK + RCPT + OK + RCPT2 + ["> 550 no"] + BODY +
     ["close"], 75, "unknown", [("unknown", 250), ("rejected", 550)], MORE_TO),
    ("closed instead of an answer to QUIT", ENVELOPE + BODY + OK + ["< QUIT", "close"], 0, "sent"),
    ("closed right after the last reply", ENVELOPE + BODY + OK + ["close"], 0, "sent"),
    ("QUIT answered by nonsense", ENVELOPE + BODY + OK + ["< QUIT", "> 999 what"], 0, "sent"),
    ("last reply of several lines", ENVELOPE + BODY + ["> 250-2.0.0 ok", "> 250 2.0.0 stored"] + BYE, 0,
     "sent"),
    ("an endless line", ["> 220 " + "x" * 200000] + ANY, 76, "failed"),
    ("an endless reply", HELLO[:2] + ["> 250-x"] * 20000 + ANY, 76, "failed"),
    ("codes differ within a reply", HELLO + MAIL + ["> 250-ok", "> 550 no"] + ANY, 76, "failed"),
    ("a reply without a code", HELLO + MAIL + ["> ok"] + ANY, 76, "failed"),
    ("a code of two digits", HELLO + MAIL + ["> 25 ok"] + ANY, 76, "failed"),
    ("a code of four digits", HELLO + MAIL + ["> 2500 ok"] + ANY, 76, "failed"),
    ("a code alone", HELLO + MAIL + ["> 250"] + RCPT + ["> 250"] + BODY + ["> 250"] + BYE, 0, "sent",
     [("accepted", 250)]),
    ("a code over 599", HELLO + MAIL + ["> 650 ok"] + ANY, 76, "failed"),
    ("pipelined, all accepted", PIPED + MAIL + RCPT + DATA + OK + OK + GO + ["data"] + OK + BYE, 0, "sent",
     [("accepted", 250)]),
    ("pipelined, replies in one piece", PIPED + MAIL + RCPT + DATA + [">> 250 a\\r\\n250 b\\r\\n354 c\\r\\n", "data"] +
     OK + BYE, 0, "sent"),
    ("pipelined, recipient rejected, DATA accepted nevertheless", PIPED + MAIL + RCPT + DATA +
     OK + ["> 550 no"] + GO + ["data"] + ["> 554 no recipients"] + ANY, 69, "failed", [("rejected", 550)]),
    ("pipelined, recipient rejected, DATA too", PIPED + MAIL + RCPT + DATA + OK + ["> 550 no", "> 503 no"] + ANY,
     69, "failed", [("rejected", 550)]),
    ("pipelined, recipient deferred, DATA rejected", PIPED + MAIL + RCPT + DATA + OK + ["> 450 no", "> 503 no"] +
     ANY, 75, "failed", [("deferred", 450)]),
    ("pipelined, MAIL rejected", PIPED + MAIL + RCPT + DATA + ["> 550 no", "> 503 no", "> 503 no"] + ANY, 69,
     "failed", [("rejected", 550)]),
    ("pipelined, MAIL deferred", PIPED + MAIL + RCPT + DATA + ["> 451 no", "> 503 no", "> 503 no"] + ANY, 75,
     "failed", [("deferred", 451)]),
    ("over SIZE", HELLO[:2] + ["> 250-mail", "> 250 SIZE 10"] + ANY, 69, "failed"),
    ("SIZE 0 is no limit", HELLO[:2] + ["> 250-mail", "> 250 SIZE 0"] + ENVELOPE[3:] + BODY + OK + BYE, 0, "sent"),
    ("no SMTPUTF8 where needed", HELLO + ANY, 69, "failed", None, {"to": ("grüße@example.com",)}),
    ("no REQUIRETLS where needed", HELLO + ANY, 69, "failed", None, {"options": ["--require-tls"]}),
    ("opportunistic and stripped", ENVELOPE + BODY + OK + BYE, 0, "sent", None,
     {"settings": OPPORTUNISTIC, "plaintext": True, "tls_mode": "none", "decision": "opportunistic"}),
    ("opportunistic, stripped, then lost", ENVELOPE + BODY + ["close"], 75, "unknown", None,
     {"settings": OPPORTUNISTIC, "plaintext": True}),
    ("opportunistic, only HELO", HELLO[:2] + ["> 502 what", "< HELO"] + OK + ENVELOPE[3:] + BODY + OK + BYE,
     0, "sent", None, {"settings": OPPORTUNISTIC, "plaintext": True}),
    ("forced on 587, only HELO", HELLO[:2] + ["> 502 what"] + ANY, 77, "failed", None,
     {"settings": FORCED_587, "plaintext": False}),
    ("forced on 25, not offered", HELLO + ANY, 77, "failed", None,
     {"settings": {**FORCED, "SMTP_PORT": "25"}, "plaintext": False}),
])

main()
