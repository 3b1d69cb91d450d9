#!/usr/bin/env python3
"""Runs ucmail and other clients against one scripted server, and prints what each of them does.

    peers.py FOLDER     FOLDER holds the programs built from tests/interop/peers/*.c

Not a test: `make peers` prints the table that README shows. A client that is not there is left out.
"""
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import TOP, make_system, tool  # noqa: E402

TO = ["a@example.com", "b@example.com", "c@example.com"]
FROM = "automation@example.com"
MESSAGE = f"From: {FROM}\r\nTo: a@example.com\r\nSubject: x\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n" \
          "Message-ID: <1@example.com>\r\n\r\nHello\r\n"
SECRET = "correct-horse"
BYE = b"221 2.0.0 bye\r\n"
INJECTED = b"250-mail.example.com\r\n250 AUTH PLAIN LOGIN\r\n"


class Server:
    """One SMTP server on loopback that can be told to misbehave; keeps what it sees."""

    def __init__(self, certificates, cert="server", implicit=False, starttls=True, capabilities=(),
                 refused=(), injected=b"", lost=False, silent=False):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f"{certificates}/{cert}.pem", f"{certificates}/{cert}.key")
        self.context.num_tickets = 0  # libESMTP takes one before the first reply for the end
        self.implicit, self.starttls, self.injected = implicit, starttls, injected
        self.capabilities, self.refused = list(capabilities), refused
        self.lost, self.silent = lost, silent
        self.lines, self.clear, self.data, self.bursts = [], [], [], 0
        self.used = False  # the client went on with what was injected
        self.in_tls = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(8)
            try:
                self._talk(connection)
            except OSError:
                pass
            connection.close()

    def _handshake(self, connection):
        self.bursts += 1
        self.in_tls = True
        return self.context.wrap_socket(connection, server_side=True)

    def _talk(self, connection):
        self.in_tls = False
        if self.silent:
            connection.recv(1)
            return
        if self.implicit:
            connection = self._handshake(connection)
        self._write(connection, b"220 mail.example.com ESMTP\r\n")
        pending = b""
        while True:
            chunk = self._read(connection)
            if not chunk:
                return
            pending += chunk
            out, pending, action = self._answer(pending)
            if action == "lost":
                return
            if action == "quit" and self._hung_up(connection):
                self.bursts += len(out) > len(BYE)  # nobody waits for this reply
                return
            if out:
                self._write(connection, out)
            if action == "tls":
                connection, pending = self._handshake(connection), b""
            if action == "quit":
                return

    @staticmethod
    def _hung_up(connection):
        """Whether the client closed behind its QUIT."""
        connection.settimeout(0.1)
        try:
            return not connection.recv(1)
        except (TimeoutError, OSError) as error:
            return not isinstance(error, TimeoutError)
        finally:
            connection.settimeout(8)

    def _read(self, connection):
        """What the client writes without waiting."""
        data = connection.recv(65536)
        while data:
            connection.settimeout(0.03)
            try:
                more = connection.recv(65536)
            except (TimeoutError, ssl.SSLWantReadError):
                break
            finally:
                connection.settimeout(8)
            if not more:
                break
            data += more
        return data

    def _write(self, connection, out):
        self.bursts += 1
        if self.injected and self.in_tls and out.startswith(b"250-"):
            # The true answer to EHLO comes late: who speaks meanwhile has taken the injected one.
            connection.settimeout(0.5)
            try:
                self.used |= bool(connection.recv(65536))
            except TimeoutError:
                pass
            connection.settimeout(8)
        connection.sendall(out)

    def _answer(self, pending):
        """Answers all whole commands: what to write, what is left, and what comes then."""
        out = b""
        while b"\r\n" in pending:
            line, _, pending = pending.partition(b"\r\n")
            text = line.decode("latin-1")
            self.lines.append(text)
            if not self.in_tls:
                self.clear.append(text)
            verb = text.upper().split(" ")[0]
            if verb == "EHLO":
                self.used |= bool(self.injected and self.in_tls and pending)
                offered = self.capabilities + (["STARTTLS"] if self.starttls and not self.in_tls else [])
                names = ["mail.example.com", *offered, "ENHANCEDSTATUSCODES"]
                out += "".join(f"250{'-' if i < len(names) - 1 else ' '}{name}\r\n"
                               for i, name in enumerate(names)).encode()
            elif verb == "STARTTLS":
                return out + b"220 go\r\n" + self.injected, b"", "tls"
            elif verb == "RCPT" and any(address in text for address in self.refused):
                out += b"550 5.1.1 no such user\r\n"
            elif verb == "DATA":
                out += b"354 go\r\n"
                if b"\r\n.\r\n" not in b"\r\n" + pending:
                    self.lines.append("...")
                    return out, b"", "data"
            elif verb == "AUTH":
                out += b"235 2.7.0 in\r\n" if len(text.split(" ")) > 2 else b"334 VXNlcm5hbWU6\r\n"
            elif verb == "QUIT":
                return out + BYE, b"", "quit"
            else:
                out += b"250 2.0.0 ok\r\n"
        return out, pending, ""


