#!/usr/bin/env python3
"""Policies, snapshots, inputs, logins and the ways to the wire, as the contract says."""
import base64
import hashlib
import hmac
import os
import random
import socket
import ssl
import sys
import urllib.parse
import zipfile

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, OPPORTUNISTIC, PLAIN, SendTest  # noqa: E402
from harness import add_rows, document, main, make_system, ucmail, variable, write  # noqa: E402
from scripted import Scripted  # noqa: E402

POLICY = {"client": int, "via": str, "server_variable": (str, type(None)), "agent": str, "decision": str,
          "host": (str, type(None)), "port": (int, type(None)), "protocol": (str, type(None)),
          "from": (str, type(None)), "reply_to": (str, type(None)), "login": (str, type(None)),
          "timeout_s": (int, type(None)), "max_report_bytes": (int, type(None)),
          "certificate": (dict, type(None)), "provenance": dict, "findings": list}
VALUES = {
    "SMTP_SERVER": ["mail.example.com", "127.0.0.1", " ", "http://x", "relay.example.com "],
    "SMTP_FROM_ADDR": ["a@example.com", "Name <a@example.com>", "nobody", ""],
    "SMTP_PORT": ["25", "465", "587", "0", "65536", "2525", "x"],
    "SMTP_PROTOCOL": ["TLS", "STARTTLS", "PLAIN", "tls", "SSL", " TLS "],
    "SMTPS_CERT": ["CA", "PINNED", "OLD", "NONE", "ca", "BUNDLE"],
    "SMTP_LOGIN": ["LOGIN.MAIL", ""],
    "SMTP_AUTH_METHOD": ["xoauth2", "PLAIN", "KERBEROS"],
    "SMTP_REPLY_TO": ["r@example.com", "bad"],
    "SMTP_MAX_ATTACHMENT_SIZE": ["400", "399", "50000"],
    "SMTP_FILE_ATTACHMENT": ["Y", "N", "maybe"],
    "SMTP_TIMEOUT": ["0", "999", "1000", "5"],
    "SMTP_SEVER": ["x"],
    "SEND_MAIL_DEFAULT": ["AGENT;LOGIN"],
}
AGENTS = ["bs2000", "database", "jmx", "nsk", "as400", "peoplesoft", "rapid-automation", "sap", "unix-x64-linux",
          "unix-other", "vms", "windows", "zos", "engine", "unix-linux-ppc64le"]
RELEASES = [[], ["--release", "21.0.10"], ["--release", "24.3.0"], ["--release", "99.1"]]


def settings(chance, likely):
    """Some settings, sound ones more often."""
    return {key: values[0] if chance.random() < likely else chance.choice(values)
            for key, values in VALUES.items() if chance.random() < 0.55}


