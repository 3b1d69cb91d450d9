#!/usr/bin/env python3
"""ucmail-sendmail, called as cron, mailx and scripts call a sendmail."""
import email.message
import email.policy
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import SystemTest, add_rows, main, make_system, run, tool  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

FROM = "automation@example.com"
TLS = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": FROM, "SMTP_TIMEOUT": "10",
       "SMTP_PROTOCOL": "TLS", "SMTP_PORT": "465", "SMTPS_CERT": "TRUSTED"}
TO = "ops@example.com"


def content(message):
    """The text, with line feeds."""
    return message.get_content().replace("\r\n", "\n")


class SendmailTest(SystemTest):
    """One server for all, which keeps what it is given; one system, one configuration a test."""

    server = None
    seen = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = SystemTest.certificates
        cls.server = Aiosmtpd("--mode", "tls", "--cert", f"{made}/server.pem", "--key", f"{made}/server.key",
                              "--reject", "nobody@example.com", "--defer", "busy@example.com")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.__enter__()
        cls.seen = 0

    def setUp(self):
        super().setUp()
        self.system = make_system(os.path.join(self.folder, "system"), {
            0: {}, 100: {"UC_CLIENT_SETTINGS": TLS},
            200: {"UC_CLIENT_SETTINGS": {**TLS, "SMTP_FROM_ADDR": "Night Shift <night@example.com>",
                                         "SMTP_REPLY_TO": "desk@example.com"}},
            300: {"UC_CLIENT_SETTINGS": {**TLS, "SMTPS_CERT": "MISSING"}}},
            {"TRUSTED": self.cert("ca")})

    def configure(self, client=100, **keys):
        """Writes a configuration; returns its path."""
        lines = {"config": self.system, "client": client,
                 "connect-to": f"::127.0.0.1:{self.server.port}", **keys}
        path = os.path.join(self.folder, "sendmail.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("[sendmail]\n")
            file.writelines(f"{key.replace('_', '-')} = {value}\n" for key, value in lines.items())
        return path

    def call(self, arguments, message, conf=None):
        """Runs the program under test."""
        text = message if isinstance(message, bytes) else message.encode()
        environment = {**os.environ, "UCMAIL_SENDMAIL_CONF": conf or self.configure()}
        return run(*tool("ucmail-sendmail"), *arguments, input=text, env=environment)

    def arrived(self):
        """The envelope and the message that came last; exactly one must have come."""
        mails = self.server.messages()
        self.assertEqual(len(mails), type(self).seen + 1)
        type(self).seen += 1
        return mails[-1]

    def send(self, arguments, message, conf=None):
        """Sends and returns what arrived."""
        result = self.call(arguments, message, conf)
        self.assertEqual(result.exit, 0, result)
        self.assertEqual((result.out, result.err), ("", ""))
        return self.arrived()


class Refused(SendmailTest):
    """What is refused, and with which exit code."""

    def refused(self, arguments, code, words, **keys):
        result = self.call(arguments, f"To: {TO}\n\nHello\n", self.configure(**keys))
        self.assertEqual(result.exit, code, result)
        self.assertIn(words, result.err)
        self.assertEqual(len(self.server.messages()), 0)

    def test_no_conf(self):
        """a configuration that is named must be there"""
        result = self.call([TO], "x\n", os.path.join(self.folder, "nowhere"))
        self.assertEqual(result.exit, 78, result)
        self.assertIn("nowhere", result.err)

    def test_nul(self):
        """a configuration is not read as far as a NUL byte only"""
        conf = self.configure()
        with open(conf, "ab") as file:
            file.write(b"\0\nfrom = evil\n")
        result = self.call([TO], "x\n", conf)
        self.assertEqual(result.exit, 78, result)
        self.assertIn("holds a NUL byte", result.err)

    def test_other_names(self):
        """called as mailq or newaliases"""
        build = os.environ["top_builddir"]
        program = f"{build}/tools/.libs/ucmail-sendmail"  # libtool's wrapper would hide the name
        if not os.path.exists(program):
            program = f"{build}/tools/ucmail-sendmail"
        for name, words in (("mailq", "no queue"), ("newaliases", "no aliases")):
            result = run("bash", "-c", f'exec -a /usr/bin/{name} "$0"', program,
                         env={**os.environ, "LD_LIBRARY_PATH": f"{build}/libsrc/.libs"})
            self.assertEqual(result.exit, 64, result)
            self.assertIn(words, result.err)

    def test_duplicate(self):
        """one key twice"""
        conf = self.configure()
        with open(conf, "a", encoding="utf-8") as file:
            file.write("client = 0\n")
        result = self.call([TO], "x\n", conf)
        self.assertEqual(result.exit, 78, result)
        self.assertIn("sendmail.conf:5: client is given twice", result.err)


add_rows(Refused, "refused", [
    ("-bs", ["-bs"], 64, "-bs: SMTP on standard input is not spoken"),
    ("-bd", ["-bd"], 64, "this is no server"),
    ("-bp", ["-bp"], 64, "there is no queue"),
    ("-bi", ["-bi"], 64, "no aliases"),
    ("-bv", ["-bv", TO], 64, "ucmail check"),
    ("-bz, which nobody knows", ["-bz", TO], 64, "only -bm"),
    ("-q", ["-q"], 64, "no queue to be run"),
    ("-q15m", ["-q15m"], 64, "no queue to be run"),
    ("no recipient", [], 64, "or give -t"),
    ("an option without its argument", [TO, "-f"], 64, "-f: its argument is missing"),
    ("a wish for notices that is none", ["-N", "perhaps", TO], 64, '"perhaps" is neither'),
    ("a recipient without a domain", ["root"], 65, "neither domain nor local-to"),
    ("a recipient that is a file", ["/var/mail/root"], 65, "neither domain nor local-to"),
    ("a recipient that is a program", ["--", "|cat", TO], 65, "no address"),
    ("a recipient with a line end", [f"{TO}\r\nRCPT TO:<b@example.com>"], 65, "control character"),
    ("an unknown recipient", ["nobody@example.com"], 69, "550 5.1.1 no such user"),
    ("a busy recipient", ["busy@example.com"], 75, "451 4.2.1 mailbox busy"),
])


def _with_keys(sentence, code, words, **keys):
    def test(self):
        self.refused([TO], code, words, **keys)
    test.__doc__ = sentence
    setattr(Refused, "test_key_" + sentence.replace(" ", "_"), test)


_with_keys("a policy that refuses", 78, "UCM201", client=300)
_with_keys("a client that is none", 78, "client = 10000: must be a number from 0 to 9999", client=10000)
_with_keys("an unknown key", 78, "no key clinet: did you mean client?", clinet="1")
_with_keys("a relative path", 78, "payloads must be an absolute path", payloads="certs")
_with_keys("a domain that is none", 78, "domain = exa mple is not allowed", domain="exa mple")
_with_keys("a local-to that is no address", 78, "local-to = ops is not allowed", local_to="ops")
_with_keys("an agent kind that is none", 78, "agent = toaster is not allowed", agent="toaster")
_with_keys("a system that is not there", 66, "/nonexistent", config="/nonexistent")


class Messages(SendmailTest):
    """What is sent."""

    def test_script(self):
        """a script with a header and -t: Bcc gets the mail and is not shown"""
        envelope, message, raw = self.send(
            ["-t", "-i"], f"From: {FROM}\nTo: {TO}\nCc: cc@example.com\nBcc: secret@example.com\n"
            "Subject: Report\n\nAll done.\n.\nReally.\n")
        self.assertEqual(envelope["from"], FROM)
        self.assertEqual(sorted(envelope["to"]), ["cc@example.com", TO, "secret@example.com"])
        self.assertNotIn(b"secret", raw)
        self.assertEqual(message["From"], FROM)
        self.assertEqual(message.get_content().splitlines(), ["All done.", ".", "Really."])
        self.assertTrue(message["Date"] and message["Message-ID"])
        self.assertEqual(envelope["tls"], "TLSv1.3")

    def test_both(self):
        """-t with addresses beside: all get it"""
        envelope, _, raw = self.send(["-t", "more@example.com"], f"To: {TO}\n\nx\n")
        self.assertEqual(sorted(envelope["to"]), ["more@example.com", TO])
        self.assertNotIn(b"more@", raw)

    def test_arguments_only(self):
        """without -t the header's addresses get nothing"""
        envelope, message, _ = self.send([TO, "b@example.com, c@example.com"],
                                         "To: other@example.com\nBcc: d@example.com\n\nx\n")
        self.assertEqual(envelope["to"], [TO, "b@example.com", "c@example.com"])
        self.assertEqual((message["To"], message["Bcc"]), ("other@example.com", None))

    def test_dot(self):
        """a lone dot ends the message, unless -i"""
        for arguments, kept in (([], ["a"]), (["-i"], ["a", ".", "b"]), (["-oi"], ["a", ".", "b"])):
            _, message, _ = self.send([*arguments, TO], "Subject: x\n\na\n.\nb\n")
            self.assertEqual(message.get_content().splitlines(), kept, arguments)

    def test_dot_at_the_end(self):
        """a lone dot that ends the input, with CRLF or without an end"""
        for text in ("Subject: x\r\n\r\na\r\n.\r\nb", "Subject: x\n\na\n."):
            _, message, _ = self.send([TO], text)
            self.assertEqual(message.get_content().splitlines(), ["a"], text)

    def test_body_only(self):
        """a text without a header gets one"""
        envelope, message, _ = self.send([TO], "the disk is full\non host b\n")
        self.assertEqual(envelope["to"], [TO])
        self.assertEqual((message["To"], message["From"]), (TO, FROM))
        self.assertEqual(content(message), "the disk is full\non host b\n")

    def test_empty(self):
        """nothing at all is a mail"""
        _, message, _ = self.send([TO], "")
        self.assertEqual((message["To"], message.get_content().strip()), (TO, ""))

    def test_no_blank_line(self):
        """a header that runs into the text"""
        _, message, _ = self.send([TO], "From someone Mon Jan  1 00:00:00 2024\nSubject: x\nno field\nmore\n")
        self.assertEqual(message["Subject"], "x")
        self.assertEqual(content(message), "no field\nmore\n")
        self.assertEqual(message["To"], "undisclosed-recipients:;")

    def test_sender(self):
        """the policy decides who sends: who was asked for gets the answers"""
        for arguments, header in ((["-fapp@example.net"], ""), (["-r", "app@example.net"], ""),
                                  ([], "From: App <app@example.net>\n"),
                                  (["-f", "x@example.org"], "From: app@example.net\nSender: x@example.org\n")):
            with self.subTest(arguments=arguments, header=header):
                envelope, message, _ = self.send([*arguments, TO], header + "Subject: x\n\ny\n")
                self.assertEqual(envelope["from"], FROM)
                self.assertEqual(message["From"].addresses[0].addr_spec, FROM)
                self.assertEqual(message["Reply-To"], "app@example.net")
                self.assertIsNone(message["Sender"])
                self.assertEqual(message["From"].addresses[0].display_name, "App" if "App" in header else "")

    def test_null_sender(self):
        """-f <> and -f root ask for nobody who could answer"""
        for sender in ("<>", "", "root", FROM):
            _, message, _ = self.send(["-f", sender, TO], "Subject: x\n\ny\n")
            self.assertEqual((message["From"], message["Reply-To"]), (FROM, None))

    def test_reply_to(self):
        """a Reply-To that is there stays"""
        _, message, _ = self.send(["-f", "app@example.net", TO], "Reply-To: me@example.net\n\ny\n")
        self.assertEqual(message["Reply-To"], "me@example.net")

    def test_policy_reply_to(self):
        """SMTP_REPLY_TO goes before who was asked for; the policy's name stays"""
        _, message, _ = self.send(["-f", "app@example.net", TO], "Subject: x\n\ny\n",
                                  self.configure(client=200))
        self.assertEqual(message["From"], "Night Shift <night@example.com>")
        self.assertEqual(message["Reply-To"], "desk@example.com")

    def test_name(self):
        """-F names the sender, in any script"""
        for name in ("Night Batch", "Batch, Night (\"x\")", "Übernacht"):
            _, message, raw = self.send(["-F", name, TO], "Subject: x\n\ny\n")
            self.assertEqual(message["From"].addresses[0].display_name, name)
            self.assertEqual(message["From"].addresses[0].addr_spec, FROM)
            self.assertTrue(raw.isascii())

    def test_cron(self):
        """cron: names without a domain, a text with characters of its own, a long line"""
        header = ("From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@host> echo Grüße\n"
                  "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
                  "Content-Transfer-Encoding: 8bit\nX-Cron-Env: <HOME=/root/Ü>\n\n")
        text = "Grüße \n" + "x" * 1200 + "\n.\n.. \n=3D\n"
        for keys, to in (({"domain": "example.com"}, "root@example.com"), ({"local_to": TO}, TO)):
            with self.subTest(keys):
                envelope, message, raw = self.send(
                    ["-FCronDaemon", "-i", "-B8BITMIME", "-oem", "root"], header + text,
                    self.configure(**keys))
                self.assertEqual(envelope["to"], [to])
                self.assertEqual(message["To"], to)
                self.assertEqual(message["From"].addresses[0].display_name, "Cron Daemon")
                self.assertEqual(message["Subject"], "Cron <root@host> echo Grüße")
                self.assertEqual(message["X-Cron-Env"].strip(), "<HOME=/root/Ü>")
                self.assertEqual(content(message), text)
                self.assertTrue(raw.isascii())
                self.assertLess(max(map(len, raw.splitlines())), 79)
                self.assertEqual(message["Reply-To"], "root@example.com" if "domain" in keys else None)

    def test_charset(self):
        """a text in another character set is carried as it is"""
        _, message, raw = self.send([TO], b"Subject: x\nContent-Type: Text/Plain; charset=iso-8859-1\n\n\xfc\n")
        self.assertEqual(content(message), "ü\n")
        _, message, raw = self.send([TO], b"Subject: \xfc\n\n\xfc\n")
        self.assertEqual(message.get_payload(decode=True), b"\xfc\r\n")
        self.assertEqual(message["Subject"], "ü")
        self.assertTrue(raw.isascii())

    def test_mime(self):
        """what has parts is left as it is"""
        text = ("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
                "--b\nContent-Transfer-Encoding: 8bit\n\nGrüße\n--b--\n")
        _, _, raw = self.send([TO], text)
        self.assertTrue(raw.endswith(text.replace("\n", "\r\n").encode()[-60:]), raw)

    def test_names(self):
        """names of recipients outside ASCII"""
        envelope, message, raw = self.send(["-t"], f"To: Jörg <{TO}>, root\n\nx\n",
                                           self.configure(domain="example.com"))
        self.assertEqual(envelope["to"], [TO, "root@example.com"])
        self.assertEqual(message["To"].addresses[0].display_name, "Jörg")
        self.assertTrue(raw.isascii())

    def test_ignored(self):
        """options that other sendmails know, or nobody does, change nothing"""
        envelope, message, _ = self.send(
            ["-bm", "-oem", "-odb", "-U", "-G", "-n", "-m", "-B", "7BIT", "-O", "DeliveryMode=b", "-L", "tag",
             "-h", "3", "-R", "full", "-X", "/nonexistent/log", "-C", "/nonexistent.cf", "-Ac", "-Z", "-d0.1",
             "-p", "smtp", "--", TO], "Subject: x\n\ny\n")
        self.assertEqual((envelope["to"], message["Subject"]), ([TO], "x"))
        self.assertFalse(os.path.exists("/nonexistent/log"))

    def test_order(self):
        """options behind the recipients"""
        envelope, _, _ = self.send([TO, "-i", "-f", "x@example.net"], "Subject: x\n\ny\n")
        self.assertEqual(envelope["to"], [TO])

    def test_dsn(self):
        """-N and -V go to the server"""
        result = self.call(["-v", "-N", "never", "-V", "env17", TO], "Subject: x\n\ny\n")
        self.assertEqual(result.exit, 0, result)
        self.assertRegex(result.err, r"(?m)^C: MAIL FROM")
        self.arrived()

    def test_large(self):
        """a few megabytes, byte for byte"""
        lines = [f"{number:060d}" for number in range(60000)]
        _, message, _ = self.send(["-i", TO], "Subject: x\n\n" + "\n".join(lines) + "\n")
        self.assertEqual(message.get_content().splitlines(), lines)

    def test_partial(self):
        """one of two refused: told, and 69"""
        result = self.call(["nobody@example.com", TO], "Subject: x\n\ny\n")
        self.assertEqual(result.exit, 69, result)
        self.assertIn("nobody@example.com rejected: 550 5.1.1 no such user", result.err)
        self.assertEqual(self.arrived()[0]["to"], [TO])

    def test_mailx(self):
        """mailx, with its sendmail set to this one"""
        program = os.path.join(self.folder, "sendmail")
        with open(program, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec {" ".join(tool("ucmail-sendmail"))} "$@"\n')
        os.chmod(program, 0o755)
        mailrc = os.path.join(self.folder, "mailrc")
        with open(mailrc, "w", encoding="utf-8") as file:
            file.write(f"set sendmail={program}\n")
        result = run("bsd-mailx", "-E", "-s", "Grüße aus Wien", "-c", "cc@example.com", "-b",
                     "bcc@example.com", "-r", "app@example.net", TO, input="Hällo\n.\nnot sent\n".encode(),
                     env={**os.environ, "MAILRC": mailrc, "HOME": self.folder, "LC_ALL": "C.UTF-8",
                          "UCMAIL_SENDMAIL_CONF": self.configure()})
        self.assertEqual(result.exit, 0, result)
        from processes import wait_for
        wait_for(lambda: len(self.server.messages()) > type(self).seen, "mailx's mail")
        envelope, message, raw = self.arrived()
        self.assertEqual(envelope["from"], FROM)
        self.assertEqual(sorted(envelope["to"]), ["bcc@example.com", "cc@example.com", TO])
        self.assertEqual(message["Subject"], "Grüße aus Wien")
        self.assertNotIn(b"bcc@", raw)
        self.assertEqual(message.get_content().splitlines()[0], "Hällo")

    def test_python(self):
        """a program that pipes a message of a library"""
        made = email.message.EmailMessage(policy=email.policy.default)
        made["To"], made["Subject"] = TO, "Prüfung " * 12
        made.set_content("Grüße\n")
        made.add_attachment(bytes(range(256)), maintype="application", subtype="x-test", filename="ü.bin")
        _, message, _ = self.send(["-t", "-oi"], made.as_bytes())
        part, = message.iter_attachments()
        self.assertEqual(part.get_content(), bytes(range(256)))
        self.assertEqual(message["Subject"].strip(), ("Prüfung " * 12).strip())


if __name__ == "__main__":
    main()
