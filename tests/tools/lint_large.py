#!/usr/bin/env python3
"""A system of 60 MB: what an audit of it takes does not grow with what it does not need."""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import BUILD, SystemTest, document, main, make_system, measure, memory_is_real  # noqa: E402
from harness import variable  # noqa: E402

MEGA = 1_000_000
SIZE = 60 * MEGA
CLIENTS = 12
TLS = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com", "SMTP_PROTOCOL": "TLS",
       "SMTPS_CERT": "MAIL_CA"}
# Of the peak in kB: 8 MB for the program and its libraries with a small system, the parser's buffers,
# and as much again as a margin for other machines. A reader that kept a tenth of the input would be
# above it.
CEILING = 16_000
# A further worker may take this much, in kB.
WORKER_MAX = 4_000
JOB = """<JOBS_WINDOWS AttrType="WINDOWS" name="JOBS.{number:06d}">
<HEADER state="1"><Title>Nightly run {number}</Title></HEADER>
<ATTR_JOBS state="1"><HostATTR_Type>WINDOWS</HostATTR_Type><Login>LOGIN.BATCH</Login></ATTR_JOBS>
<SCRIPT mode="1" state="1"><MSCRI><![CDATA[{script}]]></MSCRI></SCRIPT>
</JOBS_WINDOWS>
"""
LINE = ":SET &A{line:03d}# = STR_CUT('a text of client {client}', 1, {line})\n"
CALL = ':SET &R# = SEND_MAIL("ops@example.com",,"Run {number}","Ended.",,,,"REPORTS")\n'


class Large(SystemTest):
    """60 MB of jobs, each of twelve clients in a file, with a few settings among them."""

    def setUp(self):
        super().setUp()
        self.system = os.path.join(BUILD, "large-system")
        self.addCleanup(shutil.rmtree, self.system, ignore_errors=True)
        shutil.rmtree(self.system, ignore_errors=True)
        make_system(self.system, {0: {"UC_CLIENT_SETTINGS": TLS, "UC_SMTP_REPORTS": TLS}},
                    {"MAIL_CA": self.cert("ca")})
        for client in range(1, CLIENTS + 1):
            self.client(client * 10)
        self.size = sum(os.path.getsize(os.path.join(folder, name))
                        for folder, _, names in os.walk(self.system) for name in names)

    def client(self, client):
        """One client's export: 250 jobs over and over, with its settings in the middle."""
        script = "".join(LINE.format(line=line, client=client) for line in range(300))
        jobs = "".join(JOB.format(number=number, script=script + CALL.format(number=number))
                       for number in range(25))
        rounds = SIZE // CLIENTS // len(jobs) + 1
        settings = variable("UC_CLIENT_SETTINGS", {**TLS, "SMTP_PORT": "0"} if client == 50 else TLS)
        folder = f"{self.system}/UC4_TEST - {client:04d}"
        os.makedirs(folder)
        head, tail = document("\n|\n").split("|")
        with open(f"{folder}/export.xml", "w", encoding="ascii") as file:
            file.write(head)
            for number in range(rounds):
                file.write(jobs)
                if number == rounds // 2:
                    file.write(settings)
            file.write(tail)

    def audit(self, *arguments):
        """The report, and the peak of the memory in kB."""
        result = measure("-f", "json", "--agents", "windows", *arguments, self.system, cwd=self.folder)
        self.assertEqual(result.exit, 1, result)
        return result

    def test_memory(self):
        """60 MB: little memory, the one defect, and the same bytes with one and two workers"""
        self.assertGreater(self.size, SIZE)
        one, two = self.audit("-j", "1"), self.audit("-j", "2")
        found, = one.json["findings"]
        self.assertEqual((found["rule"], found["client"], found["key"]), ("UCM110", 50, "SMTP_PORT"))
        self.assertEqual(one.json["summary"]["bytes"] // MEGA, self.size // MEGA)
        self.assertEqual(one.out, two.out)
        self.assertEqual(one.err, two.err)
        if memory_is_real():
            self.assertLess(one.peak, CEILING)
            self.assertLess(two.peak, CEILING + WORKER_MAX)
        print(f"# {self.size // MEGA} MB: {one.peak} kB with one worker, {two.peak} kB with two")


if __name__ == "__main__":
    main()
