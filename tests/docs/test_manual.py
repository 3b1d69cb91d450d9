#!/usr/bin/env python3
"""Every function has its manual page, the pages say what the header says, and their examples run."""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import BUILD, TOP, SystemTest, make_system, main, run, ucmail, write  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

MANUAL = f"{TOP}/libsrc/man"
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FORCED = {"SMTP_SERVER": "localhost", "SMTP_FROM_ADDR": "automation@example.com",
          "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "TRUSTED", "SMTP_TIMEOUT": "10"}


def read(path):
    """A text file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def make_variable(name):
    """What the build's Makefile says."""
    return re.search(rf"^{name} =(.*)", read(f"{BUILD}/Makefile"), re.M).group(1).strip()


def functions():
    """The pages of functions, without the links that a build in the source's own folder adds."""
    return [path for path in glob.glob(f"{MANUAL}/*.3") if not read(path).startswith(".so ")]


def pages():
    """{name of the page: its text}."""
    return {os.path.basename(path)[:-2]: read(path)
            for path in functions() + [f"{TOP}/libsrc/libucmail.3"]}


def names(text):
    """The names that a page is found by."""
    section = text.split(".Sh NAME\n")[1].split(".Nd")[0]
    return re.findall(r"^\.Nm (\w+)", section, re.M)


def example(text):
    """The program of a page."""
    display = text.split(".Sh EXAMPLES\n")[1].split(".Bd -literal\n")[1].split(".Ed\n")[0]
    return display.replace("\\e", "\\")


def squeeze(text):
    """A prototype without the freedom of layout."""
    return re.sub(r"\s*([(),*])\s*", r"\1", " ".join(text.split()))


def documented(text):
    """{function: prototype} of a page's synopsis."""
    found, kind, name, arguments = {}, None, None, []
    for line in text.split(".Sh SYNOPSIS\n")[1].split(".Sh ")[0].splitlines():
        words = line.split(" ", 1)
        rest = words[1] if len(words) > 1 else ""
        if words[0] == ".Ft":
            kind = rest
        elif words[0] == ".Fn":
            name, _, rest = rest.partition(" ")
            arguments = re.findall(r'"([^"]*)"', rest) or [rest]
            found[name] = squeeze(f"{kind} {name}({', '.join(arguments)})")
        elif words[0] == ".Fo":
            name, arguments = rest, []
        elif words[0] == ".Fa":
            arguments.append(rest.strip('"'))
        elif words[0] == ".Fc":
            found[name] = squeeze(f"{kind} {name}({', '.join(arguments)})")
    return found


def declared():
    """{function: prototype} of the header."""
    text = COMMENT.sub("", read(f"{TOP}/libsrc/ucmail.h"))
    text = re.sub(r"UCM_MUST_CHECK |UCM_NONNULL\([\d, ]*\)", "", text)
    matches = re.findall(r"^((?:const char \*|int |long |void )(ucm_\w+)\((?:[^;{]*)\))\s*;", text,
                         re.M)
    return {name: squeeze(prototype) for prototype, name in matches}


class Manual(SystemTest):
    """libsrc/man."""

    def test_complete(self):
        """every exported function has a page that gives it as the header declares it"""
        exported = re.findall(r"\b(ucm_\w+);", COMMENT.sub("", read(f"{TOP}/libsrc/libucmail.map")))
        header, manual = declared(), {}
        for name, text in pages().items():
            if name != "libucmail":
                shown = documented(text)
                self.assertEqual(sorted(shown), sorted(names(text)), name)
                manual.update(shown)
        for name in exported:
            self.assertEqual(manual.get(name), header[name])
        self.assertEqual(sorted(manual), sorted(exported))

    def test_found(self):
        """`man` finds every function: a page, or a link to the page with that name"""
        for name, text in pages().items():
            for function in names(text):
                if function not in (name, "libucmail"):
                    self.assertEqual(read(f"{BUILD}/libsrc/man/{function}.3"), f".so man3/{name}.3\n")

    def test_sections(self):
        """every page says what is returned, how long it lives, and shows a program"""
        for name, text in pages().items():
            for section in ("RETURN VALUES", "EXAMPLES", "CAVEATS", "SEE ALSO"):
                self.assertIn(f".Sh {section}\n", text, name)

    def test_references(self):
        """every page of ours that is referred to exists"""
        ours = {f"{os.path.basename(path)[:-2]} {path[-1]}" for path in
                functions() + glob.glob(f"{TOP}/libsrc/*.3") + glob.glob(f"{TOP}/tools/*.[157]")}
        ours |= {f"{function} 3" for text in pages().values() for function in names(text)}
        for path in functions() + glob.glob(f"{TOP}/tools/*.[157]"):
            for reference in re.findall(r"^\.Xr ((?:\S*ucm|policy-lint)\S* \d)", read(path), re.M):
                self.assertIn(reference, ours, path)

    def test_examples(self):
        """every example compiles without a warning, and its mail arrives"""
        with Aiosmtpd("--mode", "tls", *self.server_options("server")) as server:
            system = make_system(f"{self.folder}/system", {
                0: {}, 100: {"UC_CLIENT_SETTINGS": {**FORCED, "SMTP_PORT": str(server.port)}}},
                {"TRUSTED": self.cert("ca")})
            messages = 0
            for name, text in sorted(pages().items()):
                source, program = f"{self.folder}/{name}.c", f"{self.folder}/{name}"
                write(source, example(text).replace("/etc/ucmail", system))
                self.compile(source, program)
                result = run(program, cwd=self.folder)
                self.assertEqual(result.exit, 0, f"{name}: {result}")
                sends = re.search(r"ucm_send\(|ucm_send_begin\(", example(text)) is not None
                messages += 3 if "ucm_send_batch(" in example(text) else sends
            self.assertEqual(len(server.messages()), messages)

    def compile(self, source, program):
        """Compiles one of the examples, with the compiler and the sanitizers of this build."""
        libs = f"{BUILD}/libsrc/.libs"
        made = run(*make_variable("CC").split(), *make_variable("SANITIZE_FLAGS").split(), "-std=c11",
                   "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-I", f"{TOP}/libsrc",
                   source, "-o", program, f"{libs}/libucmail.so", f"-Wl,-rpath,{libs}")
        self.assertEqual(made.exit, 0, made)

    def test_agents(self):
        """ucmail-agents(7) is what the table of agents makes"""
        made = run(sys.executable, f"{TOP}/tests/docs/agents_manual.py", f"{BUILD}/tools/ucmail")
        self.assertEqual(made.out, read(f"{TOP}/tools/ucmail-agents.7"), made.err)

    def test_agents_releases(self):
        """ucmail-agents(7) has a column for each release of the table"""
        table = re.findall(r"^    \{\{(\d+), (\d+), (\d+)\},", read(f"{TOP}/policy/agents.c"), re.M)
        heading = re.search(r"^\.It Sy kind.*", read(f"{TOP}/tools/ucmail-agents.7"), re.M).group()
        self.assertEqual(re.findall(r"\d+\.\d+\.\d+", heading)[1:],
                         [".".join(release) for release in table[1:]])

    def test_snapshot(self):
        """ucmail-snapshot(5) tells every record that a snapshot may hold, and no other"""
        code = read(f"{TOP}/xml/snapshot.c").split("records[] = {")[1].split("};")[0]
        records = re.findall(r'\{"(?:\\t)*([a-z-]+)"', code)
        listed = re.findall(r"\bIc ([a-z-]+)", read(f"{TOP}/tools/ucmail-snapshot.5"))
        self.assertEqual(sorted(listed), sorted(records))

    def test_snapshot_version(self):
        """ucmail-snapshot(5) shows the version that is written"""
        system = make_system(f"{self.folder}/system", {0: {}, 100: {"UC_CLIENT_SETTINGS": FORCED}},
                             {"TRUSTED": self.cert("ca")})
        self.assertEqual(ucmail("compile", "-C", system, "-o", f"{self.folder}/new").exit, 0)
        first = read(f"{self.folder}/new").splitlines()[0]
        self.assertIn(f".Ql {first} ,", read(f"{TOP}/tools/ucmail-snapshot.5"))

    def test_readme(self):
        """README is short, and the pages, files and options where its readers start exist"""
        text = read(f"{TOP}/README")
        self.assertLessEqual(len(text.splitlines()), 200)
        start = text.split("Start here\n")[1].split("Try it\n")[0]
        for name in re.findall(r"\bman ([\w-]+)", start):
            self.assertTrue(glob.glob(f"{TOP}/*/{name}.[1-9]"), name)
        paths = re.findall(r"\b(?:examples|libsrc)/[\w./-]+", start)
        paths += [f"examples/{name}" for name in re.search(r"examples/ci, (.*?)  ", start).group(1).split(", ")]
        self.assertGreater(len(paths), 6)
        for path in paths:
            self.assertTrue(os.path.exists(f"{TOP}/{path}"), path)
        known = run(f"{TOP}/configure", "--help").out + run(f"{BUILD}/tools/policy-lint", "--help").out
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", start):
            self.assertIn(option, known + "--help")
        section = re.search(r'"([A-Z ]+)" in man ucmail:', start).group(1)
        self.assertIn(f".Sh {section}\n", read(f"{TOP}/tools/ucmail.1"))

    def test_lint(self):
        """mandoc and groff have nothing to say about any page"""
        paths = functions() + glob.glob(f"{TOP}/libsrc/*.3") + glob.glob(f"{TOP}/tools/*.[157]")
        mandoc = run("mandoc", "-T", "lint", "-W", "warning", *paths)
        self.assertEqual((mandoc.exit, mandoc.out, mandoc.err), (0, "", ""))
        for path in paths:
            # Ragged to the right: from 1.23 on it tells of each line that it cannot stretch.
            groff = subprocess.run(["groff", "-ww", "-dAD=l", "-mdoc", "-Tutf8", "-z", path], check=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(groff.stdout, b"", path)


if __name__ == "__main__":
    main()
