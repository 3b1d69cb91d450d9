#!/usr/bin/env python3
"""--agents: kinds by name, and the kinds that the jobs of a system run on."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import SystemTest, add_rows, document, main, make_system, policy_lint, write  # noqa: E402

PLAIN = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com"}
JOB = ('<JOBS_{kind} AttrType="{kind}" name="J.{kind}"><ATTR_JOBS state="1">\n'
       "<HostATTR_Type>{kind}</HostATTR_Type>\n</ATTR_JOBS></JOBS_{kind}>\n")


class Agents(SystemTest):
    """Client 0 with settings, client 100 with jobs."""

    def kinds(self, jobs, agents, expected, code=0, *arguments):
        """The kinds that are judged, which those of the matrix are too."""
        system = make_system(f"{self.folder}/system", {0: {"UC_CLIENT_SETTINGS": PLAIN}})
        write(f"{system}/UC4_TEST - 0100/jobs.xml",
              document("".join(JOB.format(kind=kind) for kind in jobs)))
        result = policy_lint("-f", "json", "--matrix", "--agents", agents, *arguments, system,
                             cwd=self.folder)
        self.assertEqual(result.exit, code, result)
        self.assertEqual(sorted(result.json["agents"]), expected.split())
        self.assertEqual(sorted({cell["agent"] for cell in result.json["matrix"]}), expected.split())
        if code == 4:
            self.assertIn("no job names a kind of agent", result.err)


add_rows(Agents, "kinds", [
    ("jobs: those that jobs name", ("WINDOWS", "MVS"), "jobs", "windows zos"),
    ("jobs and kinds together", ("MVS",), "jobs,windows", "windows zos"),
    ("the order does not matter", ("MVS",), "windows,jobs", "windows zos"),
    ("in any case, as kinds", ("MVS",), "JOBS", "zos"),
    ("a kind that is named twice", ("WINDOWS",), "jobs,windows", "windows"),
    ("UNIX is every UNIX of the release", ("UNIX",), "jobs", "unix-other unix-x64-linux", 0,
     "--release", "24.0"),
    ("without jobs, kinds remain", (), "jobs,engine", "engine"),
    ("a job of no known kind, and no other: nothing to check", ("GENERIC",), "jobs", "", 4),
    ("no job at all: nothing to check", (), "jobs", "", 4),
    ("unless that is allowed", (), "jobs", "", 0, "--allow-empty"),
    ("a kind that is none, beside jobs", ("MVS",), "jobs,toaster", "zos", 1),
])

if __name__ == "__main__":
    main()
