#!/usr/bin/env python3
"""
Records the binary interface that ucmail.h promises, at a release:

    tests/abi/dump.py          (writes tests/abi/released.h and released.map)

Recorded is the header, not what a tool makes of it: both sides are then seen by the same compiler and the
same libabigail, on any machine. They see functions with empty bodies that are made of the header, and so
nothing of what is behind the opaque types. That the library exports just these is for tests/dlopen.
"""
import os
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LIBSRC = os.path.join(HERE, "..", "..", "libsrc")
FUNCTION = re.compile(r"^(?:UCM_MUST_CHECK )?((?:const char \*|int |long |void )ucm_\w+\([^;{]*?\))"
                      r"(?:\s+UCM_NONNULL\([\d, ]*\))?;", re.M)


def read(*path):
    """A text file of the project."""
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def interface():
    """The present header without its comments, and the versions of its functions."""
    header = re.sub(r"/\*.*?\*/", "", read(LIBSRC, "ucmail.h"), flags=re.S)
    header = re.sub(r"\n\s*\n+", "\n", re.sub(r"[ \t]+$", "", header, flags=re.M))
    return header.strip() + "\n", read(LIBSRC, "libucmail.map")


def released():
    """The same of the last release."""
    return read(HERE, "released.h"), read(HERE, "released.map")


def dump(header, versions):
    """An interface in libabigail's XML."""
    bodies = "".join(f"{prototype} {{ abort(); }}\n" for prototype in FUNCTION.findall(header))
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/stub.c", "w", encoding="ascii") as file:
            file.write(f"#include <stdlib.h>\n{header}\n{bodies}")
        with open(f"{folder}/stub.map", "w", encoding="ascii") as file:
            file.write(versions)
        subprocess.run(["cc", "-std=c11", "-g", "-O0", "-fPIC", "-shared",
                        f"-Wl,--version-script={folder}/stub.map", "-Wl,-z,defs",
                        "-Wl,-soname,libucmail.so.0", f"{folder}/stub.c", "-o", f"{folder}/stub.so"],
                       check=True)
        text = subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs",
                               "--no-elf-needed", "--type-id-style", "hash", f"{folder}/stub.so"],
                              check=True, stdout=subprocess.PIPE).stdout
        return text.replace(f"{folder}/".encode(), b"")


if __name__ == "__main__":
    for name, text in zip(("released.h", "released.map"), interface()):
        with open(os.path.join(HERE, name), "w", encoding="utf-8") as output:
            output.write(text)
