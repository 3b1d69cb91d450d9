#!/usr/bin/env python3
"""Tests of ucmail's command lines, without a server."""
import email
import os
import pty
import re
import shutil
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import BUILD, main  # noqa: E402
from ucmail_fixture import PROGRAM, UcmailTest, write_system  # noqa: E402

OUTCOME_KEYS = ["status", "exit", "client", "decision", "tls", "server", "recipients", "message_id",
                "reply", "send_mail_code", "plaintext", "refused_by", "error"]
POLICY_KEYS = ["client", "via", "server_variable", "agent", "decision", "host", "port", "protocol", "from",
               "reply_to", "login", "timeout_s", "max_report_bytes", "certificate", "provenance",
               "findings"]

# arguments ({s}: the system), exit code, what standard error says
LINES = [
    ([], 64, r"^usage: ucmail send"),
    ([], 64, r"\n  ucmail policy -C exports -c 100 .*\n(.*\n)*.*man ucmail-tutorial"),
    (["sent"], 64, r"did you mean send\?"),
    (["frobnicate"], 64, r"^ucmail: no command frobnicate"),
    (["policy", "--clinet", "1"], 64, r"no option --clinet: did you mean --client\?"),
    (["policy", "--zzz"], 64, r"no option --zzz"),
    (["policy", "-Z"], 64, r"no option -Z"),
    (["policy", "-c"], 64, r"-c: its argument is missing"),
    (["policy", "--client"], 64, r"--client: its argument is missing"),
    (["policy", "--json=1"], 64, r"takes no argument"),
    (["policy", "word"], 64, r"word: not an option"),
    (["policy", "-t", "a@example.com"], 64, r"--to is no option of ucmail policy"),
    (["agents", "-C", "{s}"], 64, r"--config is no option of ucmail agents"),
    (["agents", "--release", "x"], 64, r"--release x"),
    (["policy", "-C", "{s}", "-c", "10000"], 64, r"from 0 to 9999"),
    (["policy", "-C", "{s}", "-c", "-1"], 64, r"from 0 to 9999"),
    (["policy", "-C", "{s}", "-c", "1x"], 64, r"from 0 to 9999"),
    (["policy", "-C", "{s}", "-c", "99999999999999999999"], 64, r"from 0 to 9999"),
    (["policy", "-C", "{s}", "-c", ""], 64, r"from 0 to 9999"),
    (["policy", "-C", ""], 64, r"an input has no name"),
    (["policy", "-C", "{s}", "-a", "toaster"], 64, r'agent kind "toaster"'),
    (["policy", "-C", "{s}", "--profile", "lax"], 64, r"compat or strict"),
    (["policy", "-C", "{s}", "--release", "new"], 64, r"product version"),
    (["policy", "-C", "{s}", "--via", "mail"], 64, r"notification or send_mail"),
    (["policy", "-C", "{s}", "--via", "notification", "-S", "ALERTS"], 64, r"implies --via send_mail"),
    (["policy", "-C", "{s}", "-S", ""], 64, r"UC_SMTP_<SERVER>"),
    (["policy", "-C", "{s}", "--connect-to", "a:b"], 64, r"HOST:PORT:ADDRESS:PORT"),
    (["policy", "-C", "{s}", "--password-fd", "99"], 64, r"no open descriptor"),
    (["policy", "-C", "{s}", "--password-fd", "0", "--password-file", "x"], 64, r"give one of them"),
    (["send", "-C", "{s}", "--deadline", "0", "-t", "a@example.com"], 64, r"--deadline 0"),
    (["send", "-C", "{s}", "--window", "0", "--batch", "-"], 64, r"--window 0"),
    (["send", "-C", "{s}"], 64, r"no recipient"),
    (["send", "-C", "{s}", "-s", "x", "--message", "-"], 64, r"--subject cannot go with --message"),
    (["send", "-C", "{s}", "-t", "a@example.com", "--batch", "-"], 64, r"--to cannot go with --batch"),
    (["send", "-C", "{s}", "-t", "a@example.com", "--header", "x"], 64, r"'Name: value'"),
    (["send", "-C", "{s}", "-t", "a@example.com", "--dsn", "perhaps"], 64, r"--dsn perhaps"),
    (["send", "-C", "{s}", "--batch", "-", "--dsn", "perhaps"], 64, r"--dsn perhaps"),
    (["send", "-C", "{s}", "-t", "nobody"], 65, r"nobody"),
    (["send", "-C", "{s}", "-t", "a@example.com\r\nBcc: b@example.com"], 65, r"^ucmail: "),
    (["send", "-C", "{s}", "-t", "a@example.com", "-s", "x\r\nBcc: b@example.com"], 65, r"^ucmail: "),
    (["send", "-C", "{s}", "-t", "a@example.com", "--header", "Bcc: b@example.com"], 65, r"^ucmail: "),
    (["send", "-C", "{s}", "-t", "a@example.com", "--header", "X-A: b\nBcc: b@example.com"], 65,
     r"^ucmail: "),
    (["send", "-C", "{s}", "-t", "a@example.com", "-A", "/nonexistent"], 74, r"/nonexistent"),
    (["send", "-C", "{s}", "-t", "a@example.com", "--body-file", "/nonexistent"], 74, r"/nonexistent"),
    (["send", "-C", "{s}", "--message", "/nonexistent"], 74, r"/nonexistent"),
    (["send", "-C", "{s}", "--batch", "/nonexistent"], 74, r"/nonexistent"),
    (["send", "-C", "{s}", "-t", "a@example.com", "--trace", "/nonexistent/x"], 74, r"trace"),
    (["policy", "-C", "/nonexistent"], 66, r"^ucmail: /nonexistent"),
    (["send", "-C", "/nonexistent", "-t", "a@example.com"], 66, r"^ucmail: /nonexistent"),
    (["check", "-C", "/nonexistent"], 66, r"^ucmail: /nonexistent"),
    (["compile", "-C", "/nonexistent", "-o", "-"], 66, r"^ucmail: /nonexistent"),
    (["compile", "-C", "{s}"], 64, r"--output"),
    (["compile", "-C", "{s}", "-o", "-", "--json"], 64, r"standard output"),
    (["compile", "-C", "{s}", "-o", "/nonexistent/x"], 74, r"/nonexistent/x"),
    (["policy", "-C", "{s}", "-c", "999"], 78, r"client 999: no object of it is among the inputs"),
    (["policy", "-C", "{s}", "-S", "NOWHERE"], 78, r"no UC_SMTP_NOWHERE in client 0:"),
    (["policy", "-C", "{s}", "-c", "200", "-S", "NOWHERE"], 78, r"in client 200 or client 0:"),
    (["policy", "-C", "{s}", "-c", "100"], 78, r"UCM105"),
    (["policy", "-C", "{s}", "--profile", "strict"], 78, r"UCM107"),
    (["policy", "-C", "{s}", "-a", "zos"], 78, r"the policy refuses"),
    (["send", "-C", "{s}", "-c", "100", "-t", "a@example.com"], 78, r"SMTPS_CERT"),
    (["check", "-C", "{s}", "-c", "100"], 78, r"SMTPS_CERT"),
    (["check", "-C", "{s}", "-t", "a@example.com", "-t", "b@example.com"], 64, r"one recipient"),
    (["policy", "-C", "{s}"], 0, r"^$"),
    (["policy", "-C", "{s}", "-c", "0100", "-q"], 78, r"UCM105"),
    (["agents"], 0, r"^$"),
    (["--version"], 0, r"^$"),
    (["-V"], 0, r"^$"),
    (["--help"], 0, r"^$"),
    (["send", "--help"], 0, r"^$"),
    (["compile", "-h"], 0, r"^$"),
]


