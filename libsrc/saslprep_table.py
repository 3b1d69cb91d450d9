"""Makes saslprep_table.c from the Unicode 3.2 data that RFC 3454 refers to.

Usage: python3 saslprep_table.py > saslprep_table.c
"""

import stringprep
from unicodedata import ucd_3_2_0 as ucd

MAX = 0x110000
LONGEST = 0xFFFF  # a long row has 16 bits for it
SHORTEST_LONG = 0x20  # a short one has 5

HEAD = """/*
 * Classes of characters for SASLprep (RFC 4013), by the tables of RFC 3454 over Unicode 3.2.
 * Made by saslprep_table.py: change that instead.
 */
#include "config.h"

#include "libsrc/saslprep.h"

/* clang-format off */
const unsigned char ucm_saslprep_table[] = {
"""

TAIL = """};
/* clang-format on */

const size_t ucm_saslprep_table_size = sizeof(ucm_saslprep_table);
"""


def combines():
    """Characters that may join with the one before them."""
    found = set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))  # Hangul
    for code in range(MAX):
        parts = ucd.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(int(parts[1], 16))
    return found


PROHIBITED = (
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def classify(code, joining):
    char = chr(code)
    if stringprep.in_table_b1(char):
        return "NOTHING"
    if stringprep.in_table_c12(char):
        return "SPACE"
    if any(table(char) for table in PROHIBITED):
        return "PROHIBITED"
    if stringprep.in_table_a1(char):
        return "UNASSIGNED"
    if ucd.normalize("NFKC", char) != char or ucd.combining(char) or code in joining:
        return "UNSTABLE"
    if stringprep.in_table_d1(char):
        return "RIGHT"
    if stringprep.in_table_d2(char):
        return "LEFT"
    return "NEUTRAL"


def row(length, kind):
    return f"\tUCM_PREP_{'ROW' if length < SHORTEST_LONG else 'LONG_ROW'}({length}, {kind}),"


def main():
    print(HEAD, end="")
    joining = combines()
    start, last = 0, classify(0, joining)
    for code in range(1, MAX + 1):
        kind = classify(code, joining) if code < MAX else None
        if kind == last:
            continue
        while code - start > LONGEST:
            print(row(LONGEST, last))
            start += LONGEST
        print(f"{row(code - start, last)} /* to U+{code - 1:04X} */")
        start, last = code, kind
    print(TAIL, end="")


if __name__ == "__main__":
    main()
