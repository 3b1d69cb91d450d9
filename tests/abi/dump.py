#!/usr/bin/env python3
"""
Writes the binary interface that ucmail.h promises, as abidw sees it:

    tests/abi/dump.py >tests/abi/libucmail.abi          (at a release, on x86-64)

It is taken from functions with empty bodies that are made of the header, so that it knows nothing of what
is behind the opaque types. That the library exports just these is for tests/dlopen.
"""
import os
import re
import subprocess
import sys
import tempfile

LIBSRC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "libsrc")
FUNCTION = re.compile(r"^(?:UCM_MUST_CHECK )?((?:const char \*|int |long |void )ucm_\w+\([^;{]*?\))"
                      r"(?:\s+UCM_NONNULL\([\d, ]*\))?;", re.M)


def dump(old="", new=""):
    """The interface, in libabigail's XML; for tests, with something in the header changed."""
    with open(f"{LIBSRC}/ucmail.h", encoding="utf-8") as file:
        header = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    if old not in header:
        raise ValueError(f"ucmail.h has no {old}")
    header = header.replace(old, new) if old else header
    bodies = "".join(f"{prototype} {{ abort(); }}\n" for prototype in FUNCTION.findall(header))
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/stub.c", "w", encoding="ascii") as file:
            file.write(f"#include <stdlib.h>\n{header}\n{bodies}")
        subprocess.run(["cc", "-std=c11", "-g", "-O0", "-fPIC", "-shared",
                        f"-Wl,--version-script={LIBSRC}/libucmail.map", "-Wl,-z,defs",
                        "-Wl,-soname,libucmail.so.0", f"{folder}/stub.c", "-o", f"{folder}/stub.so"],
                       check=True)
        text = subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs",
                               "--no-elf-needed", "--type-id-style", "hash", f"{folder}/stub.so"],
                              check=True, stdout=subprocess.PIPE).stdout
        return text.replace(f"{folder}/".encode(), b"")


if __name__ == "__main__":
    sys.stdout.buffer.write(dump())