class CommandLine(UcmailTest):
    """Exit codes and reasons, one line each."""

    def test_exit_codes_and_reasons(self):
        for arguments, code, reason in LINES:
            with self.subTest(arguments=arguments):
                process = self.run_program(*[word.replace("{s}", self.system) for word in arguments])
                self.assertEqual(process.returncode, code, process.stderr)
                self.assertRegex(process.stderr, re.compile(reason, re.MULTILINE))
                if code != 0 and arguments:
                    self.assertEqual(process.stderr.count("\n"), 1, process.stderr)
                    self.assertTrue(process.stderr.startswith("ucmail: "))

    def test_usage_errors_print_an_object(self):
        for arguments in (["send", "--zzz"], ["send", "-C", self.system], ["send", "-c", "x"],
                          ["send", "-C", self.system, "-t", "nobody"],
                          ["send", "-C", self.system, "-c", "100", "-t", "a@example.com"]):
            with self.subTest(arguments=arguments):
                result = self.run_json(*arguments)
                self.assertEqual(list(result), OUTCOME_KEYS)
                self.assertEqual(result["status"], "failed")
                self.assertTrue(result["error"])
        for arguments in (["policy", "--zzz"], ["agents", "--release", "x"], ["nothing"],
                          ["compile", "-C", self.system]):
            with self.subTest(arguments=arguments):
                self.assertTrue(self.run_json(*arguments, code=64)["error"])

    def test_no_arguments_after_two_dashes(self):
        process = self.run_program("policy", "-C", self.system, "--", "--json")
        self.assertEqual(process.returncode, 64)
        self.assertEqual(process.stdout, "")

    def test_version_and_help(self):
        self.assertRegex(self.run_program("--version").stdout, r"^ucmail \d+\.\d+\.\d+ wolfSSL/\d")
        for command in ("send", "check", "policy", "agents", "compile"):
            text = self.run_program(command, "--help").stdout
            self.assertTrue(text.startswith(f"usage: ucmail {command}"))
            self.assertIn("--json", text)
        self.assertNotIn("--subject", self.run_program("policy", "--help").stdout)

    def test_full_output_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            process = subprocess.run(PROGRAM + ["agents"], stdout=full, stderr=subprocess.PIPE, text=True,
                                     check=False)
        self.assertEqual(process.returncode, 74)
        self.assertIn("standard output", process.stderr)


