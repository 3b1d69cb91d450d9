#!/usr/bin/env python3
"""
The services among the examples, set up as their comments say, in a system that systemd has booted and
that has nothing but the packages: the unit and its timer, cron, logrotate. Run by boot.sh.
"""
import base64
import json
import os
import re
import shlex
import shutil
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import SystemTest, add_rows, document, main, make_system, run, write  # noqa: E402
from processes import Aiosmtpd, wait_for  # noqa: E402

EXAMPLES = "/usr/share/doc/ucmail/examples"
UNITS = "/etc/systemd/system"
UNIT = "ucmail-report.service"
STORE = "/etc/credstore/MAIL_LOGIN"
REPORT = "/var/log/nightly/report.txt"
PASSWORD = "a word for nobody else"
PORT = 465
LOGIN = """<LOGIN name="MAIL_LOGIN">
<HEADER state="1"/>
<LOGIN state="1">
<Logins>
<row Host="*" Login="automation" Pass="" Type="MAIL"/>
</Logins>
</LOGIN>
</LOGIN>
"""
SETTINGS = {"SMTP_SERVER": "mail.example.com", "SMTP_PORT": str(PORT), "SMTP_PROTOCOL": "TLS",
            "SMTPS_CERT": "MAIL_CA", "SMTP_FROM_ADDR": "batch@example.com", "SMTP_LOGIN": "MAIL_LOGIN"}
# What the sandbox forbids, as a program would try it: prints what succeeded, and what was tried.
PROBE = f"""
import ctypes, json, mmap, os, socket
def write(path):
    return lambda: open(path, "w").close()
def call(name, *arguments):
    def made():
        if ctypes.CDLL(None, use_errno=True)[name](*arguments) != 0:
            raise OSError(ctypes.get_errno(), name)
    return made
tries = {{
    "write below /etc": write("/etc/probe"), "write below /usr": write("/usr/probe"),
    "write below /var": write("/var/log/nightly/probe"), "write below /run": write("/run/probe"),
    "look into /root": lambda: os.listdir("/root/."), "see process 1": lambda: os.stat("/proc/1"),
    "read the store": lambda: open("{STORE}").read(),
    "become root": lambda: os.setuid(0),
    "make a namespace": call("unshare", 0x10000000),
    "open a netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "map writable code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
    "change the personality": call("personality", 0x0008),
}}
done = []
for name, try_it in tries.items():
    try:
        try_it()
        done.append(name)
    except OSError:
        pass
print(json.dumps([done, list(tries)]))
"""


def systemctl(*arguments):
    """Runs systemctl."""
    return run("systemctl", *arguments)


def properties(unit, *names):
    """What systemd holds of a unit."""
    return dict(line.split("=", 1) for line in
                systemctl("show", f"--property={','.join(names)}", unit).out.splitlines())


def drop_in(unit, text):
    """Adds to a unit."""
    write(f"{UNITS}/{unit}.d/test.conf", text)
    systemctl("daemon-reload")


