#!/usr/bin/env python3
"""Every system call fails once: ucmail and policy-lint tell it, and no mail, report or snapshot is lost
or half there."""
import errno
import json
import os
import shutil
import sys
import time
import zipfile

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "send"))
from harness import BUILD, main, policy_lint, run, write  # noqa: E402
from processes import Aiosmtpd  # noqa: E402
from sending import FORCED, OPPORTUNISTIC, SendTest  # noqa: E402

PRELOAD = os.path.join(BUILD, "tests", "faults", ".libs", "preload.so")
STEP = int(os.environ.get("STEP") or 0)  # 1: each allocation fails, instead of some of them
NEVER = 50000  # no program calls one thing so often

# What a program must not even notice.
HARMLESS = [("recv", errno.EINTR), ("recv", errno.EAGAIN), ("recv", "short"), ("send", errno.EINTR),
            ("send", errno.EAGAIN), ("send", "short"), ("poll", errno.EINTR), ("read", errno.EINTR),
            ("read", "short"), ("write", errno.EINTR), ("write", "short"), ("connect", errno.EINTR)]
# What it may fail of.
ON_THE_WIRE = [("connect", errno.ECONNREFUSED), ("connect", errno.ENETUNREACH),
               ("socket", errno.EMFILE), ("send", errno.EPIPE), ("send", errno.ECONNRESET),
               ("recv", errno.ECONNRESET), ("recv", "end"), ("poll", errno.ENOMEM),
               ("getentropy", errno.EIO), ("random", errno.EIO), ("random", "end")]
ON_DISK = [("open", errno.EMFILE), ("open", errno.EACCES), ("open", errno.EINTR), ("read", errno.EIO),
           ("read", "end"), ("write", errno.ENOSPC), ("fflush", errno.ENOSPC), ("fclose", errno.EIO),
           ("mkostemp", errno.EMFILE), ("fchmod", errno.EPERM), ("fsync", errno.EIO),
           ("rename", errno.EIO)]


def program(name):
    """The program itself: a wrapper's own calls would be counted too."""
    real = os.path.join(BUILD, "tools", ".libs", name)
    return real if os.path.exists(real) else os.path.join(BUILD, "tools", name)


