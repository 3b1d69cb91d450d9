#!/usr/bin/env python3
"""JUnit as evidence: every rule for every client and kind of agent, and what a case may say."""
import os
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import TOP, SystemTest, main, make_system, measure  # noqa: E402
from harness import memory_is_real, policy_lint, run, write  # noqa: E402

TLS = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com", "SMTP_PROTOCOL": "TLS",
       "SMTPS_CERT": "MAIL_CA"}
SETTINGS = "UC_CLIENT_SETTINGS"
CLIENTS = {0: {SETTINGS: TLS},
           100: {SETTINGS: {}},
           200: {SETTINGS: {**TLS, "SMTP_PROTOCOL": "TSL", "SMTP_TIMEOUT": "x"}},
           300: {SETTINGS: {**TLS, "SMTP_PROTOCOL": "STARTTLS", "SMTPS_CERT": "OTHER"},
                 "UC_SMTP_X": {"SMTP_SERVER": "a b"}},
           400: {SETTINGS: {**TLS, "SMTP_FROM_ADDR": ""}}}
# Of a peak in kB: what a report of 1000 clients may take more than its text does, though it is 300
# times as long. It holds one client at a time.
EXTRA_MAX = 2000


def outcome(case):
    """pass, failure, error or skipped"""
    return next((child.tag for child in case if child.tag != "system-out"), "pass")


