#!/usr/bin/env python3
"""Exports that are traps: each ends soon, in little memory, with the rule that it breaks; no file outside is
opened, nobody is called, and what lies beside it is read all the same."""
import ctypes
import json
import os
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
import zipfile
import zlib

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "audit"))
from systems_gen import AGENT, MAIL, export, resname, script, store, vara, write  # noqa: E402
from harness import SystemTest, add_rows, main, memory_is_real, tool  # noqa: E402

SECONDS = 60  # of the processor; most rows take milliseconds
PEAK = 48 * 1024  # kB
LARGE = 1024 * 1024  # of what is as large as it may be
PR_CAPBSET_DROP, MAY_READ_ALL = 24, (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
SETTINGS = "UC_CLIENT_SETTINGS"
GOOD = export(vara(SETTINGS, {**MAIL, "SMTP_PROTOCOL": "PLAIN"}))
BODY = GOOD[GOOD.index("<uc-export"):]
MEGA = 1024 * 1024
ALONE = "127.0.0.107"  # where no other test, which runs at the same time, looks for a server or for none


def declared(encoding, body=BODY):
    """An export that says this encoding."""
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{body}'


def dtd(subset, body="&a;"):
    """An export with a document type."""
    return f'<?xml version="1.0"?>\n<!DOCTYPE uc-export {subset}>\n<uc-export clientvers="1">{body}</uc-export>'


def laughs(levels=12):
    """An entity that is ten of the next, which is ten of the next."""
    return "[" + "".join(f'<!ENTITY {chr(97 + level)} "{("&" + chr(98 + level) + ";") * 10}">'
                         for level in range(levels)) + f'<!ENTITY {chr(97 + levels)} "ha">]'


def rows(count, name):
    """A server variable with many rows."""
    return export('<VARA data_type="STATIC" name="UC_SMTP_X"><VARA><Variables>', "".join(
        f'<row Name="{name.format(number)}" Value="1"/>\n' for number in range(count)), "</Variables></VARA></VARA>")


def packed(name, content, **changes):
    """A member: its local header with the deflated bytes, and its entry for the directory at an offset."""
    flags, crc, size, mode = (changes.get(key, value) for key, value in (
        ("flags", 0), ("crc", zlib.crc32(content)), ("size", len(content)), ("mode", 0o100644)))
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflater.compress(content) + deflater.flush()
    common = struct.pack("<HHHHHIIIHH", 20, flags, 8, 0, 0x5821, crc, len(body), size, len(name), 0)
    return (b"PK\3\4" + common + name + body,
            lambda offset: b"PK\1\2" + struct.pack("<H", 0x314) + common
            + struct.pack("<HHHII", 0, 0, 0, mode << 16, offset) + name)


def archive(*members, times=1):
    """A ZIP of packed members, each listed so often."""
    bytes_, directory, count = b"", b"", 0
    for local, entry in members:
        directory += entry(len(bytes_)) * times
        bytes_ += local
        count += times
    shown = min(count, 0xFFFF)
    return bytes_ + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, shown, shown, len(directory), len(bytes_), 0)


def one(name="a.xml", content=GOOD, **changes):
    """A ZIP of one member."""
    return archive(packed(name.encode(), content if isinstance(content, bytes) else content.encode(), **changes))


