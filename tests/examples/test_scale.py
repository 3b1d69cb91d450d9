#!/usr/bin/env python3
"""Sharded audits as a Kubernetes Job and a Slurm array; GNU parallel stands for the scheduler."""
import json
import os
import re
import sys
import time

import yaml

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import TOP, SystemTest, main, make_system, run, tool, write  # noqa: E402

SCALE = f"{TOP}/examples/scale"
TLS = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com", "SMTP_PROTOCOL": "TLS",
       "SMTPS_CERT": "MAIL_CA"}


class Scale(SystemTest):
    """A system with more clients than shards, one of them with an error."""

    def setUp(self):
        super().setUp()
        clients = {number: {"UC_CLIENT_SETTINGS": {**TLS, "SMTP_SERVER": f"mail{number}.example.com"}}
                   for number in range(0, 4000, 100)}
        clients[700]["UC_CLIENT_SETTINGS"]["SMTP_PORT"] = "0"
        self.exports = make_system(f"{self.folder}/exports", clients, {"MAIL_CA": self.cert("ca")})
        self.reports = f"{self.folder}/reports"
        os.mkdir(self.reports)
        # One moment for all: reports tell when they were made.
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        write(f"{self.folder}/bin/policy-lint",
              f"#!/bin/sh\nexec {' '.join(tool('policy-lint'))} --at {now} \"$@\"\n")
        os.chmod(f"{self.folder}/bin/policy-lint", 0o755)

    def shell(self, command, code=0, **environment):
        """Runs a command line."""
        path = f"{self.folder}/bin:{os.environ['PATH']}"
        result = run("/bin/sh", "-c", command, cwd=self.folder,
                     env={**os.environ, "HOME": self.folder, "PATH": path, **environment})
        self.assertEqual(result.exit, code, result)
        return result

    def same(self, count):
        """The merged report is that of one run."""
        self.assertEqual(len([name for name in os.listdir(self.reports) if name[0].isdigit()]), count)
        whole = self.shell(f"policy-lint -q -f json {self.exports}/*", 1).out
        with open(f"{self.reports}/audit.json", encoding="utf-8") as file:
            self.assertEqual(json.load(file), json.loads(whole))
        self.assertTrue(os.path.getsize(f"{self.reports}/audit.html"))

    def kubernetes(self):
        """The two jobs of the file."""
        with open(f"{SCALE}/kubernetes-job.yaml", encoding="utf-8") as file:
            return list(yaml.safe_load_all(file))

    def command(self, job):
        """What its container runs, with the volumes where this test has them."""
        container, = job["spec"]["template"]["spec"]["containers"]
        self.assertEqual(container["command"][:2], ["sh", "-c"])
        text = container["command"][2].replace("/etc/audit", SCALE).replace("/exports", self.exports)
        return text.replace("/reports", self.reports)

    def test_kubernetes(self):
        """the indexed Job's shards are merged as of one run"""
        shards, merge = self.kubernetes()
        count = shards["spec"]["completions"]
        environment = {one["name"]: one["value"] for one in
                       shards["spec"]["template"]["spec"]["containers"][0]["env"]}
        self.assertEqual(environment, {"SHARDS": str(count)})
        write(f"{self.folder}/pod", self.command(shards))
        self.shell(f"seq 0 {count - 1} | parallel -j 4 JOB_COMPLETION_INDEX={{}} sh {self.folder}/pod",
                   **environment)
        self.shell(self.command(merge), 1)
        self.same(count)

    def test_kubernetes_volumes(self):
        """every mount has its volume, no container may write beside its volumes or be root"""
        for job in self.kubernetes():
            pod = job["spec"]["template"]["spec"]
            self.assertTrue(pod["securityContext"]["runAsNonRoot"])
            for container in pod["containers"]:
                self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
                mounted = {mount["name"] for mount in container["volumeMounts"]}
                self.assertEqual(mounted, {volume["name"] for volume in pod["volumes"]})

    def test_slurm(self):
        """the array's shards are merged as of one run"""
        with open(f"{SCALE}/slurm-array.sh", encoding="ascii") as file:
            count = int(re.search(r"^#SBATCH --array=0-(\d+)$", file.read(), re.M).group(1)) + 1
        # sbatch is called where audit-shard is, and runs a copy of the script.
        os.symlink(f"{SCALE}/audit-shard", f"{self.folder}/audit-shard")
        environment = {"EXPORTS": self.exports, "REPORTS": self.reports}
        self.shell(f"seq 0 {count - 1} | parallel -j 4 SLURM_ARRAY_TASK_ID={{}} sh {SCALE}/slurm-array.sh",
                   SLURM_ARRAY_TASK_COUNT=str(count), **environment)
        self.shell(f"sh {SCALE}/slurm-array.sh merge", 1, **environment)
        self.same(count)

    def test_unreadable(self):
        """what a shard cannot read makes the merge 3, not the shard"""
        write(f"{self.exports}/UC4_TEST - 0300/broken.xml", "<uc-export")
        for shard in range(2):
            self.shell(f"sh {SCALE}/audit-shard exports reports", SHARD=str(shard), SHARDS="2")
        self.shell("policy-lint --merge reports/*.json", 3)

    def test_no_client_0(self):
        """exports without client 0 are an error of the shard"""
        os.mkdir(f"{self.folder}/other")
        result = self.shell(f"sh {SCALE}/audit-shard other reports", 2, SHARD="0", SHARDS="2")
        self.assertIn("client 0", result.err)


if __name__ == "__main__":
    main()
