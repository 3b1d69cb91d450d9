#!/usr/bin/env python3
"""What newcomers do wrong: each message names what is wrong, where, and the cure."""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import SystemTest, add_rows, main, make_system, policy_lint, run, tool, ucmail, write  # noqa: E402
from processes import Aiosmtpd  # noqa: E402

TLS = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "a@example.com",
       "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "MAIL_CA"}
SUPPRESSION = "[suppress x]\nrule = UCM110\nreason = r\nowner = o\nexpires = {}\n"
FILES = {
    "exports.json": '{"objects": []}', "text.xml": "hello\n", "page.xml": "<html/>\n", "bad.json": "{bad",
    "agent.conf": "[policy-lint]\nagent = windows\n", "probe.conf": "[policy-lint]\nprobe = yes\n",
    "level.conf": "[policy-lint]\nfail-on = errors\n", "section.conf": "[policy lint]\n",
    "owner.conf": SUPPRESSION.format("2027-01-31").replace("owner = o\n", ""),
    "day.conf": SUPPRESSION.format("31.01.2027"),
    "word": "not json\n", "member": '{"too":["a@example.com"]}\n', "nobody": '{"subject":"x"}\n',
    "single": '{"to":"a@example.com"}\n',
    "section.mail": "[mail]\n", "key.mail": "[sendmail]\nclinet = 1\n",
    "number.mail": "[sendmail]\nclient = 1OO\n", "relative.mail": "[sendmail]\nconfig = exports\n",
    "elsewhere.mail": "[sendmail]\nclient = 100\n",
}
SEND = ("send", "-C", "exports", "-c", "100", "-t", "ops@example.com")


class Mistakes(SystemTest):
    """A small system, and files with mistakes in them."""

    def setUp(self):
        super().setUp()
        self.system()
        for name, text in FILES.items():
            write(f"{self.folder}/{name}", text)
        os.mkdir(f"{self.folder}/empty")

    def system(self, **settings):
        """Makes the exports anew."""
        shutil.rmtree(f"{self.folder}/exports", ignore_errors=True)
        make_system(f"{self.folder}/exports", {
            0: {"UC_CLIENT_SETTINGS": TLS}, 100: {"UC_CLIENT_SETTINGS": {**TLS, **settings}}}, {"MAIL_CA": self.cert("ca")})

    def told(self, result, code, *words):
        """The exit code, and that all these words are said."""
        self.assertEqual(result.exit, code, result)
        for word in words:
            self.assertIn(word, result.out + result.err)

    def audit(self, arguments, code, *words):
        """Of policy-lint."""
        self.told(policy_lint(*arguments, cwd=self.folder), code, *words)

    def mail(self, arguments, code, *words):
        """Of ucmail."""
        self.told(ucmail(*arguments, cwd=self.folder), code, *words)

    def habit(self, config, code, *words):
        """Of ucmail-sendmail."""
        environment = {**os.environ, "UCMAIL_SENDMAIL_CONF": f"{self.folder}/{config}"}
        self.told(run(*tool("ucmail-sendmail"), "ops@example.com", input=b"x\n", env=environment), code,
                  *words)

    def snapshot(self, change, *words):
        """Of a snapshot that is not what was compiled."""
        path = f"{self.folder}/snapshot"
        self.assertEqual(ucmail("compile", "-C", f"{self.folder}/exports", "-o", path).exit, 0)
        with open(path, "rb") as file:
            text = file.read()
        write(path, change(text))
        self.told(ucmail("policy", "-C", path, "-c", "100"), 66, path, *words)

    def test_no_client_folder(self):
        """a folder that is not called after its client"""
        os.rename(f"{self.folder}/exports/UC4_TEST - 0100", f"{self.folder}/exports/finance")
        self.audit(["exports"], 3, "exports/finance/export.xml:", "UCM004", "(0100)", "--client")

    def test_no_client_0(self):
        """client 0 is not among the inputs"""
        shutil.rmtree(f"{self.folder}/exports/UC4_TEST - 0000")
        self.audit(["exports"], 3, "export.xml:", "Add the export of client 0")
        self.mail(["policy", "-C", "exports", "-c", "100"], 66, "export.xml:", "Add the export of client 0")

    def test_no_store(self):
        """UC_TRUSTEDCERTS is not among the inputs"""
        for name in ("UC_TRUSTEDCERTS.xml", "UC_TRUSTEDCERTS-MAIL_CA-ALL-ALL-ALL"):
            os.remove(f"{self.folder}/exports/UC4_TEST - 0000/{name}")
        self.audit(["exports"], 1, "export.xml:", "UCM202", "or add its export")
        self.mail(SEND, 78, "export.xml:", "or add its export")

    def test_no_payload(self):
        """a certificate's file is not among the inputs"""
        os.remove(f"{self.folder}/exports/UC4_TEST - 0000/UC_TRUSTEDCERTS-MAIL_CA-ALL-ALL-ALL")
        self.audit(["exports"], 1, "UC_TRUSTEDCERTS.xml:", "UCM203", "--payloads")
        self.mail(SEND, 78, "UC_TRUSTEDCERTS.xml:", "--payloads")

    def login(self, arguments, code, *words):
        """Of a send that has to log in."""
        with Aiosmtpd("--mode", "starttls", *self.server_options("server"), "--user", "automation",
                      "--password", "right") as server:
            self.system(SMTP_LOGIN="MAIL_LOGIN")
            self.mail([*SEND, "--connect-to", f"::127.0.0.1:{server.port}", *arguments], code, *words)

    def test_no_user(self):
        """a login whose user no export tells"""
        self.login([], 78, "MAIL_LOGIN", "--login-user")

    def test_no_password(self):
        """a login without a password"""
        self.login(["--login-user", "automation"], 78, "--password-file", "/etc/ucmail/logins/MAIL_LOGIN",
                   "0600")

    def test_loose_password(self):
        """a password file that others may read"""
        write(f"{self.folder}/password", "right\n")
        os.chmod(f"{self.folder}/password", 0o644)
        self.login(["--login-user", "automation", "--password-file", "password"], 78,
                   "password: others may read", "chmod 600")

    def test_wrong_password(self):
        """a wrong password: what the server said, and what to check"""
        write(f"{self.folder}/password", "wrong\n")
        os.chmod(f"{self.folder}/password", 0o600)
        self.login(["--login-user", "automation", "--password-file", "password"], 77,
                   "mail.example.com refuses the login", "535", "check user name and password of SMTP_LOGIN")


