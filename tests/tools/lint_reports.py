#!/usr/bin/env python3
"""Every report of policy-lint, judged by a tool that is not ours."""
import csv
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import FORMATS, TOP, SystemTest, add_rows, document, main, make_system, policy_lint, run, tool, variable  # noqa: E402

import jsonschema  # noqa: E402
from prometheus_client.parser import text_string_to_metric_families  # noqa: E402

SCHEMAS = os.path.join(TOP, "tests", "tools", "schema")
SECRET = "--10ABCDEF0123456789"
EVIL = "=cmd|'x'<b>&\"%0A::error::\u202e]]>"
CLIENTS = {
    0: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com",
                               "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "MAIL_CA"}},
    100: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com",
                                 "SMTP_PROTOCOL": SECRET, "SMTPS_CERT": "MAIL_CA"}},
    200: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com",
                                 "SMTP_PROTOCOL": "<b>&\"'</b>", "SMTP_PORT": "=1+1",
                                 "SMTP_LOGIN": SECRET}},
    300: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "a b", "SMTP_FROM_ADDR": "%0A::error::x",
                                 "SMTP_TIMEOUT": "::warning::y", "SMTP_PROTOKOL": "PLAIN"}},
}
KEYS = ("client", "via", "server_variable", "agent", "decision", "host", "port", "protocol",
        "certificate", "refused_by")


