#!/usr/bin/env python3
"""
Writes ucmail-rules(7) from what `policy-lint --list-rules --json` says on standard input:

    policy-lint --list-rules --json | tests/tools/rules_manual.py >tools/ucmail-rules.7
"""
import json
import sys
import textwrap

GROUPS = {
    "0": "What could not be read",
    "1": "Settings",
    "2": "Certificates",
    "3": "Agents, clients and scripts",
    "4": "Servers that were asked",
    "5": "Suppressions",
}
HEAD = r""".\" Made by tests/tools/rules_manual.py from the table of rules.
.Dd November 24, 2026
.Dt UCMAIL-RULES 7
.Os
.Sh NAME
.Nm ucmail-rules
.Nd the rules that mail policies are judged by
.Sh DESCRIPTION
.Xr policy-lint 1
raises a finding where a system breaks one of these rules, and
.Xr ucmail 1
and
.Xr libucmail 3
refuse to send where the rule says so.
The decision is made by the same code.
.Pp
Each rule has a severity for either profile,
.Cm compat
and
.Cm strict .
A rule that
.Em refuses
stops every send by a policy that it touches; one that refuses
.Em when strict
does so with
.Fl -profile Cm strict
only; the others are for people.
.Pp
An example is a few rows of
.Li UC_CLIENT_SETTINGS
in client 100.
A line such as
.Ql [0100 UC_SMTP_X]
begins another object;
.Li [options]
stands for the command line.
Where it has no section of its own,
.Li UC_TRUSTEDCERTS
of client 0 holds a good certificate called
.Li MAIL_CA .
"""
TAIL = """.Sh SEE ALSO
.Xr policy-lint 1 ,
.Xr ucmail 1 ,
.Xr libucmail 3 ,
.Xr policy-lint.conf 5
"""
REFUSES = {"never": "for people", "always": "refuses", "strict": "refuses when strict"}


def escape(text):
    """Text that mandoc takes as it is."""
    text = text.replace("\\", "\\e").replace("%1", "...").replace("%2", "...").replace("%3", "...")
    return "\\&" + text if text[:1] in (".", "'") else text


def lines(text):
    """A paragraph, a sentence a line."""
    for sentence in text.replace(". ", ".\n").split("\n"):
        for line in textwrap.wrap(sentence, 78, break_long_words=False, break_on_hyphens=False):
            yield escape(line)


def example(title, text):
    """A display, or nothing."""
    if not text:
        return
    yield ".Pp"
    yield title + ":"
    yield ".Bd -literal -offset indent -compact"
    for line in text.splitlines():
        yield escape(line)
    yield ".Ed"


def rule(row):
    """One rule's entry."""
    severity = row["severity"]
    yield f".It {row['rule']} {row['name']}"
    yield f"{severity['compat']}, {severity['strict']} when strict; {REFUSES[row['refuses']]}."
    yield ".Pp"
    yield from lines(row["summary"])
    yield from lines(row["why"])
    if row["hint"]:
        yield ".Pp"
        yield from lines(row["hint"])
    yield from example("Bad", row["bad"])
    yield from example("Good", row["good"])
    yield ".Pp"
    yield from lines(f"Source: {row['source']}.")


def main():
    """Standard input to standard output."""
    print(HEAD, end="")
    group = None
    for row in json.load(sys.stdin)["rules"]:
        if row["rule"][3] != group:
            if group is not None:
                print(".El")
            group = row["rule"][3]
            print(f".Ss {GROUPS[group]}")
            print(".Bl -tag -width Ds")
        print("\n".join(rule(row)))
    print(".El")
    print(TAIL, end="")


if __name__ == "__main__":
    main()