# Rows for a host without a system of its own: others have not made the mistake.
BARE = not os.path.exists("/etc/ucmail")
NO_SYSTEM = (("nothing in /etc/ucmail", ["policy"], 66, "/etc/ucmail", "-C PATH"),)
NO_INPUT = (("sendmail: nothing in /etc/ucmail", "elsewhere.mail", 66, "/etc/ucmail", "config = PATH",
             "elsewhere.mail"),)

add_rows(Mistakes, "audit", (
    ("a misspelt input", ["export"], 3, "export:", "no such file or folder", "Correct the name"),
    ("a misspelt option", ["--fromat", "json", "exports"], 2, "--fromat", "did you mean --format?"),
    ("an unknown option", ["--frobnicate", "exports"], 2, "--frobnicate", "--help"),
    ("a misspelt format", ["-f", "jsn", "exports"], 2, "jsn", "text, json, sarif"),
    ("a misspelt format of an output", ["-o", "sarfi:x", "exports"], 2, "sarfi", "sarif", "./sarfi:x"),
    ("an output in no folder", ["-o", "gone/x.html", "exports"], 3, "gone/x.html", "No such file"),
    ("a misspelt kind of agent", ["--agents", "windos", "exports"], 1, "windos", "windows"),
    ("a misspelt rule", ["--select", "smtp-cert-missing", "exports"], 2, "did you mean smtps-cert-missing?"),
    ("a rule that is none", ["--explain", "UCM999"], 2, "UCM999", "--list-rules"),
    ("a release with a comma", ["--release", "24,4", "exports"], 2, "24,4", "24.4.1"),
    ("a client that is no number", ["--only", "1OO", "exports"], 2, "1OO", "0 to 9999"),
    ("a client that the inputs lack", ["--only", "300", "exports"], 4, "among the inputs", "--allow-empty"),
    ("an empty folder", ["empty"], 4, "no client with a mail variable", "--allow-empty"),
    ("an export in JSON", ["exports.json"], 3, "exports.json:", "export as XML"),
    ("a text called .xml", ["text.xml"], 3, "text.xml:1:1:", "Export the objects again"),
    ("another XML", ["page.xml"], 3, "page.xml:1:1:", "Leave the file out"),
    ("no baseline", ["--baseline", "gone.json", "exports"], 2, "gone.json", "--write-baseline"),
    ("a baseline that is none", ["--baseline", "bad.json", "exports"], 2, "bad.json:1:", "--write-baseline"),
    ("a former report that is none", ["--since", "bad.json", "exports"], 2, "bad.json:1:", "-f json"),
    ("a shard that is none", ["--merge", "bad.json"], 2, "bad.json:1:", "-f json"),
    ("no configuration", ["--config", "gone.conf", "exports"], 2, "gone.conf", "--init"),
    ("a misspelt setting", ["--config", "agent.conf", "exports"], 2, "agent.conf:2:", "mean agents?"),
    ("a setting for the command line only", ["--config", "probe.conf", "exports"], 2, "probe.conf:2:",
     "--init"),
    ("a wrong setting", ["--config", "level.conf", "exports"], 2, "level.conf:2:", "error, warning, info"),
    ("a misspelt section", ["--config", "section.conf", "exports"], 2, "section.conf:1:", "[policy-lint]"),
    ("a suppression without owner", ["--config", "owner.conf", "exports"], 2, "owner.conf", "line 1",
     "has no owner"),
    ("a day of another order", ["--config", "day.conf", "exports"], 2, "day.conf:5:", "2027-01-31"),
    ("a certificate that is none", ["--without-cert", "MAILCA", "exports"], 2, "MAILCA", "but MAIL_CA"),
    ("a certificate to be replaced that is none", ["--replace-cert", "MAILCA=x", "exports"], 2, "but MAIL_CA"),
    ("evidence below no folder", ["--evidence", "gone/x", "exports"], 2, "gone/x", "No such file"),
    ("evidence in a folder in use", ["--evidence", "exports", "exports"], 2, "exports", "an empty folder"),
    ("no evidence", ["--verify", "empty"], 3, "empty", "--evidence"),
))
add_rows(Mistakes, "mail", (
    ("a misspelt system", ["policy", "-C", "export"], 66, "export:", "Correct the name"),
    ("a client that the system lacks", ["policy", "-C", "exports", "-c", "300"], 78, "300", "name its exports"),
    ("a server that the system lacks", ["policy", "-C", "exports", "-S", "ALERTS", "-c", "100"], 78,
     "UC_SMTP_ALERTS"),
    ("a kind of agent that is none", ["policy", "-C", "exports", "-a", "linux"], 64, "linux", "ucmail agents"),
    ("no recipient", ["send", "-C", "exports", "-c", "100"], 64, "--to"),
    ("a recipient without a domain", ["send", "-C", "exports", "-c", "100", "-t", "ops"], 65, "ops", "@domain"),
    ("no file for the text", [*SEND, "--body-file", "gone"], 74, "gone", "No such file"),
    ("no file to attach", [*SEND, "-A", "gone"], 74, "gone", "No such file"),
    ("no batch", ["send", "-C", "exports", "-c", "100", "--batch", "gone"], 74, "gone", "No such file"),
    ("a batch that is no JSON", ["send", "-C", "exports", "-c", "100", "--batch", "word"], 65, "word:1:",
     "not JSON"),
    ("a misspelt member", ["send", "-C", "exports", "-c", "100", "--batch", "member"], 65, "member:1:",
     '"too"', "to, cc, bcc"),
    ("a line without a recipient", ["send", "-C", "exports", "-c", "100", "--batch", "nobody"], 65, "nobody:1:",
     "no recipient"),
    ("a recipient that is no list", ["send", "-C", "exports", "-c", "100", "--batch", "single"], 65,
     "single:1:", '"to" must be a list'),
    ("a trace in no folder", [*SEND, "--trace", "gone/x"], 74, "gone/x", "trace", "No such file"),
    ("half a rule for dialling", [*SEND, "--connect-to", "localhost:25"], 64, "HOST:PORT:ADDRESS:PORT"),
    ("no place for a snapshot", ["compile", "-C", "exports"], 64, "--output"),
    ("a snapshot in no folder", ["compile", "-C", "exports", "-o", "gone/x"], 74, "gone/x", "No such file"),
) + (NO_SYSTEM if BARE else ()))
add_rows(Mistakes, "habit", (
    ("sendmail: no configuration of that name", "gone.mail", 78, "gone.mail"),
    ("sendmail: a misspelt section", "section.mail", 78, "section.mail:1:", "[sendmail]"),
    ("sendmail: a misspelt key", "key.mail", 78, "key.mail:2:", "did you mean client?"),
    ("sendmail: a client that is no number", "number.mail", 78, "number.mail:2:", "0 to 9999"),
    ("sendmail: a relative path", "relative.mail", 78, "relative.mail:2:", "absolute"),
) + (NO_INPUT if BARE else ()))
add_rows(Mistakes, "snapshot", (
    ("a snapshot of another version", lambda text: text.replace(b" 1\n", b" 9\n", 1), "version", "compile it anew"),
    ("half a snapshot", lambda text: text[:len(text) // 2], "cut short", "compile it anew"),
    ("an edited snapshot", lambda text: text.replace(b"mail.example", b"evil.example"), "digest",
     "compile it anew"),
))

if __name__ == "__main__":
    main()