class Policies(SendTest):
    """ucmail policy, compile and agents."""

    def policy(self, *arguments, code=None):
        result = ucmail("policy", "--json", *arguments)
        if code is not None:
            self.assertEqual(result.exit, code, result)
        self.assertEqual(result.out.count("\n"), 1, result)
        return result.json

    def generated(self, seed):
        chance = random.Random(seed)
        likely = chance.choice((0.95, 0.6))
        clients = {number: {"UC_CLIENT_SETTINGS": settings(chance, likely), "UC_SMTP_ONE": settings(chance, likely)}
                   for number in (0, 100, 9999)}
        if chance.random() < 0.3:
            del clients[100]["UC_CLIENT_SETTINGS"]
        if chance.random() < 0.3:
            del clients[100]["UC_SMTP_ONE"]
        bundle = os.path.join(self.folder, "bundle.pem")
        with open(bundle, "wb") as file:
            for name in ("expired_self", "ca"):
                with open(self.cert(name), "rb") as part:
                    file.write(part.read())
        return make_system(f"{self.folder}/{seed}", clients,
                           {"CA": self.cert("ca"), "PINNED": self.cert("server"), "OLD": self.cert("expired_self"),
                            "BUNDLE": bundle})

    def test_snapshots(self):
        """a snapshot decides as the exports do, on generated systems, and the fields keep their types"""
        decisions = set()
        for seed in range(30):
            system, chance = self.generated(seed), random.Random(seed)
            snapshot = f"{self.folder}/{seed}.snapshot"
            self.assertEqual(ucmail("compile", "-C", system, "-o", snapshot).exit, 0)
            for _ in range(3):
                arguments = ["-c", chance.choice(("0", "100", "9999")), "-a", chance.choice(AGENTS[:14]),
                             *chance.choice(RELEASES), *chance.choice(([], ["-S", "ONE"], ["--via", "notification"])),
                             "--profile", chance.choice(("compat", "strict"))]
                if chance.random() < 0.6:
                    arguments[3] = "engine"
                left, right = (self.policy("-C", name, *arguments) for name in (system, snapshot))
                with self.subTest(seed=seed, arguments=arguments):
                    self.assertEqual(left, right)
                    if "provenance" not in left:  # nothing to decide: no such server
                        self.assertEqual(left["exit"], 78)
                        continue
                    decisions.add(left["decision"])
                    for key, kind in POLICY.items():
                        self.assertIsInstance(left[key], kind, key)
                    self.assertEqual(left["exit"], 78 if left["decision"] == "refuse" else 0)
                    for source in left["provenance"].values():
                        self.assertEqual(list(source)[:4], ["client", "object", "file", "line"])
                        self.assertTrue(os.path.exists(source["file"]))
        self.assertEqual(decisions, {"forced", "opportunistic", "plain", "refuse"})

    def test_damaged(self):
        """a snapshot that was cut or changed anywhere is refused: 66"""
        snapshot = f"{self.folder}/snapshot"
        self.assertEqual(ucmail("compile", "-C", self.system(**FORCED), "-o", snapshot).exit, 0)
        with open(snapshot, "rb") as file:
            whole = file.read()
        self.assertEqual(ucmail("policy", "-C", snapshot, "-c", "100").exit, 0)
        chance = random.Random(1)
        cuts = [whole[:at] for at in chance.sample(range(len(whole)), 12)] + [whole[:-1], whole + b"x"]
        flips = []
        for at in chance.sample(range(len(whole)), 12):
            flips.append(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        for damaged in cuts + flips:
            with open(snapshot, "wb") as file:
                file.write(damaged)
            result = ucmail("policy", "-C", snapshot, "-c", "100")
            self.assertEqual(result.exit, 66, result)
            self.assertEqual(result.err.count("\n"), 1, result)

    def test_agents(self):
        """the table of agents, by release"""
        def table(*more):
            return {row["agent"]: (row["send"], row["secure"])
                    for row in ucmail("agents", "--json", *more).json["agents"]}
        self.assertEqual(sorted(table()), sorted(AGENTS))
        for release, rows in (("24.3.0", {"database": (True, True), "sap": (True, True), "unix-other": (True, False)}),
                              ("21.0.10", {"unix-x64-linux": (True, True), "windows": (True, True), "sap": (True, False),
                                           "engine": (True, True)}),
                              ("999.0", {"unix-linux-ppc64le": (True, True), "zos": (False, False)})):
            found = table("--release", release)
            self.assertEqual({name: found[name] for name in rows}, rows)

    def test_client(self):
        """an explicit --client is the client of objects that tell none; without it they refuse"""
        text = document(variable("UC_CLIENT_SETTINGS", {"SMTP_SERVER": "m.example.com", "SMTP_FROM_ADDR": "a@b.example"}))
        write(f"{self.folder}/alone/x.xml", text)
        for name, more in ((f"{self.folder}/alone", {}), (f"{self.folder}/alone/x.xml", {}), ("-", {"input": text.encode()})):
            result = ucmail("policy", "--json", "-C", name, **more)
            self.assertEqual((result.exit, result.json["refused_by"]), (66, "UCM004"), result)
            for client in (0, 100):
                result = ucmail("policy", "--json", "-C", name, "-c", str(client), **more)
                self.assertEqual((result.exit, result.json["client"]), (0, client), result)
                self.assertEqual(result.json["provenance"]["SMTP_SERVER"]["client"], client)

    def test_unreadable(self):
        """a finding of group 0 refuses the whole system and names the file"""
        broken = {"cut.xml": (b"<uc-export><VARA", "UCM001"), "dtd.xml": (b"<!DOCTYPE x [<!ENTITY e 'x'>]><uc-export/>", "UCM002"),
                  "x.json": (b'{"export": {"objects": []}}', "UCM006"), "bad.zip": (b"PK\3\4rubbish", "UCM006")}
        for name, (content, rule) in broken.items():
            system = make_system(f"{self.folder}/of {name}", {0: {"UC_CLIENT_SETTINGS": {
                "SMTP_SERVER": "m.example.com", "SMTP_FROM_ADDR": "a@b.example"}}})
            write(f"{system}/UC4_TEST - 0000/{name}", content)
            for command in (["policy"], ["send", "-t", "a@example.com"], ["check"], ["compile", "-o", f"{self.folder}/out"]):
                result = ucmail(*command, "--json", "-C", system)
                self.assertEqual(result.exit, 66, f"{name} {result}")
                self.assertIn(name, result.json["error"])
                self.assertEqual(result.json["refused_by"], rule, result)
                self.assertEqual(result.err.count("\n"), 1)

    def test_inputs(self):
        """an export, a folder, a ZIP, a ZIP called .xml, and several inputs say the same"""
        system = self.system(**FORCED)
        expected = self.policy("-C", system, "-c", "100", code=0)
        for name in ("system.zip", "system.xml"):
            path = os.path.join(self.folder, name)
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for folder, _, files in os.walk(system):
                    for file in files:
                        full = os.path.join(folder, file)
                        archive.write(full, os.path.relpath(full, system))
            got = self.policy("-C", path, "-c", "100", code=0)
            for key in ("decision", "host", "port", "certificate", "findings"):
                self.assertEqual(got[key], expected[key])
        several = [word for name in sorted(os.listdir(system)) for word in ("-C", os.path.join(system, name))]
        self.assertEqual(self.policy(*several, "-c", "100", code=0), expected)

    def test_precedence(self):
        """usage before input before policy; one line each, one object with --json"""
        system = self.system(**{**FORCED, "SMTPS_CERT": "NONE"})
        rows = [(64, "-C", "/nonexistent", "-c", "x"), (64, "-C", "/nonexistent", "--nothing"), (66, "-C", "/nonexistent"),
                (64, "-C", "/nonexistent", "--profile", "lax"), (64, "-C", "/nonexistent", "-a", "toaster"),
                (64, "-C", "/nonexistent", "--release", "x"), (78, "-C", system, "-c", "100"),
                (78, "-C", system, "-c", "77"), (78, "-C", system, "-c", "100", "-S", "NOPE")]
        for code, *arguments in rows:
            for command in (["policy"], ["check"], ["send", "-t", "a@example.com"]):
                with self.subTest(arguments=arguments, command=command):
                    result = ucmail(*command, "--json", *arguments)
                    self.assertEqual(result.exit, code, result)
                    self.assertEqual(result.err.count("\n"), 1, result)
                    self.assertEqual(result.json["exit"], code)
                    self.assertTrue(result.json["error"] if command != ["policy"] or code != 78 else True)
                    if command[0] == "send":
                        self.assertEqual((result.json["status"], result.json["tls"]["mode"], result.json["plaintext"]),
                                         ("failed", "none", False))

    def test_lowest(self):
        """refused_by is the lowest of the rules that refuse"""
        system = self.system(**{"SMTP_PROTOCOL": "TLS", "SMTP_PORT": "0", "SMTP_TIMEOUT": "1000", "SMTPS_CERT": "NONE",
                                "SMTP_FROM_ADDR": "bad"})
        got = self.policy("-C", system, "-c", "100", code=78)
        self.assertEqual(got["refused_by"], "UCM103")
        self.assertTrue({"UCM103", "UCM110", "UCM112", "UCM201"} <= set(got["findings"]))
        result = ucmail("send", "--json", "-C", system, "-c", "100", "-t", "a@example.com")
        self.assertEqual((result.exit, result.json["refused_by"], result.json["send_mail_code"], result.json["decision"]),
                         (78, "UCM103", 10034, "refuse"))
        self.assertEqual([(one["address"], one["status"], one["code"]) for one in result.json["recipients"]],
                         [("a@example.com", "deferred", 0)])

    # ---- The way to the server

    def test_connect_to(self):
        """--connect-to in all its forms; the first that fits is taken"""
        script = ["> 220 x ready", "< EHLO", "> 250 x", "< QUIT", "> 221 bye"]
        system = self.system(**PLAIN)
        with Scripted(script) as server:
            port = server.port
            for rule in (f"::127.0.0.1:{port}", f"mail.example.com::127.0.0.1:{port}", f":25:127.0.0.1:{port}",
                         f"mail.example.com:25:localhost:{port}", f"MAIL.example.com:25:127.0.0.1:{port}"):
                result = ucmail("check", "--json", "-C", system, "-c", "100", "--connect-to", rule)
                self.assertEqual(result.exit, 0, f"{rule} {result}")
            result = ucmail("check", "--json", "-C", system, "-c", "100", "--connect-to", "other.example.com::127.0.0.1:1",
                            "--connect-to", f"::127.0.0.1:{port}", "--connect-to", "::127.0.0.1:1")
            self.assertEqual(result.exit, 0, result)
        for rule in ("", "x", "::127.0.0.1", "::127.0.0.1:x", "::127.0.0.1:70000", "a:b:c:d:e"):
            self.assertEqual(ucmail("check", "-C", system, "-c", "100", "--connect-to", rule).exit, 64, rule)

    def test_ipv6(self):
        """--connect-to an IPv6 address in brackets"""
        server = Scripted(["> 220 x ready", "< EHLO", "> 250 x", "< QUIT", "> 221 bye"])
        server.listener.close()
        server.listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
        with server:
            result = ucmail("check", "--json", "-C", self.system(**PLAIN), "-c", "100", "--connect-to",
                            f"::[::1]:{server.listener.getsockname()[1]}")
        self.assertEqual(result.exit, 0, result)


SECRET = "pass wörd"
USER = "automation"
GREET = ["> 220 mail.example.com ready", "< EHLO", "> 250-mail.example.com"]
MAIL = ["< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA", "> 354 go", "data", "> 250 ok", "< QUIT", "> 221 bye"]
PLAIN_AUTH = base64.b64encode(f"\0{USER}\0{SECRET}".encode()).decode()


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Logins(SendTest):
    """When a password is said, to whom, and what becomes of it."""

    def log_in(self, script, settings_, code, *arguments, password=SECRET, **fields):
        path = os.path.join(self.folder, "password")
        write(path, (password + "\n").encode())
        os.chmod(path, 0o600)
        with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
            result = self.send(self.system(**{**settings_, "SMTP_LOGIN": "LOGIN.MAIL"}), server.port,
                               "--password-file", path, "--login-user", USER, *arguments)
        return self.expect(result, code, **fields), server

    def row(self, offer, method, dialogue, code, mail=True, password=SECRET):
        """One login over implicit TLS."""
        script = ["tls"] + GREET + [f"> 250 AUTH {offer}"] + dialogue + (MAIL if mail else ["< ?"] * 3)
        settings_ = {**FORCED, **({"SMTP_AUTH_METHOD": method} if method else {})}
        outcome, server = self.log_in(script, settings_, code, password=password)
        if code == 0:
            self.assertIsNone(server.failure)
        else:
            self.assertEqual(outcome["status"], "failed")
            self.assertFalse([line for line in server.received if line.startswith("MAIL")])

    def test_clear(self):
        """no password in clear: not when plain, not when stripped, whatever is offered"""
        for settings_, code in ((PLAIN, 77), (OPPORTUNISTIC, None)):
            for offer in ("PLAIN LOGIN", "LOGIN", "XOAUTH2 OAUTHBEARER PLAIN", "CRAM-MD5"):
                script = GREET + [f"> 250 AUTH {offer}"] + (["< ?"] * 2 if code else MAIL)
                outcome, server = self.log_in(script, settings_, code or 0)
                self.assertFalse([line for line in server.received if line.upper().startswith("AUTH")])
                self.assertIs(outcome["plaintext"], not code)

    def test_sources(self):
        """where a password comes from, and who may read it"""
        system = self.system(**{**FORCED, "SMTP_LOGIN": "LOGIN.MAIL"})
        script = ["tls"] + GREET + ["> 250 AUTH PLAIN", "< AUTH PLAIN " + PLAIN_AUTH, "> 235 ok"] + MAIL
        path = os.path.join(self.folder, "LOGIN.MAIL")

        def send(*arguments, **options):
            with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
                result = self.send(system, server.port, "--login-user", USER, *arguments, **options)
            return result.exit, server.failure

        for content in (SECRET, SECRET + "\n"):
            write(path, content.encode())
            for mode, code in ((0o600, 0), (0o400, 0), (0o640, 78), (0o604, 78), (0o666, 78)):
                os.chmod(path, mode)
                self.assertEqual(send("--password-file", path)[0], code, oct(mode))
            os.chmod(path, 0o600)
            self.assertEqual(send(env={**os.environ, "CREDENTIALS_DIRECTORY": self.folder}), (0, None))
            read, writer = os.pipe()
            os.write(writer, content.encode())
            os.close(writer)
            self.assertEqual(send("--password-fd", str(read), pass_fds=[read]), (0, None))
            os.close(read)
        write(path, (SECRET + "\n\n").encode())  # one final newline is dropped, not two
        self.assertNotEqual(send("--password-file", path)[0], 0)
        for arguments in ((), ("--password-file", self.folder + "/nothing")):
            self.assertEqual(send(*arguments)[0], 78)
        write(path, b"")
        self.assertEqual(send("--password-file", path)[0], 78)

    def test_user(self):
        """without a user name nothing is tried: 78"""
        path = os.path.join(self.folder, "password")
        write(path, SECRET.encode())
        os.chmod(path, 0o600)
        with Scripted(["tls"] + GREET + ["> 250 AUTH PLAIN"] + ["< ?"] * 3, self.cert("server"),
                      self.cert("server.key")) as server:
            result = self.send(self.system(**{**FORCED, "SMTP_LOGIN": "LOGIN.MAIL"}), server.port,
                               "--password-file", path)
        self.expect(result, 78, status="failed", plaintext=False)
        self.assertFalse([line for line in server.received if line.startswith(("AUTH", "MAIL"))])

    def test_trace(self):
        """the trace and -v hold the dialogue, and no secret in any form"""
        trace = os.path.join(self.folder, "trace")
        for offer, dialogue in (("PLAIN", ["< AUTH PLAIN", "> 235 ok"]),
                                ("LOGIN", ["< AUTH LOGIN", "> 334 VXNlcm5hbWU6", "< ?", "> 334 UGFzc3dvcmQ6", "< ?",
                                           "> 235 ok"])):
            script = ["tls"] + GREET + [f"> 250 AUTH {offer}"] + dialogue + MAIL
            path = os.path.join(self.folder, "password")
            write(path, SECRET.encode())
            os.chmod(path, 0o600)
            with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
                result = self.send(self.system(**{**FORCED, "SMTP_LOGIN": "LOGIN.MAIL"}), server.port,
                                   "--password-file", path, "--login-user", USER, "--trace", trace, "-v")
            self.assertEqual(result.exit, 0, result)
            with open(trace, encoding="utf-8") as file:
                text = file.read() + result.err
            for line in ("S: 220 mail.example.com ready", "C: MAIL FROM:<automation@example.com>", "C: QUIT"):
                self.assertIn(line, text)
            for secret in (SECRET, PLAIN_AUTH, b64(SECRET), PLAIN_AUTH[:12]):
                self.assertNotIn(secret, text)

    def echo(self, form, before):
        """A server that says the secret so, behind these steps: it stands in no trace, error or outcome."""
        trace, path = (os.path.join(self.folder, name) for name in ("trace", "password"))
        write(path, SECRET.encode())
        os.chmod(path, 0o600)
        said = FORMS[form]
        dialogue = ["> 235 ok", "< MAIL", "> 250 ok", "< RCPT", "> 250 ok", "< DATA", "> 354 go", "data"][:before]
        script = ["tls"] + GREET + ["> 250 AUTH PLAIN", "< AUTH PLAIN"] + dialogue + [f"> 535 5.7.8 no: {said}", "< ?"]
        with Scripted(script, self.cert("server"), self.cert("server.key")) as server:
            result = self.send(self.system(**{**FORCED, "SMTP_LOGIN": "LOGIN.MAIL"}), server.port,
                               "--password-file", path, "--login-user", USER, "--trace", trace, "-v")
        self.assertEqual(result.exit, 69 if before else 77, result)
        self.assertIn("535 <secret>", result.json["error"])
        with open(trace, encoding="utf-8") as file:
            text = file.read() + result.err + result.out
        self.assertIn("S: 535 <secret>", text)
        self.assertNotIn(said, text)

    def test_echo_uninvited(self):
        """a line more behind the good reply to the login, with the secret in it: it stands nowhere"""
        script = ["tls"] + GREET + ["> 250 AUTH PLAIN", "< AUTH PLAIN", f">> 235 ok\\r\\n500 what: {PLAIN_AUTH}\\r\\n"]
        outcome, _ = self.log_in(script + ["< ?"], FORCED, 76)
        self.assertIn("500 <secret>", outcome["error"])

    def scram(self, mechanisms, settings_, honest=True, **tls):
        """Logs in to a server of SCRAM-SHA-256; returns the result and the server."""
        head = ["tls"] if settings_ is FORCED else []
        script = head + GREET + [f"> 250 AUTH {mechanisms} PLAIN", "< AUTH SCRAM-SHA-256", "> FIRST", "< ?", "> FINAL"]
        script += ["< ?", "> 235 ok"] + MAIL if honest else ["< ?"] * 3
        path = os.path.join(self.folder, "password")
        write(path, SECRET.encode())
        os.chmod(path, 0o600)
        with Scram(script, self.cert("server"), self.cert("server.key"), **tls) as server:
            server.honest = honest
            result = self.send(self.system(**{**settings_, "SMTP_LOGIN": "LOGIN.MAIL"}), server.port,
                               "--password-file", path, "--login-user", USER)
        return result, server

    def test_scram(self):
        """SCRAM-SHA-256 to the end; a server that does not know the password is not believed"""
        for honest, code in ((True, 0), (False, 77)):
            for settings_ in (FORCED, PLAIN):
                result, server = self.scram("SCRAM-SHA-256", settings_, honest)
                self.expect(result, code)
                self.assertEqual(server.failure is None, honest, server.failure)
                # "y": we could bind, were it offered; so a server can tell that somebody took the offer out.
                self.assertEqual(server.header, "y,," if settings_ is FORCED else "n,,")

    def test_scram_plus(self):
        """SCRAM-SHA-256-PLUS is bound to the TLS connection: here to the server's certificate (RFC 5929)"""
        result, server = self.scram("SCRAM-SHA-256-PLUS SCRAM-SHA-256", FORCED, maximum=ssl.TLSVersion.TLSv1_2)
        self.expect(result, 0)
        self.assertIsNone(server.failure)
        self.assertTrue(server.received[1].startswith("AUTH SCRAM-SHA-256-PLUS "), server.received)
        with open(self.cert("server"), encoding="ascii") as file:
            der = ssl.PEM_cert_to_DER_cert(file.read())
        self.assertEqual(server.header, "p=tls-server-end-point,,")
        self.assertEqual(base64.b64decode(server.bound), server.header.encode() + hashlib.sha256(der).digest())


class Scram(Scripted):
    """Answers what only a server with the password could."""
    salt, rounds = b"0123456789abcdef", 4096
    header = bare = bound = None
    honest = True

    def _line(self, reader):
        text = super()._line(reader)
        if text.upper().startswith("AUTH SCRAM"):
            first = base64.b64decode(text.split()[-1]).decode()
            self.bare = first.split(",", 2)[2]
            self.header = first[:-len(self.bare)]
            nonce = dict(part.split("=", 1) for part in self.bare.split(","))["r"] + "server"
            self.first = f"r={nonce},s={base64.b64encode(self.salt).decode()},i={self.rounds}"
            self.script[self.script.index("> FIRST")] = "> 334 " + b64(self.first)
        elif self.bare and "> FINAL" in self.script:
            self.script[self.script.index("> FINAL")] = "> 334 " + b64(self._judge(base64.b64decode(text).decode()))
        return text

    def _judge(self, final):
        without = final[:final.rindex(",p=")]
        self.bound = without.split(",")[0][len("c="):]
        salted = hashlib.pbkdf2_hmac("sha256", SECRET.encode(), self.salt, self.rounds)
        key = hmac.digest(salted, b"Client Key", "sha256")
        auth = ",".join((self.bare, self.first, without)).encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), auth, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature))).decode()
        assert final == f"{without},p={proof}", final
        mark = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), auth, "sha256")
        return "v=" + base64.b64encode(mark if self.honest else bytes(32)).decode()