class Policy(UcmailTest):
    """What ucmail policy shows."""

    def test_the_object_of_the_contract(self):
        result = self.run_json("policy", "-C", self.system, "-c", "200", "-S", "ALERTS", code=0)
        self.assertEqual(list(result)[:len(POLICY_KEYS)], POLICY_KEYS)
        expected = {"client": 200, "via": "send_mail", "server_variable": "UC_SMTP_ALERTS",
                    "decision": "plain", "host": "mail.example.com", "port": 25, "protocol": "PLAIN",
                    "from": "alerts@example.com", "reply_to": "ops@example.com",
                    "login": "LOGIN.MAIL", "timeout_s": 5, "max_report_bytes": 8000,
                    "certificate": None}
        self.assertEqual({key: result[key] for key in expected}, expected)
        self.assertEqual(sorted(result["provenance"]), ["SMTP_FROM_ADDR", "SMTP_LOGIN", "SMTP_REPLY_TO",
                                                        "SMTP_SERVER", "SMTP_TIMEOUT"])
        place = result["provenance"]["SMTP_FROM_ADDR"]
        self.assertEqual((place["client"], place["object"], place["line"]), (200, "UC_SMTP_ALERTS", 9))
        self.assertTrue(place["file"].endswith("TEST - 0200/UC_SMTP_ALERTS.xml"))
        self.assertIn("UCM107", result["findings"])
        self.assertEqual(len(result["findings"]), len(set(result["findings"])))

    def test_a_refusal_is_an_object_too(self):
        result = self.run_json("policy", "-C", self.system, "-c", "100", code=78)
        self.assertEqual(result["decision"], "refuse")
        self.assertEqual(result["refused_by"], "UCM105")
        self.assertIn("UCM105", result["findings"])

    def test_an_agent_without_tls_is_shown_as_it_sends(self):
        result = self.run_json("policy", "-C", self.system, "-c", "100", "-a", "unix-other", code=0)
        self.assertEqual((result["decision"], result["port"], result["protocol"]), ("plain", 25, "PLAIN"))

    def test_a_client_without_settings_inherits(self):
        write_system(self.system, {400: {"UC_CLIENT_SETTINGS": {"TASK_PRIORITY": "200"}}})
        result = self.run_json("policy", "-C", self.system, "-c", "400", code=0)
        self.assertEqual(result["provenance"]["SMTP_SERVER"]["client"], 0)

    def test_several_inputs(self):
        inputs = []
        for name in sorted(os.listdir(self.system)):
            inputs += ["-C", os.path.join(self.system, name)]
        self.run_json("policy", *inputs, "-c", "200", code=0)

    def test_what_needs_client_0_is_not_guessed(self):
        write_system(self.system, {400: {"UC_CLIENT_SETTINGS": {"TASK_PRIORITY": "200"}}})
        result = self.run_json("policy", "-C", os.path.join(self.system, "TEST - 0400"), "-c", "400",
                               code=66)
        self.assertEqual(result["refused_by"], "UCM007")

    def test_a_system_that_cannot_be_read_in_full_is_refused(self):
        bad = os.path.join(self.system, "TEST - 0200", "X.xml")
        with open(bad, "w", encoding="utf-8") as file:
            file.write("<uc-export><VARA name='UC_SMTP_X'>")
        result = self.run_json("policy", "-C", self.system, code=66)
        self.assertIn("X.xml", result["error"])
        self.assertEqual(result["refused_by"], "UCM001")

    def test_text_is_readable(self):
        text = self.run_program("policy", "-C", self.system).stdout
        self.assertRegex(text, r"(?m)^decision +plain$")
        self.assertRegex(text, r"(?m)^host +mail\.example\.com +UC_CLIENT_SETTINGS of client 0, .*:9$")
        self.assertEqual(self.run_program("policy", "-C", self.system, "-q").stdout, "")

    def test_no_terminal_obeys_it(self):
        name = "TEST\x1b[2J\u202e"
        system = os.path.join(self.folder, name)
        os.rename(self.system, system)
        for arguments in (["-c", "100"], ["-c", "200", "-S", "ALERTS"], ["-C", os.path.join(system, "none")]):
            process = self.run_program("policy", "-C", system, *arguments)
            self.assertIn("TEST", process.stdout + process.stderr)
            self.assertNotRegex(process.stdout + process.stderr, "[\x1b\u202e]")


