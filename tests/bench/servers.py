"""Servers for measurements: one that swallows mail and counts round trips, one that delays.

    servers.py sink PORT-FILE CERT KEY MODE      MODE: starttls, tls, records
    servers.py delay PORT-FILE TARGET-PORT MS    a round trip takes MS milliseconds longer

The delaying one prints, for each connection that ended, a line with its number of round trips: how
often the client, which connected or spoke, waited for the server's answer.
"""
import os
import queue
import socket
import ssl
import sys
import threading
import time


class Session:
    """One connection of the sink: SMTP as little as it takes, over a buffer, so that what comes in
    one packet is answered in one."""

    def __init__(self, connection, context, mode):
        self.connection, self.context, self.mode = connection, context, mode
        self.buffer = b""
        self.replies = []

    def flush(self):
        if self.replies:
            self.connection.sendall(b"".join(self.replies))
            self.replies = []

    def fill(self):
        self.flush()
        piece = self.connection.recv(262144)
        if not piece:
            raise EOFError
        self.buffer += piece

    def line(self):
        while b"\r\n" not in self.buffer:
            self.fill()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def swallow(self, size):
        while size > len(self.buffer):
            size -= len(self.buffer)
            self.buffer = b""
            self.fill()
        self.buffer = self.buffer[size:]

    def swallow_data(self):
        """Up to the lone dot, without keeping what went before it."""
        if self.buffer.startswith(b".\r\n"):
            self.buffer = self.buffer[3:]
            return
        while b"\r\n.\r\n" not in self.buffer:
            self.buffer = self.buffer[-4:]
            self.fill()
        self.buffer = self.buffer.split(b"\r\n.\r\n", 1)[1]

    def wrap(self):
        self.connection = self.context.wrap_socket(self.connection, server_side=True)

    def say(self, text):
        self.replies.append(text + b"\r\n")

    def ehlo(self):
        extensions = [b"PIPELINING", b"8BITMIME", b"SIZE 104857600", b"ENHANCEDSTATUSCODES"]
        if os.environ.get("SINK_CHUNKING"):
            extensions.append(b"CHUNKING")
        if self.mode == "starttls":
            extensions.append(b"STARTTLS")
        for word in [b"mail.example.com", *extensions[:-1]]:
            self.say(b"250-" + word)
        self.say(b"250 " + extensions[-1])

    def run(self):
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.mode != "starttls":
            self.wrap()
        if self.mode == "records":
            while self.connection.recv(262144):
                pass
            return
        self.say(b"220 mail.example.com ESMTP")
        while True:
            line = self.line()
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.ehlo()
            elif line.upper() == b"STARTTLS":
                self.say(b"220 go ahead")
                self.flush()
                self.mode = "secure"
                self.wrap()
            elif verb == b"DATA":
                self.say(b"354 go ahead")
                self.swallow_data()
                self.say(b"250 2.0.0 stored")
            elif verb == b"BDAT":
                self.swallow(int(line.split()[1]))
                self.say(b"250 2.0.0 stored")
            elif verb == b"QUIT":
                self.say(b"221 2.0.0 bye")
                self.flush()
                return
            else:
                self.say(b"250 2.0.0 ok")


def serve(listener, handle):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=handle, args=(connection,), daemon=True).start()


def sink(cert, key, mode):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    # As mail servers have it by default: the client's order of ciphers counts.
    context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE

    def handle(connection):
        session = Session(connection, context, mode)
        try:
            session.run()
        except (EOFError, OSError):
            pass
        session.connection.close()
    return handle


class Delay:
    """One delayed connection: each direction is a queue of pieces with the time they are due."""

    def __init__(self, client, port, seconds):
        self.client, self.seconds = client, seconds
        self.server = socket.create_connection(("127.0.0.1", port))
        self.trips, self.last, self.gone = 0, "client", False
        self.lock = threading.Lock()

    def note(self, speaker):
        with self.lock:
            if speaker == "server" and self.last == "client":
                self.trips += 1
            self.last = speaker

    def receive(self, source, pieces, name):
        while True:
            try:
                piece = source.recv(262144)
            except OSError:
                piece = b""
            if name == "client":
                self.gone = self.gone or not piece
                if piece:
                    self.note(name)
            pieces.put((time.monotonic() + self.seconds, piece))
            if not piece:
                return

    def deliver(self, pieces, target, name):
        while True:
            due, piece = pieces.get()
            time.sleep(max(0, due - time.monotonic()))
            try:
                if not piece:
                    target.shutdown(socket.SHUT_WR)
                    return
                if name == "server" and not self.gone:
                    self.note(name)
                target.sendall(piece)
            except OSError:
                return

    def run(self):
        threads = []
        for one, other, name in ((self.client, self.server, "client"),
                                 (self.server, self.client, "server")):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pieces = queue.Queue()
            threads += [threading.Thread(target=self.receive, args=(one, pieces, name)),
                        threading.Thread(target=self.deliver, args=(pieces, other, name))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(self.trips, flush=True)
        self.client.close()
        self.server.close()


def main():
    kind, port_file = sys.argv[1:3]
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    os.rename(port_file + ".new", port_file)
    if kind == "sink":
        serve(listener, sink(*sys.argv[3:6]))
    port, seconds = int(sys.argv[3]), float(sys.argv[4]) / 2000
    serve(listener, lambda client: Delay(client, port, seconds).run())


if __name__ == "__main__":
    main()
