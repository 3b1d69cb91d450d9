#!/usr/bin/env python3
"""What policy-lint says of a cell is what ucm_send() does: random systems, live servers.

Environment: CELLS, how many; SEED, which ones.
"""
import collections
import os
import random
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "agreement"))
from harness import BUILD, SystemTest, main, policy_lint, ucmail  # noqa: E402
from systems import AUTHORITIES, CERTIFICATES, PROFILES, RELEASES, make_payloads, write_system  # noqa: E402
from world import World  # noqa: E402

CELLS = int(os.environ.get("CELLS") or 300)
SEED = int(os.environ.get("SEED") or 7)
CELLS_PER_AUDIT = 14
ANSWER = ("exit status decision refused_by tls_mode trusted_by host port plaintext peer error").split()
SECURE = {"forced", "opportunistic"}


class Driver:
    """The program that sends."""

    def __init__(self):
        libraries = os.path.join(BUILD, "libsrc", ".libs")
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "tests", "agreement", "cells")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, encoding="utf-8", env={**os.environ, "UCM_TEST_MODULES": libraries})

    def say(self, *fields):
        """One command."""
        self.process.stdin.write("\t".join(fields) + "\n")
        self.process.stdin.flush()

    def cell(self, cell, release, profile):
        """Sends for a cell of the matrix, and returns what is said of it."""
        server = cell["server_variable"]
        self.say("cell", str(cell["client"]), cell["via"], server[len("UC_SMTP_"):] if server else "-",
                 cell["agent"], release, profile)
        return dict(zip(ANSWER, self.process.stdout.readline().rstrip("\n").split("\t")))

    def close(self):
        """Ends it, and returns its exit code."""
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(30)


def expected(cell, login, offer, honest):
    """What a verdict of policy-lint promises: members of the answer, and what the server must see."""
    decision, port = cell["decision"], cell["port"]
    if decision == "refuse":
        unread = cell["refused_by"].startswith("UCM0")
        return {"exit": "66" if unread else "78", "status": "failed", "refused_by": cell["refused_by"]}, None
    where = {"decision": decision, "host": cell["host"], "port": str(port), "refused_by": "-"}
    implicit = decision == "forced" and cell["protocol"] == "TLS" and port not in (25, 587)
    mode = "none" if decision == "plain" else "implicit" if implicit else "starttls" if offer else "none"
    sees = {"host": cell["host"].lower(), "port": port, "mode": mode, "user": login and mode != "none", "mails": 1}
    trusted = cell["certificate"] if mode != "none" else "-"
    sent = {**where, "exit": "0", "status": "sent", "tls_mode": mode, "trusted_by": trusted,
            "plaintext": "1" if mode == "none" else "0"}
    if decision == "plain" and login:
        return {**where, "exit": "77", "status": "failed", "plaintext": "0"}, {**sees, "mails": 0}
    if decision == "forced" and mode == "none":
        return {**where, "exit": "77", "status": "failed", "plaintext": "0"}, {**sees, "mails": 0}
    if mode != "none" and not honest:
        return {**where, "exit": "77", "status": "failed", "plaintext": "0"}, {"port": port, "mails": 0}
    return sent, sees


