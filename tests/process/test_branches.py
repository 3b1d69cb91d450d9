#!/usr/bin/env python3
"""Control flow that the machine enforces, on x86-64."""
import glob
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "process"))
from hardened import LIBS, Hardened, told  # noqa: E402
from harness import main  # noqa: E402


class Branches(Hardened):
    """-fcf-protection."""

    def test_objects(self):
        """objects are fit for enforced control flow; it takes those of the C library too"""
        objects = glob.glob(os.path.join(LIBS, "*_la-*.o"))
        self.assertGreater(len(objects), 20)
        for path in objects:
            self.assertIn("x86 feature: IBT, SHSTK", told("readelf", "-Wn", path), path)


if __name__ == "__main__":
    main()
