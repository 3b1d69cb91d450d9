#!/usr/bin/env python3
"""Sends to a real Postfix, and what it delivered."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, FORCED_587, OPPORTUNISTIC, PLAIN, SendTest  # noqa: E402
from harness import add_rows, main  # noqa: E402
from processes import Postfix  # noqa: E402


class ToPostfix(SendTest):
    """One Postfix for all rows."""

    postfix = None
    delivered = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        certificates = SendTest.certificates
        cls.postfix = Postfix(f"{certificates}/server.pem", f"{certificates}/server.key")
        cls.addClassCleanup(cls.postfix.__exit__)
        cls.postfix.__enter__()

    def delivery(self):
        """The message that came last."""
        ToPostfix.delivered += 1
        return self.postfix.messages(ToPostfix.delivered)[-1]

    def sent(self, trusted, settings, mode, received):
        port = self.postfix.smtps_port if mode == "implicit" else self.postfix.port
        result = self.send(self.system(trusted, **settings), port)
        self.expect(result, 0, status="sent", tls_mode=mode, plaintext=mode == "none")
        message = self.delivery()
        self.assertEqual(message["Subject"], "Prüfung")
        self.assertEqual(message.get_content().splitlines(), ["Grüße", "."])
        self.assertIn(received, message["Received"])

    def refused(self, trusted, settings, mode):
        port = self.postfix.smtps_port if mode == "implicit" else self.postfix.port
        self.expect(self.send(self.system(trusted, **settings), port), 77, status="failed")

    def test_partial(self):
        """one recipient that Postfix does not know"""
        result = self.send(self.system(**FORCED), self.postfix.smtps_port,
                           to=("nobody@example.com", "b@example.com"))
        outcome = self.expect(result, 69, status="partial")
        self.assertEqual([r["status"] for r in outcome["recipients"]], ["rejected", "accepted"])
        self.delivery()

    def test_attachment(self):
        """an attachment arrives byte for byte"""
        path = os.path.join(self.folder, "Übersicht 1.bin")
        content = bytes(range(256)) * 400
        with open(path, "wb") as file:
            file.write(content)
        self.expect(self.send(self.system(**FORCED), self.postfix.smtps_port, "-A", path), 0)
        part, = list(self.delivery().iter_attachments())
        self.assertEqual(part.get_filename(), "Übersicht 1.bin")
        self.assertEqual(part.get_content(), content)


add_rows(ToPostfix, "sent", [
    ("implicit TLS", "ca", FORCED, "implicit", "using TLSv1.3"),
    ("implicit TLS, pinned", "server", FORCED, "implicit", "using TLSv1.3"),
    ("STARTTLS", "ca", OPPORTUNISTIC, "starttls", "using TLSv1.3"),
    ("forced STARTTLS", "ca", FORCED_587, "starttls", "using TLSv1.3"),
    ("plain", "ca", PLAIN, "none", "with ESMTP id"),
])
add_rows(ToPostfix, "refused", [
    ("a CA that did not issue its certificate", "other_ca", FORCED, "implicit"),
    ("a pinned certificate that is not its own", "server_rsa", OPPORTUNISTIC, "starttls"),
])

main()
