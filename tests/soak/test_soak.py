#!/usr/bin/env python3
"""Every message is accounted for: what the library says of it is what a failing server knows of it.

Environment: MESSAGES, how many; SEED, which ones; RATE, how likely each reply of the server fails.
"""
import collections
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "soak"))
from failing import Failing  # noqa: E402
from sending import FORCED, FORCED_587, OPPORTUNISTIC, PLAIN, SETTINGS  # noqa: E402
from harness import BUILD, SystemTest, main, make_system, ucmail  # noqa: E402

MESSAGES = int(os.environ.get("MESSAGES") or 300)
SEED = int(os.environ.get("SEED") or 7)
RATE = float(os.environ.get("RATE") or 0.03)


class Soak(SystemTest):
    """Clients 100 to 400 send in four ways."""

    def system(self):
        """The compiled system."""
        clients = {100: FORCED, 200: FORCED_587, 300: PLAIN, 400: OPPORTUNISTIC}
        folder = make_system(os.path.join(self.folder, "system"), {0: {}, **{
            client: {"UC_CLIENT_SETTINGS": {**SETTINGS, **settings}} for client, settings in clients.items()}},
            {"TRUSTED": self.cert("ca")})
        path = os.path.join(self.folder, "snapshot")
        self.assertEqual(ucmail("compile", "-C", folder, "-o", path).exit, 0)
        return path

    def judge(self, words, log):
        """What is wrong with one line of the driver."""
        number = int(re.match(r"<(\d+)@", words[0])[1])
        taken, wrong = log.taken[number], []
        states = dict(word.split("=") for word in words[3:])
        for address, state in states.items():
            if state == "accepted" and taken[address] == 0:
                wrong.append(f"{address} is called accepted, and the server has nothing")
            if state in ("rejected", "deferred") and taken[address] > 0:
                wrong.append(f"{address} is called {state}, and the server has it")
            if taken[address] > 1:
                wrong.append(f"{address} has it {taken[address]} times")
        told = set(states.values())
        status = ("unknown" if "unknown" in told else "sent" if told == {"accepted"}
                  else "partial" if "accepted" in told else "failed")
        if status != words[2] or (words[1] == "0") != (status == "sent"):
            wrong.append(f"{status} is called {words[2]}, {words[1]}")
        return [f"{number}: {text}: {' '.join(words)} {dict(taken)} {log.history.get(number)}"
                for text in wrong]

    def test_soak(self):
        """no message is lost, none doubled, none called sent that was not"""
        server = Failing((self.cert("server"), self.cert("server.key")),
                         (self.cert("unknown_ca"), self.cert("unknown_ca.key")), SEED, RATE)
        self.addCleanup(server.close)
        ports = {465: "tls", 587: "starttls", 25: "plain"}
        result = subprocess.run(
            [os.path.join(BUILD, "tests", "soak", "soak"), self.system(), str(MESSAGES), str(SEED),
             *[f":{port}:127.0.0.1:{server.ports[mode]}" for port, mode in ports.items()]],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        lines = [line.split() for line in result.stdout.splitlines()]
        wrong = [text for words in lines for text in self.judge(words, server.log)]
        counts = collections.Counter(words[2] for words in lines)
        print(f"# {len(lines)} messages, {server.log.connections} connections: {dict(counts)}")
        states = collections.Counter(word.split("=")[1] for words in lines for word in words[3:])
        print(f"# recipients: {dict(states)}")
        print(f"# faults: {sum(server.log.faults.values())} in {len(server.log.faults)} kinds")
        self.assertEqual("\n".join(wrong), "")
        self.assertEqual(sorted(words[0] for words in lines),
                         sorted(f"<{number}@soak.example>" for number in range(MESSAGES)))
        self.assertEqual(server.log.damaged, [])
        self.assertGreater(counts["sent"], MESSAGES / 4)
        self.assertGreater(len(counts), 2)


main()
