#!/usr/bin/env python3
"""A hostile server, in every state of the dialogue: each send ends within its deadline, in bounded
memory, and says what is true."""
import base64
import concurrent.futures
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "audit"))
from sending import FORCED, FORCED_587, OPPORTUNISTIC, PLAIN, SETTINGS, SendTest  # noqa: E402
from harness import add_rows, main, make_system, run, sanitized, tool, write  # noqa: E402
from processes import OpensslServer, answers, free_port, wait_for  # noqa: E402
from scripted import Scripted  # noqa: E402
from systems_gen import Certificates  # noqa: E402

DEADLINE = 2  # seconds, of each send
SLACK = 4  # seconds more that a busy machine may take
MEMORY_KB = 24 * 1024  # what it may allocate, all in all
TOGETHER = 8
# A sanitizer needs memory of its own.
LIMIT = [] if sanitized() else ["sh", "-c", f'ulimit -d {MEMORY_KB} && exec "$@"', "sh"]

HELLO = ["> 220 mail.example.com", "< EHLO", "> 250-mail.example.com", "> 250 SIZE 0"]
MAIL = ["< MAIL", "> 250 ok"]
RCPT = ["< RCPT", "> 250 ok"]
DATA = ["< DATA", "> 354 go"]
# What the server reads before each reply, and that reply.
STATES = {
    "greeting": ([], "220 mail.example.com"),
    "EHLO": (HELLO[:2], "250 mail.example.com"),
    "MAIL": (HELLO + ["< MAIL"], "250 ok"),
    "RCPT": (HELLO + MAIL + ["< RCPT"], "250 ok"),
    "DATA": (HELLO + MAIL + RCPT + ["< DATA"], "354 go"),
    "end": (HELLO + MAIL + RCPT + DATA + ["data"], "250 ok"),
    "QUIT": (HELLO + MAIL + RCPT + DATA + ["data", "> 250 ok", "< QUIT"], "221 bye"),
}
LOGIN = HELLO[:2] + ["> 250-mail.example.com"]


