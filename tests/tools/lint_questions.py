#!/usr/bin/env python3
"""Questions to policy-lint: what breaks, what the coming months bring, how two systems differ."""
import datetime
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import SystemTest, main, make_system, policy_lint, run, write  # noqa: E402

MAIL = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com"}
TLS = {**MAIL, "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "MAIL_CA"}
PINNED = {**TLS, "SMTPS_CERT": "MAIL"}


class Questions(SystemTest):
    """A system with two certificates in use."""

    def setUp(self):
        super().setUp()
        self.system = make_system(
            f"{self.folder}/system",
            {0: {"UC_CLIENT_SETTINGS": TLS}, 100: {"UC_CLIENT_SETTINGS": PINNED},
             200: {"UC_CLIENT_SETTINGS": {**PINNED, "SMTP_PORT": "0"}}},
            {"MAIL_CA": self.cert("ca"), "MAIL": self.cert("server")})

    def ask(self, *arguments):
        """The report as JSON."""
        result = policy_lint("-f", "json", "--agents", "windows,unix-other", *arguments, self.system,
                             cwd=self.folder)
        self.assertIn(result.exit, (0, 1), result)
        return result.json

    def outcomes(self, report):
        """{(client, sender, agent): outcome}"""
        return {(one["client"], one["via"], agent): one["outcome"] for one in report["impact"]
                for agent in one["agents"]}

    def test_without(self):
        """--without-cert: what breaks, survives, and was broken before"""
        report = self.ask("--without-cert", "mail")
        outcomes = self.outcomes(report)
        self.assertEqual(outcomes[100, "notification", "windows"], "breaks")
        self.assertEqual(outcomes[100, "notification", "unix-other"], "survives")
        self.assertEqual(outcomes[200, "send_mail", "windows"], "was-broken")
        self.assertNotIn((0, "notification", "windows"), outcomes)
        self.assertIn(("UCM201", 100), {(f["rule"], f["client"]) for f in report["findings"]})

    def test_without_unknown(self):
        """--without-cert with a name that the store lacks is a mistake: 2"""
        result = policy_lint("--without-cert", "MAYL", self.system, cwd=self.folder)
        self.assertEqual((result.exit, result.out), (2, ""), result)

    def test_replace(self):
        """--replace-cert: a good one keeps all as it is, an expired one breaks it"""
        good = self.outcomes(self.ask("--replace-cert", f"MAIL={self.cert('server_rsa')}"))
        self.assertEqual(good[100, "notification", "windows"], "survives")
        bad = self.ask("--replace-cert", f"MAIL={self.cert('expired')}")
        self.assertEqual(self.outcomes(bad)[100, "notification", "windows"], "breaks")
        self.assertIn("UCM206", {f["rule"] for f in bad["findings"]})
        self.assertNotIn("UCM204", {f["rule"] for f in bad["findings"]})

    def test_timeline(self):
        """--timeline: every change in order, with the policies that it changes"""
        write(f"{self.folder}/.policy-lint.conf",
              "[suppress port]\nrule = UCM110\nreason = r\nowner = o\nexpires = 2999-12-31\n")
        report = self.ask("--timeline", "12")
        change, = report["timeline"]
        self.assertEqual((change["what"], change["name"]), ("certificate", "MAIL"))
        self.assertEqual(change["policies"], 2)
        end = run("openssl", "x509", "-enddate", "-noout", "-dateopt", "iso_8601", "-in",
                  self.cert("server")).out.split("=", 1)[1].strip()
        last = datetime.datetime.strptime(end, "%Y-%m-%d %H:%M:%SZ")
        self.assertEqual(change["at"], (last + datetime.timedelta(seconds=1)).strftime(
            "%Y-%m-%dT%H:%M:%SZ"))
        at = self.ask("--at", change["at"])
        self.assertIn("UCM206", {f["rule"] for f in at["findings"]})
        before = self.ask("--at", last.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.assertNotIn("UCM206", {f["rule"] for f in before["findings"]})

    def test_timeline_suppression(self):
        """--timeline: the end of a suppression"""
        day = (datetime.date.today() + datetime.timedelta(days=40)).isoformat()
        write(f"{self.folder}/.policy-lint.conf",
              f"[suppress port]\nrule = UCM110\nreason = r\nowner = o\nexpires = {day}\n")
        changes = self.ask("--timeline", "2")["timeline"]
        self.assertEqual([(c["what"], c["name"]) for c in changes], [("suppression", "port")])

    def test_compare(self):
        """--compare: policies, not texts; names are mapped"""
        make_system(f"{self.folder}/other",
                    {0: {"UC_CLIENT_SETTINGS": {**TLS, "SMTP_PROTOCOL": "STARTTLS"}},
                     1100: {"UC_CLIENT_SETTINGS": {"SMTP_FROM_ADDR": "b@example.com", **PINNED,
                                                   "SMTP_SERVER": "prod.example.com"}}},
                    {"MAIL_CA": self.cert("ca"), "MAIL": self.cert("server")})
        report = self.ask("--compare", "other", "--map", "100=1100,mail.example.com=prod.example.com")
        found = {(one["outcome"], one["client"], one["via"]) for one in report["impact"]
                 if "windows" in one["agents"]}
        self.assertIn(("weaker", 0, "notification"), found)
        self.assertIn(("only-here", 200, "send_mail"), found)
        self.assertNotIn("only-there", {one[0] for one in found})
        change, = (one for one in report["impact"] if one["client"] == 100
                   and one["via"] == "notification" and "windows" in one["agents"])
        self.assertEqual(change["other_refused_by"], "UCM211")
        text = next(one["text"] for one in report["impact"] if one["outcome"] == "weaker")
        self.assertIn("protocol TLS -> STARTTLS", text)

    def test_compare_same(self):
        """a system does not differ from itself"""
        self.assertEqual(self.ask("--compare", self.system)["impact"], [])

    def test_compare_unread(self):
        """another system that cannot be read is not compared in silence: 3"""
        result = policy_lint("--compare", "gone", self.system, cwd=self.folder)
        self.assertEqual(result.exit, 3, result)
        self.assertIn("gone", result.err)


class Evidence(SystemTest):
    """A folder that anybody can compute again."""

    def setUp(self):
        super().setUp()
        make_system(f"{self.folder}/system", {0: {"UC_CLIENT_SETTINGS": TLS}},
                    {"MAIL_CA": self.cert("ca")})
        write(f"{self.folder}/.policy-lint.conf",
              "[suppress a]\nrule = UCM302\nreason = r\nowner = o\nexpires = 2999-12-31\n")
        result = self.lint("--profile", "strict", "--evidence", "proof", "system")
        self.assertEqual(result.exit, 0, result)

    def lint(self, *arguments):
        """Runs policy-lint here."""
        return policy_lint(*arguments, cwd=self.folder)

    def test_same(self):
        """evidence is verified, again and again"""
        for _ in range(2):
            result = self.lint("--verify", "proof")
            self.assertEqual(result.exit, 0, result)

    def test_sums(self):
        """the lists of digests are what sha256sum checks"""
        self.assertEqual(run("sha256sum", "-c", "--quiet", "proof/inputs.sha256",
                             cwd=self.folder).exit, 0)
        self.assertEqual(run("sha256sum", "-c", "--quiet", "MANIFEST.sha256",
                             cwd=f"{self.folder}/proof").exit, 0)
        with open(f"{self.folder}/proof/inputs.sha256", encoding="utf-8") as file:
            self.assertIn("UC_TRUSTEDCERTS-MAIL_CA-ALL-ALL-ALL", file.read())

    def test_input_changed(self):
        """a changed input is told"""
        with open(f"{self.folder}/system/UC4_TEST - 0000/export.xml", "ab") as file:
            file.write(b"<!-- -->")
        result = self.lint("--verify", "proof")
        self.assertEqual(result.exit, 1, result)
        self.assertIn("inputs.sha256: differs", result.out)

    def test_evidence_changed(self):
        """a changed, a missing and a foreign file are told"""
        with open(f"{self.folder}/proof/report.json", "ab") as file:
            file.write(b" ")
        os.remove(f"{self.folder}/proof/matrix.csv")
        write(f"{self.folder}/proof/notes", "x")
        result = self.lint("--verify", "proof")
        self.assertEqual(result.exit, 1, result)
        for line in ("report.json: differs", "matrix.csv: missing", "notes: is no part"):
            self.assertIn(line, result.out)

    def test_foreign_arguments(self):
        """evidence of somebody else writes nothing here: 2"""
        with open(f"{self.folder}/proof/arguments", encoding="utf-8") as file:
            text = file.read()
        for option in ("--write-baseline=mine", "--output=json:mine"):
            write(f"{self.folder}/mine", "mine")
            write(f"{self.folder}/proof/arguments", f"{option}\n{text}")
            result = self.lint("--verify", "proof")
            self.assertIn(result.exit, (1, 2), result)
            with open(f"{self.folder}/mine", encoding="utf-8") as file:
                self.assertEqual(file.read(), "mine", option)

    def test_full_folder(self):
        """evidence is not written over something else: 2"""
        self.assertEqual(self.lint("--evidence", "proof", "system").exit, 2)

    def test_no_evidence(self):
        """a folder that is none: 3"""
        self.assertEqual(self.lint("--verify", "system").exit, 3)
        self.assertEqual(self.lint("--verify", "gone").exit, 3)


if __name__ == "__main__":
    main()
