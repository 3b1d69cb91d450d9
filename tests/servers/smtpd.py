#!/usr/bin/env python3
"""A real SMTP server (aiosmtpd) on a loopback port, which the kernel chooses unless --port does.

Writes the port to --port-file once it listens; stores each message as NNNN.eml in --mail, and its
envelope beside it as NNNN.json. Ends on SIGTERM.
"""
import argparse
import asyncio
import json
import os
import signal
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Store:
    """Keeps what arrives; refuses the recipients that it was told to refuse."""

    def __init__(self, options):
        self.options = options
        self.count = 0

    async def handle_RCPT(self, _server, _session, envelope, address, rcpt_options):
        if address in self.options.reject:
            return "550 5.1.1 no such user"
        if address in self.options.defer:
            return "451 4.2.1 mailbox busy"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        base = os.path.join(self.options.mail, f"{self.count:04d}")
        tls = server.transport.get_extra_info("ssl_object")
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": tls.version() if tls else None,
            "user": session.auth_data.decode() if session.auth_data else None,
            "ehlo": session.host_name,
        }
        with open(base + ".eml", "wb") as file:
            file.write(envelope.original_content)
        with open(base + ".json", "w", encoding="utf-8") as file:
            json.dump(facts, file)
        return f"250 2.0.0 stored as {self.count:04d}"


def tls_context(options):
    """The server's TLS, or None."""
    if options.mode == "plain":
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert, options.key)
    if options.tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def authenticator(options):
    """Accepts the one user that the options name."""
    expected = LoginPassword(options.user.encode(), options.password.encode())

    def check(_server, _session, _envelope, _mechanism, data):
        if data == expected:
            return AuthResult(success=True, auth_data=data.login)
        return AuthResult(success=False, handled=False)

    return check


async def serve(options):
    """Listens until SIGTERM."""
    context = tls_context(options)
    arguments = {
        "hostname": "mail.example.com",
        "ident": "aiosmtpd",
        "enable_SMTPUTF8": True,
        "tls_context": context if options.mode == "starttls" else None,
        "require_starttls": options.require_tls,
    }
    if options.user:
        arguments["authenticator"] = authenticator(options)
        arguments["auth_required"] = True
        # aiosmtpd counts only STARTTLS as TLS here; a connection that begins in TLS is as good.
        arguments["auth_require_tls"] = options.mode == "starttls"
    store = Store(options)
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, done.set)
    # Handshakes that the client breaks off are what some tests are about.
    loop.set_exception_handler(lambda _loop, _context: None)
    server = await loop.create_server(
        lambda: SMTP(store, loop=loop, **arguments), "127.0.0.1", options.port,
        ssl=context if options.mode == "tls" else None)
    port = server.sockets[0].getsockname()[1]
    with open(options.port_file + ".new", "w", encoding="ascii") as file:
        print(port, file=file)
    os.rename(options.port_file + ".new", options.port_file)
    await done.wait()
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=["plain", "starttls", "tls"], default="plain")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--tls12", action="store_true", help="no TLS 1.3")
    parser.add_argument("--require-tls", action="store_true", help="no mail before STARTTLS")
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--mail", required=True)
    parser.add_argument("--user", help="log in as this user only")
    parser.add_argument("--password")
    parser.add_argument("--reject", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--defer", action="append", default=[], metavar="ADDRESS")
    options = parser.parse_args()
    os.makedirs(options.mail, exist_ok=True)
    asyncio.run(serve(options))
    sys.exit(0)


main()