class Hostile(SendTest):
    """Scripts, run some at a time."""

    def setUp(self):
        super().setUp()
        self.systems, self.lock = {}, threading.Lock()
        self.password = os.path.join(self.folder, "password")
        write(self.password, b"secret")
        os.chmod(self.password, 0o600)

    def system_of(self, settings):
        """A system of these settings, made once."""
        with self.lock:
            key = str(settings)
            if key not in self.systems:
                folder = os.path.join(self.folder, f"system{len(self.systems)}")
                self.systems[key] = make_system(
                    folder, {0: {}, 100: {"UC_CLIENT_SETTINGS": {**SETTINGS, **settings}}},
                    {"TRUSTED": self.cert("ca")})
            return self.systems[key]

    def endure(self, script, settings, *arguments, server=None):
        """One send in little memory; what came of it, and its seconds."""
        with server or Scripted(script, self.cert("server"), self.cert("server.key")) as running:
            start = time.monotonic()
            result = run(*LIMIT, *tool("ucmail"), "send", "--json", "-C", self.system_of(settings), "-c", "100",
                         "--deadline", str(DEADLINE), "--connect-to", f"::127.0.0.1:{running.port}",
                         "--login-user", "mailer", "--password-file", self.password,
                         "--to", "b@example.com", "--subject", "x", "--body-file", "/dev/null", *arguments)
            return result, time.monotonic() - start

    def judge(self, name, result, codes, statuses):
        """What every send must hold to."""
        result, seconds = result
        where = f"{name}: {result} {seconds:.1f} s"
        self.assertIn(result.exit, codes, where)
        self.assertIn(result.json["status"], statuses, where)
        self.assertLess(seconds, DEADLINE + SLACK, where)
        return result.json

    def everywhere(self, steps, code, *, finished="failed", modes=("clear", "tls"), states=None):
        """
        The same in every state: `steps` makes what is done instead of a reply. After the end of the data
        the outcome is unknown; at QUIT everything is over, and nothing can go wrong any more.
        """
        jobs = []
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            for mode in modes:
                for state, (before, reply) in STATES.items():
                    if states and state not in states:
                        continue
                    script = (["tls"] if mode == "tls" else []) + before + steps(reply)
                    jobs.append((f"{state}, {mode}", state, pool.submit(
                        self.endure, script, FORCED if mode == "tls" else PLAIN)))
        for name, state, job in jobs:
            if state == "QUIT":
                self.judge(name, job.result(), (0,), ("sent",))
            elif state == "end":
                self.judge(name, job.result(), (75,), ("unknown",))
            else:
                self.judge(name, job.result(), (code,), (finished,))

    def one(self, script, settings, codes, statuses=("failed",), *arguments):
        """One script."""
        self.judge("", self.endure(script, settings, *arguments), codes, statuses)

    def test_renegotiation(self):
        """a request to renegotiate is not followed: TLS 1.2"""
        with OpensslTalk("-cert", self.cert("server"), "-key", self.cert("server.key"), "-tls1_2") as server:
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                job = pool.submit(self.endure, None, FORCED, server=Running(server.port))
                server.say("220 mail.example.com")
                server.hear("EHLO")
                server.say("R")
                outcome = self.judge("", job.result(), (75, 76, 77), ("failed",))
            self.assertFalse(outcome["plaintext"])

    def test_unread(self):
        """data that nobody reads"""
        path = os.path.join(self.folder, "large")
        write(path, bytes(16 << 20))
        for settings, script in ((PLAIN, []), (FORCED, ["tls"])):
            self.one(script + HELLO + MAIL + RCPT + DATA + ["wait 2.5"], settings, (75,), ("failed",), "-A", path)

    def test_scram(self):
        """SCRAM with an iteration count that would burn the processor for ever, or none"""
        class Server(Scripted):
            """Goes on from the client's nonce."""

            def _line(server, reader):  # pylint: disable=no-self-argument
                text = super()._line(reader)
                if text.startswith("AUTH SCRAM"):
                    nonce = base64.b64decode(text.split()[-1]).decode().rsplit("r=", 1)[1]
                    first = base64.b64encode(f"r={nonce}x,s=AAAA,i={server.count}".encode()).decode()
                    server.script[server.script.index("> FIRST")] = f"> 334 {first}"
                return text

        for count in ("1000001", "2147483647", "4294967296", "9" * 40, "-1", "0", "", "4096x"):
            with self.subTest(count):
                server = Server(["tls"] + LOGIN + ["> 250 AUTH SCRAM-SHA-256", "< AUTH", "> FIRST", "< ?"] +
                                ["> 501 no", "< ?"], self.cert("server"), self.cert("server.key"))
                server.count = count
                outcome = self.judge(count, self.endure(None, {**FORCED, "SMTP_LOGIN": "L"}, server=server),
                                     (76, 77), ("failed",))
                self.assertIn("SCRAM", outcome["error"])

    def test_chain(self):
        """a chain of ninety certificates, and a certificate of three thousand names"""
        made = Certificates()
        filler = b"".join(made.pem(common_name=f"CA {number}", names=None, ca=True, serial=number)
                          for number in range(1, 7)) * 15
        for name, content in (("long", filler), ("short", b"")):
            with open(self.cert("server"), "rb") as leaf:
                write(os.path.join(self.folder, name + ".pem"), leaf.read() + content)
            server = Scripted(["tls"] + HELLO + ["< ?"] * 2, os.path.join(self.folder, name + ".pem"),
                              self.cert("server.key"))
            self.judge(name, self.endure(None, FORCED, server=server), (75, 76, 77), ("failed",))
        names = ",".join(f"DNS:host{number}.example.net" for number in range(3000))
        huge = made.pem(names=names)
        write(os.path.join(self.folder, "huge.pem"), huge)
        write(os.path.join(self.folder, "huge.key"), made.private())
        server = Scripted(["tls"], os.path.join(self.folder, "huge.pem"), os.path.join(self.folder, "huge.key"))
        self.judge("huge", self.endure(None, FORCED, server=server), (75, 76, 77), ("failed",))


