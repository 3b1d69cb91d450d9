#!/usr/bin/env python3
"""Living with policy-lint: its configuration file, suppressions, baselines, --since and --merge."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import (FORMATS, SystemTest, add_rows, document, main, make_system, measure,  # noqa: E402
                     memory_is_real, policy_lint, write)

MAIL = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com"}
TLS = {**MAIL, "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "MAIL_CA"}
BROKEN = {**TLS, "SMTP_PORT": "0"}
WHOLE = """[suppress port]
rule = UCM110
client = 100
reason = the gateway is being replaced
owner = mail team
expires = 2027-06-30
"""
EVIL = '\033[2J" onclick="x"><script>alert(1)</script>\nevil'
DAY = ("--at", "2027-01-31")
SCRIPT = """<SCRI name="{name}"><HEADER state="1"/><SCRIPT mode="1" state="1"><MSCRI><![CDATA[{text}
]]></MSCRI></SCRIPT></SCRI>
"""


class Living(SystemTest):
    """A system with one error, in client 100."""

    def setUp(self):
        super().setUp()
        self.system = make_system(f"{self.folder}/in/system",
                                  {0: {"UC_CLIENT_SETTINGS": TLS}, 100: {"UC_CLIENT_SETTINGS": BROKEN}},
                                  {"MAIL_CA": self.cert("ca")})

    def config(self, text, name=".policy-lint.conf"):
        """Writes the configuration file."""
        write(f"{self.folder}/{name}", text)

    def lint(self, *arguments, cwd=None):
        """Runs policy-lint for the engine, some months from now."""
        return policy_lint("--agents", "engine", *arguments, self.system, cwd=cwd or self.folder)

    def rules(self, *arguments):
        """The rules found, in order."""
        return [f["rule"] for f in self.lint("-f", "json", *arguments).json["findings"]]

    def test_suppressed(self):
        """a suppression hides its finding, and the summary counts it"""
        self.config(WHOLE)
        result = self.lint(*DAY, "-f", "json")
        self.assertEqual(result.exit, 0, result)
        self.assertNotIn("UCM110", [f["rule"] for f in result.json["findings"]])
        self.assertEqual(result.json["summary"]["suppressed"], 1)
        self.assertIn("1 suppressed", result.err)

    def test_shown(self):
        """--show-suppressed lists it with reason, owner and date; it still does not count"""
        self.config(WHOLE)
        result = self.lint(*DAY, "-f", "json", "--show-suppressed")
        finding, = (f for f in result.json["findings"] if f["rule"] == "UCM110")
        self.assertEqual(finding["suppressed"],
                         {"by": "suppression", "name": "port", "owner": "mail team",
                          "reason": "the gateway is being replaced", "expires": "2027-06-30"})
        self.assertEqual((result.exit, result.json["summary"]["error"]), (0, 0))

    def test_sarif(self):
        """SARIF leaves suppressed findings out, even when they are shown elsewhere"""
        self.config(WHOLE)
        result = self.lint(*DAY, "-f", "sarif", "--show-suppressed")
        self.assertEqual([r["ruleId"] for r in result.json["runs"][0]["results"]
                          if r["ruleId"] == "UCM110"], [])

    def test_junit(self):
        """JUnit shows it as skipped, with the reason"""
        self.config(WHOLE)
        self.assertIn('<skipped message="the gateway is being replaced (mail team, until 2027-06-30)"/>',
                      self.lint(*DAY, "-f", "junit").out)

    def test_none(self):
        """--no-suppressions: as if there were none, and none is unused"""
        self.config(WHOLE)
        self.assertEqual(self.lint(*DAY, "--no-suppressions").exit, 1)
        self.assertNotIn("UCM501", self.rules(*DAY, "--no-suppressions"))

    def expiry(self, day, code, expected):
        """A suppression counts to the end of its day."""
        self.config(WHOLE)
        result = self.lint("--at", day, "-f", "json")
        self.assertEqual(result.exit, code, result)
        found = [f["rule"] for f in result.json["findings"] if f["rule"] in ("UCM110", "UCM502")]
        self.assertEqual(found, expected)

    def test_unused(self):
        """a suppression that suppresses nothing is told, at its line"""
        self.config("# why\n\n" + WHOLE.replace("100", "200"))
        result = self.lint(*DAY, "-f", "json")
        finding, = (f for f in result.json["findings"] if f["rule"] == "UCM501")
        self.assertEqual((finding["file"], finding["line"], finding["key"], finding["client"]),
                         (".policy-lint.conf", 3, "port", None))
        self.assertEqual(result.exit, 1, result)

    def test_scope(self):
        """client, object and key narrow a suppression; names ignore case"""
        for lines, hidden in (("object = uc_client_settings\nkey = smtp_port", True),
                              ("object = UC_SMTP_X", False), ("key = SMTP_SERVER", False)):
            self.config(WHOLE.replace("client = 100", lines))
            self.assertEqual("UCM110" not in self.rules(*DAY), hidden, lines)

    def test_unread(self):
        """an unread file cannot be suppressed away"""
        write(f"{self.system}/UC4_TEST - 0100/cut.xml", document("")[:-14])
        self.config(WHOLE.replace("UCM110", "UCM001").replace("client = 100\n", ""))
        self.assertEqual(self.lint(*DAY).exit, 3)

    def broken(self, text, words):
        """A broken file: 2, and the message names place and reason."""
        self.config(text)
        result = self.lint()
        self.assertEqual((result.exit, result.out), (2, ""), result)
        self.assertIn(".policy-lint.conf", result.err)
        for word in words:
            self.assertIn(word, result.err)

    def test_upward(self):
        """the file is searched upward from the working directory"""
        self.config("[policy-lint]\nfail-on = never\n")
        self.assertEqual(self.lint(cwd=f"{self.folder}/in").exit, 0)

    def test_options(self):
        """options of the file hold, and the command line wins over them"""
        self.config("[policy-lint]\nformat = csv\nignore = UCM1\nmatrix = no\n")
        self.assertTrue(self.lint().out.startswith("rule,name"))
        self.assertEqual(self.lint().exit, 0)
        self.assertEqual(self.lint("--ignore", "UCM2").exit, 1)
        self.assertEqual(self.lint("-f", "json").json["version"], 1)

    def test_named(self):
        """--config FILE in place of the search; names in it count from its folder"""
        write(f"{self.folder}/etc/lint.conf", "[policy-lint]\nbaseline = base.json\n")
        self.assertEqual(self.lint("--config", "etc/lint.conf").exit, 2)
        self.lint("--write-baseline", "etc/base.json")
        self.assertEqual(self.lint("--config", "etc/lint.conf").exit, 0)

    def test_baseline(self):
        """a baseline hides what was there, also after the file was edited, and shows what is new"""
        self.assertEqual(self.lint("--write-baseline", "base.json").exit, 1)
        result = self.lint("--baseline", "base.json", "-f", "json")
        self.assertEqual((result.exit, result.json["findings"]), (0, []), result)
        self.assertGreater(result.json["summary"]["baselined"], 0)
        path = f"{self.system}/UC4_TEST - 0100/export.xml"
        with open(path, encoding="iso-8859-15") as file:
            text = file.read().replace("<row", "\n\n<row")
        write(path, text.replace('Name="SMTPS_CERT" Value="MAIL_CA"', 'Name="SMTPS_CERT" Value="X"'))
        self.assertEqual(self.rules("--baseline", "base.json"), ["UCM201"])

    def test_baseline_value(self):
        """another wrong value in the same place is another finding"""
        self.lint("--write-baseline", "base.json")
        make_system(self.system, {100: {"UC_CLIENT_SETTINGS": {**BROKEN, "SMTP_PORT": "99999"}}})
        self.assertEqual(self.rules("--baseline", "base.json"), ["UCM110"])

    def baseline(self, text):
        """A baseline that is none: 2."""
        write(f"{self.folder}/base.json", text)
        self.assertEqual(self.lint("--baseline", "base.json").exit, 2)

    def test_since(self):
        """--since: what is new, fixed and unchanged, as fingerprints"""
        then = self.lint("-f", "json")
        write(f"{self.folder}/then.json", then.out)
        make_system(self.system, {100: {"UC_CLIENT_SETTINGS": {**TLS, "SMTP_TIMEOUT": "x"}}})
        since = self.lint("-f", "json", "--since", "then.json").json["since"]
        was = {f["rule"]: f["fingerprint"] for f in then.json["findings"]}
        self.assertEqual(since["fixed"], [was["UCM110"]])
        self.assertEqual(len(since["new"]), 1)
        again = self.lint("-f", "json").json["findings"]
        self.assertEqual(sorted(since["new"] + since["unchanged"]),
                         sorted(f["fingerprint"] for f in again))


class Merge(SystemTest):
    """Shards of one system, each with client 0."""

    def setUp(self):
        super().setUp()
        server = {**TLS, "SMTP_SERVER": "relay.example.com"}
        self.system = make_system(
            f"{self.folder}/system",
            {0: {"UC_CLIENT_SETTINGS": TLS, "UC_SMTP_ALL": server, "UC_SMTP_NONE": server},
             100: {"UC_CLIENT_SETTINGS": {**TLS, "SMTPS_CERT": "OTHER", "SMTP_LOGIN": "LOGIN.GONE"},
                   "UC_SMTP_MINE": server},
             200: {"UC_CLIENT_SETTINGS": BROKEN}, 300: {}},
            {"MAIL_CA": self.cert("ca"), "OTHER": self.cert("server"), "UNUSED": self.cert("other_ca")})
        write(f"{self.system}/UC4_TEST - 0200/script.xml", document(SCRIPT.format(
            name="SCRI.A", text=':SET &R# = SEND_MAIL("a@example.com",,"S","T",,,,"ALL")')))
        write(f"{self.system}/UC4_TEST - 0300/login.xml", document(
            '<LOGIN name="LOGIN.X"><HEADER state="1"/></LOGIN>'))
        self.folders = [f"system/UC4_TEST - {n:04d}" for n in (0, 100, 200, 300)]
        write(f"{self.folder}/.policy-lint.conf", WHOLE.replace("100", "200") + """
