#!/usr/bin/env python3
"""
Writes the completions of bash, zsh and fish from what --help says:

    tools/completion/make.py DIRECTORY-OF-THE-PROGRAMS [TARGET]     (TARGET: default beside this)
"""
import os
import re
import subprocess
import sys

COMMANDS = ("send", "check", "policy", "agents", "compile")
# What an option's argument may be: words, or a file or folder. Options that are not here take
# what nobody can guess.
WORDS = {
    "format": "text json sarif junit github gitlab html csv prometheus",
    "color": "auto always never",
    "progress": "auto always never",
    "profile": "compat strict",
    "fail-on": "error warning info never",
    "via": "notification send_mail",
    "dsn": "never success failure delay success,failure,delay",
}
FILES = {"output", "baseline", "write-baseline", "since", "merge", "compare", "password-file",
         "trace", "body-file", "attach", "report", "message", "batch"}
FILES |= {"config", "payloads", "evidence", "verify"}
AGENTS = {"agent", "agents"}
RULES = {"select", "ignore", "explain"}
OPTION = re.compile(r"^ {2,6}(?:-(\w), )?--([a-z][a-z-]*)(?:[ =](\S.*?))?(?: {2,}|$)(.*)")
SECOND = re.compile(r"; (?:-(\w), )?--([a-z][a-z-]*)(?: ([A-Z]\S*))?:?(.*)")


class Option:
    """One line of the help."""

    def __init__(self, match):
        self.letter, self.name, self.argument, text = match.groups()
        self.text = re.split(r"[;:(]| \(", text)[0].strip()
        if self.name == "list-rules":
            self.argument = None
        if self.argument and self.argument.startswith("no summary"):
            self.argument = None


def options(program, *words):
    """Options that the program tells of."""
    text = subprocess.run([program, *words, "--help"], check=True, stdout=subprocess.PIPE,
                          encoding="utf-8").stdout
    found = []
    for line in text.splitlines():
        match = OPTION.match(line)
        if match:
            found.append(Option(match))
            # A second option on the same line, behind a semicolon.
            found += map(Option, SECOND.finditer(line))
    return found


def agents(folder):
    """All kinds of agents."""
    text = subprocess.run([f"{folder}/ucmail", "agents"], check=True, stdout=subprocess.PIPE,
                          encoding="utf-8").stdout
    return [line.split()[0] for line in text.splitlines()[2:]]


def rules(folder):
    """All rules."""
    text = subprocess.run([f"{folder}/policy-lint", "--list-rules"], check=True,
                          stdout=subprocess.PIPE, encoding="utf-8").stdout
    return [line.split()[0] for line in text.splitlines()]


