#!/usr/bin/env python3
"""Generated systems: the decision and the findings of each, as a second reading of the rules has them."""
import os
import random
import re
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "audit"))
from systems_gen import MAIL, Certificates, audit, export, login, put_store, vara, write  # noqa: E402
from harness import main, ucmail  # noqa: E402

MADE = Certificates()
SETTINGS = "UC_CLIENT_SETTINGS"
STORE = "UC_TRUSTEDCERTS"
SYSTEMS = 60

# Payloads, and what is to know of them: the names that a server may have (None: any, it is a CA),
# and the rule that its own defect breaks.
CERTIFICATES = {
    "CA": (MADE.pem(common_name="CA", names=None, ca=True, key_usage="keyCertSign,cRLSign"), None, None),
    "LEAF": (MADE.pem(), ["mail.example.com"], None),
    "STAR": (MADE.pem(names="DNS:*.example.com"), ["mail.example.com", "relay.example.com"], None),
    "OTHER": (MADE.pem(names="DNS:x.example.org"), [], None),
    "WEAK": (MADE.pem(key="rsa-1024"), ["mail.example.com"], "UCM209"),
    "CLIENT": (MADE.pem(usage="clientAuth"), ["mail.example.com"], "UCM215"),
    "KEY": (MADE.pem(serial=8) + MADE.private(), ["mail.example.com"], "UCM212"),
    "JUNK": (b"junk", None, "UCM205"),
}

# Each key: how often it is set, sound values, others.
KEYS = {
    "SMTP_SERVER": (0.9, ["mail.example.com", "MAIL.example.com", "relay.example.com"],
                    ["", "  ", "smtp://x", "a b", "host:25"]),
    "SMTP_FROM_ADDR": (0.9, [MAIL["SMTP_FROM_ADDR"], "Ops <ops@example.com>"], ["", "nobody", "a@", "@x"]),
    "SMTP_PORT": (0.3, ["25", "465", "587", "2525", "1", "65535"], ["0", "65536", "x", "-1", " 25", ""]),
    "SMTP_PROTOCOL": (0.7, ["TLS", "STARTTLS", "PLAIN"], ["tls", "plain", "SSL", "", " TLS"]),
    "SMTPS_CERT": (0.7, ["CA", "LEAF", "STAR"],
                   ["NONE", "leaf", " LEAF ", "", "OTHER", "WEAK", "CLIENT", "KEY", "JUNK"]),
    "SMTP_LOGIN": (0.3, ["LOGIN.MAIL"], ["NOPE", "", " LOGIN.MAIL"]),
    "SMTP_AUTH_METHOD": (0.2, ["PASSWORD", "SCRAM-SHA-256"], ["KERBEROS", "xoauth2", ""]),
    "SMTP_REPLY_TO": (0.2, ["reply@example.com"], ["bad", "", " r@example.com"]),
    "SMTP_MAX_ATTACHMENT_SIZE": (0.2, ["400", "50000"], ["399", "50001", "", "x"]),
    "SMTP_FILE_ATTACHMENT": (0.2, ["Y", "N"], ["yes", "y", ""]),
    "SMTP_TIMEOUT": (0.3, ["0", "999"], ["1000", "-1", "", " 5 "]),
    "SEND_MAIL_DEFAULT": (0.2, ["AGENT"], ["", "x "]),
}
WORDS = {"SMTP_PROTOCOL": ("UCM104", ["TLS", "STARTTLS", "PLAIN"]),
         "SMTP_AUTH_METHOD": ("UCM119", ["PASSWORD", "SCRAM-SHA-256", "XOAUTH2"]),
         "SMTP_FILE_ATTACHMENT": ("UCM123", ["Y", "N"])}
NUMBERS = {"SMTP_PORT": ("UCM110", 1, 65535), "SMTP_TIMEOUT": ("UCM112", 0, 999),
           "SMTP_MAX_ATTACHMENT_SIZE": ("UCM113", 400, 50000)}
UNUSUAL = [("465", "STARTTLS"), ("465", "PLAIN"), ("25", "TLS"), ("587", "PLAIN")]
REFUSING = {f"UCM{number}" for number in (101, 102, 103, 104, 105, 110, 112, 113, 115, 116, 117, 119, 201, 202,
                                          203, 204, 205, 206, 207, 209, 211, 212, 215, 301, 310)}
STRICT = {"UCM107", "UCM210", "UCM302"}


