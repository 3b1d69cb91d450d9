"""A server that fails at random in every way, and keeps a true log of the messages that it took."""
import collections
import random
import re
import socket
import ssl
import struct
import threading
import time

STALL = 1.3  # seconds, longer than the client's time-out


class Gone(Exception):
    """The connection is over."""


def number_of(data):
    """The number of a message, by its Message-ID."""
    return int(re.search(rb"<(\d+)@soak.example>", data)[1])


class Log:
    """What was taken: {number: {recipient: how often}}, and what was wrong with what was taken."""

    def __init__(self):
        self.lock = threading.Lock()
        self.taken = collections.defaultdict(collections.Counter)
        self.damaged = []
        self.faults = collections.Counter()
        self.connections = 0
        self.history = {}  # of a message whose end was read: how its connection failed until then

    def take(self, data, recipients):
        """Notes one message whose end was read."""
        head, _, body = data.partition(b"\r\n\r\n")
        number = number_of(head)
        lines = int(re.search(rb"(?m)^X-Lines: (\d+)", head)[1])
        wanted = [b"%sline %d of %d" % (b"." if line % 7 == 0 else b"", line, number) for line in range(lines)]
        with self.lock:
            for recipient in recipients:
                self.taken[number][recipient] += 1
            if body.split(b"\r\n")[:-1] != wanted:
                self.damaged.append(number)