class Maker:
    """Writes the files of one target folder."""

    def __init__(self, folder, target):
        self.target = target
        self.agents, self.rules = agents(folder), rules(folder)
        self.lint = options(f"{folder}/policy-lint")
        self.ucmail = {command: options(f"{folder}/ucmail", command) for command in COMMANDS}

    def words(self, option):
        """What the argument may be, or None."""
        if option.name in AGENTS:
            return " ".join(self.agents)
        if option.name in RULES:
            return " ".join(self.rules)
        return WORDS.get(option.name)

    def write(self, name, text):
        """One file."""
        with open(os.path.join(self.target, name), "w", encoding="ascii") as file:
            file.write(text)

    # ---- bash ----------------------------------------------------------------------------------

    @staticmethod
    def spellings(option):
        """-x and --long."""
        return ([f"-{option.letter}"] if option.letter else []) + [f"--{option.name}"]

    def bash_values(self, known):
        """The cases of what follows an option."""
        cases, opaque = "", []
        for option in known:
            spelled, words = "|".join(self.spellings(option)), self.words(option)
            if words:
                cases += f'    {spelled})\n        COMPREPLY=($(compgen -W "{words}" -- "$word"))\n'
                cases += "        return ;;\n"
            elif option.argument and option.name not in FILES:
                opaque += self.spellings(option)
        return cases + (f'    {"|".join(opaque)})\n        return ;;\n' if opaque else "")

    def bash(self):
        """Both programs."""
        flags = " ".join(word for option in self.lint for word in self.spellings(option))
        self.write("policy-lint.bash", f"""# bash completion for policy-lint. Made by make.py.
# shellcheck shell=bash disable=SC2207
_policy_lint()
{{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
    COMPREPLY=()
    case $before in
{self.bash_values(self.lint)}    esac
    case $word in
    -*) COMPREPLY=($(compgen -W "{flags}" -- "$word")) ;;
    esac
}}
complete -o default -F _policy_lint policy-lint
""")
        every = {option.name: option for known in self.ucmail.values() for option in known}
        choose = "".join(
            f"    {command})\n        flags=\"" +
            " ".join(word for option in known for word in self.spellings(option)) + "\" ;;\n"
            for command, known in self.ucmail.items())
        self.write("ucmail.bash", f"""# bash completion for ucmail. Made by make.py.
# shellcheck shell=bash disable=SC2207
_ucmail()
{{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} flags=
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "{' '.join(COMMANDS)} --help --version" -- "$word"))
        return
    fi
    case $before in
{self.bash_values(every.values())}    esac
    case ${{COMP_WORDS[1]}} in
{choose}    esac
    case $word in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    esac
}}
complete -o default -F _ucmail ucmail
""")

    # ---- zsh -----------------------------------------------------------------------------------

    def zsh_option(self, option):
        """One specification of _arguments."""
        text = option.text.replace("'", "").replace("[", "(").replace("]", ")")
        value = ""
        if option.argument:
            words = self.words(option)
            action = f"({words})" if words else "_files" if option.name in FILES else " "
            value = f":{option.name}:{action}"
        return "".join(f"        '*{spelling}[{text}]{value}' \\\n"
                       for spelling in self.spellings(option))

    def zsh(self):
        """Both programs."""
        flags = "".join(map(self.zsh_option, self.lint))
        self.write("_policy-lint", f"""#compdef policy-lint
# Made by make.py.
_arguments -s \\
{flags}        '*:input:_files'
""")
        cases = "".join(
            f"    {command})\n        _arguments -s \\\n" + "".join(map(self.zsh_option, known)) +
            "        '*: :_files'\n        ;;\n" for command, known in self.ucmail.items())
        self.write("_ucmail", f"""#compdef ucmail
# Made by make.py.
if (( CURRENT == 2 )); then
    compadd {' '.join(COMMANDS)} --help --version
    return
fi
(( CURRENT-- ))
shift words
case $words[1] in
{cases}esac
""")

    # ---- fish ----------------------------------------------------------------------------------

    def fish_option(self, program, option, command):
        """One line."""
        line = f"complete -c {program}"
        if command:
            line += f" -n '__fish_seen_subcommand_from {command}'"
        if option.letter:
            line += f" -s {option.letter}"
        line += f" -l {option.name}"
        if option.argument:
            words = self.words(option)
            line += f" -x -a '{words}'" if words else " -r" if option.name in FILES else " -x"
        text = option.text.replace("'", "")
        return line + (f" -d '{text}'\n" if text else "\n")

    def fish(self):
        """Both programs."""
        self.write("policy-lint.fish", "# Made by make.py.\n" + "".join(
            self.fish_option("policy-lint", option, None) for option in self.lint))
        first = f"not __fish_seen_subcommand_from {' '.join(COMMANDS)}"
        self.write("ucmail.fish", "# Made by make.py.\n" + "".join(
            f"complete -c ucmail -f -n '{first}' -a {command}\n" for command in COMMANDS) + "".join(
                self.fish_option("ucmail", option, command)
                for command, known in self.ucmail.items() for option in known))


def main():
    """Command line."""
    maker = Maker(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(__file__))
    maker.bash()
    maker.zsh()
    maker.fish()


if __name__ == "__main__":
    main()
