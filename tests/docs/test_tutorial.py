#!/usr/bin/env python3
"""
ucmail-tutorial(7), typed as it stands: every command gives the output that the page shows. With
UCM_INSTALLED in the environment it is the installed page, with what is installed.
"""
import datetime
import gzip
import os
import re
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import BUILD, TOP, SystemTest, main, tool, write  # noqa: E402
from processes import answers, free_port, wait_for  # noqa: E402

INSTALLED = "UCM_INSTALLED" in os.environ
PAGE = "/usr/share/man/man7/ucmail-tutorial.7.gz" if INSTALLED else f"{TOP}/tools/ucmail-tutorial.7"
LIBS = f"{BUILD}/libsrc/.libs"
# What differs from day to day and run to run.
VARYING = ((r"\b[0-9a-f]{32,64}\b", "DIGEST"), (r"\b20\d\d-\d\d-\d\dT[\d:]{8}Z", "MOMENT"),
           (r" +[\d.]+ ms", " MS"), (r"\S+ Python SMTP [\d.]+", "HOST Python SMTP"))


def page():
    """The text of the page."""
    with (gzip.open if INSTALLED else open)(PAGE, "rt", encoding="ascii") as file:
        return file.read()


def steps():
    """(what is typed, what it prints), in order."""
    found = []
    for block in re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", page(), re.M | re.S):
        for line in block.replace("\\e", "\\").splitlines():
            line = line.removeprefix("\\&")
            if line.startswith("$ "):
                found.append([line[2:], ""])
            elif line.startswith(">") and not found[-1][1]:
                found[-1][0] += "\n" + line[1:].removeprefix(" ")
            else:
                found[-1][1] += line + "\n"
    return found


def squeeze(text):
    """Output without what varies."""
    for pattern, name in VARYING:
        text = re.sub(pattern, name, text)
    return text.rstrip("\n")


class Tutorial(SystemTest):
    """The page."""

    def setUp(self):
        super().setUp()
        self.port, self.status, self.servers = free_port(), 0, []
        self.addCleanup(self.stop)
        self.environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
                            "LC_ALL": "C", "NO_COLOR": "1"}
        # An interpreter that has what the server needs.
        self.program("python3", shlex.quote(sys.executable) + " -B")
        if not INSTALLED:
            self.of_build()
        os.mkdir(f"{self.folder}/work")
        self.ends = (datetime.date.today() + datetime.timedelta(200)).isoformat()

    def of_build(self):
        """Programs that are not installed yet, and the library."""
        with open(f"{BUILD}/Makefile", encoding="utf-8") as file:
            make = dict(re.findall(r"^(CC|SANITIZE_FLAGS) =(.*)", file.read(), re.M))
        self.program("policy-lint", shlex.join(tool("policy-lint")))
        self.program("ucmail", shlex.join(tool("ucmail")))
        self.program("cc", f"{make['CC']} {make['SANITIZE_FLAGS']}".strip())
        self.program("pkg-config", shlex.join(["sh", "-c", f"echo -I{TOP}/libsrc"]))
        self.environment["LD_LIBRARY_PATH"] = LIBS

    def stop(self):
        """Ends the servers."""
        for process in self.servers:
            process.terminate()
            process.wait()

    def program(self, name, command):
        """A program of that name, first in the path."""
        write(f"{self.folder}/bin/{name}", f'#!/bin/sh\nexec {command} "$@"\n')
        os.chmod(f"{self.folder}/bin/{name}", 0o755)

    def here(self, text):
        """The page's text with the port, paths and dates of this run."""
        if not INSTALLED:
            text = re.sub(r"/usr/share/doc/[\w-]+/examples", f"{TOP}/examples", text)
        return text.replace("8587", str(self.port)).replace("2027-06-30", self.ends)

    def shell(self, command):
        """Runs what is typed; what it prints, as in a terminal."""
        if command == "echo $?":
            return f"{self.status}\n"
        if command.endswith("&"):
            self.servers.append(subprocess.Popen(["sh", "-c", f"exec {command[:-1]}"],
                                                 cwd=f"{self.folder}/work", env=self.environment))
            wait_for(lambda: answers(self.port), command, self.servers[-1])
            return ""
        done = subprocess.run(["sh", "-c", command], cwd=f"{self.folder}/work", check=False,
                              env=self.environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                              stderr=subprocess.STDOUT, encoding="utf-8", timeout=60)
        self.status = done.returncode
        return done.stdout

    def test_typed(self):
        """each command of ucmail-tutorial(7) prints what the page shows"""
        commands = steps()
        self.assertGreater(len(commands), 20)
        for command, shown in commands:
            printed = self.shell(self.here(command))
            self.assertEqual(squeeze(printed), squeeze(self.here(shown)), command)

    def test_paths(self):
        """the examples that the page names are installed by the package that it says"""
        named = re.findall(r"/usr/share/doc/([\w-]+)/(examples/[\w./-]+)", page())
        self.assertGreater(len(named), 2)
        for package, path in named:
            place = f"/usr/share/doc/{package}" if INSTALLED else TOP
            self.assertTrue(os.path.exists(f"{place}/{path}"), path)
            if os.path.isdir(f"{TOP}/debian"):  # a release's archive holds no packages
                with open(f"{TOP}/debian/{package}.examples", encoding="ascii") as file:
                    listed = file.read().split()
                self.assertTrue(any(f"{path}/".startswith(f"{line}/") for line in listed), path)


if __name__ == "__main__":
    main()