[suppress unused server]
rule = UCM307
client = 100
reason = kept for the next release
owner = mail team
expires = 2027-06-30
[suppress nothing]
rule = UCM113
reason = none
owner = mail team
expires = 2027-06-30
""")

    def lint(self, *arguments):
        """Runs policy-lint here, on a day before the suppressions end."""
        return policy_lint(*DAY, "--matrix", *arguments, cwd=self.folder)

    def shards(self, *arguments):
        """Audits each client with client 0; the names of the reports."""
        names = []
        for folder in self.folders[1:]:
            names.append(f"{folder[-4:]}.json")
            self.lint("-q", "-o", f"json:{names[-1]}", *arguments, self.folders[0], folder)
        return names

    def same(self, name, *arguments):
        """The merged report is, byte for byte, that of one run."""
        one = self.lint("-f", name, *arguments, *self.folders)
        shards = self.shards(*arguments)
        for order in (shards, shards[::-1]):
            merged = self.lint("--merge", "-f", name, *arguments, *order)
            self.assertEqual(merged.out, one.out)
            self.assertEqual(merged.err, one.err)
            self.assertEqual(merged.exit, one.exit)

    def test_whole(self):
        """what only the whole can tell is right"""
        merged = self.lint("--merge", "-f", "json", *self.shards()).json
        found = {(f["rule"], f["client"], f["object"], f["key"]) for f in merged["findings"]}
        self.assertIn(("UCM213", 0, "UC_TRUSTEDCERTS", "UNUSED"), found)
        self.assertNotIn(("UCM213", 0, "UC_TRUSTEDCERTS", "OTHER"), found)
        self.assertIn(("UCM307", 0, "UC_SMTP_NONE", None), found)
        self.assertNotIn(("UCM307", 0, "UC_SMTP_ALL", None), found)
        self.assertIn("UCM118", {f[0] for f in found})
        self.assertEqual([f["key"] for f in merged["findings"] if f["rule"] == "UCM501"], ["nothing"])
        self.assertEqual(merged["summary"]["suppressed"], 2)

    def test_unlike(self):
        """reports of different standards make no whole: 2"""
        first = self.shards()[0]
        self.lint("-q", "-o", "json:other.json", "--profile", "strict", self.folders[0])
        result = self.lint("--merge", first, "other.json")
        self.assertEqual((result.exit, result.out), (2, ""), result)

    def test_incomplete(self):
        """a shard that was not read whole makes the whole 3"""
        write(f"{self.system}/UC4_TEST - 0300/cut.xml", "<uc-export>")
        self.assertEqual(self.lint("--merge", *self.shards()).exit, 3)

    def hostile(self, name):
        """Nothing that was slipped into a shard is markup, a label or an escape in a report of the whole."""
        def spoil(value):
            """The value with evil texts; what stays is what makes a finding a finding."""
            if isinstance(value, dict):
                return {key: item if key in ("rule", "severity", "fingerprint", "by") else spoil(item)
                        for key, item in value.items()}
            if isinstance(value, list):
                return [spoil(item) for item in value]
            return EVIL if isinstance(value, str) else value

        self.lint("-q", "--show-suppressed", "-o", "json:evil.json", *self.folders)
        with open(f"{self.folder}/evil.json", encoding="utf-8") as file:
            report = json.load(file)
        for part in ("findings", "clients", "matrix", "certificates", "coverage", "shard"):
            report[part] = spoil(report[part])
        write(f"{self.folder}/evil.json", json.dumps(report))
        result = self.lint("--merge", "--show-suppressed", "--matrix", "-f", name, "evil.json")
        self.assertEqual(result.exit, 0, result)
        for names, pattern in ((set(FORMATS) - {"prometheus"}, "\033"),
                               (("html", "junit"), "<script>"),
                               (("text", "github", "prometheus"), r"(?m)^evil"),
                               (("prometheus",), r'[^\\]" onclick')):
            self.assertNotRegex(result.out if name in names else "", pattern)

    def grown(self, members):
        """A report with very many rows that say nothing is refused in bounded memory: 2."""
        text = json.dumps({"version": 1, "shard": {"clients": [], "inputs": [], "first_input": "x"}})
        write(f"{self.folder}/x.json", text[:-1] + f', {members[:-1]}]' + "}")
        result = measure("--merge", "x.json", cwd=self.folder)
        self.assertEqual((result.exit, result.out), (2, ""), result)
        self.assertIn("memory", result.err)
        if memory_is_real():
            self.assertLess(result.peak, 100 * 1024)

    def test_certificates(self):
        """reports that name more certificates than any store are refused, and soon: 2"""
        for name, many in (("certificates", [{"name": str(number)} for number in range(30000)]),
                           ("references", {"certificates": [str(number) for number in range(30000)]})):
            write(f"{self.folder}/x.json", json.dumps(
                {"version": 1, "shard": {"clients": [], "inputs": [], "first_input": "x"}, name: many}))
            result = self.lint("--merge", "x.json")
            self.assertEqual((result.exit, result.out), (2, ""), result)
            self.assertIn("20000 certificates", result.err)

    def no_report(self, text):
        """Something that is no report: 2."""
        write(f"{self.folder}/x.json", text)
        result = self.lint("--merge", "x.json")
        self.assertEqual((result.exit, result.out), (2, ""), result)


MANY = 500000
add_rows(Merge, "grown", [
    ("clients that are numbers", '"clients": [' + "1," * MANY),
    ("clients that are nothing", '"clients": [' + "{}," * MANY),
    ("certificates that are numbers", '"certificates": [' + "1," * MANY),
    ("what no report has", '"more": [' + "[]," * MANY),
])
add_rows(Merge, "same", [(f"{name}: merged as of one run", name) for name in FORMATS]
         + [("with what is suppressed", "json", "--show-suppressed")])
GARBAGE = [("nothing", ""), ("no JSON", "{"), ("another version", '{"version": 2}'),
           ("no object", "[1]"), ("no findings", '{"version": 1}'),
           ("a finding of nothing", '{"version": 1, "findings": [{}], "shard": {}}')]
add_rows(Merge, "hostile", [(f"{name}: a shard that was tampered with", name) for name in FORMATS])
add_rows(Merge, "no_report", GARBAGE)
add_rows(Living, "baseline", GARBAGE)
add_rows(Living, "expiry", [
    ("on its last day a suppression suppresses", "2027-06-30T23:59:59Z", 0, []),
    ("the day after it does not, and says so", "2027-07-01", 1, ["UCM502", "UCM110"]),
])
add_rows(Living, "broken", [
    ("no section", "fail-on = never\n", ["1:", "[section]"]),
    ("no key and value", "[policy-lint]\nfail-on\n", [":2:"]),
    ("an unknown option", "[policy-lint]\nfrobnicate = yes\n", [":2:", "frobnicate"]),
    ("an option that only the command line has", "[policy-lint]\nverify = x\n", [":2:", "verify"]),
    ("a wrong value", "[policy-lint]\nprofile = lax\n", [":2:", "lax"]),
    ("an unknown section", "[whatever]\n", ["[whatever]"]),
    ("a suppression without a name", "[suppress]\n", ["name"]),
    ("a suppression without a reason", WHOLE.replace("reason", "#"), ["port", "reason"]),
    ("a suppression without an owner", WHOLE.replace("owner", "#"), ["owner"]),
    ("a suppression without a date", WHOLE.replace("expires", "#"), ["expires"]),
    ("a suppression without a rule", WHOLE.replace("rule", "#"), ["rule"]),
    ("an empty reason", WHOLE.replace("the gateway is being replaced", ""), ["reason"]),
    ("a rule that is none", WHOLE.replace("UCM110", "UCM999"), [":2:", "UCM999"]),
    ("a rule about suppressions", WHOLE.replace("UCM110", "UCM501"), ["UCM501"]),
    ("a date that is none", WHOLE.replace("06-30", "06-31"), [":6:", "2027-06-31"]),
    ("a key that suppressions lack", WHOLE + "file = x\n", ["file"]),
    ("one name twice", WHOLE + WHOLE, ["twice"]),
    ("a section that does not end", "[policy-lint\n", ["]"]),
])

if __name__ == "__main__":
    main()