class SendMail(UcmailTest):
    """What scripts know of SEND_MAIL."""

    def test_special_agents(self):
        for word in ("*SERVER", "*DEFAULT", "*default"):
            result = self.run_json("policy", "-C", self.system, "-c", "200", "-a", word, code=0)
            self.assertEqual(result["agent"], "engine")

    def test_default_agent_of_unknown_kind(self):
        settings = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com"}
        write_system(self.system, {
            500: {"UC_CLIENT_SETTINGS": {**settings, "SEND_MAIL_DEFAULT": "UNIX01"}},
            501: {"UC_CLIENT_SETTINGS": {**settings, "SEND_MAIL_DEFAULT": "*SERVER"}}})
        for command in ("policy", "send"):
            process = self.run_program(command, "-C", self.system, "-c", "500", "-a", "*DEFAULT",
                                       *(["-t", "a@example.com"] if command == "send" else []))
            self.assertEqual(process.returncode, 64)
            self.assertRegex(process.stderr, r"SEND_MAIL_DEFAULT \(.*0500/.*xml:\d+\) names an agent")
        self.run_json("policy", "-C", self.system, "-c", "500", "-a", "*SERVER", code=0)
        self.run_json("policy", "-C", self.system, "-c", "500", "-a", "unix-other", code=0)
        self.run_json("policy", "-C", self.system, "-c", "501", "-a", "*DEFAULT", code=0)

    def test_a_long_subject_is_told_and_sent(self):
        for length, told in ((255, False), (256, True)):
            process = self.run_program("send", "-C", self.system, "--dry-run", "-t", "a@example.com", "-s",
                                       "ü" * length)
            self.assertEqual(process.returncode, 0)
            self.assertEqual("256 characters" in process.stderr, told, process.stderr)

    def test_attachments_are_not_split(self):
        first, second = self.path("a", "1"), self.path("b", "2")
        process = self.run_program("send", "-C", self.system, "--dry-run", "-t", "a@example.com", "-A",
                                   f"{first};{second}")
        self.assertEqual(process.returncode, 74)
        both = self.path("a;b", "3")
        text = self.run_program("send", "-C", self.system, "--dry-run", "-t", "a@example.com", "-A",
                                both).stdout
        self.assertEqual(email.message_from_string(text).get_payload()[-1].get_filename(), "a;b")

    def test_the_reason_comes_first(self):
        """on a terminal as in a file"""
        line = [*PROGRAM, "send", "-C", self.system, "-c", "100", "-t", "ops@example.com", "-s", "Subject"]
        master, terminal = pty.openpty()
        self.addCleanup(os.close, master)
        with open(self.path("both"), "wb") as file:
            for out in (terminal, file):
                subprocess.run(line, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=60, check=False)
        os.close(terminal)
        with open(self.path("both"), "rb") as file:
            for text in (os.read(master, 4096), file.read()):
                self.assertRegex(text.decode(), r"^ucmail: .*SMTPS_CERT.*\r?\nnot sent  ops@example.com\r?\n$")

    def test_codes(self):
        """10034 where the policy refuses, 50006 where nobody is reached (0 and 50012: with servers)"""
        refused = self.run_json("send", "-C", self.system, "-c", "100", "-t", "a@example.com", code=78)
        self.assertEqual(refused["send_mail_code"], 10034)
        bad = self.run_json("send", "-C", self.system, "-t", "nobody", code=65)
        self.assertEqual(bad["send_mail_code"], 50006)
        unreached = self.run_json("send", "-C", self.system, "-t", "a@example.com", "--connect-to",
                                  "::127.0.0.1:1", code=75)
        self.assertEqual(unreached["send_mail_code"], 50006)


