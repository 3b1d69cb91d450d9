#!/usr/bin/env python3
"""The hardening of what was built, on any machine."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "process"))
from hardened import LIBRARIES, Hardened, programs  # noqa: E402
from harness import main  # noqa: E402


class Anywhere(Hardened):
    """What every linker and compiler can do."""

    def test_relro(self):
        """relocations are read-only, and resolved at the start"""
        def claim(text, _symbols, path):
            self.assertIn("GNU_RELRO", text, path)
            self.assertRegex(text, r"BIND_NOW|FLAGS_1.*NOW", path)
        self.each(claim)

    def test_segments(self):
        """nothing is writable and executable, and no text is relocated"""
        def claim(text, _symbols, path):
            self.assertRegex(text, r"GNU_STACK .* RW +0x", path)
            self.assertNotRegex(text, r"LOAD .* RWE ", path)
            self.assertNotIn("TEXTREL", text, path)
        self.each(claim)

    def test_pie(self):
        """the tools lie anywhere"""
        self.each(lambda text, _symbols, path: self.assertRegex(text, r"FLAGS_1.*PIE", path), list(programs()))

    def test_runpath(self):
        """the libraries look for others nowhere but where the system does"""
        self.each(lambda text, _symbols, path: self.assertNotRegex(text, r"\(R(UN)?PATH\)", path), LIBRARIES)

    def test_stack(self):
        """functions with buffers guard their stack"""
        self.each(lambda _text, symbols, path: self.assertIn("__stack_chk_fail", symbols, path))


if __name__ == "__main__":
    main()