class Traps(SystemTest):
    """A good export, and a trap beside it."""

    def setUp(self):
        super().setUp()
        self.inside = os.path.join(self.folder, "in")
        self.canary = os.path.join(self.folder, "canary")  # who opens it waits for a writer
        os.mkfifo(self.canary)
        self.listener = socket.create_server((ALONE, 0))
        self.listener.setblocking(False)
        self.addCleanup(self.listener.close)
        write(f"{self.inside}/0100/good.xml", GOOD)

    def lint(self, *arguments, dropped=()):
        """Runs policy-lint within the bounds, without these capabilities."""
        def bound():
            for capability in dropped:
                ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            if memory_is_real():
                resource.setrlimit(resource.RLIMIT_AS, (1024 * MEGA, 1024 * MEGA))
        peaks = os.path.join(self.folder, "peaks")
        meter = ("import resource, subprocess, sys\ncode = subprocess.call(sys.argv[2:])\n"
                 "open(sys.argv[1], 'w').write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\n"
                 "sys.exit(code if code >= 0 else 128 - code)")
        result = subprocess.run([sys.executable, "-c", meter, peaks, *tool("policy-lint"), *AGENT, *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=4 * SECONDS,
                                preexec_fn=bound, cwd=self.folder)
        with open(peaks, encoding="ascii") as file:
            self.peak = int(file.read())
        return result

    def read(self, *arguments, **options):
        """The rules that were found, and the exit code."""
        result = self.lint("-f", "json", "-q", *arguments, **options)
        report = json.loads(result.stdout.decode())
        return [finding["rule"] for finding in report["findings"]], result.returncode, report

    def trap(self, content, rules=(), peak=PEAK):
        """What is found beside the good export's own UCM107, which stays."""
        path = f"{self.inside}/0100/trap.xml"
        if callable(content):
            content(self)
        else:
            if isinstance(content, str):
                content = content.replace("CANARY", self.canary).replace(
                    "HTTP", f"http://{ALONE}:{self.listener.getsockname()[1]}").encode("iso-8859-15")
            write(path, content)
        start = time.monotonic()
        found, code, report = self.read(self.inside)
        rules, found = {"UCM107", *([rules] if isinstance(rules, str) else rules)}, set(found)
        if "UCM002" in rules and peak == LARGE:  # what was read before is judged
            found &= {"UCM002", "UCM107"}
        self.assertEqual((sorted(found), code), (sorted(rules), 3 if any(
            rule < "UCM007" for rule in rules) else 1 if rules & {"UCM101", "UCM203"} else 0), report["findings"][:5])
        self.assertNotIn("root:", str(report))
        with self.assertRaises(BlockingIOError):
            self.listener.accept()
        if memory_is_real():
            self.assertLess(self.peak, peak)
        print(f"# {time.monotonic() - start:.1f} s, {self.peak} kB")

    def test_named_devices(self):
        """a device, a FIFO or a socket by its name: told, never waited for"""
        for path in ("/dev/zero", self.canary):
            found, code, _ = self.read(path)
            self.assertEqual((found, code), (["UCM006"], 3), path)

    def test_overlapping_members(self):
        """members that lie one upon the other are seen before the first is unpacked"""
        path = f"{self.inside}/overlap.zip"
        write(path, archive(packed(b"0100/a.xml", KERNEL), times=400))
        message = [finding["message"] for finding in self.read(path)[2]["findings"]]
        self.assertEqual(len(message), 1)
        self.assertIn("hold more than the archive", message[0])

    def test_changing(self):
        """a file that is written and cut while it is read: it, or an error"""
        path, ended = f"{self.inside}/0100/trap.xml", threading.Event()
        whole = (GOOD + "\n" * MEGA).encode("iso-8859-15")

        def change():
            while not ended.is_set():
                with open(path, "r+b" if os.path.exists(path) else "wb") as file:
                    for part in range(0, len(whole), 65536):
                        file.write(whole[part:part + 65536])
                    file.truncate(len(whole) // 2)
                    file.truncate(100)
        writer = threading.Thread(target=change)
        writer.start()
        try:
            for _ in range(20):
                found, code, _ = self.read(self.inside)
                self.assertIn((sorted(set(found)), code), ((["UCM107"], 0), (["UCM001", "UCM107"], 3)))
        finally:
            ended.set()
            writer.join()

    def test_unreadable(self):
        """a file that may not be read"""
        write(f"{self.inside}/0100/trap.xml", GOOD)
        os.chmod(f"{self.inside}/0100/trap.xml", 0)
        found, code, _ = self.read(self.inside, dropped=MAY_READ_ALL)
        self.assertEqual((sorted(found), code), (["UCM006", "UCM107"], 3))


def put(name, function):
    """Something else than a file at this place in the folder."""
    def make(test):
        os.makedirs(os.path.dirname(f"{test.inside}/{name}"), exist_ok=True)
        function(f"{test.inside}/{name}")
    return make


def bind(path):
    """A socket with a name."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.close()


def many(path):
    """More members than an archive may have."""
    with zipfile.ZipFile(path, "w") as file:
        for number in range(100001):
            file.writestr(f"{number}", "")


LONG = "x" * (8 * MEGA)
BLANKS = GOOD.replace("</uc-export>", " " * (32 * MEGA) + "</uc-export>")
KERNEL = GOOD.replace("</uc-export>", "".join(f"<!--{n * n}-->" for n in range(700000)) + "</uc-export>").encode()
UTF16 = declared("UTF-16").encode("utf-16-le")
add_rows(Traps, "trap", [
    # Entities
    ("a billion laughs", dtd(laughs()), "UCM002"),
    ("a long entity, used again and again", dtd(f'[<!ENTITY a "{"x" * 65000}">]', "&a;" * 65000), "UCM002"),
    ("a harmless document type", dtd("[<!ELEMENT uc-export ANY>]", ""), "UCM002"),
    ("a document type on the net", dtd('SYSTEM "HTTP/x.dtd"', ""), "UCM002"),
    ("a public document type", dtd('PUBLIC "-//X//Y" "HTTP/x.dtd"', ""), "UCM002"),
    ("an entity that is a file", dtd('[<!ENTITY a SYSTEM "file://CANARY">]'), "UCM002"),
    ("an entity that is /etc/passwd", dtd('[<!ENTITY a SYSTEM "/etc/passwd">]'), "UCM002"),
    ("an entity on the net", dtd('[<!ENTITY a SYSTEM "HTTP/a">]'), "UCM002"),
    ("a parameter entity that is a file", dtd('[<!ENTITY % a SYSTEM "file://CANARY"> %a;]', ""), "UCM002"),
    ("a parameter entity on the net", dtd('[<!ENTITY % a SYSTEM "HTTP/a"> %a;]', ""), "UCM002"),
    ("an entity that nobody declares", export("<a>&nbsp;</a>"), "UCM001"),
    ("an inclusion of a file", export('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://CANARY"/>')),
    ("a style sheet on the net", GOOD.replace("?>", '?><?xml-stylesheet href="HTTP/a.xsl" type="text/xsl"?>', 1)),
    ("a schema on the net", GOOD.replace("<uc-export", '<uc-export xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
                                         ' xsi:noNamespaceSchemaLocation="HTTP/a.xsd"')),
    # Size
    ("nesting of 300", export("<a>" * 300, "</a>" * 300), "UCM002"),
    ("nesting without end", export("<a>" * 2000000), "UCM002"),
    ("an attribute of 8 MB", export(f'<VARA name="{LONG}"/>'), "UCM002"),
    ("a value of 8 MB", export(vara("UC_SMTP_X", {"SMTP_SERVER": LONG})), "UCM002"),
    ("the name of an element of 8 MB", export(f"<{LONG}/>"), "UCM002"),
    ("a comment of 8 MB", export(f"<!--{LONG}-->"), "UCM002"),
    ("a script of 8 MB", export(f"<SCRI name='S'><SCRIPT><MSCRI><![CDATA[{LONG}]]></MSCRI></SCRIPT></SCRI>"), "UCM002"),
    ("text of 8 MB without a tag", export(f"<a>{LONG}</a>")),
    ("a hundred thousand attributes", export("<a " + " ".join(f'a{n}="x"' for n in range(100000)) + "/>"), "UCM002"),
    ("three hundred", export("<a " + " ".join(f'a{n}="x"' for n in range(300)) + "/>"), "UCM002"),
    ("a hundred thousand name spaces", export("<a " + " ".join(f'xmlns:a{n}="x"' for n in range(100000)) + "/>"),
     "UCM002"),
    ("an attribute twice", export('<VARA name="a" name="b"/>'), "UCM001"),
    ("a million rows", rows(1000000, "K{}"), "UCM305"),
    ("a million keys", rows(1000000, "SMTP_K{}"), "UCM002", LARGE),
    ("a million times the same key", rows(1000000, "SMTP_PORT"), "UCM002", LARGE),
    ("a million server variables", export("".join(f"<VARA name='UC_SMTP_{n}'/>\n" for n in range(1000000))), "UCM002", LARGE),
    ("a million certificates", export("<STORE name='UC_TRUSTEDCERTS'><STORE><resourceList>", "".join(
        f"<row name='C{n}' resname='R{n}'/>" for n in range(1000000)), "</resourceList></STORE></STORE>"), "UCM002", LARGE),
    ("a million mails in scripts", export("".join(script(f"S{n}", ':SEND_MAIL(a,,"S",t,,,,"X")\n' * 100000)
                                                  for n in range(10))), "UCM002", LARGE),
    ("a million objects", export("<VARA name='X'/>\n" * 1000000)),
    # Encodings
    ("UTF-16 without a mark", UTF16),
    ("UTF-16 that is cut within a character", b"\xff\xfe" + UTF16[:-1], "UCM001"),
    ("UTF-16 that is UTF-8", declared("UTF-16").encode(), "UCM001"),
    ("UTF-8 that is UTF-16", b"\xff\xfe" + declared("UTF-8").encode("utf-16-le")),
    ("overlong UTF-8", declared("UTF-8", export("<a>@</a>", head="")).encode().replace(b"@", b"\xc0\xaf"), "UCM001"),
    ("half of a surrogate", declared("UTF-8", export("<a>@</a>", head="")).encode().replace(b"@", b"\xed\xa0\x80"), "UCM001"),
    ("a sequence that is cut", declared("UTF-8", export("<a>@</a>", head="")).encode().replace(b"@", b"\xe2\x82"), "UCM001"),
    ("UTF-7", declared("UTF-7"), "UCM001"),
    ("an encoding that is none", declared("x-none"), "UCM001"),
    ("NUL in the middle", GOOD.encode().replace(b"SMTP_FROM", b"SMTP\0FROM"), "UCM001"),
    ("a control character by its number", export("<a>&#1;</a>"), "UCM001"),
    # ZIPs
    ("a ZIP bomb", one(content=BLANKS), "UCM006"),
    ("a ZIP bomb that says that it is small", one(content=BLANKS, size=1000), "UCM006"),
    ("a ZIP that says that it is huge", one(size=0xFFFFFFF0), "UCM006"),
    ("a ZIP in a ZIP", one("b.zip", one()), "UCM006"),
    ("a hundred thousand members and one", put("0100/trap.zip", many), "UCM006"),
    ("names that climb", archive(*(packed(name, GOOD.encode()) for name in (
        b"../../canary.xml", b"/etc/canary.xml", b"..\\..\\canary.xml", b"C:\\canary.xml")))),
    ("the same name twice, with other settings", archive(packed(b"a.xml", GOOD.encode()), packed(
        b"a.xml", GOOD.replace("PLAIN", "TLS").encode())), "UCM005"),
    ("a wrong checksum", one(crc=1), "UCM006"),
    ("an encrypted member", one(flags=1), "UCM006"),
    ("a member that is a link", one(content="/etc/passwd", mode=0o120777), "UCM001"),
    ("a directory of members that is cut", one()[:-30], "UCM006"),
    # Payloads
    ("a payload that climbs", lambda test: (write(f"{test.inside}/0000/store.xml", export(store({"../../canary": b""}))),
                                            os.symlink(test.canary, f"{test.inside}/0000/" + resname("LINK"))),
     ("UCM203", "UCM213")),
    # Folders
    ("a link out of the folder", put("0100/trap.xml", lambda path: os.symlink("/etc/passwd", path)), "UCM006"),
    ("a folder that is a link out", put("0100/trap", lambda path: os.symlink("/etc", path)), "UCM006"),
    ("a link to itself", put("0100/trap.xml", lambda path: os.symlink("trap.xml", path)), "UCM006"),
    ("a link back up", put("0100/trap", lambda path: os.symlink("..", path))),
    ("a link to a device", put("0100/trap.xml", lambda path: os.symlink("/dev/zero", path)), "UCM006"),
    ("a FIFO", put("0100/trap.xml", os.mkfifo), "UCM006"),
    ("a socket", put("0100/trap.xml", bind), "UCM006"),
    ("folders in folders without end", put("/".join(["0100"] + ["d"] * 100) + "/a", os.mkdir), "UCM006"),
])

main()
