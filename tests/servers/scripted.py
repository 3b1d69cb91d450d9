"""A server that follows a script, for what no honest server does.

A script is a list of steps, taken in order for one connection after the other:

    "> text"        send this line, with CRLF (\\r \\n \\x escapes are understood)
    ">> text"       send these bytes, nothing added
    "< PREFIX"      read a line; it must begin so (case ignored), else the script fails
    "< ?"           read a line, whatever it is
    "data"          read up to the lone dot
    "tls"           TLS handshake with the server's certificate
    "wait SECONDS"  do nothing for so long
    "close"         close at once
    "reset"         close at once with a TCP reset
    "shut"          say no more, and read on until the client goes
    "flood TEXT"    send these bytes again and again until the client goes
    "drip SECONDS TEXT"  send these bytes one by one, so many seconds apart

What the client sent stands in `received`, one entry a line, and in `raw` as it came; `failure` tells where it left the script.
"""
import socket
import ssl
import struct
import threading
import time


class Scripted:
    """One script on a loopback port; a context manager."""

    def __init__(self, script, cert=None, key=None, maximum=None, minimum=None, weak=False):
        self.script = script
        self.context = None
        if cert:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            if maximum:
                self.context.minimum_version = minimum or maximum
                self.context.maximum_version = maximum
                self.context.set_ciphers("ALL:@SECLEVEL=0")
            if weak:  # OpenSSL itself has standards
                self.context.set_ciphers("DEFAULT:@SECLEVEL=0")
            self.context.load_cert_chain(cert, key)
        self.received = []
        self.raw = []
        self.failure = None
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        # shutdown() wakes the accept(); close() alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(10)
            try:
                self._follow(connection)
            except (OSError, EOFError) as error:
                self.failure = self.failure or f"{type(error).__name__}: {error}"

    def _follow(self, connection):
        reader = connection.makefile("rb")
        for step in self.script:
            verb, _, rest = step.partition(" ")
            if verb in (">", ">>"):
                text = rest.encode().decode("unicode_escape").encode("latin-1")
                connection.sendall(text + (b"\r\n" if verb == ">" else b""))
            elif verb == "<":
                line = self._line(reader)
                if rest != "?" and not line.upper().startswith(rest.upper()):
                    self.failure = f"expected {rest!r}, got {line!r}"
                    break
            elif verb == "data":
                while self._line(reader) != ".":
                    pass
            elif verb == "tls":
                connection = self._tls(connection)
                reader = connection.makefile("rb")
            elif verb == "wait":
                time.sleep(float(rest))
            elif verb == "shut":
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            elif verb == "flood":
                text = rest.encode().decode("unicode_escape").encode("latin-1") * 100
                while True:
                    connection.sendall(text)
            elif verb == "drip":
                seconds, _, text = rest.partition(" ")
                for byte in text.encode().decode("unicode_escape").encode("latin-1"):
                    connection.sendall(bytes([byte]))
                    time.sleep(float(seconds))
            elif verb == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                break
            elif verb == "close":
                break
            else:
                raise ValueError(step)
        reader.close()
        connection.close()

    def _tls(self, connection):
        """Where the handshake fails, the client shall see the alert: unread bytes would make a RST of the close."""
        secured = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        try:
            secured.do_handshake()
        except ssl.SSLError:
            socket.socket.shutdown(secured, socket.SHUT_WR)
            while socket.socket.recv(secured, 65536):
                pass
            raise
        return secured

    def _line(self, reader):
        line = reader.readline()
        if not line:
            raise EOFError("the client closed the connection")
        text = line.decode("latin-1").rstrip("\r\n")
        self.received.append(text)
        self.raw.append(line)
        return text
