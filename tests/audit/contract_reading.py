#!/usr/bin/env python3
"""How a system is read: clients, folders, ZIPs, what is refused, and what scripts say."""
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "audit"))
from systems_gen import (AGENT, MAIL, TLS, Certificates, audit, export, job, login, place,  # noqa: E402
                         put_system, put_zip, resname, script, store, vara, write)
from harness import add_rows, main  # noqa: E402

MADE = Certificates()
CERT = MADE.pem()
PLAIN = {**MAIL, "SMTP_PROTOCOL": "PLAIN"}
SETTINGS = "UC_CLIENT_SETTINGS"
VARA = vara(SETTINGS, PLAIN)
GOOD = export(VARA)
OWN = f"UCM107 warning 100 {SETTINGS} SMTP_PROTOCOL"
NOBODY = f"UCM004 error - {SETTINGS} -"
FULL = export(vara(SETTINGS, TLS), store({"MAILCERT": CERT}))
PAYLOAD = resname("MAILCERT")


class Reading(unittest.TestCase):
    """Files written to a folder, which is then read."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ucmail-contract-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def files(self, files, expected, code, *options, inputs=("",)):
        """{name: content} gives these findings and this exit code."""
        for name, content in files.items():
            (put_zip if isinstance(content, dict) else write)(f"{self.folder}/{name}", content)
        result = audit(*AGENT, *options, *(f"{self.folder}/{name}" for name in inputs))
        self.assertEqual((result.exit, sorted(place(f) for f in result.json["findings"])),
                         (code, sorted(expected)), result)
        return result

    def named(self, files, expected, code, *inputs):
        """The same, these being the inputs."""
        self.files(files, expected, code, inputs=inputs)

    def test_working_folder(self):
        """folder names count as they stand in the input, not where it really lies"""
        write(f"{self.folder}/0100/a.xml", GOOD)
        self.assertEqual(audit(*AGENT, "a.xml", cwd=f"{self.folder}/0100").exit, 3)
        self.assertEqual(audit(*AGENT, "../0100/a.xml", cwd=f"{self.folder}/0100").exit, 0)

    def test_stdin(self):
        """standard input: its client, and its name"""
        for options, code, expected, name in (
                ((), 3, NOBODY, "<stdin>"), (("--client", "100"), 0, OWN, "<stdin>"),
                (("--client", "100", "--stdin-filename", "x.xml"), 0, OWN, "x.xml")):
            result = audit(*AGENT, *options, "-", input=GOOD.encode())
            finding, = result.json["findings"]
            self.assertEqual((result.exit, place(finding), finding["file"]), (code, expected, name))

    def test_payloads(self):
        """--payloads"""
        write(f"{self.folder}/s/0000/a.xml", FULL)
        write(f"{self.folder}/p/{PAYLOAD}", CERT)
        result = audit(*AGENT, "--payloads", f"{self.folder}/p", f"{self.folder}/s")
        self.assertEqual((result.exit, result.json["findings"]), (0, []))
        for wrong in (f"{self.folder}/q", f"{self.folder}/p/{PAYLOAD}"):
            write(f"{self.folder}/s/0000/{PAYLOAD}", CERT)  # although it is not needed
            result = audit(*AGENT, "--payloads", wrong, f"{self.folder}/s")
            self.assertEqual((result.exit, [(f["rule"], f["file"]) for f in result.json["findings"]]),
                             (3, [("UCM006", wrong)]), result)

    def test_links(self):
        """links within the folder are followed, out of it and to nowhere they are told"""
        write(f"{self.folder}/out/b.xml", GOOD)
        write(f"{self.folder}/in/0100/c.xml", GOOD)
        for name, target in (("out", "../../out/b.xml"), ("gone", "nowhere"), ("inside", "c.xml")):
            os.symlink(target, f"{self.folder}/in/0100/{name}.xml")
        result = audit(*AGENT, f"{self.folder}/in")
        self.assertEqual((result.exit, sorted(place(f) for f in result.json["findings"])),
                         (3, ["UCM006 error - - -", "UCM006 error - - -", OWN]))

    def test_summary(self):
        """the summary's numbers"""
        put_system(self.folder, {0: {SETTINGS: TLS}, 100: {SETTINGS: {**TLS, "SMTP_PORT": "0"}}},
                   {"MAILCERT": CERT})
        size = sum(os.path.getsize(os.path.join(base, name))
                   for base, _, names in os.walk(self.folder) for name in names
                   if name.endswith(".xml"))
        self.assertEqual(audit(*AGENT, self.folder).json["summary"],
                         {"error": 1, "warning": 0, "info": 0, "clients": 2, "objects": 3,
                          "files": 3, "bytes": size, "suppressed": 0, "baselined": 0})