class DataServer(Server):
    """The same with the state of DATA."""

    def _answer(self, pending):
        if not getattr(self, "reading", False):
            out, rest, action = super()._answer(pending)
            if action == "data":
                self.reading = True
                self.body = b"\r\n"
                action = ""
            return out, rest, action
        self.body += pending
        end = self.body.find(b"\r\n.\r\n")
        if end < 0:
            return b"", b"", ""
        self.data.append(self.body[2:end + 2])
        rest = self.body[end + 5:]
        self.reading = False
        if self.lost:
            return b"", b"", "lost"
        out, rest, action = super()._answer(rest) if rest else (b"", b"", "")
        return b"250 2.0.0 stored\r\n" + out, rest, action


class Client:
    """A program of tests/interop/peers, msmtp, or ucmail."""

    def __init__(self, name, version, command):
        self.name, self.version, self.command = name, version, command

    def send(self, bench, server, mode, sender=FROM, to=TO, message=MESSAGE, user=None):
        """Sends; returns the finished process, or None where the client has no such mode."""
        words = self.command(bench, server, mode, sender, to, user)
        if words is None:
            return None
        begin = time.monotonic()
        process = subprocess.run(words, input=message.encode("latin-1"), stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, timeout=60, check=False,
                                 env={"PATH": os.environ["PATH"], "HOME": bench.folder, "LC_ALL": "C.UTF-8",
                                      "SSL_CERT_FILE": f"{bench.certificates}/ca.pem"})
        process.seconds = time.monotonic() - begin
        time.sleep(0.1)
        return None if process.returncode == 2 and self.name.startswith("lib") else process


def ucmail_command(bench, server, mode, sender, to, user):
    """Through a system of exports."""
    protocol = {"plain": "PLAIN", "may": "STARTTLS", "starttls": "TLS", "tls": "TLS"}[mode]
    settings = {"SMTP_SERVER": "localhost", "SMTP_FROM_ADDR": sender, "SMTP_PROTOCOL": protocol,
                "SMTP_TIMEOUT": "2", "SMTP_PORT": {"plain": "25", "tls": "465"}.get(mode, "587")}
    if protocol != "PLAIN":
        settings["SMTPS_CERT"] = "TRUSTED"
    more = []
    if user:
        settings["SMTP_LOGIN"] = "LOGIN.MAIL"
        path = f"{bench.folder}/password"
        with open(path, "w", encoding="ascii", opener=lambda *a: os.open(*a, 0o600)) as file:
            file.write(SECRET)
        more = ["--password-file", path, "--login-user", user]
    bench.count += 1
    system = make_system(f"{bench.folder}/system{bench.count}", {0: {}, 100: {"UC_CLIENT_SETTINGS": settings}},
                         {"TRUSTED": f"{bench.certificates}/ca.pem"})
    recipients = [word for address in to for word in ("-t", address)]
    return [*tool("ucmail"), "send", "--json", "-C", system, "-c", "100", "--connect-to",
            f"::127.0.0.1:{server.port}", *recipients, "--message", "-", *more]


def msmtp_command(bench, server, mode, sender, to, user):
    """All on the command line."""
    if mode == "may":
        return None
    tls = [] if mode == "plain" else ["--tls=on", f"--tls-trust-file={bench.certificates}/ca.pem",
                                      f"--tls-starttls={'on' if mode == 'starttls' else 'off'}"]
    login = ["--auth=plain", f"--user={user}", f"--passwordeval=echo {SECRET}"] if user else ["--auth=off"]
    return ["msmtp", "-C", "/dev/null", "--host=localhost", f"--port={server.port}", "--timeout=2",
            f"--from={sender}", "--tls=off", *tls, *login, "--", *to]


def library_command(program):
    """One of the small programs."""
    def command(bench, server, mode, sender, to, user):
        return [program, mode, str(server.port), f"{bench.certificates}/ca.pem", user or "-", SECRET, sender,
                *to]
    return command