FORMS = {
    "as it is": SECRET, "in base64": b64(SECRET), "as it was sent": f"AUTH PLAIN {PLAIN_AUTH}",
    "as it was sent, and cut": PLAIN_AUTH[:-6] + "...", "in hexadecimal": SECRET.encode().hex(),
    "as in a URL": urllib.parse.quote(SECRET),
}
add_rows(Logins, "echo", [(f"a server that says the secret back {form}, {where}", form, steps)
                          for where, steps in (("to the login", 0), ("to MAIL", 2), ("to RCPT", 4), ("to DATA", 6),
                                               ("to the message", 8))
                          for form in FORMS if form == "as it is" or steps in (0, 8)])
add_rows(Logins, "row", [
    ("PLAIN", "PLAIN LOGIN", None, ["< AUTH PLAIN " + PLAIN_AUTH, "> 235 ok"], 0),
    ("LOGIN where PLAIN is not offered", "LOGIN", None,
     ["< AUTH LOGIN", "> 334 VXNlcm5hbWU6", "< " + b64(USER), "> 334 UGFzc3dvcmQ6", "< " + b64(SECRET), "> 235 ok"], 0),
    ("LOGIN where it is asked for", "PLAIN LOGIN", "login",
     ["< AUTH LOGIN", "> 334 VXNlcm5hbWU6", "< " + b64(USER), "> 334 UGFzc3dvcmQ6", "< " + b64(SECRET), "> 235 ok"], 0),
    ("PLAIN where it is asked for", "SCRAM-SHA-256 LOGIN PLAIN", "PLAIN", ["< AUTH PLAIN " + PLAIN_AUTH, "> 235 ok"], 0),
    ("PASSWORD is the default", "PLAIN", "password", ["< AUTH PLAIN " + PLAIN_AUTH, "> 235 ok"], 0),
    ("XOAUTH2", "PLAIN XOAUTH2", "XOAUTH2",
     ["< AUTH XOAUTH2 " + b64(f"user={USER}\x01auth=Bearer ya29.token\x01\x01"), "> 235 ok"], 0, True,
     "ya29.token"),
    ("XOAUTH2 refused, after its error in JSON", "XOAUTH2", "xoauth2",
     ["< AUTH XOAUTH2", "> 334 " + b64('{"status":"401"}'), "< ?", "> 535 5.7.8 no"], 77, False, "ya29.token"),
    ("a wrong password: 535", "PLAIN", None, ["< AUTH PLAIN", "> 535 5.7.8 no"], 77, False),
    ("a busy server: 454", "PLAIN", None, ["< AUTH PLAIN", "> 454 4.7.0 later"], 75, False),
    ("421 at the login", "PLAIN", None, ["< AUTH PLAIN", "> 421 bye"], 75, False),
    ("closed at the login", "PLAIN", None, ["< AUTH PLAIN", "close"], 75, False),
    ("another refusal: 534", "PLAIN", None, ["< AUTH PLAIN", "> 534 5.7.9 no"], 77, False),
    ("no mechanism in common", "CRAM-MD5 NTLM", None, [], 77, False),
    ("the method is not offered", "PLAIN LOGIN", "XOAUTH2", [], 77, False),
])

main()