def attribute(text):
    """An object with a client of its own in a folder of another one."""
    return {"0200/a.xml": export(vara(SETTINGS, PLAIN, attributes=f' client="{text}" system="UC4"'))}


def beside(name, content):
    """A good export, and another file."""
    return {"0100/b.xml": GOOD, name: content}


CALL = ':SET &R# = SEND_MAIL("a@example.com",,"Hi","text")'
NO_UTF8 = export(vara(SETTINGS, {**PLAIN, "SMTP_FROM_ADDR": "\xc4 <a@example.com>"}),
                 head='<?xml version="1.0" encoding="UTF-8"?>').encode("latin-1")
DOCTYPE = ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><uc-export clientvers="1">&a;'
           "</uc-export>")
add_rows(Reading, "files", [
    *((f"folder {name!r}", {f"{name}/a.xml": GOOD}, [OWN], 0) for name in (
        "0100", "UC4_PROD - 0100", " - 0100", "0200/sub/0100", "0100/sub", "X - 0100/y")),
    *((f"folder {name!r} tells nothing", {f"{name}/a.xml": GOOD}, [NOBODY], 3) for name in (
        "00100", "0100a", "100", "X -0100", "X - 00100", "X-0100")),
    ("a file's name tells nothing", {"0100.xml": GOOD}, [NOBODY], 3),
    ("--client", {"a.xml": GOOD}, [OWN], 0, "--client", "100"),
    ("--client comes last", {"0100/a.xml": GOOD}, [OWN], 0, "--client", "5"),
    ("attribute 0100", attribute("0100"), [OWN], 0),
    ("attribute 100", attribute("100"), [OWN], 0),
    ("an attribute that is no client", attribute("10000"), [NOBODY], 3),
    ("004: a Login object", beside("a.xml", export(login("L"))), ["UCM004 error - L -", OWN], 3),
    ("004: the store", beside("a.xml", export(store({}))), ["UCM004 error - UC_TRUSTEDCERTS -", OWN], 3),
    ("004: a script that sends", beside("a.xml", export(script("S", CALL))),
     ["UCM004 error - S -", OWN], 3),
    ("a script that sends nothing needs no client", beside("a.xml", export(script("S", ":P 1"))),
     [OWN], 0),
    ("other variables need none", beside("a.xml", export(vara("OTHER", PLAIN))), [OWN], 0),
    ("001: cut off", beside("0100/c.xml", GOOD[:-20]), ["UCM001 error - - -", OWN], 3),
    ("001: cut off within the settings", {"0100/c.xml": GOOD[:GOOD.index("SMTP_FROM_ADDR")]},
     ["UCM001 error - - -"], 3),
    ("001: not in the encoding that it says", {"0100/c.xml": NO_UTF8}, ["UCM001 error - - -"], 3),
    ("001: empty", beside("0100/c.xml", ""), ["UCM001 error - - -", OWN], 3),
    ("8 bits in ISO-8859-15", {"0100/c.xml": export(
        vara(SETTINGS, {**PLAIN, "SMTP_FROM_ADDR": "\xc4 <a@example.com>"}))}, [OWN], 0),
    ("UTF-8 that says ISO-8859-15", {"0100/c.xml": export(
        vara(SETTINGS, {**PLAIN, "SMTP_FROM_ADDR": "\xc4 <a@example.com>"})).encode()}, [OWN], 0),
    ("002", beside("0100/c.xml", DOCTYPE), ["UCM002 error - - -", OWN], 3),
    ("002: nesting", beside("0100/c.xml", export("<a>" * 300 + "</a>" * 300)),
     ["UCM002 error - - -", OWN], 3),
    ("003 on a walk", beside("0100/c.xml", "<project/>"), ["UCM003 warning - - -", OWN], 0),
    ("005", beside("0100/c.xml", export(vara(SETTINGS, {**PLAIN, "SMTP_TIMEOUT": "3"}))),
     [f"UCM005 error 100 {SETTINGS} -", OWN], 3),
    ("005: identical copies are fine", beside("0100/c.xml", GOOD), [OWN], 0),
    ("006: JSON", beside("0100/c.json", '{"objects":[]}'), ["UCM006 error - - -", OWN], 3),
    ("006: JSON called .xml", beside("0100/c.xml", ' [{"a":1}]'), ["UCM006 error - - -", OWN], 3),
    ("a report of ours is none", beside("0100/c.json", '{"tool":{"name":"policy-lint"}}'), [OWN], 0),
    ("006: a damaged ZIP", beside("c.zip", b"PK\3\4" + b"x" * 99), ["UCM006 error - - -", OWN], 3),
    ("leaves of FolderStruct are no objects", {"0100/a.xml": export(
        '<FolderStruct><FOLD name="F" title=""><VARA link="0" name="UC_CLIENT_SETTINGS"/></FOLD>'
        "</FolderStruct>\n", VARA)}, [OWN], 0),
    ("rows of other variables are none of ours", {"0100/a.xml": export(
        '<VARA data_type="XML" name="O"><VARA state="1"><XML><Parameters>'
        '<row Name="SMTP_PORT" Value="x"/></Parameters></XML></VARA></VARA>', VARA)}, [OWN], 0),
    ("nothing to check", {"a.txt": "x"}, [], 4),
    ("a ZIP with folders", {"a.zip": {"0000/CONTENT.xml": FULL, f"0000/{PAYLOAD}": CERT}}, [], 0),
    ("a ZIP called .xml", {"a.xml": {"0000/CONTENT.xml": FULL, f"0000/{PAYLOAD}": CERT}}, [], 0),
    ("a ZIP in a client's folder", {"X - 0000/a.zip": {"CONTENT.xml": FULL, PAYLOAD: CERT}}, [], 0),
    ("payloads at a ZIP's root", {"a.zip": {PAYLOAD: CERT, "0000/CONTENT.xml": FULL}}, [], 0),
    ("__MACOSX is no part of a ZIP", {"a.zip": {"0000/CONTENT.xml": FULL, f"0000/{PAYLOAD}": CERT,
                                               "__MACOSX/0000/._CONTENT.xml": b"\0\5\x16\7"}}, [], 0),
    ("006: JSON in a ZIP", {"a.zip": {"0100/a.xml": GOOD, "0100/b.json": '{"objects":[]}'}},
     ["UCM006 error - - -", OWN], 3),
    ("006: JSON called .xml in a ZIP", {"a.zip": {"0100/a.xml": GOOD, "0100/b.xml": "[1]"}},
     ["UCM006 error - - -", OWN], 3),
    ("a report of ours in a ZIP is none, nor what is no JSON", {"a.zip": {
        "0100/a.xml": GOOD, "b.json": '{"tool":{"name":"policy-lint"}}', "c.json": "x"}}, [OWN], 0),
    ("006: a ZIP in a ZIP", {"a.zip": {"0100/a.xml": GOOD, "b.zip": b"PK\3\4"}},
     ["UCM006 error - - -", OWN], 3),
])
add_rows(Reading, "named", [
    ("the named folder counts", {"0100/a.xml": GOOD}, [OWN], 0, "0100"),
    ("the named file's folder counts", {"0100/a.xml": GOOD}, [OWN], 0, "0100/a.xml"),
    ("003 of a named file", beside("0100/c.xml", "<project/>"), ["UCM003 error - - -", OWN], 3,
     "0100/b.xml", "0100/c.xml"),
    ("006: no such file", {"0100/b.xml": GOOD}, ["UCM006 error - - -", OWN], 3, "0100", "gone"),
    ("a ZIP of any name", {"a.bin": {"0100/CONTENT.xml": GOOD}}, [OWN], 0, "a.bin"),
])


