#!/usr/bin/env python3
"""The examples of systemd, cron and logrotate."""
import os
import re
import shutil
import subprocess

from served import EXAMPLES, ServedTest, read
from sending import FORCED
from harness import BUILD, main, run, write
from processes import Aiosmtpd


class Scripts(ServedTest):
    """examples/"""

    def setUp(self):
        super().setUp()
        write(f"{self.folder}/sendmail.conf", f"[sendmail]\nconfig = {self.sent}\nclient = 100\n")
        self.environment = {**os.environ, "UCMAIL_SENDMAIL": f"{BUILD}/tools/ucmail-sendmail",
                            "UCMAIL_SENDMAIL_CONF": f"{self.folder}/sendmail.conf"}

    def test_systemd(self):
        """the unit is well-formed, and its sandbox is tight"""
        folder = f"{self.folder}/units"
        unit = read("systemd/ucmail-report.service").replace("/usr/bin/ucmail", "/bin/true")
        write(f"{folder}/ucmail-report.service", unit)
        write(f"{folder}/ucmail-report.timer", read("systemd/ucmail-report.timer"))
        verified = run("systemd-analyze", "verify", "--man=no", f"{folder}/ucmail-report.service",
                       f"{folder}/ucmail-report.timer")
        self.assertEqual((verified.exit, verified.err), (0, ""))
        rated = run("systemd-analyze", "security", "--offline=true", "--threshold=20",
                    f"{folder}/ucmail-report.service")
        self.assertEqual(rated.exit, 0, rated)

    def test_systemd_command(self):
        """what the unit runs takes its password from systemd's folder of credentials"""
        unit = read("systemd/ucmail-report.service").replace("\\\n", "")
        login = re.search(r"^LoadCredential=(\w+)$", unit, re.M).group(1)
        command = re.search(r"^ExecStart=(.*)", unit, re.M).group(1)
        credentials = f"{self.folder}/credentials"
        write(f"{credentials}/{login}", "secret word")
        os.chmod(f"{credentials}/{login}", 0o400)
        write(f"{self.folder}/report.txt", "A quiet night.\n")
        with Aiosmtpd("--mode", "tls", *self.server_options("server"), "--user", "automation",
                      "--password", "secret word") as server:
            system = self.system(**{**FORCED, "SMTP_SERVER": "localhost", "SMTP_LOGIN": login,
                                    "SMTP_PORT": str(server.port)})
            command = command.replace("/usr/bin/ucmail", f"{BUILD}/tools/ucmail").replace(
                "/etc/ucmail/system.snapshot", system).replace(
                    "/var/log/nightly/report.txt", f"{self.folder}/report.txt")
            result = run("/bin/sh", "-c", f"{command} --login-user automation",
                         env={**os.environ, "CREDENTIALS_DIRECTORY": credentials})
            self.assertEqual(result.exit, 0, result)
            self.assertIn(b"report.txt", server.messages()[0][2])

    def job(self, *command):
        """Runs a command as the line for cron does."""
        line = read("cron/nightly").splitlines()[-1]
        wrapper, address = re.search(r"root (\S+/mail-output) (\S+) ", line).groups()
        self.assertTrue(wrapper.endswith("/mail-output"))
        return run(f"{EXAMPLES}/cron/mail-output", address, *command, env=self.environment)

    def test_cron(self):
        """a job that says something is mailed, with its exit code"""
        result = self.job("/bin/sh", "-c", "echo said; exit 3")
        self.assertEqual((result.exit, result.out, result.err), (3, "", ""))
        self.assertIn(b"Subject: sh: exit 3\r\n", self.server.messages()[0][2])
        self.assertIn(b"said", self.server.messages()[0][2])

    def test_cron_quiet(self):
        """a job that says nothing and succeeds is not mailed"""
        self.assertEqual(self.job("/bin/true").exit, 0)
        self.assertEqual(len(self.server.messages()), 0)

    def test_cron_refused(self):
        """where the policy refuses, what the job said is left to cron"""
        write(f"{self.folder}/sendmail.conf",
              f"[sendmail]\nconfig = {self.system(SMTP_PROTOCOL='TLS')}\nclient = 100\n")
        result = self.job("/bin/echo", "said")
        self.assertEqual(result.exit, 78, result)
        self.assertIn("said", result.err)

    def test_logrotate(self):
        """logrotate mails the log that it removes"""
        logs = f"{self.folder}/logs"
        for name in ("run.log", "run.log.1", "run.log.2", "run.log.3", "run.log.4"):
            write(f"{logs}/{name}", f"This is {name}.\n")
        write(f"{self.folder}/nightly",
              read("logrotate/nightly").replace("/var/log/nightly", logs))
        os.chmod(self.folder, 0o755)
        os.chmod(f"{self.folder}/nightly", 0o644)
        shutil.copy(f"{EXAMPLES}/logrotate/mail-log", self.folder)
        subprocess.run(["/usr/sbin/logrotate", "--force", "--state", f"{self.folder}/state", "--mail",
                        f"{self.folder}/mail-log", f"{self.folder}/nightly"], check=True,
                       env=self.environment)
        self.assertIn(b"This is run.log.4.", self.server.messages()[0][2])
        self.assertEqual(len(self.server.messages()), 1)


if __name__ == "__main__":
    main()
