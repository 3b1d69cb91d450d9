#!/usr/bin/env python3
"""Mail handed to a Postfix on the host, as examples/scale/postfix-main.cf sets it up."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, SendTest  # noqa: E402
from harness import TOP, main  # noqa: E402
from processes import Aiosmtpd, Postfix, wait_for  # noqa: E402


class Relay(SendTest):
    """ucmail, a Postfix, and the relay behind it."""

    def settings(self, relay):
        """The example's, with the files of this test and its relay."""
        with open(f"{TOP}/examples/scale/postfix-main.cf", encoding="ascii") as file:
            settings = dict(re.findall(r"^(\w+) =(.*)$", file.read(), re.M))
        settings["relayhost"] = settings["relayhost"].replace("relay.example.com]:587",
                                                              f"localhost]:{relay.port}")
        settings["smtp_tls_CAfile"] = self.cert("ca")
        settings["smtpd_tls_cert_file"] = self.cert("server")
        settings["smtpd_tls_key_file"] = self.cert("server.key")
        # Of the harness, which would keep the mail or refuse it first.
        return {**settings, "virtual_mailbox_domains": "", "smtpd_recipient_restrictions": "",
                "smtp_host_lookup": "native"}

    def handed_over(self, relay):
        """A Postfix that has taken a mail."""
        postfix = Postfix(self.cert("server"), self.cert("server.key"), **self.settings(relay))
        postfix.__enter__()
        self.addCleanup(postfix.__exit__)
        result = self.send(self.system(**FORCED), postfix.smtps_port)
        self.expect(result, 0, status="sent", tls_mode="implicit")
        return postfix

    def test_relayed(self):
        """Postfix relays it over verified TLS"""
        with Aiosmtpd("--mode", "starttls", *self.server_options("server")) as relay:
            self.handed_over(relay).wait_until_empty()
            (envelope, _, raw), = relay.messages()
        self.assertEqual(envelope["tls"], "TLSv1.3")
        self.assertRegex(raw, rb"(?s)Received: .*using TLSv1.3")

    def test_not_verified(self):
        """a relay that cannot be verified gets nothing, which Postfix knows and ucmail does not"""
        with Aiosmtpd("--mode", "starttls", *self.server_options("other_ca")) as relay:
            postfix = self.handed_over(relay)

            def deferred():
                with open(f"{postfix.folder}/log", encoding="utf-8") as file:
                    return "status=deferred (Server certificate not" in file.read()

            wait_for(deferred, "Postfix defers")
            self.assertEqual(relay.messages(), [])

    def test_clear(self):
        """Postfix takes nothing in clear"""
        with Aiosmtpd("--mode", "starttls", *self.server_options("server")) as relay:
            postfix = Postfix(self.cert("server"), self.cert("server.key"), **self.settings(relay))
            with postfix:
                plain = {**FORCED, "SMTP_PROTOCOL": "PLAIN"}
                result = self.send(self.system(**plain), postfix.port)
            self.assertIn("Must issue a STARTTLS", result.out + result.err)
            self.assertEqual(relay.messages(), [])


if __name__ == "__main__":
    main()