class Session:
    """One connection."""

    def __init__(self, connection, mode, contexts, log, seed, rate):
        self.connection, self.raw, self.mode, self.contexts = connection, connection, mode, contexts
        self.log, self.random, self.rate = log, random.Random(seed), rate
        self.reader = None
        self.pipelining = self.random.random() < 0.7
        self.chunking = self.random.random() < 0.4
        self.failed = ["chunking"] * self.chunking + ["pipelining"] * self.pipelining
        self.forget()

    def forget(self):
        """No mail is under way."""
        self.recipients, self.data = [], b""

    # ---- Ways to fail. Each but the first few ends the connection, by itself or by the client.

    def fault(self, state):
        """The name of a fault, or None."""
        if self.random.random() >= self.rate:
            return None
        names = ["close", "reset", "closing", "later", "never", "garbage", "endless", "half", "extra", "differ",
                 "wrong", "nul", "drip", "spoiled"]
        if self.chunking and self.pipelining:
            # DATA's 354 betrays a reply too many; behind BDAT a client can but believe it.
            names.remove("extra")
        if self.random.random() < 0.02:
            names = ["stall"]
        name = self.random.choice(names)
        self.failed.append(f"{name} at {state}")
        with self.log.lock:
            self.log.faults[f"{name} at {state}"] += 1
        return name

    def reset(self):
        """RST instead of FIN."""
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def say(self, text):
        """One reply, as it should be."""
        self.connection.sendall(text.encode() + b"\r\n")

    def answer(self, state, text, taken=False):
        """
        The reply, or a fault instead. True where the client must believe the reply. A message that was
        `taken` is never said to be refused: that would be a lie, and no accounting survives lies.
        """
        name = self.fault(state)
        send = self.connection.sendall
        if name in ("closing", "later", "never") and taken:
            name = "close"
        if name is None:
            self.say(text)
            return True
        if name == "reset":
            self.reset()
        elif name == "later":
            self.say("451 4.3.0 not now")
            return False
        elif name == "never":
            self.say("554 5.7.1 no")
            return False
        elif name == "drip":
            for byte in text.encode() + b"\r\n":
                send(bytes([byte]))
            return True
        elif name == "closing":
            self.say("421 4.3.2 closing")
        elif name == "garbage":
            send(self.random.choice([b"what?\r\n", b"\r\n", b"25 ok\r\n", b"2500 ok\r\n", b"250_ok\r\n",
                                     b"\xff\xfe\r\n"]))
            self.linger()
        elif name == "endless":
            send(b"250-" + b"x" * 70000)
            self.linger()
        elif name == "half":
            send(text.encode()[:self.random.randint(1, len(text))])
        elif name == "extra":
            send(text.encode() + b"\r\n250 2.0.0 extra\r\n")
            return True
        elif name == "differ":
            send(text[:3].encode() + b"-one\r\n" + (b"550" if text[0] == "2" else b"250") + b" two\r\n")
            self.linger()
        elif name == "wrong":
            send(b"334 what\r\n" if text[0] == "3" else b"354 what\r\n")
            self.linger()
        elif name == "nul":
            send(b"250 a\0b\r\n")
            self.linger()
        elif name == "spoiled" and self.connection is not self.raw:
            self.raw_bytes(b"\x17\x03\x03\x00\x20" + bytes(32))
            self.linger()
        elif name == "stall":
            time.sleep(STALL)
        raise Gone

    def linger(self):
        """Lets the client find out, and hang up itself."""
        self.raw.settimeout(0.3)
        try:
            while self.raw.recv(65536):
                pass
        except (OSError, ValueError):
            pass

    def raw_bytes(self, data):
        """Bytes below TLS."""
        with socket.socket(fileno=socket.dup(self.connection.fileno())) as below:
            below.sendall(data)

    # ---- The dialogue.

    def line(self):
        """One line of the client."""
        line = self.reader.readline(4096)
        if not line.endswith(b"\n"):
            raise Gone
        return line

    def start_tls(self):
        """The handshake, now and then with the wrong certificate, or none at all."""
        context = self.contexts[0]
        name = self.fault("handshake")
        if name in ("close", "reset"):
            self.reset()
        if name in ("garbage", "spoiled", "half"):
            self.connection.sendall(b"\x16\x03\x03\x00\x10" + bytes(16))
            raise Gone
        if name in ("never", "wrong", "differ"):
            context = self.contexts[1]
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.raw = self.connection
        self.reader = self.connection.makefile("rb")

    def run(self):
        """The whole of it."""
        self.reader = self.connection.makefile("rb")
        if self.mode == "tls":
            self.start_tls()
        if not self.answer("greeting", "220 mail.example.com"):
            return
        while True:
            line = self.line()
            verb = line[:4].upper().strip()
            method = getattr(self, "on_" + verb.decode("ascii", "replace").lower(), None)
            if method is None:
                self.say("502 5.5.1 what")
            else:
                method(line)

    def on_ehlo(self, _line):
        words = ["mail.example.com", "8BITMIME", "SIZE 10000000"]
        words += ["PIPELINING"] * self.pipelining + ["CHUNKING"] * self.chunking
        words += ["STARTTLS"] * (self.mode == "starttls" and not isinstance(self.connection, ssl.SSLSocket))
        self.answer("EHLO", "\r\n".join(f"250{'-' if word is not words[-1] else ' '}{word}" for word in words))

    def on_helo(self, _line):
        self.answer("HELO", "250 mail.example.com")

    def on_star(self, _line):
        if self.random.random() < self.rate / 4:
            self.connection.sendall(b"220 go\r\n250 injected\r\n")
            self.linger()
            raise Gone
        if self.answer("STARTTLS", "220 go"):
            self.start_tls()

    def on_mail(self, _line):
        self.forget()
        self.mail = self.answer("MAIL", "250 2.1.0 ok")

    def on_rcpt(self, line):
        address = re.search(rb"<(.*)>", line)[1].decode()
        if not getattr(self, "mail", False):
            self.say("503 5.5.1 no MAIL")
        elif self.answer("RCPT", "250 2.1.5 ok"):
            self.recipients.append(address)

    def on_rset(self, _line):
        self.forget()
        self.answer("RSET", "250 2.0.0 ok")

    def on_quit(self, _line):
        self.answer("QUIT", "221 2.0.0 bye")
        raise Gone

    def on_data(self, _line):
        if not self.recipients:
            self.say("503 5.5.1 no recipients")
            return
        if not self.answer("DATA", "354 go"):
            self.forget()
            return
        if self.random.random() < self.rate / 4:  # in the midst of the mail
            self.line()
            self.reset() if self.random.random() < 0.5 else self.stop("421 4.3.2 enough\r\n")
        data = b""
        while (line := self.line()) != b".\r\n":
            data += line[1:] if line.startswith(b".") else line
        self.end_of(data)

    def stop(self, text):
        """Says so in the midst of the mail."""
        self.connection.sendall(text.encode())
        self.linger()
        raise Gone

    def on_bdat(self, line):
        size = int(line.split()[1])
        chunk = self.reader.read(size)
        if len(chunk) < size:
            raise Gone
        if not self.recipients:
            self.say("503 5.5.1 no recipients")
            return
        self.data += chunk
        if line.upper().rstrip().endswith(b"LAST"):
            self.end_of(self.data)
        elif not self.answer("BDAT", "250 2.0.0 chunk"):
            self.forget()

    def end_of(self, data):
        """The final dot, or the last chunk, was read."""
        recipients, self.mail = self.recipients, False
        self.forget()
        self.log.history[number_of(data)] = self.failed
        refused = self.random.random() < self.rate / 2
        if refused:
            self.say(self.random.choice(["451 4.7.1 greylisted", "554 5.7.1 spam", "552 5.3.4 too much"]))
            return
        self.log.take(data, recipients)
        self.answer("end", "250 2.0.0 taken", taken=True)


class Failing:
    """The server on three ports: tls, starttls, plain. `rate`: how likely each reply fails."""

    def __init__(self, cert, wrong, seed, rate=0.03):
        self.log, self.seed, self.rate = Log(), seed, rate
        self.contexts = []
        for chain, key in (cert, wrong):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(chain, key)
            self.contexts.append(context)
        self.ports, self.listeners = {}, []
        for mode in ("tls", "starttls", "plain"):
            listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            self.listeners.append(listener)
            self.ports[mode] = listener.getsockname()[1]
            threading.Thread(target=self._listen, args=(listener, mode), daemon=True).start()

    def close(self):
        """Stops listening."""
        for listener in self.listeners:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _listen(self, listener, mode):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self.log.lock:
                self.log.connections += 1
                seed = self.seed * 1000003 + self.log.connections
            threading.Thread(target=self._serve, args=(connection, mode, seed), daemon=True).start()

    def _serve(self, connection, mode, seed):
        connection.settimeout(10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session = Session(connection, mode, self.contexts, self.log, seed, self.rate)
        try:
            session.run()
        except (OSError, Gone, ValueError):
            pass
        try:
            session.raw.close()
        except OSError:
            pass
