#!/usr/bin/env python3
"""The completions know the options that the programs have."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import BUILD, TOP, SystemTest, add_rows, main, run  # noqa: E402

FOLDER = f"{TOP}/tools/completion"


class Completion(SystemTest):
    """tools/completion."""

    def test_made(self):
        """all files are what make.py makes of --help"""
        made = run(sys.executable, f"{FOLDER}/make.py", f"{BUILD}/tools", self.folder)
        self.assertEqual(made.exit, 0, made)
        for name in os.listdir(self.folder):
            with open(f"{self.folder}/{name}", encoding="ascii") as new, \
                    open(f"{FOLDER}/{name}", encoding="ascii") as old:
                self.assertEqual(new.read(), old.read(),
                                 f"{name}: run tools/completion/make.py DIRECTORY-OF-THE-PROGRAMS")

    def answers(self, words, *wanted):
        """What bash would offer for the last of these words."""
        script = (f'. "{FOLDER}/{words[0]}.bash"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                  f'_{words[0].replace("-", "_")}; printf "%s\\n" "${{COMPREPLY[@]}}"')
        offered = subprocess.run(["bash", "-c", script, "bash", *words], check=True,
                                 stdout=subprocess.PIPE, encoding="ascii").stdout.split()
        for word in wanted:
            self.assertIn(word, offered)
        self.assertEqual(bool(wanted), bool(offered), offered)


add_rows(Completion, "answers", (
    ("bash offers the commands", ["ucmail", ""], "send", "check", "compile"),
    ("bash offers the options of the command", ["ucmail", "compile", "--o"], "--output"),
    ("bash offers no option of another command", ["ucmail", "compile", "--b"]),
    ("bash offers kinds of agents", ["ucmail", "send", "--agent", "unix-x"], "unix-x64-linux"),
    ("bash offers formats", ["policy-lint", "-f", "s"], "sarif"),
    ("bash offers rules", ["policy-lint", "--explain", "UCM10"], "UCM101", "UCM109"),
    ("bash offers options", ["policy-lint", "--wr"], "--write-baseline"),
))

if __name__ == "__main__":
    main()