class System:
    """Clients 0, 100 and 200 with some settings; a value is kept with the place that holds it."""

    def __init__(self, chance):
        likely = chance.choice((0.97, 0.9, 0.7))
        self.logins, self.store = chance.random() < 0.6, chance.random() < 0.9
        self.clients = {}
        for client in (0, 100, 200):
            variables = {SETTINGS: self.settings(chance, likely, 1)}
            if client and chance.random() < 0.3:
                variables[SETTINGS] = {}
            for name in ("UC_SMTP_A", "UC_SMTP_B"):
                if chance.random() < 0.5:
                    variables[name] = self.settings(chance, likely, chance.choice((1, 0.5)))
            self.clients[client] = variables

    @staticmethod
    def settings(chance, likely, often):
        """The rows of one variable."""
        return {key: chance.choice(sound if chance.random() < likely else others)
                for key, (share, sound, others) in KEYS.items() if chance.random() < share * often}

    def write(self, folder):
        """Exports it."""
        for client, variables in self.clients.items():
            objects = "".join(vara(name, rows) for name, rows in variables.items())
            if client == 0 and self.logins:
                objects += login("LOGIN.MAIL")
            write(f"{folder}/UC4 - {client:04d}/export.xml", export(objects))
        if self.store:
            put_store(f"{folder}/UC4 - 0000", {name: payload for name, (payload, *_) in CERTIFICATES.items()})

    def variable(self, client, name):
        """The client whose variable of that name holds, and its rows."""
        owner = client if name in self.clients[client] else 0
        return owner, self.clients[owner].get(name)

    def effective(self, client, server):
        """{key: (value, owner, variable)}, and who owns the settings."""
        rows = self.clients[client][SETTINGS]
        owner = client if any(key.startswith(("SMTP_", "SMTPS_")) and value.strip()
                              for key, value in rows.items()) else 0
        found = {key: (value, owner, SETTINGS)
                 for key, value in self.clients[owner][SETTINGS].items() if value.strip()}
        if server:
            holder, rows = self.variable(client, server)
            found.update({key: (value, holder, server) for key, value in rows.items() if value.strip()})
        return found, owner


class Reading:
    """The policy of one client and server variable for the engine, read after the rules' own words."""

    def __init__(self, system, client, server):
        self.system = system
        self.set, self.owner = system.effective(client, server)
        self.findings = set()
        for key, rule in (("SMTP_SERVER", "UCM101"), ("SMTP_FROM_ADDR", "UCM102")):
            if key not in self.set:
                self.findings.add((rule, self.owner, SETTINGS, key))
        for key in self.set:
            self.judge(key)
        self.protocol = (self.value("SMTP_PROTOCOL") or "PLAIN").upper()
        if self.protocol in WORDS["SMTP_PROTOCOL"][1]:
            self.judge_protocol()

    def value(self, key):
        """The trimmed value, or None."""
        return self.set[key][0].strip() if key in self.set else None

    def raised(self, rule, key):
        """A finding at the row that holds the key."""
        _, owner, variable = self.set[key]
        self.findings.add((rule, owner, variable, key))

    def judge(self, key):
        """One value by itself."""
        value = self.value(key)
        if self.set[key][0] != value:
            self.raised("UCM120", key)
        if key in WORDS and value not in WORDS[key][1]:
            self.raised("UCM122" if value.upper() in WORDS[key][1] else WORDS[key][0], key)
        if key in NUMBERS:
            rule, low, high = NUMBERS[key]
            if not (value.isdigit() and low <= int(value) <= high):
                self.raised(rule, key)
        if key == "SMTP_SERVER" and not re.fullmatch("[A-Za-z0-9.-]+", value):
            self.raised("UCM117", key)
        if key in ("SMTP_FROM_ADDR", "SMTP_REPLY_TO") and not re.search("[^@<]+@[^@>]+", value):
            self.raised("UCM103", key)
        if key == "SMTP_LOGIN" and self.system.logins and value != "LOGIN.MAIL":
            self.raised("UCM118", key)

    def judge_protocol(self):
        """What the protocol means for the other keys."""
        owner, variable = self.set.get("SMTP_PROTOCOL", (None, self.owner, SETTINGS))[1:]
        if self.protocol == "PLAIN":
            self.findings.add(("UCM107", owner, variable, "SMTP_PROTOCOL"))
            if "SMTP_LOGIN" in self.set:
                self.raised("UCM109", "SMTP_LOGIN")
            # A certificate of UC_CLIENT_SETTINGS may serve its other mails.
            if "SMTPS_CERT" in self.set and not (
                    variable != SETTINGS and self.set["SMTPS_CERT"][2] == SETTINGS):
                self.raised("UCM106", "SMTPS_CERT")
        elif "SMTPS_CERT" in self.set:
            self.judge_certificate()
        else:
            self.findings.add(("UCM105", owner, variable, "SMTPS_CERT"))
        if self.protocol == "STARTTLS":
            self.findings.add(("UCM108", owner, variable, "SMTP_PROTOCOL"))
        if (self.value("SMTP_PORT"), self.protocol) in UNUSUAL:
            self.raised("UCM111", "SMTP_PORT")

    def judge_certificate(self):
        """What SMTPS_CERT refers to."""
        text, host = self.set["SMTPS_CERT"][0], (self.value("SMTP_SERVER") or "").lower()
        if not self.system.store:
            self.raised("UCM202", "SMTPS_CERT")
            return
        name = text.strip().upper()
        if name not in CERTIFICATES:
            self.raised("UCM201", "SMTPS_CERT")
            return
        if name != text:
            self.raised("UCM216", "SMTPS_CERT")
            self.findings = {one for one in self.findings if one[0] != "UCM120" or one[3] != "SMTPS_CERT"}
        _, names, defect = CERTIFICATES[name]
        if defect:
            self.findings.add((defect, 0, STORE, name))
        if names is not None and re.fullmatch("[a-z0-9.-]+", host) and host not in names:
            self.raised("UCM211", "SMTPS_CERT")

    def decision(self, profile):
        """The word for what is done."""
        if {rule for rule, *_ in self.findings} & (REFUSING | (STRICT if profile == "strict" else set())):
            return "refuse"
        return {"TLS": "forced", "PLAIN": "plain",
                "STARTTLS": "forced" if profile == "strict" else "opportunistic"}[self.protocol]