class Agents(UcmailTest):
    """The capability table."""

    def test_the_table_is_of_a_release(self):
        def table(*more):
            result = self.run_json("agents", *more)
            return {row["agent"]: (row["send"], row["secure"]) for row in result["agents"]}

        newest, old = table(), table("--release", "21.0.10")
        self.assertEqual(newest["zos"], (False, False))
        self.assertEqual(newest["windows"], (True, True))
        self.assertEqual(newest["vms"], (True, False))
        self.assertIn("unix-linux-ppc64le", newest)
        self.assertNotIn("unix-linux-ppc64le", old)
        self.assertEqual(old["sap"], (True, False))
        self.assertEqual(old["engine"], (True, True))

    def test_text(self):
        self.assertRegex(self.run_program("agents").stdout, r"(?m)^zos +no +no ")


class DryRun(UcmailTest):
    """What would be sent."""

    def dry(self, *arguments, **more):
        process = self.run_program("send", "-C", self.system, "--dry-run", *arguments, **more)
        self.assertEqual(process.returncode, 0, process.stderr)
        return process.stdout

    def test_a_message_from_options(self):
        text = self.dry("-t", "a@example.com", "--bcc", "secret@example.com", "-s", "Hi", "--body-file", "-",
                        "--header", "X-Test: yes", stdin="one\ntwo\n")
        self.assertIn("To: a@example.com", text)
        self.assertIn("Subject: Hi", text)
        self.assertIn("X-Test: yes", text)
        self.assertIn("two", text)
        self.assertNotIn("secret@example.com", text)

    def test_the_type_of_an_attachment(self):
        plain = self.path("notes:old/x.txt".replace("/", "_"), "text")
        self.assertIn("Content-Type: application/x-thing",
                      self.dry("-t", "a@example.com", "-A", plain + ":application/x-thing"))
        os.makedirs(self.path("backup:old"))
        odd = self.path("backup:old/file.txt", "text")
        self.assertIn('file.txt', self.dry("-t", "a@example.com", "-A", odd))

    def test_a_report_is_cut_and_an_attachment_forbidden(self):
        big = self.path("report.txt", "line\n" * 1000)
        text = self.dry("-c", "300", "-t", "a@example.com", "--report", big)
        report = email.message_from_string(text).get_payload()[-1].get_payload(decode=True)
        self.assertTrue(report.endswith(b"\nTruncated through SMTP_MAX_ATTACHMENT_SIZE limit.\n"), report)
        self.assertLess(len(report), 500)
        process = self.run_program("send", "-C", self.system, "--dry-run", "-c", "300", "-t",
                                   "a@example.com", "-A", big)
        self.assertEqual(process.returncode, 78)
        self.assertIn("SMTP_FILE_ATTACHMENT", process.stderr)

    def test_a_ready_message(self):
        text = self.dry("--message", "-", stdin="To: a@example.com\nBcc: b@example.com\n\nHello\n")
        self.assertNotIn("Bcc", text)
        self.assertIn("Message-ID: ", text)
        self.assertTrue(text.endswith("Hello\n"))

    def test_a_ready_message_without_recipients(self):
        process = self.run_program("send", "-C", self.system, "--dry-run", "--message", "-",
                                   stdin="Subject: x\n\nHello\n")
        self.assertEqual(process.returncode, 65, process.stderr)