class Agreement(SystemTest):
    """Systems, audits, cells."""

    def setUp(self):
        super().setUp()
        self.world, self.driver = World(), Driver()
        self.addCleanup(self.world.close)
        self.random = random.Random(SEED)
        self.payloads = make_payloads(self.cert)
        self.counts = collections.Counter()
        self.rules = collections.Counter()
        self.agents = {}

    def without_login(self, release):
        """The agents that send, but know neither TLS nor a login in this release."""
        if release not in self.agents:
            listed = ucmail("agents", "--release", release, "--json").json["agents"]
            self.agents[release] = {one["agent"] for one in listed if one["send"] and not one["secure"]}
        return self.agents[release]

    def prepare(self, cell):
        """Lets the servers present what the verdict trusts, or at times something else."""
        host = (cell["host"] or "").lower().split(".")[0]
        good = CERTIFICATES.get((cell["certificate"] or "").upper(), {}).get(host)
        honest = good is not None and self.random.random() < 0.8
        name = good if honest else "gateway"
        self.world.presented = (self.cert(name), self.cert(name + ".key"))
        self.world.offer = self.random.random() < 0.8
        self.world.seen.clear()
        return honest

    def compare(self, cell, logins, release, profile, report):
        """One cell: sends it, and says in words where it differs."""
        if (cell["decision"] in SECURE and cell["certificate"] not in AUTHORITIES and
                cell["host"].lower().split(".")[0] not in CERTIFICATES[cell["certificate"]]):
            return f"trusts what no server could present: {cell}"
        honest = self.prepare(cell)
        answer = self.driver.cell(cell, release, profile)
        login = logins[cell["client"], cell["via"], cell["server_variable"]]
        if cell["agent"] in self.without_login(release):
            login = None
        if report["unreadable"]:
            wanted, sees = {"exit": "66", "status": "failed"}, None
        else:
            wanted, sees = expected(cell, bool(login), self.world.offer, honest)
        self.counts[cell["decision"] if not report["unreadable"] else "unreadable"] += 1
        self.counts["sent" if answer["exit"] == "0" else "not sent"] += 1
        self.rules[answer["refused_by"]] += 1
        got = {name: answer.get(name) for name in wanted}
        seen = [{name: one[name] for name in sees or {}} for one in self.world.seen]
        if got != wanted or (seen != [sees] if sees else self.world.seen != []):
            return f"{cell} {release} {profile}\n wanted {wanted} {sees}\n got {answer} {self.world.seen}"
        return None

    def audit(self, number):
        """One random system: a sample of its cells."""
        release, profile = self.random.choice(RELEASES), self.random.choice(PROFILES)
        folder = os.path.join(self.folder, f"{number}")
        client = write_system(self.random, folder, self.payloads)
        given = ["--client", str(client)] if client is not None else []
        result = policy_lint("-q", "--matrix", "-f", "json", "--release", release, "--profile", profile, *given,
                             folder)
        self.assertIn(result.exit, (0, 1, 3, 4), result.err)  # 4: nothing to check, and no cell
        report = result.json
        unread = {one["rule"] for one in report["findings"]
                  if one["rule"].startswith("UCM0") and one["severity"] == "error"}
        self.assertEqual(result.exit == 3, bool(unread), (result.exit, unread))
        # That client 0 is missing concerns those policies only that need it.
        report["unreadable"] = bool(unread - {"UCM007"})
        logins = {(one["client"], one["via"], one["server_variable"]): one["login"]
                  for one in report["clients"]}
        read = folder
        if self.random.random() < 0.3 and not given and not report["unreadable"]:
            read = folder + ".snapshot"
            compiled = ucmail("compile", "-C", folder, "-o", read)
            self.assertEqual(compiled.exit, 0, compiled)
        self.driver.say("system", read, *self.world.rules())
        cells = self.sample([cell for cell in report["matrix"] if client in (None, cell["client"])])
        failures = [self.compare(cell, logins, release, profile, report) for cell in cells]
        failures = [failure for failure in failures if failure]
        if not failures:
            shutil.rmtree(folder)
        return len(cells), failures

    def sample(self, matrix):
        """Some cells of a matrix, twice as many of those that use TLS as of the others."""
        secure = [cell for cell in matrix if cell["decision"] in SECURE]
        others = [cell for cell in matrix if cell["decision"] not in SECURE]
        count = min(len(secure), CELLS_PER_AUDIT * 2 // 3)
        return (self.random.sample(secure, count) +
                self.random.sample(others, min(len(others), CELLS_PER_AUDIT - count)))

    def test_agreement(self):
        """policy-lint and ucm_send() agree on every cell"""
        done, number, failures = 0, 0, []
        while done < CELLS and len(failures) < 20:
            count, failed = self.audit(number)
            failures += failed
            done += count
            number += 1
        print(f"# {done} cells of {number} systems: {dict(self.counts)}")
        print(f"# rules: {dict(sorted(self.rules.items()))}")
        self.assertEqual(self.driver.close(), 0)
        self.assertEqual("\n".join(failures), "")
        for decision in ("refuse", "plain", "opportunistic", "forced"):
            self.assertGreater(self.counts[decision], 0)


main()
