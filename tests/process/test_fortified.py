#!/usr/bin/env python3
"""The calls that the C library checks, where it has such calls."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "process"))
from hardened import Hardened  # noqa: E402
from harness import main  # noqa: E402


class Fortified(Hardened):
    """_FORTIFY_SOURCE."""

    def test_copies(self):
        """calls that copy know how much room there is"""
        self.each(lambda _text, symbols, path: self.assertRegex(symbols, r"__\w+_chk\b", path))


if __name__ == "__main__":
    main()