class Running:
    """A server that runs already."""

    def __init__(self, port):
        self.port = port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class OpensslTalk(OpensslServer):
    """`openssl s_server` whose standard input is what it says, and whose commands work."""

    def start(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-crlf", "-accept", f"127.0.0.1:{self.port}", "-naccept", "2", *self.options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)
        wait_for(lambda: answers(self.port), "openssl s_server", self.process)

    def say(self, line):
        """A line to the client, or a command."""
        self.hear("CIPHER is" if line.startswith("220") else "")
        self.process.stdin.write(line.encode() + b"\n")

    def hear(self, word):
        """Reads its output until a line holds the word."""
        line = b""
        while word and word.encode() not in line:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError(f"openssl s_server ended before {word}")


add_rows(Hostile, "everywhere", [
    ("a reset in every state", lambda reply: ["reset"], 75),
    ("a close in every state, without close_notify in TLS", lambda reply: ["close"], 75),
    ("a close within every reply, without close_notify in TLS", lambda reply: [f">> {reply[:5]}", "close"], 75),
    ("no more to say in any state", lambda reply: ["shut"], 75),
    ("a line without end in every state", lambda reply: [f"flood {reply[:3]} xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"], 76),
    ("a reply without end in every state", lambda reply: [f"flood {reply[:3]}-more\\r\\n"], 76),
    ("zeros without end in every state", lambda reply: ["flood " + "\\x00" * 20], 76),
    ("one byte a second in every state", lambda reply: [f"drip 1 {reply}"], 75),
])
add_rows(Hostile, "one", [
    ("replies before the commands: in the greeting's segment",
     [">> 220 hi\\r\\n250 hi\\r\\n250 ok\\r\\n250 ok\\r\\n354 go\\r\\n250 ok\\r\\n"] + ["< ?"] * 2, PLAIN, (76,)),
    ("replies before the commands: a mail taken before it is sent, in clear",
     HELLO + MAIL + RCPT + ["< DATA", ">> 354 go\\r\\n250 taken\\r\\n", "data", "> 554 no"], PLAIN, (75, 76),
     ("failed", "unknown")),
    ("replies before the commands: a mail taken before it is sent, in TLS",
     ["tls"] + HELLO + MAIL + RCPT + ["< DATA", ">> 354 go\\r\\n250 taken\\r\\n", "data", "> 554 no"], FORCED,
     (75, 76), ("failed", "unknown")),
    ("replies before the commands: recipients accepted in advance",
     HELLO + ["< MAIL", ">> 250 ok\\r\\n250 ok\\r\\n"] + ["< ?"] * 2, PLAIN, (76,)),
    ("challenges without end", ["tls"] + LOGIN + ["> 250 AUTH LOGIN", "< AUTH"] + ["> 334 VXNlcg==", "< ?"] * 500,
     {**FORCED, "SMTP_LOGIN": "L"}, (76, 77)),
    ("a challenge of a megabyte", ["tls"] + LOGIN + ["> 250 AUTH LOGIN", "< AUTH", "> 334 " + "QUFB" * 250000, "< ?"],
     {**FORCED, "SMTP_LOGIN": "L"}, (76, 77)),
    ("STARTTLS offered a thousand times", HELLO[:2] + ["flood 250-STARTTLS\\r\\n"], OPPORTUNISTIC, (76,)),
    ("a flood instead of a handshake", LOGIN + ["> 250 STARTTLS", "< STARTTLS", "> 220 go", "wait 0.1",
                                                  "flood \\x16\\x03\\x03\\x40\\x00" + "A" * 300], FORCED_587,
     (75, 76, 77)),
    ("alerts without end instead of a handshake", ["flood \\x15\\x03\\x03\\x00\\x02\\x01\\x00"], FORCED, (75, 76, 77)),
])

main()
