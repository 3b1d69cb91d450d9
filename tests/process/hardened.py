"""What readelf and nm tell of the libraries and tools."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import BUILD, SystemTest  # noqa: E402

LIBS = os.path.join(BUILD, "libsrc", ".libs")
LIBRARIES = [os.path.join(LIBS, name) for name in ("libucmail.so.0", "ucmail-xml.so")]


def programs():
    """The tools themselves, not libtool's wrappers of them."""
    for name in ("ucmail", "policy-lint", "ucmail-sendmail"):
        real = os.path.join(BUILD, "tools", ".libs", name)
        yield real if os.path.exists(real) else os.path.join(BUILD, "tools", name)


def told(*command):
    """The output of a program."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8",
                          env={**os.environ, "LC_ALL": "C"}).stdout


class Hardened(SystemTest):
    """A claim about files that were built."""

    def each(self, claim, paths=None):
        """Holds a claim for every file: of its headers, dynamic section and notes, its symbols, its name."""
        for path in paths or [*LIBRARIES, *programs()]:
            with self.subTest(os.path.basename(path)):
                claim(told("readelf", "-Wldn", path), told("nm", "-D", path), path)
