#!/usr/bin/env python3
"""Messages as the contract says: what reaches the wire is what was given, or nothing does."""
import email
import email.policy
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import PLAIN, SendTest  # noqa: E402
from harness import add_rows, main, tool, ucmail  # noqa: E402
from scripted import Scripted  # noqa: E402

HELLO = ["> 220 mail.example.com ESMTP", "< EHLO", "> 250-mail.example.com", "> 250-8BITMIME",
         "> 250-DSN", "> 250-SMTPUTF8", "> 250 SIZE 200000000"]
NOTE = b"Truncated through SMTP_MAX_ATTACHMENT_SIZE limit."


def accept(recipients=1):
    """A server that takes one mail."""
    return (HELLO + ["< MAIL", "> 250 ok"] + ["< RCPT", "> 250 ok"] * recipients +
            ["< DATA", "> 354 go", "data", "> 250 ok", "< QUIT", "> 221 bye"])


def body_of(server):
    """The message as it was sent, dots unstuffed; every line ends in CRLF, or the test fails."""
    raw = server.raw
    at = next(i for i, line in enumerate(raw) if line.upper() == b"DATA\r\n") + 1
    lines = raw[at:raw.index(b".\r\n", at)]
    for line in lines:
        assert line.endswith(b"\r\n") and b"\r" not in line[:-2] and b"\0" not in line, line
        assert len(line) <= 1000, len(line)
    return b"".join(line[1:] if line.startswith(b".") else line for line in lines)