class Compile(UcmailTest):
    """Snapshots."""

    def test_a_snapshot_decides_the_same(self):
        snapshot = self.path("snapshot")
        self.assertEqual(self.run_json("compile", "-C", self.system, "-o", snapshot, code=0)["file"],
                         snapshot)
        self.assertEqual(os.listdir(self.folder).count("snapshot"), 1)
        self.assertEqual(len(os.listdir(self.folder)), 2)
        for arguments in (["-c", "0"], ["-c", "100"], ["-c", "200", "-S", "ALERTS"], ["-a", "vms"],
                          ["--profile", "strict"]):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_json("policy", "-C", snapshot, *arguments),
                                 self.run_json("policy", "-C", self.system, *arguments))

    def test_the_same_system_gives_the_same_bytes(self):
        first = self.run_program("compile", "-C", self.system, "-o", "-")
        again = self.run_program("compile", "-C", self.system, "-o", "-")
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertEqual(first.stdout, again.stdout)

    def test_a_failure_leaves_the_old_snapshot(self):
        snapshot = self.path("snapshot", "old")
        process = self.run_program("compile", "-C", "/nonexistent", "-o", snapshot)
        self.assertEqual(process.returncode, 66)
        with open(snapshot, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.assertEqual(sorted(os.listdir(self.folder)), ["snapshot", "system"])

    def test_a_damaged_snapshot_is_refused(self):
        snapshot = self.path("snapshot")
        self.run_program("compile", "-C", self.system, "-o", snapshot)
        with open(snapshot, encoding="utf-8") as file:
            text = file.read()
        with open(snapshot, "w", encoding="utf-8") as file:
            file.write(text.replace("hr@example.com", "xr@example.com"))
        self.assertEqual(self.run_program("policy", "-C", snapshot).returncode, 66)

    def test_a_snapshot_stands_alone(self):
        snapshot = self.path("snapshot")
        self.run_program("compile", "-C", self.system, "-o", snapshot)
        process = self.run_program("policy", "-C", self.system, "-C", snapshot)
        self.assertEqual(process.returncode, 66)
        self.assertIn("give it alone", process.stderr)

    def test_a_snapshot_needs_no_reader_of_exports(self):
        snapshot = self.path("snapshot")
        self.run_program("compile", "-C", self.system, "-o", snapshot)
        os.mkdir(self.path("lib"))
        shutil.copy(f"{BUILD}/libsrc/.libs/libucmail.so.0", self.path("lib"))
        self.path("lib/ucmail-xml.so", "no reader")
        for name, code, words in ((snapshot, 0, ""),
                                  (self.system, 66, "the reader of exports cannot be loaded")):
            process = subprocess.run([f"{BUILD}/tools/.libs/ucmail", "policy", "-C", name],
                                     env={**os.environ, "LD_LIBRARY_PATH": self.path("lib")},
                                     capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(process.returncode, code, process.stderr)
            self.assertIn(words, process.stderr)

    def test_the_mode_is_the_usual_one(self):
        snapshot = self.path("snapshot")
        self.run_program("compile", "-C", self.system, "-o", snapshot, umask=0o027)
        self.assertEqual(stat.S_IMODE(os.stat(snapshot).st_mode), 0o640)


if __name__ == "__main__":
    main()
