"""Examples that send: each test has a server, and a system that names it."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from sending import FORCED, SendTest  # noqa: E402
from harness import TOP  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

EXAMPLES = os.path.join(TOP, "examples")


def read(name):
    """One of the examples."""
    with open(os.path.join(EXAMPLES, name), encoding="utf-8") as file:
        return file.read()


class ServedTest(SendTest):
    """self.server takes what the system self.sent sends."""

    def setUp(self):
        super().setUp()
        self.server = Aiosmtpd("--mode", "tls", *self.server_options("server"))
        self.server.__enter__()
        self.addCleanup(self.server.__exit__, None, None, None)
        self.sent = self.system(**{**FORCED, "SMTP_SERVER": "localhost",
                                   "SMTP_PORT": str(self.server.port)})