class Message(SendTest):
    """Sends in clear to a server that keeps the octets."""

    settings = {}

    def deliver(self, *arguments, recipients=1, code=0, body=b"text\n", settings=None):
        """Sends, and returns the octets, the parsed message and the lines that the server got."""
        system = self.system(**{**PLAIN, **self.settings, **(settings or {})})
        with Scripted(accept(recipients)) as server:
            result = ucmail("send", "--json", "-C", system, "-c", "100", "--connect-to",
                            f"::127.0.0.1:{server.port}", *arguments, input=body)
        self.assertEqual(result.exit, code, result)
        self.assertEqual(result.json["exit"], code)
        if code:
            self.assertEqual([line for line in server.received if line.startswith("MAIL")], [])
            return None, result.json, server
        self.assertIsNone(server.failure)
        octets = body_of(server)
        return octets, email.message_from_bytes(octets, policy=email.policy.default), server

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    # ---- Options

    def test_fields(self):
        """the header that options make"""
        octets, message, server = self.deliver(
            "--to", "a@example.com", "--to", "Käthe <k@example.com>", "--cc", "c@example.com", "--bcc",
            "secret@example.com", "-s", "Grüße an alle, 日本語", "--body-file", "-", "--header", "X-Job: 4711",
            recipients=4, settings={"SMTP_FROM_ADDR": "Mail Röbot <automation@example.com>",
                                    "SMTP_REPLY_TO": "Büro <ops@example.com>"})
        self.assertEqual(message["Subject"], "Grüße an alle, 日本語")
        self.assertEqual(message["From"].addresses[0].display_name, "Mail Röbot")
        self.assertEqual(message["From"].addresses[0].addr_spec, "automation@example.com")
        self.assertEqual(message["Reply-To"].addresses[0].display_name, "Büro")
        self.assertEqual(message["Reply-To"].addresses[0].addr_spec, "ops@example.com")
        self.assertEqual([one.addr_spec for one in message["To"].addresses], ["a@example.com", "k@example.com"])
        self.assertEqual(message["To"].addresses[1].display_name, "Käthe")
        self.assertEqual(message["Cc"], "c@example.com")
        self.assertEqual(message["X-Job"], "4711")
        self.assertNotIn(b"secret@", octets)
        self.assertNotIn(b"Bcc", octets)
        for name in ("Date", "Message-ID", "MIME-Version", "Content-Type"):
            self.assertEqual(len(message.get_all(name)), 1, name)
        self.assertIn("MAIL FROM:<automation@example.com>", server.received[1])
        self.assertIn("RCPT TO:<secret@example.com>", server.received[5])

    def test_long(self):
        """long subjects and many recipients are folded: no line over 78 but where it must be"""
        subject = "Über " + "ein Wort und noch eines, " * 60
        many = [word for number in range(60) for word in ("--to", f"somebody.number{number}@example.com")]
        octets, message, _ = self.deliver(*many, "-s", subject.strip(), recipients=60)
        self.assertEqual(message["Subject"], subject.strip())
        self.assertEqual(len(message["To"].addresses), 60)
        head = octets.partition(b"\r\n\r\n")[0]
        self.assertLessEqual(max(len(line) for line in head.split(b"\r\n")), 78)

    def test_bodies(self):
        """bodies come back as they went in, whatever their line ends"""
        for body, expected in (
                (b"", ""), (b"one", "one"), (b"one\n", "one\n"), (b"a\r\nb\r\n", "a\nb\n"), (b".\n..\n.x\n", ".\n..\n.x\n"),
                ("Grüße\n".encode(), "Grüße\n"), (b"x" * 5000 + b"\n", "x" * 5000 + "\n"),
                (b"a\n.\nb\n", "a\n.\nb\n"), (b"a\n.\r\nb", "a\n.\nb"), (b"From me\n", "From me\n"),
                (b"trailing \t\n end\n", "trailing \t\n end\n"), (b"=41\n", "=41\n")):
            with self.subTest(body=body[:20]):
                _, message, _ = self.deliver("--to", "a@example.com", "--body-file", "-", body=body)
                got = message.get_content().replace("\r\n", "\n")
                self.assertEqual(got.rstrip("\n"), expected.rstrip("\n"))

    def test_lone_ends(self):
        """a lone CR or LF round a dot never ends the message early"""
        for body in (b"a\r.\rb\n", b"a\n.\rb\n", b"a\r.\nMAIL FROM:<x@example.com>\n", b"a\n.\r\nMAIL\n", b"\r\r\n.\r\r\n"):
            with self.subTest(body=body):
                octets, _, server = self.deliver("--to", "a@example.com", "--body-file", "-", body=body)
                self.assertEqual(len([line for line in server.received if line == "."]), 1)
                self.assertTrue(octets)

    def test_body_file(self):
        """a body from a file, and none at all"""
        path = self.file("body", "Straße\n".encode())
        _, message, _ = self.deliver("--to", "a@example.com", "--body-file", path)
        self.assertEqual(message.get_content().strip(), "Straße")
        _, message, _ = self.deliver("--to", "a@example.com", "-s", "only a subject", body=b"not read\n")
        self.assertEqual(message.get_content().strip(), "")

    # ---- Attachments

    def test_attachments(self):
        """attachments come back byte for byte, by their names"""
        for name, content in (("leer", b""), ("Übersicht März 2024.txt", b"x\n"), ('quote " and \\ slash', b"\r\n\0\xff"),
                              ("semi;colon=,.bin", bytes(range(256)) * 10), ("日本語のとても長い名前" * 6 + ".pdf", b"%PDF"),
                              ("a'b%20c.csv", b"1;2\n"), ("no type", b"a\r\nb\nc\rd")):
            with self.subTest(name):
                path = self.file(name, content)
                _, message, _ = self.deliver("--to", "a@example.com", "-A", path, "--body-file", "-")
                part, = list(message.iter_attachments())
                self.assertEqual(part.get_filename(), name)
                self.assertEqual(part.get_payload(decode=True), content)
        path = self.file("data.csv", b"1;2\n")
        _, message, _ = self.deliver("--to", "a@example.com", "-A", path + ":application/x-thing", "-A", path,
                                     "-A", path + ":Text/HTML")
        self.assertEqual([part.get_content_type() for part in message.iter_attachments()],
                         ["application/x-thing", "text/csv", "text/html"])

    def test_big(self):
        """50 MB are sent in constant memory"""
        path = self.file("big", b"\x00" * (50 << 20))
        small = self.file("small", b"x")
        sizes = []
        for name in (small, path):
            with Scripted(accept()) as server:
                code = ("import resource,subprocess,sys;p=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
                        "print(p.returncode,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
                process = subprocess.run(
                    [sys.executable, "-c", code, *tool("ucmail"), "send", "-C", self.system(**PLAIN), "-c", "100",
                     "--connect-to", f"::127.0.0.1:{server.port}", "-t", "a@example.com", "-A", name, "--deadline",
                     "50"], capture_output=True, text=True, check=True, timeout=60)
            status, size = process.stdout.split()
            self.assertEqual(status, "0", process.stderr)
            sizes.append(int(size))
        self.assertLess(sizes[1] - sizes[0], 2048, sizes)  # kB

    def test_forbidden(self):
        """SMTP_FILE_ATTACHMENT = N forbids -A, not --report"""
        path = self.file("x.txt", b"text\n")
        for value in ("N", "n"):
            _, outcome, _ = self.deliver("--to", "a@example.com", "-A", path, code=78,
                                         settings={"SMTP_FILE_ATTACHMENT": value})
            self.assertEqual((outcome["status"], outcome["send_mail_code"]), ("failed", 10034))
        self.deliver("--to", "a@example.com", "--report", path, settings={"SMTP_FILE_ATTACHMENT": "N"})
        self.deliver("--to", "a@example.com", "-A", path, settings={"SMTP_FILE_ATTACHMENT": "Y"})

    # ---- Reports

    def report(self, content, limit="400"):
        path = self.file("report.txt", content)
        _, message, _ = self.deliver("--to", "a@example.com", "--report", path,
                                     settings={"SMTP_MAX_ATTACHMENT_SIZE": limit})
        part, = list(message.iter_attachments())
        self.assertEqual(part.get_content_maintype(), "text")
        return part.get_payload(decode=True).replace(b"\r\n", b"\n")

    def test_reports(self):
        """a report is cut at the limit, between characters, and says so in its last line"""
        for content in (b"", b"short\n", b"x" * 400, b"x" * 399 + b"\n", "ü".encode() * 200):
            with self.subTest(len(content)):
                self.assertEqual(self.report(content), content)
        for content in (b"x" * 401, b"line\n" * 81, "ü".encode() * 201, b"x" + "ü".encode() * 300,
                        b"xy" + "日".encode() * 300, "🙂".encode() * 101, b"a" * 50000):
            with self.subTest(content[:8]):
                got = self.report(content)
                lines = got.rstrip(b"\n").split(b"\n")
                self.assertEqual(lines[-1], NOTE)
                kept = got[:got.rindex(NOTE)]
                kept.decode("utf-8")
                self.assertLessEqual(len(kept.rstrip(b"\n")), 400)
                self.assertGreater(len(kept), 396)
                self.assertTrue(content.startswith(kept.rstrip(b"\n")))
        got = self.report(b"x" * 9000, " ")
        self.assertEqual(got, b"x" * 8000 + b"\n" + NOTE + b"\n")

    # ---- Ready messages

    def ready(self, text, *arguments, recipients=1, code=0):
        return self.deliver("--message", "-", *arguments, body=text, recipients=recipients, code=code)

    def test_ready(self):
        """a ready message stays byte for byte"""
        head = (b"Date: Mon, 01 Jan 2024 00:00:00 +0000\r\nMessage-ID: <x@y.example>\r\nX-Odd:   two  spaces \r\n"
                b"To: a@example.com\r\nSubject: =?utf-8?q?=C3=BC?=\r\n folded\r\n")
        for body in (b"", b"\r\n", b"\r\ntext\r\n", b"\r\n.\r\n..\r\n", b"\r\n trailing \r\n\r\n\r\n", b"\r\nno end"):
            with self.subTest(body):
                octets, _, _ = self.ready(head + body)
                expected = head + body
                expected += b"" if expected.endswith(b"\r\n") else b"\r\n"
                self.assertEqual(octets.rstrip(b"\r\n"), expected.rstrip(b"\r\n"))
        octets, _, _ = self.ready((head + b"\r\na\r\nb\r\n").replace(b"\r\n", b"\n"))
        self.assertEqual(octets, head + b"\r\na\r\nb\r\n")

    def test_ready_added(self):
        """a missing Date and Message-ID are added, and only they"""
        octets, message, _ = self.ready(b"To: a@example.com\n\nx\n")
        self.assertTrue(message["Date"] and message["Message-ID"])
        self.assertIn(b"To: a@example.com\r\n", octets)
        self.assertTrue(octets.endswith(b"\r\n\r\nx\r\n"))
        octets, message, _ = self.ready(b"date: Mon, 01 Jan 2024 00:00:00 +0000\nMESSAGE-ID: <x@y>\nTo: a@example.com\n\nx\n")
        self.assertEqual(octets.lower().count(b"date:"), 1)
        self.assertEqual(octets.lower().count(b"message-id:"), 1)

    def test_ready_bcc(self):
        """Bcc is removed, folded and in any case, and its addresses get the mail"""
        octets, _, server = self.ready(b"To: a@example.com\nbCC: B <other@example.com>,\n hidden@example.com\nCc: d@example.com\n"
                                       b"X: y\n\nBcc: stays in the body\n", recipients=4)
        self.assertNotIn(b"other@example.com", octets)
        self.assertNotIn(b"hidden@example.com", octets)
        self.assertIn(b"Bcc: stays in the body", octets)
        rcpt = [line for line in server.received if line.startswith("RCPT")]
        self.assertEqual({line.split("<")[1].split(">")[0] for line in rcpt},
                         {"a@example.com", "other@example.com", "hidden@example.com", "d@example.com"})
        octets, _, server = self.ready(b"To: a@example.com\nBcc: b@example.com\n\nx\n", "--to", "only@example.com")
        self.assertEqual([line for line in server.received if line.startswith("RCPT")], ["RCPT TO:<only@example.com>"])
        self.assertNotIn(b"Bcc", octets)

    def test_ready_bad(self):
        """a ready message that cannot be sent: 65, and nothing is sent"""
        good = b"To: a@example.com\n\n"
        self.ready(good + b"x" * 998 + b"\n")
        for text in (good + b"x" * 999 + b"\n", b"Subject: none\n\nx\n", b"To: \n\nx\n", b"To: a@example.com, b\n\nx\n",
                     b"To: a@example.com\nX: " + b"y" * 999 + b"\n\nx\n"):
            with self.subTest(text[:30]):
                self.ready(text, code=65)

    # ---- Gates

    def bad(self, code, *arguments):
        _, outcome, server = self.deliver(*arguments, code=code)
        self.assertEqual(outcome["status"], "failed")
        self.assertTrue(outcome["error"])
        self.assertEqual(server.connections, 0)

    def test_utf8_address(self):
        """a local part outside ASCII asks for SMTPUTF8"""
        _, _, server = self.deliver("--to", "jürgen@example.com")
        self.assertIn("SMTPUTF8", server.received[1])

    def test_dsn(self):
        """--dsn is passed on"""
        for value, word in (("never", "NOTIFY=NEVER"), ("success,failure,delay", "NOTIFY=SUCCESS,FAILURE,DELAY")):
            _, _, server = self.deliver("--to", "a@example.com", "--dsn", value)
            self.assertIn(word, server.received[2].upper())

    # ---- Batches

    def test_batch(self):
        """a batch: the outcomes in order, with index and id; the worst decides"""
        path = self.file("x.txt", b"attached\n")
        lines = [{"to": ["a@example.com"], "cc": ["c@example.com"], "bcc": ["b@example.com"], "subject": "S ü",
                  "body": "Text\n", "attach": [path], "id": "first"},
                 {"to": ["nobody"], "id": "second"},
                 {"to": ["d@example.com"], "subject": "x\r\nBcc: y@example.com"},
                 {"to": ["e@example.com"], "id": None}]
        script = (HELLO + ["< MAIL", "> 250 ok"] + ["< RCPT", "> 250 ok"] * 3 + ["< DATA", "> 354 go", "data", "> 250 ok"] +
                  ["< MAIL", "> 250 ok", "< RCPT TO:<e@", "> 450 4.2.1 later", "< ?", "> 250 ok", "< ?", "> 221 bye"])
        with Scripted(script) as server:
            result = ucmail("send", "--json", "-C", self.system(**PLAIN), "-c", "100", "--connect-to",
                            f"::127.0.0.1:{server.port}", "--batch", "-",
                            input="".join(json.dumps(line) + "\n" for line in lines).encode())
        outcomes = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual([(one["index"], one["id"], one["exit"], one["status"]) for one in outcomes],
                         [(0, "first", 0, "sent"), (1, "second", 65, "failed"), (2, None, 65, "failed"),
                          (3, None, 75, "failed")], result)
        self.assertEqual(result.exit, 75)
        self.assertEqual(server.connections, 1)
        message = email.message_from_bytes(body_of(server), policy=email.policy.default)
        self.assertEqual(message["Subject"], "S ü")
        self.assertEqual(message.get_body().get_content().strip(), "Text")
        self.assertNotIn("Bcc", message)

    def test_batch_again(self):
        """a batch goes on over a new connection after 421, and after a lost one: no mail is lost"""
        lines = b"".join(b'{"to":["%c@example.com"]}\n' % c for c in b"abc")
        for end in (["> 421 4.3.2 enough", "close"], ["close"]):
            with Scripted(HELLO + ["< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA", "> 354 go", "data", "> 250 ok",
                                   "< MAIL"] + end) as server:
                result = ucmail("send", "--json", "-C", self.system(**PLAIN), "-c", "100", "--connect-to",
                                f"::127.0.0.1:{server.port}", "--batch", "-", input=lines)
            outcomes = [json.loads(line) for line in result.out.splitlines()]
            self.assertEqual([one["exit"] for one in outcomes], [0, 0, 0], result)
            self.assertEqual(len([line for line in server.received if line == "."]), 3)


add_rows(Message, "bad", [
    ("injection: a subject with CRLF", 65, "-t", "a@example.com", "-s", "x\r\nBcc: b@example.com"),
    ("injection: a subject with LF", 65, "-t", "a@example.com", "-s", "x\nBcc: b@example.com"),
    ("injection: a subject with CR", 65, "-t", "a@example.com", "-s", "x\rBcc: b@example.com"),
    ("injection: a subject with a tab is none, a bell is", 65, "-t", "a@example.com", "-s", "x\ay"),
    ("injection: an address with CRLF", 65, "-t", "a@example.com>\r\nRCPT TO:<b@example.com"),
    ("injection: an address with LF in quotes", 65, "-t", "\"a\nb\"@example.com"),
    ("injection: a name with CRLF", 65, "-t", "A\r\nBcc: b@example.com <a@example.com>"),
    ("injection: cc", 65, "-t", "a@example.com", "--cc", "c@example.com\n"),
    ("injection: bcc", 65, "--bcc", "c@example.com\r\n"),
    ("injection: a header's value", 65, "-t", "a@example.com", "--header", "X-A: b\r\nBcc: c@example.com"),
    ("injection: a header's name", 65, "-t", "a@example.com", "--header", "X A: b"),
    ("a header that ucmail makes itself", 65, "-t", "a@example.com", "--header", "From: b@example.com"),
    ("no address", 65, "-t", ""),
    ("an address without a domain", 65, "-t", "root"),
    ("a domain with an empty label", 65, "-t", "a@example..com"),
    ("two addresses glued", 65, "-t", "a@example.com b@example.com"),
    ("a group", 65, "-t", "all: a@example.com;"),
    ("a source route", 65, "-t", "<@relay.example:a@example.com>"),
    ("a local part of 65 octets", 65, "-t", "x" * 65 + "@example.com"),
    ("an argument that is no UTF-8", 65, "-t", "a@example.com", "-s", b"\xff\xfe"),
    ("a file that is not there", 74, "-t", "a@example.com", "-A", "/nonexistent/x"),
    ("a folder as an attachment", 74, "-t", "a@example.com", "-A", "/tmp"),
    ("a report that is not there", 74, "-t", "a@example.com", "--report", "/nonexistent/x"),
])

main()
