#!/usr/bin/env python3
"""
SARIF reports against the official schema and the rules of a code-scanning site, as a validator from
npm knows them. Not part of `make check`, since it loads 100 MB: run `make check-sarif`.
"""
import gzip
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "tools"))
from harness import BUILD, SystemTest, main, make_system, policy_lint, run, write  # noqa: E402
from lint_reports import CLIENTS  # noqa: E402

import jsonschema  # noqa: E402

PACKAGE = "@microsoft/sarif-multitool-linux"
VERSION = "5.7.0"
FOLDER = os.path.join(BUILD, "sarif-validator")
TOOL = os.path.join(FOLDER, "node_modules", PACKAGE)
# There is no home page to name.
ACCEPTED = {"SARIF2005"}
# The smaller of the limits that are published: size packed, results of a run, rules, tags of a rule.
PACKED_MAX, RESULTS_MAX, RULES_MAX, TAGS_MAX, DESCRIPTION_MAX = 10_000_000, 5000, 1000, 10, 1024


def install():
    """The validator, once for this build."""
    if not os.path.exists(f"{TOOL}/sarif-2.1.0.json"):
        os.makedirs(FOLDER, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-save", "--ignore-scripts", "--prefix", FOLDER,
                        f"{PACKAGE}@{VERSION}"], check=True, stdout=sys.stderr)
    os.chmod(f"{TOOL}/Sarif.Multitool", 0o755)


class Sarif(SystemTest):
    """Reports of every shape."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        install()
        with open(f"{TOOL}/sarif-2.1.0.json", encoding="utf-8-sig") as file:
            cls.schema = json.load(file)

    def validate(self, *arguments):
        """The run of a report that both validators accept."""
        path = f"{self.folder}/report.sarif"
        result = policy_lint("-f", "sarif", "-o", path, *arguments, cwd=self.folder)
        self.assertIn(result.exit, (0, 1, 3), result)
        with open(path, "rb") as file:
            text = file.read()
        report = json.loads(text)
        jsonschema.Draft202012Validator(
            self.schema, format_checker=jsonschema.FormatChecker()).validate(report)
        said = run(f"{TOOL}/Sarif.Multitool", "validate", "--rule-kind", "Sarif;Ghas", path,
                   env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}).out
        self.assertIn("Analysis completed", said)
        wrong = [line for line in re.findall(r"(?:error|warning) [A-Z]+\d+:.*", said)
                 if line.split()[1].rstrip(":") not in ACCEPTED]
        self.assertEqual(wrong, [])
        run_, = report["runs"]
        self.limits(run_, text)
        return run_

    def limits(self, run_, text):
        """What a site would cut or refuse."""
        self.assertLess(len(gzip.compress(text)), PACKED_MAX)
        self.assertLessEqual(len(run_["results"]), RESULTS_MAX)
        rules = run_["tool"]["driver"]["rules"]
        self.assertLessEqual(len(rules), RULES_MAX)
        for rule in rules:
            self.assertLessEqual(len(rule["properties"]["tags"]), TAGS_MAX)
            for name in ("shortDescription", "fullDescription", "help"):
                self.assertTrue(0 < len(rule[name]["text"]) <= DESCRIPTION_MAX, rule)
        prints = [result["partialFingerprints"]["policyLint/v1"] for result in run_["results"]]
        self.assertTrue(all(prints))
        for result in run_["results"]:
            place = result["locations"][0]["physicalLocation"]
            self.assertTrue(place["artifactLocation"]["uri"])
            self.assertGreater(place["region"]["endColumn"], place["region"]["startColumn"])

    def evil(self):
        """A system full of defects and of text that wants to be something else."""
        return make_system(f"{self.folder}/a system", CLIENTS, {"MAIL_CA": self.cert("ca")})

    def test_defects(self):
        """a system full of defects, from where it lies: paths are relative"""
        self.evil()
        for result in self.validate("a system")["results"]:
            place = result["locations"][0]["physicalLocation"]["artifactLocation"]
            self.assertNotRegex(place["uri"], r"^/|^[a-z]+:|\.\.")

    def test_absolute(self):
        """the same by an absolute path"""
        self.assertGreater(len(self.validate(self.evil())["results"]), 5)

    def test_related(self):
        """a finding with a second place"""
        self.evil()
        run_ = self.validate("--without-cert", "MAIL_CA", "a system")
        self.assertTrue(any("relatedLocations" in result for result in run_["results"]))

    def test_clean(self):
        """nothing found"""
        self.evil()
        self.assertEqual(self.validate("--only", "0", "--agents", "windows", "a system")["results"], [])

    def test_unreadable(self):
        """something that could not be read"""
        write(f"{self.folder}/cut.xml", "<uc-export>")
        self.assertTrue(self.validate("cut.xml", "gone.xml")["results"])

    def test_many(self):
        """more than a site keeps: the worst first, and what is left out is told"""
        make_system(f"{self.folder}/many", {
            number: {"UC_CLIENT_SETTINGS": {"SMTP_SERVER": "a b", "SMTP_FROM_ADDR": "x",
                                            "SMTP_PORT": "0", "SMTP_PROTOCOL": "TSL"}}
            for number in range(2000)})
        run_ = self.validate("many")
        self.assertEqual(len(run_["results"]), RESULTS_MAX)
        self.assertEqual({result["level"] for result in run_["results"]}, {"error"})
        note, = run_["invocations"][0]["toolExecutionNotifications"]
        self.assertRegex(note["message"]["text"], r"^\d+ findings were left out")


if __name__ == "__main__":
    main()