class Oracle(unittest.TestCase):
    """Both programs against the second reading."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ucmail-contract-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def systems(self):
        """Generated systems, each in a folder."""
        for seed in range(SYSTEMS):
            chance = random.Random(seed)
            system, folder = System(chance), f"{self.folder}/{seed}"
            system.write(folder)
            with self.subTest(seed=seed, clients=system.clients, logins=system.logins, store=system.store):
                yield chance, system, folder

    def test_policies(self):
        """ucmail policy: decision, exit code, rules, and what is used"""
        decisions = set()
        for chance, system, folder in self.systems():
            client, profile = chance.choice((0, 100, 200)), chance.choice(("compat", "strict"))
            server = chance.choice([None, *(set(system.clients[client]) | set(system.clients[0])) - {SETTINGS}])
            reading = Reading(system, client, server)
            result = ucmail("policy", "--json", "-C", folder, "-c", str(client), "-a", "engine", "--profile",
                            profile, *(("-S", server[len("UC_SMTP_"):].lower()) if server else ()))
            found, decision = result.json, reading.decision(profile)
            decisions.add(decision)
            self.assertEqual((found["decision"], result.exit), (decision, 78 if decision == "refuse" else 0))
            # UCM304 and UCM305 compare with other policies.
            self.assertEqual(set(found["findings"]) - {"UCM304", "UCM305"}, {one[0] for one in reading.findings})
            self.assertEqual({key: (place["client"], place["object"]) for key, place in found["provenance"].items()},
                             {key: place[1:] for key, place in reading.set.items()})
            if decision != "refuse":
                self.assertEqual(
                    [found[key] for key in ("host", "port", "protocol", "timeout_s", "max_report_bytes")],
                    [reading.value("SMTP_SERVER"),
                     int(reading.value("SMTP_PORT") or (25 if reading.protocol == "PLAIN" else 587)),
                     reading.protocol, int(reading.value("SMTP_TIMEOUT") or 20),
                     int(reading.value("SMTP_MAX_ATTACHMENT_SIZE") or 8000)])
        self.assertEqual(decisions, {"forced", "opportunistic", "plain", "refuse"})

    def test_findings(self):
        """policy-lint: which rule where, each once"""
        for _, system, folder in self.systems():
            expected = {(defect, 0, STORE, name) for name, (_, _, defect) in CERTIFICATES.items()
                        if defect and system.store}
            for client, variables in system.clients.items():
                for server in {None, *variables, *system.clients[0]} - {SETTINGS}:
                    expected |= Reading(system, client, server).findings
            found = [(one["rule"], one["client"], one["object"], one["key"])
                     for one in audit("--agents", "engine", folder).json["findings"]
                     if one["rule"] not in ("UCM213", "UCM304", "UCM305")]
            self.assertEqual(sorted(found), sorted(expected))


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(MADE.folder, ignore_errors=True)