class Bench:
    """Certificates, a home, and the questions that every client is asked."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0
        self.certificates = f"{folder}/certificates"
        subprocess.run([f"{TOP}/tests/servers/make_certs.sh", self.certificates], check=True,
                       env={**os.environ, "PYTHON": sys.executable})

    def run(self, client, mode, server=None, **options):
        """One send to a new server; returns both."""
        with DataServer(self.certificates, **(server or {})) as peer:
            process = client.send(self, peer, mode, **options)
        return peer, process

    def trips(self, client, mode):
        """The middle of three: two writes that come late look like one."""
        return sorted(self.count_trips(client, mode) for _ in range(3))[1]

    def count_trips(self, client, mode):
        server, process = self.run(client, mode, {
            "implicit": mode == "tls", "capabilities": ["PIPELINING", "SIZE 1000000", "8BITMIME"]})
        if process is None:
            return "-"
        return str(server.bursts) if server.data and process.returncode == 0 else "fails"

    def fresh_starttls(self, client):
        return self.trips(client, "starttls")

    def fresh_implicit(self, client):
        return self.trips(client, "tls")

    def injection(self, client):
        server, _ = self.run(client, "starttls", {"injected": INJECTED})
        if server.used:
            return "used"
        return "waits" if server.data else "aborts"

    def stripped(self, client):
        server, process = self.run(client, "may", {"starttls": False, "capabilities": ["AUTH PLAIN LOGIN"]},
                                   user="automation")
        if process is None:
            return "-"
        return "given away" if any(line.upper().startswith("AUTH") for line in server.clear) else "kept"

    def stripped_forced(self, client):
        server, _ = self.run(client, "starttls", {"starttls": False})
        return "sent" if server.data else "refused"

    def certificate(self, client, name):
        server, _ = self.run(client, "starttls", {"cert": name})
        return "believed" if server.data else "refused"

    def unknown_ca(self, client):
        return self.certificate(client, "unknown_ca")

    def expired(self, client):
        return self.certificate(client, "expired")

    def wrong_name(self, client):
        return self.certificate(client, "wrong_name")

    def line_end_sender(self, client):
        server, _ = self.run(client, "plain", sender="a@example.com>\r\nRCPT TO:<evil@example.com")
        return "sent" if any(line.startswith("RCPT TO:<evil") for line in server.lines) else "refused"

    def line_end(self, client):
        server, _ = self.run(client, "plain", to=["a@example.com>\r\nRCPT TO:<evil@example.com"])
        return "sent" if any(line.startswith("RCPT TO:<evil") for line in server.lines) else "refused"

    def smuggling(self, client):
        text = MESSAGE + "one\n.\ntwo\n.\r\nthree\r.\rfour\r\n"
        server, _ = self.run(client, "plain", message=text)
        if not server.data:
            return "refused"
        return "sent" if re.search(rb"(?<!\r)\n\.|\r\.\r|\r(?!\n)", server.data[0]) else "made CRLF"

    def one_bad(self, client):
        server, process = self.run(client, "plain", {"refused": ["b@example.com"]})
        told = process.stdout + process.stderr
        if not server.data:
            return "no mail"
        return "others" + (", told" if b"b@example.com" in told else "")

    def lost(self, client):
        _, process = self.run(client, "plain", {"lost": True})
        if process.returncode == 0:
            return "sent"
        return "unknown" if b'"unknown"' in process.stdout else "failed"

    def size(self, client):
        server, _ = self.run(client, "plain", {"capabilities": ["SIZE 1000"]},
                             message=MESSAGE + "x" * 60 + "\r\n" * 1000)
        if not any(line.startswith("MAIL") for line in server.lines):
            return "not begun"
        return "announced" if any("SIZE=" in line for line in server.lines) else "sent"

    def utf8(self, client):
        server, _ = self.run(client, "plain", to=["j\u00f6rg@example.com"])
        return "sent" if any(line.startswith("RCPT") for line in server.lines) else "refused"

    def silence(self, client):
        _, process = self.run(client, "plain", {"silent": True})
        return f"{process.seconds:.0f} s" if process.seconds < 7 else "no end"


QUESTIONS = [
    ("Round trips: STARTTLS", Bench.fresh_starttls),
    ("  implicit TLS", Bench.fresh_implicit),
    ("Answers injected before TLS", Bench.injection),
    ("Password, STARTTLS stripped", Bench.stripped),
    ("Mail, TLS a must and stripped", Bench.stripped_forced),
    ("Certificate of an unknown CA", Bench.unknown_ca),
    ("  expired", Bench.expired),
    ("  of another host", Bench.wrong_name),
    ("CR LF in the sender", Bench.line_end_sender),
    ("  in a recipient", Bench.line_end),
    ("Dots between bare CR and LF", Bench.smuggling),
    ("One recipient of 3 refused", Bench.one_bad),
    ("Lost behind the final dot", Bench.lost),
    ("Over the server's SIZE", Bench.size),
    ("SMTPUTF8 needed, not offered", Bench.utf8),
    ("Silence, time-out of 2 s", Bench.silence),
]


def version(*command):
    """The first number with dots that the command prints."""
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    found = re.search(rb"\d+\.\d[\d.]*", process.stdout)
    return found[0].decode() if found else ""


def clients(folder):
    """Those that are there."""
    found = [Client("ucmail", version(*tool("ucmail"), "--version"), ucmail_command)]
    for program, name, package in (("curl", "libcurl", "libcurl"), ("esmtp", "libESMTP", "libesmtp-1.0"),
                                   ("etpan", "libEtPan", "libetpan")):
        path = os.path.join(folder, program)
        if os.path.exists(path):
            found.append(Client(name, version("pkg-config", "--modversion", package), library_command(path)))
    if shutil.which("msmtp"):
        found.insert(2, Client("msmtp", version("msmtp", "--version"), msmtp_command))
    return found


def main():
    found = clients(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="ucmail-peers-") as folder:
        bench = Bench(folder)
        rows = [["", *(client.name for client in found)], ["", *(client.version for client in found)]]
        for sentence, question in QUESTIONS:
            rows.append([sentence, *(question(bench, client) for client in found)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


main()
