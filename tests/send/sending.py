"""What the tests of sending share: a system with one client, and a send through it."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import SystemTest, make_system, ucmail  # noqa: E402

SETTINGS = {
    "SMTP_SERVER": "mail.example.com",
    "SMTP_FROM_ADDR": "automation@example.com",
    "SMTP_TIMEOUT": "10",
}
FORCED = {"SMTP_PROTOCOL": "TLS", "SMTP_PORT": "465", "SMTPS_CERT": "TRUSTED"}
FORCED_587 = {"SMTP_PROTOCOL": "TLS", "SMTP_PORT": "587", "SMTPS_CERT": "TRUSTED"}
OPPORTUNISTIC = {"SMTP_PROTOCOL": "STARTTLS", "SMTP_PORT": "587", "SMTPS_CERT": "TRUSTED"}
PLAIN = {"SMTP_PROTOCOL": "PLAIN"}


class SendTest(SystemTest):
    """A test that sends."""

    def system(self, trusted="ca", **settings):
        """A system whose client 100 has these settings, and trusts this certificate."""
        return make_system(os.path.join(self.folder, "system"),
                           {0: {}, 100: {"UC_CLIENT_SETTINGS": {**SETTINGS, **settings}}},
                           {"TRUSTED": self.cert(trusted)})

    def send(self, system, port, *arguments, to=("b@example.com",), **options):
        """Sends one small message to the server on this port."""
        recipients = [word for address in to for word in ("--to", address)]
        return ucmail("send", "--json", "-C", system, "-c", "100",
                      "--connect-to", f"::127.0.0.1:{port}", *recipients,
                      "--subject", "Prüfung", "--body-file", "-", *arguments,
                      input="Grüße\n.\n".encode(), **options)

    def expect(self, result, code, **fields):
        """The exit code, and members of the JSON outcome: `tls_mode` stands for tls.mode."""
        self.assertEqual(result.exit, code, result)
        outcome = result.json
        self.assertEqual(outcome["exit"], code, result)
        for name, value in fields.items():
            place, key = outcome, name
            if name.startswith("tls_"):
                place, key = outcome["tls"], name[4:]
            self.assertEqual(place[key], value, f"{name}: {result}")
        return outcome