class Silent:
    """A server that takes connections and says nothing."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", PORT))
        return self

    def __exit__(self, *_):
        self.socket.close()


class Booted(SystemTest):
    """A host that mails a report each night."""

    def setUp(self):
        super().setUp()
        self.began = time.time()
        shutil.rmtree("/etc/ucmail", ignore_errors=True)
        make_system("/srv/exports", {0: {}, 100: {"UC_CLIENT_SETTINGS": SETTINGS}},
                    {"MAIL_CA": self.cert("ca")})
        write("/srv/exports/UC4_TEST - 0000/LOGINS.xml", document(LOGIN))
        for name in (UNIT, "ucmail-report.timer"):
            shutil.copy(f"{EXAMPLES}/systemd/{name}", UNITS)
            shutil.rmtree(f"{UNITS}/{name}.d", ignore_errors=True)
        systemctl("daemon-reload")
        self.addCleanup(self.end)
        # What the unit's comment says, with a password that nobody has to type.
        self.commands = [line.replace("systemd-ask-password -n", f"printf %s {shlex.quote(PASSWORD)}")
                         for line in re.findall(r"^#     (.*)", self.unit(), re.M)]
        self.type(0, 4)
        write(REPORT, "A quiet night.\n")
        os.chmod(REPORT, 0o644)

    def end(self):
        """Whatever happened: no secret is in the journal."""
        systemctl("stop", UNIT)
        systemctl("reset-failed")
        whole = self.journal("--output=export")
        for secret in (PASSWORD, base64.b64encode(f"\0automation\0{PASSWORD}".encode()).decode(),
                       base64.b64encode(PASSWORD.encode()).decode()):
            self.assertNotIn(secret, whole)

    def type(self, first, end):
        """Types some of the commands of the unit's comment."""
        for command in self.commands[first:end]:
            done = run("sh", "-c", command)
            self.assertEqual(done.exit, 0, (command, done))

    def password(self, text):
        """Puts another one into the store of credentials."""
        with open(STORE, "w", encoding="ascii") as file:
            file.write(text)

    def server(self, *options):
        """A server that wants a login."""
        return Aiosmtpd("--mode", "tls", "--port", str(PORT), *self.server_options("server"),
                        "--user", "automation", "--password", PASSWORD, *options)

    def journal(self, *options):
        """The journal since the test began."""
        run("journalctl", "--sync")
        return run("journalctl", "--no-pager", f"--since=@{self.began:.3f}", *options).out

    def start(self):
        """Starts the unit: whether that succeeded."""
        return systemctl("start", UNIT).exit == 0

    def failed(self, code, *words, unit=UNIT):
        """The unit has failed with this code, will not be tried again, and said these words."""
        said = self.journal(f"--unit={unit}", "--output=cat")
        for word in words:
            self.assertIn(word, said)
        self.assertEqual(properties(unit, "ActiveState", "ExecMainStatus"),
                         {"ActiveState": "failed", "ExecMainStatus": str(code)}, said)

    def test_delivers(self):
        """the unit delivers with the credential, verified"""
        with self.server() as server:
            self.assertTrue(self.start(), self.journal())
            (envelope, message, _), = server.messages()
        self.assertEqual((envelope["user"], envelope["tls"], envelope["to"]),
                         ("automation", "TLSv1.3", ["ops@example.com"]))
        report, = message.iter_attachments()
        self.assertEqual((message["Subject"], report.get_content()), ("Report of the night", "A quiet night.\n"))
        self.assertIn("trusted by MAIL_CA", self.journal(f"--unit={UNIT}"))

    def test_unverified(self):
        """a server of another authority gets neither mail nor password, and is not tried again"""
        with Aiosmtpd("--mode", "tls", "--port", str(PORT), *self.server_options("unknown_ca")) as server:
            self.assertFalse(self.start())
            self.assertEqual(server.messages(), [])
        self.failed(77, "Somebody Else CA")

    def test_sealed(self):
        """a credential that systemd-creds encrypted"""
        self.type(4, 6)
        self.addCleanup(shutil.rmtree, "/etc/credstore.encrypted")
        drop_in(UNIT, "[Service]\nLoadCredential=\nLoadCredentialEncrypted=MAIL_LOGIN\n")
        os.remove(STORE)
        with self.server() as server:
            self.assertTrue(self.start(), self.journal())
            self.assertEqual(len(server.messages()), 1)

    def refused_login(self, password, code, *words):
        """With another password, or (None) without one."""
        if password is None:
            os.remove(STORE)
        else:
            self.password(password)
        with self.server() as server:
            self.assertFalse(self.start())
            self.assertEqual(server.messages(), [])
        self.failed(code, *words)

    def cannot_read(self, path, code, *words):
        """A file that only root may read."""
        self.addCleanup(os.remove, path)
        os.chmod(path, 0o600)
        with self.server() as server:
            self.assertFalse(self.start())
            self.assertEqual(server.messages(), [])
        self.failed(code, path, "ermission denied", *words)

    def test_group(self):
        """a report that only a group may read, as the unit's comment says"""
        os.chmod(REPORT, 0o640)
        shutil.chown(REPORT, group="adm")
        drop_in(UNIT, "[Service]\nSupplementaryGroups=adm\n")
        with self.server() as server:
            self.assertTrue(self.start(), self.journal())
            self.assertEqual(len(server.messages()), 1)

    def test_rating(self):
        """systemd rates the sandbox of the loaded unit as tight"""
        rated = run("systemd-analyze", "security", "--threshold=12", UNIT)
        self.assertEqual(rated.exit, 0, rated)

    def test_probe(self):
        """what the sandbox forbids fails in it, and only there"""
        write("/usr/local/lib/probe.py", PROBE)
        done, tried = json.loads(run(sys.executable, "/usr/local/lib/probe.py").out)
        self.assertEqual(done, tried)
        drop_in(UNIT, f"[Service]\nExecStart=\nExecStart={sys.executable} -B /usr/local/lib/probe.py\n")
        self.assertTrue(self.start(), self.journal())
        said = self.journal(f"--unit={UNIT}", "--output=cat")
        self.assertIn("\n[[], [", said)

    def test_trace(self):
        """a file outside of the sandbox cannot be written: told, and nothing is sent"""
        command = re.search(r"^ExecStart=(.*)", self.unit(), re.M).group(1)
        drop_in(UNIT, f"[Service]\nExecStart=\nExecStart={command} --trace /var/log/nightly/trace\n")
        with self.server() as server:
            self.assertFalse(self.start())
            self.assertEqual(server.messages(), [])
        self.failed(74, "/var/log/nightly/trace: the trace cannot be written: Read-only file system")
        self.assertFalse(os.path.exists("/var/log/nightly/trace"))

    @staticmethod
    def unit():
        """The text of the unit, its long lines joined."""
        with open(f"{UNITS}/{UNIT}", encoding="ascii") as file:
            return file.read().replace("\\\n", "")

    def process(self):
        """Starts the unit before a silent server; its process, once it waits for the server."""
        systemctl("start", "--no-block", UNIT)
        wait_for(lambda: run("ss", "-Htn", "dport", f"= :{PORT}").out, "a connection")
        return f"/proc/{properties(UNIT, 'MainPID')['MainPID']}"

    def test_process(self):
        """the kernel holds the running process in the sandbox, and nobody sees the password"""
        with Silent():
            process = self.process()
            with open(f"{process}/status", encoding="ascii") as file:
                status = dict(line.split(":\t", 1) for line in file.read().splitlines())
            self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
            for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                self.assertEqual(int(status[name], 16), 0, name)
            self.assertTrue(61184 <= int(status["Uid"].split()[0]) <= 65519, status["Uid"])
            for name in ("user", "mnt", "ipc", "uts"):
                self.assertNotEqual(os.readlink(f"{process}/ns/{name}"), os.readlink(f"/proc/self/ns/{name}"), name)
            for path in ("etc", "usr", "var/log/nightly"):
                with self.assertRaisesRegex(OSError, "Read-only"):
                    write(f"{process}/root/{path}/probe", "x")
            for name in ("cmdline", "environ"):
                with open(f"{process}/{name}", "rb") as file:
                    self.assertNotIn(PASSWORD.encode(), file.read())
            with open(f"{process}/limits", encoding="ascii") as file:
                self.assertRegex(file.read(), r"(?m)^Max core file size +0 +0 ")
        self.assertEqual(properties(UNIT, "MemoryMax", "TasksMax"),
                         {"MemoryMax": str(128 << 20), "TasksMax": "8"})

    def test_stop(self):
        """stopped in the middle of a dialogue it ends at once, and is not started again"""
        with Silent():
            self.process()
            began = time.monotonic()
            self.assertEqual(systemctl("stop", UNIT).exit, 0)
            self.assertLess(time.monotonic() - began, 5)
            self.assertNotEqual(properties(UNIT, "SubState")["SubState"], "auto-restart")
        self.assertFalse(os.path.exists(f"/run/credentials/{UNIT}"))

    def test_again(self):
        """without a server it is tried again until there is one, and sends once"""
        drop_in(UNIT, "[Service]\nRestartSec=1s\n")
        self.assertFalse(self.start())
        wait_for(lambda: int(properties(UNIT, "NRestarts")["NRestarts"]) > 1, "two restarts")
        with self.server() as server:
            wait_for(server.messages, "the mail")
            wait_for(lambda: properties(UNIT, "ActiveState")["ActiveState"] == "inactive", "the end")
            time.sleep(2)
            self.assertEqual(len(server.messages()), 1)
        self.assertIn("no connection to mail.example.com port 465", self.journal(f"--unit={UNIT}"))

    def test_timer(self):
        """the timer is what is enabled, and mails when its time comes"""
        self.assertIn("no installation config", systemctl("enable", UNIT).err)
        next_time = run("systemd-analyze", "calendar",
                        re.search(r"^OnCalendar=(.*)", self.timer(), re.M).group(1))
        self.assertIn(" 06:15:00 ", next_time.out)
        drop_in("ucmail-report.timer", "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/2\nRandomizedDelaySec=0\n"
                                       "AccuracySec=100ms\n")
        with self.server() as server:
            self.assertEqual(systemctl("enable", "--now", "ucmail-report.timer").exit, 0)
            self.addCleanup(systemctl, "disable", "--now", "ucmail-report.timer")
            wait_for(server.messages, "the mail")
            systemctl("stop", "ucmail-report.timer")
        self.assertEqual(systemctl("is-enabled", "ucmail-report.timer").out, "enabled\n")
        self.assertTrue(os.path.exists("/var/lib/systemd/timers/stamp-ucmail-report.timer"))

    @staticmethod
    def timer():
        """The text of the timer."""
        with open(f"{UNITS}/ucmail-report.timer", encoding="ascii") as file:
            return file.read()

    def sendmail(self):
        """What root's programs send by."""
        write("/etc/ucmail/sendmail.conf", "[sendmail]\nconfig = /etc/ucmail/system.snapshot\nclient = 100\n"
                                           "local-to = ops@example.com\n")
        write("/etc/ucmail/logins/MAIL_LOGIN", PASSWORD + "\n")
        os.chmod("/etc/ucmail/logins/MAIL_LOGIN", 0o600)
        self.addCleanup(shutil.rmtree, "/etc/ucmail/logins")

    def test_cron(self):
        """cron mails what jobs say, by mail-output, and by a link called sendmail"""
        self.sendmail()
        shutil.copy(f"{EXAMPLES}/cron/mail-output", "/usr/local/bin")
        write("/usr/local/sbin/nightly", "#!/bin/sh\necho \"Of nightly: $*\"\nexit 3\n")
        os.chmod("/usr/local/sbin/nightly", 0o755)
        os.symlink("/usr/bin/ucmail-sendmail", "/usr/sbin/sendmail")
        self.addCleanup(os.remove, "/usr/sbin/sendmail")
        with open(f"{EXAMPLES}/cron/nightly", encoding="ascii") as file:
            lines = file.read().replace("15 2 * * *", "* * * * *")
        jobs = {"nightly": lines, "plain": "* * * * * root echo 'Of a plain job'\n"}
        for name, text in jobs.items():
            write(f"/etc/cron.d/{name}", text)
            self.addCleanup(os.remove, f"/etc/cron.d/{name}")
        with self.server() as server:
            for _ in range(5):  # cron waits for the next minute
                try:
                    wait_for(lambda: len(server.messages()) > 1, "two mails")
                    break
                except RuntimeError:
                    pass
            texts = sorted((message["Subject"], message["To"], message.get_content().strip())
                           for _, message, _ in server.messages()[:2])
        host = socket.gethostname()
        self.assertEqual(texts, [
            (f"Cron <root@{host}> echo 'Of a plain job'", "ops@example.com", "Of a plain job"),
            ("nightly: exit 3", "ops@example.com", "Of nightly: --verbose")], self.journal())

    def test_logrotate(self):
        """the service of logrotate mails the log that it removes"""
        self.sendmail()
        shutil.copy(f"{EXAMPLES}/logrotate/mail-log", "/usr/local/bin")
        shutil.copy(f"{EXAMPLES}/logrotate/nightly", "/etc/logrotate.d")
        os.makedirs(f"{UNITS}/logrotate.service.d", exist_ok=True)
        shutil.copy(f"{EXAMPLES}/logrotate/systemd.conf", f"{UNITS}/logrotate.service.d/mail.conf")
        systemctl("daemon-reload")
        for name in ("run.log", "run.log.1", "run.log.2", "run.log.3", "run.log.4"):
            write(f"/var/log/nightly/{name}", f"This is {name}.\n")
        write("/var/lib/logrotate/status", 'logrotate state -- version 2\n"/var/log/nightly/run.log" 2020-1-1\n')
        with self.server() as server:
            self.assertEqual(systemctl("start", "logrotate.service").exit, 0, self.journal())
            (_, message, _), = server.messages()
        self.assertEqual((message["To"], message.get_content().strip()), ("ops@example.com", "This is run.log.4."))

    def test_running(self):
        """the system has booted without a failed unit"""
        self.assertEqual(run("systemctl", "is-system-running", "--wait").out, "running\n",
                         systemctl("--failed").out)


add_rows(Booted, "refused_login", (
    ("a wrong password: refused, not tried again, the cure named", "another word", 77, "535",
     "check user name and password of SMTP_LOGIN"),
    ("no credential: refused, not tried again, the cure named", None, 78, "no password of login MAIL_LOGIN",
     "LoadCredential="),
    ("an empty credential: refused, not tried again", "", 78, "the password is empty"),
))
add_rows(Booted, "cannot_read", (
    ("a report that the service may not read", REPORT, 74),
    ("a snapshot that the service may not read", "/etc/ucmail/system.snapshot", 66, "make the input readable"),
))

if __name__ == "__main__":
    main()