class Reports(SystemTest):
    """One system full of defects and of text that wants to be something else."""

    def setUp(self):
        super().setUp()
        self.system = make_system(f"{self.folder}/a system", CLIENTS, {"MAIL_CA": self.cert("ca")})

    def report(self, name, *arguments):
        """The report in this format, of the folder as named from where we are."""
        result = policy_lint("-f", name, *arguments, "a system", cwd=self.folder)
        self.assertEqual(result.exit, 1, result)
        return result.out

    def test_json(self):
        """JSON: the fields of the contract, in every finding"""
        report = json.loads(self.report("json", "--matrix"))
        self.assertEqual(report["version"], 1)
        self.assertEqual(set(report["summary"]), {"error", "warning", "info", "clients", "objects",
                                                  "files", "bytes", "suppressed", "baselined"})
        for finding in report["findings"]:
            for key in ("rule", "name", "severity", "client", "object", "key", "file", "line", "column",
                        "message", "hint", "fingerprint"):
                self.assertIn(key, finding)
        for row in report["matrix"]:
            self.assertEqual(tuple(row), KEYS)
        for policy in report["clients"]:
            self.assertEqual(
                set(policy) - {"login_pending"}, {"client", "via", "server_variable", "agent", "decision", "host", "port",
                              "protocol", "from", "reply_to", "login", "timeout_s", "max_report_bytes",
                              "certificate", "provenance", "findings", "refused_by"})

    def test_sarif(self):
        """SARIF: valid, every index right, every path relative and encoded"""
        report = json.loads(self.report("sarif"))
        with open(f"{SCHEMAS}/sarif.json", encoding="ascii") as file:
            jsonschema.Draft7Validator(json.load(file)).validate(report)
        run_ = report["runs"][0]
        rules = run_["tool"]["driver"]["rules"]
        self.assertGreater(len(run_["results"]), 5)
        for result in run_["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            place = result["locations"][0]["physicalLocation"]["artifactLocation"]
            self.assertTrue(place["uri"].startswith("a%20system/UC4_TEST%20-%20"), place)
            self.assertEqual(place["uriBaseId"], "%SRCROOT%")

    def test_sarif_clean(self):
        """SARIF of nothing: results is there, and empty"""
        result = policy_lint("-f", "sarif", "--only", "0", "--agents", "windows", "a system",
                             cwd=self.folder)
        self.assertEqual(result.json["runs"][0]["results"], [])

    def test_junit(self):
        """JUnit: valid, and the counts are those of the cases"""
        text = self.report("junit")
        path = f"{self.folder}/junit.xml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        result = run("xmllint", "--noout", "--schema", f"{SCHEMAS}/junit.xsd", path)
        self.assertEqual(result.exit, 0, result)
        root = ElementTree.fromstring(text.encode())
        for element in (root, *root):
            cases = list(element.iter("testcase"))
            self.assertEqual(int(element.get("tests")), len(cases))
            for name in ("failure", "error", "skipped"):
                attribute = name if name == "skipped" else name + "s"
                self.assertEqual(int(element.get(attribute)),
                                 sum(case.find(name) is not None for case in cases))
        self.assertIn("policy-lint.client-0000.zos", {c.get("classname") for c in root.iter("testcase")})
        passes = [c for c in root.iter("testcase") if len(c) == 0]
        self.assertGreater(len(passes), 100)

    def test_junit_selected(self):
        """JUnit: a rule that was not selected passes nowhere"""
        root = ElementTree.fromstring(self.report("junit", "--select", "UCM110,UCM104").encode())
        self.assertEqual({c.get("name")[:6] for c in root.iter("testcase")}, {"UCM104", "UCM110"})

    def test_github(self):
        """GitHub: only commands, one a line, none smuggled in"""
        lines = self.report("github").splitlines()
        for line in lines:
            self.assertRegex(line, r"^::(error|warning|notice) [^:]*title=[^:]*::[^\r\n]*$")
            self.assertEqual(line.count("::"), 2, line)
        self.assertTrue(lines[0].startswith("::error file=a system/"))
        self.assertLessEqual(sum(line.startswith("::error") for line in lines), 10)

    def test_gitlab(self):
        """GitLab: an array whose fingerprints are all different"""
        report = json.loads(self.report("gitlab"))
        self.assertEqual(len({issue["fingerprint"] for issue in report}), len(report))
        for issue in report:
            self.assertIn(issue["severity"], ("info", "minor", "major", "critical", "blocker"))
            self.assertGreaterEqual(issue["location"]["lines"]["begin"], 1)
            self.assertTrue(issue["description"].startswith(issue["check_name"]))

    def test_csv(self):
        """CSV: as many fields in every row, and nothing that a spreadsheet would run"""
        rows = list(csv.reader(io.StringIO(self.report("csv", "--show-suppressed"))))
        self.assertEqual({len(row) for row in rows}, {13})
        for row in rows:
            for field in row:
                self.assertNotRegex(field, r"^[=+@-]")

    def test_csv_matrix(self):
        """CSV: with --matrix the columns of the contract"""
        rows = list(csv.reader(io.StringIO(self.report("csv", "--matrix"))))
        self.assertEqual(tuple(rows[0]), KEYS)
        matrix = json.loads(self.report("json", "--matrix"))["matrix"]
        self.assertEqual(len(rows) - 1, len(matrix))
        self.assertEqual(rows[1][0], "0")

    def test_prometheus(self):
        """Prometheus: parsed, no sample twice, absolute times"""
        families = {f.name: f for f in text_string_to_metric_families(self.report("prometheus"))}
        samples = [(s.name, tuple(sorted(s.labels.items()))) for f in families.values()
                   for s in f.samples]
        self.assertEqual(len(samples), len(set(samples)))
        end = families["policy_lint_cert_not_after_timestamp_seconds"].samples[0]
        text = run("openssl", "x509", "-enddate", "-noout", "-dateopt", "iso_8601", "-in",
                   self.cert("ca")).out
        seconds = run("date", "-d", text.split("=", 1)[1].strip(), "+%s").out
        self.assertEqual(int(end.value), int(seconds))
        self.assertEqual(families["policy_lint_exit_code"].samples[0].value, 1)

    def test_html(self):
        """HTML: a browser sees the findings and the matrix, and fetches nothing"""
        path = f"{self.folder}/report.html"
        text = self.report("html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.assertNotIn("<script", text)
        self.assertNotRegex(text, r"(src|href)=\"(?!#)")
        browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        if browser:
            dom = run(browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                      f"file://{path}").out
        else:
            dom = text
        self.assertEqual(len(re.findall(r"<article ", dom)), len(re.findall("<article ", text)))
        self.assertNotIn("<b>&amp;\"'</b>", dom)
        self.assertIn("<details>", dom)
        result = run("xmllint", "--html", "--noout", path)
        wrong = [line for line in result.err.splitlines()
                 if "parser error" in line and not re.search(r"Tag \w+ invalid", line)]
        self.assertEqual(wrong, [])

    def secrets(self, name):
        """A value that may be a password shows in no format, nor does its tail."""
        text = self.report(name, "--matrix", "--show-suppressed")
        self.assertNotIn(SECRET[4:], text)
        self.assertNotIn("0123456789", text)

    def twice(self, name):
        """Two runs, and inputs in another order, give the same bytes."""
        parts = [f"a system/{part}" for part in sorted(os.listdir(self.system))]
        one = policy_lint("-f", name, *parts, cwd=self.folder)
        other = policy_lint("-f", name, "-j", "4", *reversed(parts), cwd=self.folder)
        self.assertEqual(one.out, other.out)
        self.assertEqual(one.err, other.err)

    def test_text(self):
        """text: place, severity, message, rule; the caret stands under the value"""
        lines = self.report("text").split("\n")
        number = next(i for i, line in enumerate(lines) if "UCM110" in line)
        self.assertRegex(lines[number], r"^a system/.*export\.xml:\d+:\d+: error: .* "
                                        r"\[UCM110 port-invalid\]$")
        self.assertEqual(lines[number + 2].index("^"), lines[number + 1].index("=1+1"))
        self.assertIn("hint: ", lines[number + 3])

    def test_text_matrix(self):
        """text: the matrix names every kind once under each sender, and fits"""
        lines = self.report("text", "--matrix", "--select", "UCM104").split("\n")
        lines = lines[next(i for i, line in enumerate(lines) if line == "client 0000 notification"):]
        told = {}
        for line in lines:
            self.assertLessEqual(len(line), 100)
            if line.startswith("client "):
                told[line] = []
            elif not re.search(r":\d", line):
                told[row].extend(re.findall(r"[a-z0-9-]+", line[19:]))
            row = line if line.startswith("client ") else row
        cells = json.loads(self.report("json", "--matrix"))["matrix"]
        expected = {}
        for cell in cells:
            name = f"client {cell['client']:04d} {cell['via']}"
            expected.setdefault(name, []).append(cell["agent"])
        self.assertEqual({name: sorted(kinds) for name, kinds in told.items()},
                         {name: sorted(kinds) for name, kinds in expected.items()})

    def test_color(self):
        """colour: the option wins, then FORCE_COLOR, then NO_COLOR; a pipe has none"""
        def colored(*arguments, **environment):
            env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
            return "\033[" in policy_lint(*arguments, "a system", cwd=self.folder,
                                          env={**env, **environment}).out
        self.assertFalse(colored())
        self.assertTrue(colored("--color", "always", NO_COLOR="1"))
        self.assertTrue(colored(FORCE_COLOR="1", NO_COLOR="1"))
        self.assertFalse(colored("--color", "never", FORCE_COLOR="1"))

    def test_escapes(self):
        """text: nothing that a terminal would obey"""
        name = "x\x1b[2J\u202e.xml"
        with open(f"{self.folder}/{name}", "wb") as file:
            file.write(b"<a")
        result = policy_lint(name, cwd=self.folder)
        self.assertEqual(result.exit, 3)
        for text in (result.out, result.err):
            self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f\u202e]")
        self.assertIn("\\x1b", result.out)


    def hostile(self, name, check):
        """File names, values and keys that want to be something else: they are text, in valid UTF-8."""
        folder = b"=1+1\x1b]0;x\x07\n::error::y%0A<i>\xff&\xc2\x85 - 0100"
        values = {"SMTP_SERVER": "a b\n::error::z", "SMTP_FROM_ADDR": "<i>@\u202e\x85", "SMTP_PROTOCOL": "+cmd|'/C x'!A0",
                  "SMTP_PORT": "=1+1\t]]>", "SMTP_TIMEOUT": "@SUM(1)", "SMTP_<i>\n::error::": "-1", "SMTPS_CERT": "\t=1\r",
                  "SMTP_LOGIN": "&#27;[2J\u2028\ufeff"}
        path = os.path.join(self.folder.encode(), folder)
        os.mkdir(path)
        text = document(variable("UC_CLIENT_SETTINGS", values)).replace("ISO-8859-15", "UTF-8")
        for letter in "\x85\u202e\u2028\ufeff":
            text = text.replace(letter, f"&#{ord(letter)};")
        with open(os.path.join(path, b"=2\n::error::.xml"), "wb") as file:
            file.write(text.encode())
        with open(os.path.join(path, b"cut.xml"), "wb") as file:
            file.write(b"<uc-export clientvers='1'><i\x1b>")
        result = subprocess.run([*tool("policy-lint"), "-f", name, folder], cwd=self.folder, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(result.returncode, 3, result)
        # Data keeps its characters; where people look, none may do more than be seen.
        unseen = "" if name in ("json", "gitlab", "junit") else "\x7f-\x9f\u202a-\u202e\u2028"
        for told in (result.stdout, result.stderr):
            self.assertNotRegex(told.decode(), f"[\x00-\x08\x0b-\x1f{unseen}]")
        check(self, result.stdout.decode())

    def as_text(self, text):
        """No line begins as a command does."""
        self.assertIn("=1+1", text)
        self.assertNotRegex(text, r"(?m)^(::|\]0;|<i>)")
        self.assertNotIn("\t", text)

    def as_json(self, text):
        """Strings only."""
        self.assertIn("::error::", json.dumps(json.loads(text)))

    def as_xml(self, text):
        """No element that is not the format's."""
        names = {element.tag for element in ElementTree.fromstring(text.encode()).iter()}
        self.assertNotIn("i", names)
        self.assertIn("testcase", names)

    def as_html(self, text):
        """No element of the export's, and no attribute that it could have ended."""
        parser = html.parser.HTMLParser()
        seen = []
        parser.handle_starttag = lambda tag, attributes: seen.append(tag)
        parser.feed(text)
        self.assertIn("article", seen)
        self.assertEqual({"i", "script"} & set(seen), set())
        self.assertIn("&lt;i&gt;", text)

    def as_csv(self, text):
        """Nothing that a spreadsheet would run."""
        rows = list(csv.reader(io.StringIO(text, newline="")))
        self.assertEqual({len(row) for row in rows}, {13})
        for row in rows:
            for field in row:
                self.assertNotRegex(field, "^[=+@\t\r-]")

    def as_github(self, text):
        """One command a line, none smuggled in."""
        for line in text.splitlines():
            self.assertRegex(line, r"^::(error|warning|notice) [^:]*title=[^:]*::[^\r\n]*$")
        self.assertIn("%0A", text)

    def as_prometheus(self, text):
        """Samples only."""
        self.assertGreater(len(list(text_string_to_metric_families(text))), 3)


add_rows(Reports, "hostile", [(f"{name}: what wants to be something else is text", name, check) for name, check in (
    ("text", Reports.as_text), ("json", Reports.as_json), ("sarif", Reports.as_json), ("gitlab", Reports.as_json),
    ("junit", Reports.as_xml), ("html", Reports.as_html), ("csv", Reports.as_csv), ("github", Reports.as_github),
    ("prometheus", Reports.as_prometheus))])
add_rows(Reports, "secrets", [(f"{name}: no password", name) for name in FORMATS])
add_rows(Reports, "twice", [(f"{name}: the same bytes again", name) for name in FORMATS])

if __name__ == "__main__":
    main()
