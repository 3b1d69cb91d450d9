#!/usr/bin/env python3
"""The library as a plug-in: loaded and closed again and again, and beside a host that uses wolfSSL itself.
Environment: ROUNDS, how often it is loaded; OWN, a library with a wolfSSL of its own."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, SendTest  # noqa: E402
from harness import BUILD, add_rows, main, run, sanitized, ucmail  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

LIBRARY = os.path.join(BUILD, "libsrc", ".libs", "libucmail.so.0")
OWN = os.path.abspath(os.environ["OWN"]) if os.environ.get("OWN") else None
WRAP = os.environ.get("UCM_WRAP", "").split()
ROUNDS = int(os.environ.get("ROUNDS") or (36 if WRAP else 1000))
SEND_EVERY = 6 if WRAP else 50


class Loaded(SendTest):
    """Programs that load the library, and link none of it."""

    def loads(self, name, arguments, mails):
        """One of them, below what UCM_WRAP says; `arguments` of the port and a compiled system."""
        snapshot = os.path.join(self.folder, "snapshot")
        result = ucmail("compile", "-C", self.system(**FORCED), "-o", snapshot)
        self.assertEqual(result.exit, 0, result)
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            words = [str(word) for word in arguments(server.port, snapshot)]
            result = run(*WRAP, os.path.join(BUILD, "tests", "process", name), *words)
            self.assertEqual((result.exit, result.err), (0, ""), result)
            print("".join(f"# {line}\n" for line in result.out.splitlines()), end="")
            self.assertEqual(len(server.messages()), mails)

    def reopen(self):
        """In rounds."""
        self.loads("reopen", lambda port, snapshot: (LIBRARY, snapshot, f"::127.0.0.1:{port}", ROUNDS, SEND_EVERY),
                   -(-ROUNDS // SEND_EVERY))

    def neighbours(self, kind, *libraries):
        """A host with these libraries: three rounds in which each sends five times."""
        self.loads("neighbours", lambda port, snapshot: (port, self.cert("ca"), snapshot, kind, *libraries),
                   3 * 5 * len(libraries))


# A sanitizer's shadow grows with each library that is opened.
add_rows(Loaded, "reopen", [] if sanitized() else [
    ("dlopen() and dlclose() again and again: nothing grows, nothing is lost",),
])
add_rows(Loaded, "neighbours", [
    ("a neighbour with the same wolfSSL: neither takes anything from the other", "shared", LIBRARY),
] + ([
    ("a neighbour with another wolfSSL: no symbol of one stands for the other's", "own", OWN),
    ("neighbours with the same and with another wolfSSL at the same time", "both", LIBRARY, OWN),
] if OWN else []))

main()
