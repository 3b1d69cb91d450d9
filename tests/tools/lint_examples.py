#!/usr/bin/env python3
"""The examples of --explain: the bad one raises its rule, the good one does not."""
import os
import sys
from xml.sax.saxutils import escape, quoteattr

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import (RESOURCE, STORE, SystemTest, add_rows, document, main,  # noqa: E402
                     policy_lint, variable, write)
import hashlib  # noqa: E402

LOGIN = """<LOGIN name={name}>
<HEADER state="1"><Title/></HEADER>
<LOGINDEF state="1"><Logins><row Hosttype="UNIX" LoginInfo={user} Name="*" Password="--10AABBCCDD"/></Logins>
</LOGINDEF>
</LOGIN>
"""
SCRIPT = """<SCRI name="SCRI.EXAMPLE">
<HEADER state="1"><Title/></HEADER>
<SCRIPT mode="1" state="1"><MSCRI><![CDATA[{text}]]></MSCRI></SCRIPT>
</SCRI>
"""

GOOD = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "automation@example.com",
        "SMTP_PROTOCOL": "TLS", "SMTPS_CERT": "MAIL_CA"}


def sections(text):
    """[(client, object, [lines])] of an example."""
    result = [("0100", "UC_CLIENT_SETTINGS", [])]
    for line in text.splitlines():
        if line.startswith("["):
            client, _, name = line.strip("[]").partition(" ")
            result.append((client, name, []))
        else:
            result[-1][2].append(line)
    return [section for section in result if section[2] or section[1] == "UC_TRUSTEDCERTS"]


def rows_of(lines):
    """The pairs of KEY = value; a value in quotes keeps its blanks."""
    for line in lines:
        key, _, value = line.partition(" = ")
        yield key, value.strip('"')


class Examples(SystemTest):
    """One system for each example."""

    def store(self, folder, rows):
        """The store of a client, with the files of its certificates."""
        body = ""
        for name, file in rows:
            with open(self.cert(file), "rb") as payload:
                data = payload.read()
            write(f"{folder}/UC_TRUSTEDCERTS-{name}-ALL-ALL-ALL", data)
            body += RESOURCE.format(name=name, size=len(data),
                                    sum=hashlib.sha256(data).hexdigest().upper())
        write(f"{folder}/UC_TRUSTEDCERTS.xml", document(STORE.format(rows=body)))

    def system(self, text):
        """Writes the system and returns the options that the example names."""
        options, stores = [], {"0000": [("MAIL_CA", "ca.pem")]}
        for number, (client, name, lines) in enumerate(sections(text)):
            folder = f"{self.folder}/system/{client}"
            pairs = list(rows_of(lines))
            if client == "options":
                options += [f"--{key}={value}" for key, value in pairs]
            elif name == "UC_TRUSTEDCERTS":
                stores[client] = pairs
            elif name == "LOGIN":
                body = "".join(LOGIN.format(name=quoteattr(key), user=quoteattr(value))
                               for key, value in pairs)
                write(f"{folder}/{number}.xml", document(body))
            elif name == "SCRIPT":
                write(f"{folder}/{number}.xml",
                      document(SCRIPT.format(text=escape("\n".join(lines)) + "\n")
                               .replace("&amp;", "&")))
            else:
                own = client == "0000" and name == "UC_CLIENT_SETTINGS"
                write(f"{folder}/{'settings' if own else number}.xml",
                      document(self.variable(name, pairs)))
        for client, pairs in stores.items():
            if pairs:
                self.store(f"{self.folder}/system/{client}", pairs)
        if not os.path.exists(f"{self.folder}/system/0000/settings.xml"):
            write(f"{self.folder}/system/0000/0.xml", document(variable("UC_CLIENT_SETTINGS", GOOD)))
        return options

    @staticmethod
    def variable(name, pairs):
        """A variable that may hold one key twice."""
        text = variable(name, dict(pairs))
        for key, value in pairs[len(dict(pairs)):]:
            row = f'<row Name={quoteattr(key)} Value={quoteattr(value)}/>\n</Variables>'
            text = text.replace("</Variables>", row, 1)
        return text

    def rules(self, text):
        """The rules that an audit of the example raises."""
        options = self.system(text)
        result = policy_lint("-f", "json", *options, f"{self.folder}/system", cwd=self.folder)
        self.assertIn(result.exit, (0, 1), result)
        return [finding["rule"] for finding in result.json["findings"]]

    def example(self, rule, bad, good):
        """Bad raises the rule, good does not."""
        self.assertIn(rule, self.rules(bad))
        os.rename(f"{self.folder}/system", f"{self.folder}/bad")
        self.assertNotIn(rule, self.rules(good))

    def test_all_have_reasons(self):
        """every rule says why it matters"""
        for rule in policy_lint("--list-rules", "--json").json["rules"]:
            self.assertTrue(rule["why"], rule)


add_rows(Examples, "example",
         [(f"{rule['rule']} {rule['name']}", rule["rule"], rule["bad"], rule["good"])
          for rule in policy_lint("--list-rules", "--json").json["rules"] if rule["bad"]])

if __name__ == "__main__":
    main()
