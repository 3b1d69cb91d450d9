#!/usr/bin/env python3
"""The files for CI: pre-commit runs its hook, and the commands of the others give what they upload."""
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

import jsonschema
import yaml

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import BUILD, TOP, SystemTest, main, make_system, run  # noqa: E402

GOOD = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "automation@example.com",
        "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "TRUSTED"}
BAD = {**GOOD, "SMTPS_CERT": "TRSUTED"}
CI = f"{TOP}/examples/ci"


def read(name):
    """One of the files."""
    with open(f"{CI}/{name}", encoding="utf-8") as file:
        return file.read()


class Ci(SystemTest):
    """examples/ci and .pre-commit-hooks.yaml."""

    def setUp(self):
        super().setUp()
        self.repository = f"{self.folder}/repository"
        os.mkdir(self.repository)
        # A home of its own: neither git nor pre-commit may see or change the user's.
        self.environment = {
            **os.environ, "HOME": self.folder, "PRE_COMMIT_HOME": f"{self.folder}/cache",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
            "PATH": f"{BUILD}/tools:{os.environ['PATH']}"}
        for name in [name for name in self.environment if name.startswith("GIT_") and
                     name not in ("GIT_CONFIG_NOSYSTEM",) and "_NAME" not in name and
                     "_EMAIL" not in name]:
            del self.environment[name]

    def exports(self, settings):
        """Makes the exports of the repository anew."""
        shutil.rmtree(f"{self.repository}/exports", ignore_errors=True)
        clients = {0: {"UC_CLIENT_SETTINGS": GOOD}, 100: {"UC_CLIENT_SETTINGS": settings}}
        make_system(f"{self.repository}/exports", clients, {"TRUSTED": self.cert("ca")})

    def shell(self, command):
        """Runs a command in the repository."""
        return run("/bin/sh", "-c", command, cwd=self.repository, env=self.environment)

    def git(self, *arguments, cwd=None):
        """Runs git, which must succeed."""
        subprocess.run(["git", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false",
                        *arguments], check=True, cwd=cwd or self.repository, env=self.environment,
                       stdout=subprocess.DEVNULL)

    def test_pre_commit(self):
        """pre-commit lets a good commit pass, and stops a bad one with the finding"""
        hooks = f"{self.folder}/hooks"
        os.mkdir(hooks)
        shutil.copy(f"{TOP}/.pre-commit-hooks.yaml", hooks)
        self.git("init", "-q", cwd=hooks)
        self.git("add", "-f", ".", cwd=hooks)
        self.git("commit", "-q", "-m", "hooks", cwd=hooks)
        self.git("tag", "v0.1.0", cwd=hooks)
        config = yaml.safe_load(read("pre-commit-config.yaml"))
        config["repos"][0]["repo"] = hooks
        with open(f"{self.repository}/.pre-commit-config.yaml", "w", encoding="utf-8") as file:
            yaml.safe_dump(config, file)
        self.git("init", "-q")
        for settings, code in ((GOOD, 0), (BAD, 1)):
            self.exports(settings)
            self.git("add", ".")
            result = self.shell("pre-commit run")
            self.assertEqual(result.exit, code, result)
            self.assertEqual("UCM201" in result.out, bool(code), result)

    def test_github(self):
        """the workflow's audit annotates, fails, and writes SARIF of the standard's schema"""
        workflow = yaml.safe_load(read("github-workflow.yml"))
        steps = workflow["jobs"]["policy-lint"]["steps"]
        audit = next(step["run"] for step in steps if step.get("name") == "audit")
        upload = next(step for step in steps if "upload-sarif" in step.get("uses", ""))
        self.exports(BAD)
        result = self.shell(audit)
        self.assertEqual(result.exit, 1, result)
        self.assertRegex(result.out, r"(?m)^::error file=exports/.*UCM201")
        with open(f"{self.repository}/{upload['with']['sarif_file']}", encoding="utf-8") as file:
            sarif = json.load(file)
        with open(f"{TOP}/tests/tools/schema/sarif.json", encoding="utf-8") as file:
            jsonschema.validate(sarif, json.load(file))
        self.assertIn("UCM201", [finding["ruleId"] for finding in sarif["runs"][0]["results"]])
        self.exports(GOOD)
        self.assertEqual(self.shell(audit).exit, 0)

    def test_gitlab(self):
        """the job writes the artifacts that it names"""
        job = yaml.safe_load(read("gitlab-ci.yml"))["mail-policy"]
        self.exports(BAD)
        self.assertEqual(self.shell("\n".join(job["script"])).exit, 1)
        reports = job["artifacts"]["reports"]
        with open(f"{self.repository}/{reports['codequality']}", encoding="utf-8") as file:
            findings = json.load(file)
        for finding in findings:
            self.assertEqual({"description", "check_name", "fingerprint", "severity", "location"} -
                             set(finding), set())
        self.assertIn("UCM201", [finding["check_name"] for finding in findings])
        for path in job["artifacts"]["paths"] + [reports["junit"]]:
            self.assertTrue(os.path.getsize(f"{self.repository}/{path}"))

    def test_jenkins(self):
        """the stage writes JUnit of the consumer's schema, with the failure of the client"""
        command = re.search(r"sh '(.*)'", read("Jenkinsfile")).group(1)
        self.exports(BAD)
        self.assertEqual(self.shell(command).exit, 1)
        valid = run("xmllint", "--noout", "--schema", f"{TOP}/tests/tools/schema/junit.xsd",
                    f"{self.repository}/junit.xml")
        self.assertEqual(valid.exit, 0, valid)
        tree = xml.etree.ElementTree.parse(f"{self.repository}/junit.xml")
        failures = [case for case in tree.iter("testcase") if case.find("failure") is not None]
        self.assertTrue(failures)
        for name in re.findall(r"[\w.-]+\.(?:html|sarif)\b", read("Jenkinsfile")):
            self.assertTrue(os.path.getsize(f"{self.repository}/{name}"), name)


if __name__ == "__main__":
    main()