class Junit(SystemTest):
    """A system with defects in client 0, of a client's own, and in a certificate."""

    def setUp(self):
        super().setUp()
        self.system = make_system(f"{self.folder}/system", CLIENTS, {"MAIL_CA": self.cert("ca")})

    def cases(self, *arguments):
        """{(classname, rule): case}, of a report that is valid and counts what it holds."""
        path = f"{self.folder}/junit.xml"
        self.result = policy_lint("-f", "junit", "-o", path, *arguments, cwd=self.folder)
        valid = run("xmllint", "--noout", "--schema", f"{TOP}/tests/tools/schema/junit.xsd", path)
        self.assertEqual(valid.exit, 0, valid)
        root = ElementTree.parse(path).getroot()
        cases = {}
        for element in (root, *root):
            found = [outcome(case) for case in element.iter("testcase")]
            self.assertEqual([int(element.get(name)) for name in
                              ("tests", "failures", "errors", "skipped")],
                             [len(found), found.count("failure"), found.count("error"),
                              found.count("skipped")])
        for case in root.iter("testcase"):
            key = case.get("classname"), case.get("name").split()[0]
            self.assertNotIn(key, cases)
            cases[key] = case
        return cases

    def rules(self):
        """The rules that a client's suite asks about."""
        return {rule["rule"] for rule in policy_lint("--list-rules", "--json").json["rules"]
                if rule["rule"] > "UCM007" and rule["rule"][3] not in "45" and rule["rule"] != "UCM303"}

    def test_product(self):
        """a case for every client, kind and rule, those that pass too"""
        cases = self.cases("system")
        report = policy_lint("-f", "json", "system", cwd=self.folder).json
        asked = {(f"policy-lint.client-{client:04d}.{agent}", rule) for client in CLIENTS
                 for agent in report["agents"] for rule in self.rules()}
        self.assertEqual({key for key in cases if "client" in key[0]}, asked)
        self.assertEqual({rule for name, rule in cases if name == "policy-lint.inputs"},
                         {*(f"UCM00{i}" for i in range(1, 8)), "UCM303", "UCM501", "UCM502"})

    def refused(self, *arguments):
        """Whatever is refused in the matrix fails here, and by that rule."""
        cases = self.cases("--matrix", *arguments, "system")
        matrix = policy_lint("-f", "json", "--matrix", *arguments, "system", cwd=self.folder).json["matrix"]
        refused = [cell for cell in matrix if cell["refused_by"]]
        self.assertGreater(len(refused), 20)
        for cell in refused:
            case = cases[f"policy-lint.client-{cell['client']:04d}.{cell['agent']}", cell["refused_by"]]
            if cell["refused_by"] != "UCM301":
                self.assertEqual(outcome(case), "failure", cell)

    def test_refused(self):
        """what is refused fails, for that client and kind"""
        self.refused()

    def test_refused_strict(self):
        """so it does with --profile strict"""
        self.refused("--profile", "strict")

    def test_refused_inherited(self):
        """so it does where the defect is client 0's certificate"""
        self.refused("--at", "2099-01-01")
        cases = self.cases("--at", "2099-01-01", "--agents", "windows", "system")
        case = cases["policy-lint.client-0100.windows", "UCM206"]
        self.assertEqual(outcome(case), "failure")
        self.assertIn("UC_TRUSTEDCERTS.xml:", case[0].text)
        self.assertEqual(outcome(cases["policy-lint.client-0300.windows", "UCM206"]), "pass")

    def test_matters(self):
        """no rule that touches a policy is said not to matter to its agent"""
        for profile in ("compat", "strict"):
            agents = "engine,windows,vms,zos,unix-other,sap"
            arguments = ("--profile", profile, "--agents", agents, "--at", "2099-01-01", "system")
            cases = self.cases(*arguments)
            for policy in policy_lint("-f", "json", *arguments, cwd=self.folder).json["clients"]:
                name = f"policy-lint.client-{policy['client']:04d}.{policy['agent']}"
                for rule in policy["findings"]:
                    self.assertNotEqual(outcome(cases[name, rule]), "skipped", (name, rule))
            self.assertEqual(outcome(cases["policy-lint.client-0200.zos", "UCM112"]), "skipped")

    def test_one_kind(self):
        """what is told of a row shows, though no selected kind looks at it"""
        make_system(self.system, {500: {SETTINGS: {**TLS, "SMTP_SERVR": "x"}}})
        cases = self.cases("--agents", "zos", "system")
        self.assertEqual(outcome(cases["policy-lint.client-0500.zos", "UCM114"]), "failure")

    def test_hidden(self):
        """a suppressed finding is skipped, and says why, by whom and until when"""
        write(f"{self.folder}/.policy-lint.conf",
              "[suppress typo]\nrule = UCM104\nclient = 200\nreason = <known> & agreed\n"
              "owner = ops\nexpires = 2098-01-31\n")
        case = self.cases("--agents", "engine", "system")["policy-lint.client-0200.engine", "UCM104"]
        self.assertEqual(case[0].tag, "skipped")
        self.assertEqual(case[0].get("message"), "<known> & agreed (ops, until 2098-01-31)")

    def test_baseline(self):
        """a finding of the baseline is skipped"""
        policy_lint("--agents", "engine", "--write-baseline", "base", "system", cwd=self.folder)
        cases = self.cases("--agents", "engine", "--baseline", "base", "system")
        self.assertEqual(cases["policy-lint.client-0200.engine", "UCM104"][0].get("message"),
                         "in the baseline")
        self.assertNotIn("failure", map(outcome, cases.values()))

    def test_unjudged(self):
        """without client 0 what needs it is an error, not a pass"""
        make_system(f"{self.folder}/part", {100: {SETTINGS: {}}})
        cases = self.cases("--agents", "engine", "part")
        self.assertEqual(self.result.exit, 3)
        self.assertEqual({outcome(case) for (name, _), case in cases.items() if "client" in name},
                         {"error"})

    def test_unread(self):
        """what could not be read is an error, whatever is ignored"""
        write(f"{self.system}/UC4_TEST - 0100/cut.xml", "<uc-export>")
        for arguments in ((), ("--ignore", "UCM0")):
            cases = self.cases(*arguments, "system")
            self.assertIn("error", [outcome(case) for (name, _), case in cases.items()
                                    if name == "policy-lint.inputs"])

    def test_blind(self):
        """what no input tells of is skipped, not passed"""
        cases = self.cases("--agents", "engine", "system")
        for rule in ("UCM118", "UCM306", "UCM307", "UCM309"):
            self.assertEqual(outcome(cases["policy-lint.client-0000.engine", rule]), "skipped", rule)

    def test_bounded(self):
        """a report of many clients takes no more memory than a short one"""
        make_system(f"{self.folder}/many", {number: {SETTINGS: {}} for number in range(1000)})
        peaks = []
        for name in ("text", "junit"):
            report = f"{self.folder}/report"
            result = measure("-q", "-f", name, "-o", report, f"{self.folder}/many", cwd=self.folder)
            self.assertEqual(result.exit, 1, result)
            peaks.append(result.peak)
            size = os.path.getsize(report)
        self.assertGreater(size, 50_000_000)
        if memory_is_real():
            self.assertLess(peaks[1], peaks[0] + EXTRA_MAX)


if __name__ == "__main__":
    main()
