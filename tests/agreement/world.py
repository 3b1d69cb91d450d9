"""Mail servers for every host and port that a system may name, each on a loopback port of its own."""
import select
import socket
import ssl
import threading

HOSTS = ("mail.example.com", "relay.example.com")
PORTS = (25, 465, 587, 2525)
PATIENCE = 0.25  # seconds a client may take to begin TLS before it is greeted in clear


class World:
    """
    The servers. What they present (paths of a chain and of its key) and whether they offer STARTTLS is
    set before a client comes; `seen` then tells who came: (host, port, mode, user logged in, mails).
    Whether a connection begins in TLS is the client's choice, never the server's, but on 25 and 587.
    """

    def __init__(self):
        self.presented = None
        self.offer = True
        self.seen = []
        self.contexts = {}
        self.listeners = {}
        for host in HOSTS:
            for port in PORTS:
                listener = socket.create_server(("127.0.0.1", 0))
                self.listeners[host, port] = listener
                threading.Thread(target=self._listen, args=(listener, host, port), daemon=True).start()

    def rules(self):
        """The HOST:PORT:ADDR:PORT that lead here."""
        return [f"{host}:{port}:127.0.0.1:{listener.getsockname()[1]}"
                for (host, port), listener in self.listeners.items()]

    def close(self):
        """Stops listening."""
        for listener in self.listeners.values():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _context(self):
        if self.presented not in self.contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_ciphers("DEFAULT:@SECLEVEL=0")  # the client is who judges
            context.load_cert_chain(*self.presented)
            self.contexts[self.presented] = context
        return self.contexts[self.presented]

    def _listen(self, listener, host, port):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            facts = {"host": host, "port": port, "mode": "none", "user": False, "mails": 0}
            self.seen.append(facts)
            connection.settimeout(10)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._converse(connection, facts)
            except (OSError, EOFError):
                pass

    def _converse(self, connection, facts):
        if facts["port"] not in (25, 587) and select.select([connection], [], [], PATIENCE)[0]:
            connection = self._context().wrap_socket(connection, server_side=True)
            facts["mode"] = "implicit"
        with connection:
            reader = connection.makefile("rb")
            connection.sendall(b"220 mail.example.com\r\n")
            while True:
                line = self._line(reader).upper()
                verb = line[:4]
                if verb == b"STAR" and self.offer and facts["mode"] == "none":
                    connection.sendall(b"220 go\r\n")
                    connection = self._context().wrap_socket(connection, server_side=True)
                    facts["mode"], reader = "starttls", connection.makefile("rb")
                elif verb == b"EHLO":
                    clear = facts["mode"] == "none"
                    offer = "250 STARTTLS" if clear and self.offer else \
                        "250 8BITMIME" if clear else "250 AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER"
                    connection.sendall(b"250-mail.example.com\r\n" + offer.encode() + b"\r\n")
                elif verb == b"AUTH":
                    facts["user"] = True
                    for question in (b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n"):
                        if line.startswith(b"AUTH LOGIN"):
                            connection.sendall(question)
                            self._line(reader)
                    connection.sendall(b"235 2.7.0 welcome\r\n")
                elif verb == b"DATA":
                    connection.sendall(b"354 go\r\n")
                    while self._line(reader) != b".\r\n":
                        pass
                    facts["mails"] += 1
                    connection.sendall(b"250 2.0.0 taken\r\n")
                elif verb == b"QUIT":
                    connection.sendall(b"221 bye\r\n")
                    return
                else:
                    connection.sendall(b"250 2.1.0 ok\r\n")

    @staticmethod
    def _line(reader):
        line = reader.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        return line
