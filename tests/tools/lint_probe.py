#!/usr/bin/env python3
"""--probe against real servers: good, gone, untrusted, outdated."""
import os
import ssl
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import SystemTest, main, make_system, policy_lint, write  # noqa: E402
from processes import Aiosmtpd, free_port  # noqa: E402
from scripted import Scripted  # noqa: E402

TLS = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com", "SMTP_PROTOCOL": "TLS",
       "SMTPS_CERT": "MAIL_CA", "SMTP_PORT": "465"}


class Probe(SystemTest):
    """A system whose clients share one server, and one of them has another."""

    def setUp(self):
        super().setUp()
        self.system = make_system(
            f"{self.folder}/system",
            {0: {"UC_CLIENT_SETTINGS": TLS}, 100: {"UC_CLIENT_SETTINGS": {**TLS, "SMTP_LOGIN": "X"}},
             200: {"UC_CLIENT_SETTINGS": {**TLS, "SMTP_PROTOCOL": "TSL"}}},
            {"MAIL_CA": self.cert("ca")})

    def probe(self, port, *arguments):
        """The report as JSON, every connection led to this port."""
        result = policy_lint("-f", "json", "--agents", "engine", "--select", "UCM4", "--probe",
                             "--connect-to", f"::127.0.0.1:{port}", *arguments, self.system,
                             cwd=self.folder)
        self.assertIn(result.exit, (0, 1), result)
        return result.json

    def fails(self, report, rule):
        """One finding of this rule, at the server's row, for all policies of one server."""
        finding, = report["findings"]
        self.assertEqual((finding["rule"], finding["key"], finding["client"]),
                         (rule, "SMTP_SERVER", 0), finding)
        self.assertIn("mail.example.com:465", finding["message"])
        self.assertGreater(finding["line"], 1)

    def test_good(self):
        """a good server is asked once, and the report tells its TLS and certificate"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            report = self.probe(server.port)
        self.assertEqual(report["findings"], [])
        one, = report["servers"]
        self.assertEqual((one["verdict"], one["host"], one["port"], one["mode"]),
                         ("good", "mail.example.com", 465, "implicit"))
        self.assertIn(one["version"], ("TLSv1.2", "TLSv1.3"))
        self.assertIn("mail.example.com", one["subject"])
        self.assertIn("Example Mail CA", one["issuer"])
        self.assertEqual(server.messages(), [])

    def test_line(self):
        """text: a line for the server with the days that its certificate has left"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            result = policy_lint("--agents", "engine", "--probe", "--connect-to",
                                 f"::127.0.0.1:{server.port}", self.system, cwd=self.folder)
        self.assertRegex(result.out, r"(?m)^  mail\.example\.com:465 good: TLSv1\.\d \S+; "
                                     r".*CN=mail\.example\.com.* < .*; (89|90) days left$")

    def test_gone(self):
        """nobody listens: UCM401"""
        self.fails(self.probe(free_port()), "UCM401")

    def test_untrusted(self):
        """a certificate of an unknown CA: UCM402"""
        with Aiosmtpd("--mode", "tls", *self.server_options("unknown_ca")) as server:
            self.fails(self.probe(server.port), "UCM402")

    def test_wrong_name(self):
        """a certificate of another name: UCM402"""
        with Aiosmtpd("--mode", "tls", *self.server_options("wrong_name")) as server:
            self.fails(self.probe(server.port), "UCM402")

    def test_outdated(self):
        """a server that knows TLS 1.1 at best: UCM403"""
        with Scripted(["tls", "> 220 hello", "< ?"], self.cert("server"), self.cert("server.key"),
                      maximum=ssl.TLSVersion.TLSv1_1, minimum=ssl.TLSVersion.TLSv1) as server:
            self.fails(self.probe(server.port), "UCM403")

    def test_stripped(self):
        """STARTTLS that is needed and not offered: UCM402"""
        make_system(self.system, {n: {"UC_CLIENT_SETTINGS": {**TLS, "SMTP_PORT": "587"}}
                                  for n in (0, 100, 200)})
        with Aiosmtpd("--mode", "plain") as server:
            report = self.probe(server.port)
        self.assertEqual([f["rule"] for f in report["findings"]], ["UCM402"])

    def test_off(self):
        """without --probe nothing is asked and nothing is said of it"""
        result = policy_lint("-f", "json", self.system, cwd=self.folder)
        self.assertNotIn("servers", result.json)

    def test_evidence(self):
        """what depends on the network is no evidence, and evidence of somebody else reaches no network: 2"""
        with Scripted(["> 220 mail.example.com", "< ?"]) as server:
            options = ["--probe", "--connect-to", f"::127.0.0.1:{server.port}"]
            result = policy_lint(*options, "--evidence", "proof", self.system, cwd=self.folder)
            self.assertEqual(result.exit, 2, result)
            policy_lint("--evidence", "proof", self.system, cwd=self.folder)
            with open(f"{self.folder}/proof/arguments", encoding="utf-8") as file:
                text = file.read()
            write(f"{self.folder}/proof/arguments", "".join(f"{word}\n" for word in options) + text)
            result = policy_lint("--verify", "proof", cwd=self.folder)
            self.assertEqual(result.exit, 2, result)
            self.assertEqual(server.connections, 0)


if __name__ == "__main__":
    main()
