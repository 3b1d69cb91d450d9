#!/usr/bin/env python3
"""
Writes ucmail-agents(7) from what `ucmail agents --json` says of each release:

    tests/docs/agents_manual.py build/tools/ucmail >tools/ucmail-agents.7
"""
import json
import subprocess
import sys

# The first release of each set of facts that the table may hold, and one before all of them.
RELEASES = ("12.3.0", "21.0.0", "21.0.10", "24.0.0", "24.4.0")
HEAD = r""".\" Made by tests/docs/agents_manual.py from the table of agents.
.Dd November 24, 2026
.Dt UCMAIL-AGENTS 7
.Os
.Sh NAME
.Nm ucmail-agents
.Nd which kinds of agent can send mail, and how
.Sh DESCRIPTION
A notification or a SEND_MAIL is sent by an agent, and what the settings ask for
is only as good as that agent.
.Xr ucmail 1 ,
.Xr policy-lint 1
and
.Xr libucmail 3
know what each kind can do in each release:
.Bl -tag -width secure
.It Cm secure
As SMTP_PROTOCOL says: TLS, STARTTLS or PLAIN.
.It Cm plain
In clear to port 25 of SMTP_SERVER, whatever the settings say; TLS keys, port and
login are ignored.
.It Cm none
Not at all: a policy for such an agent refuses.
.It Cm \-
This release has no such agent.
.El
.Pp
The facts of a release hold until the next one of the table.
.Bl -column "unix-linux-ppc64le" "before 00.0.00" "00.0.00" "00.0.00" "00.0.00"
"""
TAIL = """.El
.Pp
.Cm engine
is the automation engine itself, which sends notifications.
Where no kind is given,
.Xr ucmail 1
takes that of the host it runs on.
.Sh EXAMPLES
The table of one release:
.Pp
.Dl ucmail agents --release 21.0.10
.Pp
Which clients would send in clear from these agents:
.Pp
.Dl policy-lint --agents windows,unix-other --select UCM302 exports
.Sh SEE ALSO
.Xr policy-lint 1 ,
.Xr ucmail 1 ,
.Xr ucmail-rules 7
"""


def capability(agent):
    """The word of the table."""
    if not agent["send"]:
        return "none"
    return "secure" if agent["secure"] else "plain"


def main():
    """To standard output."""
    facts, order = {}, []
    for release in RELEASES:
        text = subprocess.run([sys.argv[1], "agents", "--json", "--release", release], check=True,
                              stdout=subprocess.PIPE, encoding="utf-8").stdout
        answer = json.loads(text)
        known = answer["facts"]
        if known not in order:
            order.append(known)
        facts[known] = {agent["agent"]: capability(agent) for agent in answer["agents"]}
    titles = [f"before {order[1]}"] + order[1:]
    print(HEAD, end="")
    print(".It Sy kind Ta " + " Ta ".join(f"Sy {title}" for title in titles))
    for kind in facts[order[-1]]:
        print(f".It {kind} Ta " + " Ta ".join(facts[release].get(kind, "\\-") for release in order))
    print(TAIL, end="")


if __name__ == "__main__":
    main()