def put_zip(path, folder):
    """The files of a folder as a ZIP."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for base, _, names in os.walk(folder):
            for name in names:
                archive.write(os.path.join(base, name), os.path.relpath(os.path.join(base, name), folder))
    return path


class FaultsTest(SendTest):
    """One fault after the other, until the program ends without meeting it."""

    def faults(self, call, how, command, step=1, **options):
        """Runs the command (of n) with the n-th call failing, for each n: n, words, what came of it."""
        log = os.path.join(self.folder, "met")
        for number in range(1, NEVER, step):
            result = run(*command(number), env={
                **os.environ, "LC_ALL": "C.UTF-8", "LD_PRELOAD": PRELOAD, "UCM_FAULT_LOG": log,
                "LD_LIBRARY_PATH": os.path.join(BUILD, "libsrc", ".libs"),
                "UCM_FAULT": f"{call}:{number}:{how}"}, **options)
            if not os.path.exists(log):
                self.assertGreaterEqual(result.exit, 0, result)
                return
            os.remove(log)
            FaultsTest.count += 1
            if "libxml2: getentropy failed" in result.err:
                continue  # it aborts by itself since 2.14, and nothing was sent yet
            self.assertGreaterEqual(result.exit, 0, f"{call} {number} {how}: {result}")
            yield number, f"{call} {number} {how}: {result}", result
        self.fail(f"{call}: no end")

    count = 0

    # ---- Sending ----

    def sends(self, settings, mode, faults, codes):
        """Sends against a real server; what is said of the mail is what the server knows."""
        system = self.system(**settings)
        with Aiosmtpd("--mode", mode, *self.server_options("server")) as server:
            for call, how in faults:
                def command(number, name=f"{call}-{how}"):
                    return [program("ucmail"), "send", "--json", "-C", system, "-c", "100",
                            "--connect-to", f"::127.0.0.1:{server.port}", "--to", "b@example.com",
                            "--subject", f"{name}-{number}", "--body-file", "-"]
                said = {}
                for number, what, result in self.faults(call, how, command, input=b"text\n.\n"):
                    said[f"{call}-{how}-{number}"] = (what, result, self.status(call, what, result))
                    self.assertIn(result.exit, codes, what)
                time.sleep(0.2)  # a mail that is unknown may still be on its way to the disk
                taken = [message["subject"] for _, message, _ in server.messages()]
                for subject, (what, result, status) in said.items():
                    count = taken.count(subject)
                    self.assertLessEqual(count, 1, what)
                    if result.exit == 0:
                        self.assertEqual(count, 1, what)
                    if status:
                        self.assertIn(status, ("sent", "unknown") if count else ("failed", "unknown"),
                                      what)

    def status(self, call, what, result):
        """What is said of the mail; None where that itself could not be said."""
        if call in ("write", "fflush") and result.exit == 74:
            return None
        self.assertEqual(result.json["exit"], result.exit, what)
        if result.exit:
            self.assertTrue(result.json["error"], what)
        return result.json["status"]

    def test_harmless_implicit(self):
        """Interrupted, short and blocked calls change nothing of a send by TLS"""
        self.sends(FORCED, "tls", HARMLESS, (0,))

    def test_harmless_starttls(self):
        """Interrupted, short and blocked calls change nothing of a send by STARTTLS"""
        self.sends(OPPORTUNISTIC, "starttls", [f for f in HARMLESS if f[0] in ("recv", "send")], (0,))

    def test_wire(self):
        """A connection that fails at any moment loses no mail and sends none twice"""
        self.sends(FORCED, "tls", ON_THE_WIRE, (0, 71, 74, 75, 76, 77))

    def test_wire_starttls(self):
        """A connection that fails at any moment round STARTTLS loses no mail and sends none twice"""
        self.sends(OPPORTUNISTIC, "starttls",
                   [f for f in ON_THE_WIRE if f[0] in ("recv", "send")], (0, 75, 76, 77))

    def test_disk(self):
        """A system that cannot be read, or an outcome that cannot be written, is told"""
        self.sends(FORCED, "tls", ON_DISK, (0, 66, 74, 75, 78))

    # ---- Snapshots and reports ----

    def writes(self, command, path, faults, good_codes, bad_codes, step=1):
        """The file is the old or the new one after each fault, and nothing lies beside it."""
        good = run(*command, env={**os.environ, "LC_ALL": "C.UTF-8",
                                  "LD_LIBRARY_PATH": os.path.join(BUILD, "libsrc", ".libs")})
        self.assertIn(good.exit, good_codes, good)
        with open(path, "rb") as file:
            new = file.read()
        old = b"the old one\n"
        for call, how in faults:
            with open(path, "wb") as file:
                file.write(old)
            for _, what, result in self.faults(call, how, lambda _: command, step):
                with open(path, "rb") as file:
                    found = file.read()
                if result.exit == 127 and call == "malloc":  # the loader's own end
                    self.place()
                else:
                    self.assertEqual(os.listdir(os.path.dirname(path)), [os.path.basename(path)], what)
                self.assertIn(result.exit, good_codes + bad_codes, what)
                self.assertTrue(result.err or result.exit in good_codes, what)
                if how == "end" and result.exit in good_codes or result.exit == 3 and found != old:
                    self.assertEqual(json.loads(found)["version"], 1, what)  # whole, of what was read
                elif result.exit in good_codes:
                    self.assertEqual(found, new, what)
                else:
                    self.assertIn(found, (old, new), what)
                with open(path, "wb") as file:
                    file.write(old)

    def place(self):
        """An empty folder's file."""
        folder = os.path.join(self.folder, "out")
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        return os.path.join(folder, "file")

    def compile(self):
        """The command that writes a snapshot, and its file."""
        path = self.place()
        return [program("ucmail"), "compile", "-C", self.system(**FORCED), "-o", path], path

    def lint(self):
        """The command that writes a report, and its file."""
        path = self.place()
        return [program("policy-lint"), "--at", "2026-11-24", "-o", f"json:{path}",
                self.system(**OPPORTUNISTIC)], path

    def test_snapshot(self):
        """A snapshot is the old or the new one"""
        command, path = self.compile()
        self.writes(command, path, [f for f in ON_DISK if f[1] != "end"], (0,), (66, 71, 74))

    def synced(self, command, path, code):
        """What does not reach the disk does not take the old file's place; the folder is synced last."""
        exits = []
        for number, what, result in self.faults("fsync", errno.EIO, lambda _: command):
            exits.append(result.exit)
            if number == 1:
                self.assertRegex(result.err, r"cannot write .*/out/file: (Input/output|I/O) error", what)
                self.assertEqual(os.listdir(os.path.dirname(path)), [], what)
        self.assertEqual(exits, [code, 0])

    def test_snapshot_synced(self):
        """A snapshot takes its name when it is on the disk"""
        self.synced(*self.compile(), 74)

    def test_report_synced(self):
        """A report takes its name when it is on the disk"""
        command, path = self.lint()
        self.synced([*command, "--fail-on", "never"], path, 3)

    def test_snapshot_harmless(self):
        """Interrupted and short calls change nothing of a snapshot"""
        command, path = self.compile()
        self.writes(command, path, [f for f in HARMLESS if f[0] in ("read", "write")], (0,), ())

    def test_report(self):
        """A report is the old or the new one"""
        command, path = self.lint()
        self.writes(command, path, ON_DISK, (0, 1), (2, 3))

    def test_report_harmless(self):
        """Interrupted and short calls change nothing of a report"""
        command, path = self.lint()
        self.writes(command, path, [f for f in HARMLESS if f[0] in ("read", "write")], (0, 1), ())

    def memory(self, command, path, good, bad, step):
        """Each n-th allocation fails, of the program and of every library in it."""
        self.writes(command, path, [("malloc", errno.ENOMEM)], good, (*bad, 127), step=STEP or step)

    def zipped(self):
        """A system in a ZIP."""
        return put_zip(os.path.join(self.folder, "system.zip"), self.system(**OPPORTUNISTIC))

    def report(self, *arguments):
        """A report in JSON, of this system."""
        path = os.path.join(self.folder, "report.json")
        result = policy_lint("--at", "2026-11-24", "-f", "json", "--matrix", "--fail-on", "never", *arguments,
                             self.system(**OPPORTUNISTIC))
        self.assertEqual(result.exit, 0, result)
        write(path, result.out)
        return path

    def test_memory(self):
        """Without memory there is a reason, and no half snapshot"""
        command, path = self.compile()
        self.memory(command, path, (0,), (64, 66, 71, 74), 5)

    def test_memory_zip(self):
        """Without memory in the reader of ZIPs there is a reason, and no half snapshot"""
        path = self.place()
        self.memory([program("ucmail"), "compile", "-C", self.zipped(), "-o", path], path, (0,), (64, 66, 71, 74), 7)

    def test_memory_report(self):
        """Without memory there is a reason, and no half report"""
        command, path = self.lint()
        self.memory(command, path, (0, 1), (2, 3), 11)

    def test_memory_report_zip(self):
        """Without memory in the reader of ZIPs there is a reason, and no half report"""
        path = self.place()
        self.memory([program("policy-lint"), "--at", "2026-11-24", "-o", f"json:{path}", self.zipped()], path,
                    (0, 1), (2, 3), 13)

    def test_memory_merge(self):
        """Without memory in the reader of reports there is a reason, and no half report"""
        report, path = self.report(), self.place()
        self.memory([program("policy-lint"), "--merge", "-o", f"json:{path}", report], path, (0, 1), (2, 3), 37)

    def test_memory_baseline(self):
        """Without memory in the reader of a baseline there is a reason, and no half report"""
        report, path = self.report(), self.place()
        self.memory([program("policy-lint"), "--at", "2026-11-24", "--since", report, "-o", f"json:{path}",
                     self.system(**OPPORTUNISTIC)], path, (0, 1), (2, 3), 41)


def tearDownModule():
    print(f"# {FaultsTest.count} calls failed")


if __name__ == "__main__":
    main()