class Scripts(unittest.TestCase):
    """Scripts of client 100, which has UC_SMTP_X."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ucmail-contract-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def script(self, text, *expected):
        """Findings of one script."""
        self.objects(script("S", text), *expected)

    def objects(self, objects, *expected):
        """Findings of these objects."""
        put_system(self.folder, {0: {SETTINGS: TLS, "UC_SMTP_ZERO": TLS},
                                 100: vara(SETTINGS, TLS) + vara("UC_SMTP_X", TLS) + objects + script(
                                     "ALL", call("'ZERO'"))}, {"MAILCERT": CERT})
        result = audit(*AGENT, self.folder)
        self.assertEqual(sorted(place(f) for f in result.json["findings"]), sorted(expected))

    def test_place(self):
        """306 stands at the argument, counted in characters"""
        text = ":P \"\xe4\"\n" + call('"\xe4"', '"NOPE"')
        put_system(self.folder, {0: {SETTINGS: TLS}, 100: vara(SETTINGS, TLS) + script("S", text)},
                   {"MAILCERT": CERT})
        finding, = audit(*AGENT, self.folder).json["findings"]
        with open(finding["file"], encoding="iso-8859-15") as file:
            line = file.read().split("\n")[finding["line"] - 1]
        self.assertEqual(finding["column"], line.index('"NOPE"') + 1)


def call(*arguments):
    """SEND_MAIL with a subject, if there are two, and a server."""
    subject = arguments[0] if len(arguments) == 2 else '"Hi"'
    return f':SET &R# = SEND_MAIL("a@example.com",,{subject},"text",,,,{arguments[-1]})'


MISSING = "UCM306 error 100 S -"
UNUSED = "UCM307 info 100 UC_SMTP_X -"
LONG = "UCM309 error 100 S -"
NOPE = call('"NOPE"')
add_rows(Scripts, "script", [
    ("a server that is there", call('"X"')),
    ("names ignore case", call('"x"')),
    ("the function's too", call('"x"').replace("SEND_MAIL", "send_mail")),
    ("306", NOPE, MISSING, UNUSED),
    ("306 in single quotes", call("'NOPE'"), MISSING, UNUSED),
    ("a variable is not judged, and may name any", call("&SERVER#")),
    ("a variable within quotes too", call('"&SERVER#"')),
    ("a function too", call('STR_CAT("N","OPE")')),
    ("no server", CALL, UNUSED),
    ("a comment", "! " + NOPE, UNUSED),
    ("an indented comment", "   !" + NOPE, UNUSED),
    ("within a string", ':PRINT "SEND_MAIL(a,b,c,d,e,f,g,NOPE)"', UNUSED),
    ("in an expression", NOPE.replace(":SET &R# =", ":IF") + " <> 0", MISSING, UNUSED),
    ("commas and parentheses within quotes",
     ':SET &R# = SEND_MAIL("a,b",,"Hi) you","(te,xt",,,,"NOPE")', MISSING, UNUSED),
    ("a nested call", ':SET &R# = SEND_MAIL(STR_CAT("a","b"),,"Hi","t",,,,"NOPE")', MISSING, UNUSED),
    ("blanks", ':SET &R# = SEND_MAIL ( "a" , , "Hi" , "t" , , , , "NOPE" )', MISSING, UNUSED),
    ("lines of Windows", "! x\r\n" + NOPE + "\r\n", MISSING, UNUSED),
    ("other functions", NOPE.replace("SEND_MAIL", "MY_SEND_MAIL"), UNUSED),
    ("309: 256", call('"' + "\xe4" * 256 + '"', '"X"'), LONG),
    ("309: 255 characters, not bytes", call('"' + "\xe4" * 255 + '"', '"X"')),
    ("309: with a variable it is not judged", call('"' + "a" * 256 + '&V#"', '"X"')),
    ("307", ":P 1", UNUSED),
])
add_rows(Scripts, "objects", [
    *((f"{element} of a job", job("S", NOPE, section, element), MISSING, UNUSED)
      for section, element in (("SCRIPT", "MSCRI"), ("PRE_SCRIPT", "PSCRI"), ("POST_SCRIPT", "OSCRI"))),
    *((f"MSCRI of a {tag}", script("S", NOPE, tag=tag), MISSING, UNUSED)
      for tag in ("JOBP", "JOBI", "CALL")),
    ("escaped text instead of CDATA", script("S", "@").replace(
        "<![CDATA[@]]>", NOPE.replace("&", "&amp;").replace('"', "&quot;")), MISSING, UNUSED),
    ("a split CDATA", script("S", "! ]]]]><![CDATA[>\n" + NOPE), MISSING, UNUSED),
    ("documentation is no script",
     f'<DOCU name="S"><DOCU_Docu state="1" type="text"><DOC><![CDATA[{NOPE}]]></DOC></DOCU_Docu></DOCU>',
     UNUSED),
])

if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(MADE.folder, ignore_errors=True)
