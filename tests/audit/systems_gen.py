"""Small systems in the format of real exports, certificates for them, and audits to compare."""
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from xml.sax.saxutils import quoteattr

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
from harness import policy_lint, write  # noqa: E402

HEAD = '<?xml version="1.0" encoding="ISO-8859-15" standalone="no"?>'
ROOT = '<uc-export clientvers="24.3.0+hf.1.build.1720000000000">'
AGENT = ("--agents", "unix-x64-linux")
MAIL = {"SMTP_SERVER": "mail.example.com", "SMTP_FROM_ADDR": "uc4@example.com"}
TLS = {**MAIL, "SMTP_PROTOCOL": "TLS", "SMTP_PORT": "465", "SMTPS_CERT": "MAILCERT"}
STARTTLS = {**MAIL, "SMTP_PROTOCOL": "STARTTLS", "SMTPS_CERT": "MAILCERT"}


def export(*objects, head=HEAD, root=ROOT):
    """An export file: declaration and root on one line, as the vendor's files have them."""
    return f"{head}{root}\n" + "".join(objects) + "</uc-export>"


def pairs(settings):
    """Rows as (key, value), of a dictionary or of such pairs."""
    return list(settings.items()) if isinstance(settings, dict) else list(settings)


def vara(name, settings=(), kind="STATIC", attributes=""):
    """A variable with all of its sections."""
    rows = "".join(f'<row Name={quoteattr(key)} Value={quoteattr(value)} Value1="" Value2=""'
                   ' Value3="" Value4=""/>\n' for key, value in pairs(settings))
    inner = f"<Variables>\n{rows}</Variables>" if rows else "<Variables/>"
    return f"""<VARA OVD_VRName="FREI" data_type="{kind}" name={quoteattr(name)}{attributes} replacementmode="2">
<HEADER state="1">
<Title/>
<ArchiveKey1/>
<ArchiveKey2/>
<OH_SubType>{kind}</OH_SubType>
</HEADER>
<ATTR_VARA state="1">
<Type>C|Text</Type>
<lblSource>Static</lblSource>
<source>{kind}</source>
<VRName>FREI|Freely selected</VRName>
<HostType/>
</ATTR_VARA>
<VARA state="1">
{inner}
</VARA>
<DOCU_Docu state="1" type="text">
<DOC/>
</DOCU_Docu>
</VARA>
"""


def resname(name, store="UC_TRUSTEDCERTS"):
    """What the payload of a resource is called."""
    return f"{store}-{name}-ALL-ALL-ALL"


def store(payloads, name="UC_TRUSTEDCERTS", attributes=""):
    """A Storage object that lists {name: bytes}; (bytes, checksum) says another checksum."""
    rows = ""
    for entry, content in payloads.items():
        content, checksum = content if isinstance(content, tuple) else (content, None)
        checksum = checksum or hashlib.sha256(content).hexdigest().upper()
        rows += (f'<row checksum="{checksum}" fileType="TEXT" filename="x.pem" hw="*" '
                 f'id={quoteattr(entry + "-ALL-ALL-ALL")} name={quoteattr(entry)} platform="*" '
                 f'resname={quoteattr(resname(entry, name))} size="{len(content)}" sw="*" '
                 'type="3" version=""/>\n')
    inner = f"<resourceList>\n{rows}</resourceList>" if rows else "<resourceList/>"
    return f"""<STORE name="{name}"{attributes}>
<HEADER state="1">
<Title/>
<OH_SubType/>
</HEADER>
<STORE>
<HostType/>
{inner}
</STORE>
</STORE>
"""


def login(name, attributes=""):
    """A Login object."""
    return (f'<LOGIN name={quoteattr(name)}{attributes}>\n<HEADER state="1">\n<Title/>\n</HEADER>\n'
            '<LOGIN state="1">\n<Logins>\n<row Host="*" Login="mailer" Pass="" Type="MAIL"/>\n'
            "</Logins>\n</LOGIN>\n</LOGIN>\n")


def script(name, text, tag="SCRI", element="MSCRI", attributes=""):
    """An object with a script in CDATA."""
    return (f'<{tag} name={quoteattr(name)}{attributes}>\n<XHEADER state="1">\n<Title/>\n</XHEADER>\n'
            f'<SCRIPT mode="1" state="1">\n<{element}><![CDATA[{text}]]></{element}>\n</SCRIPT>\n</{tag}>\n')


def job(name, text, section="SCRIPT", element="MSCRI"):
    """A UNIX job with a script in one of its three places."""
    return (f'<JOBS_UNIX AttrType="UNIX" name={quoteattr(name)}>\n<XHEADER state="1">\n<Title/>\n'
            '</XHEADER>\n<ATTR_JOBS state="1">\n<HostDst>|&lt;UNIX&gt;|HOST</HostDst>\n'
            '<HostATTR_Type>UNIX</HostATTR_Type>\n</ATTR_JOBS>\n'
            f'<{section} mode="1" state="1">\n<{element}><![CDATA[{text}]]></{element}>\n'
            f"</{section}>\n</JOBS_UNIX>\n")


class Certificates:
    """Certificates made when they are first wanted, each of them once."""

    def __init__(self):
        self._keeper = tempfile.TemporaryDirectory(prefix="ucmail-contract-")  # until the program ends
        self.folder = self._keeper.name

    def _openssl(self, *arguments):
        subprocess.run(("openssl", *arguments), cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _key(self, kind):
        path = f"{self.folder}/{kind}.key"
        if not os.path.exists(path):
            name, size = kind.split("-", 1)
            if name == "dsa":
                self._openssl("dsaparam", "-genkey", "-noout", "-out", path, size)
            elif name == "rsa":
                self._openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{size}",
                              "-out", path)
            else:
                self._openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
                              f"ec_paramgen_curve:{size.split('#')[0]}", "-out", path)
        return path

    def pem(self, common_name="mail.example.com", names="DNS:mail.example.com", ca=False, usage=None,
            key="ec-P-256", digest="sha256", days=400, issuer=None, serial=1, key_usage=None):
        """A certificate in PEM. `issuer`: (PEM, kind of its key), else it signs itself."""
        given = repr((common_name, names, ca, usage, key, digest, days, issuer, serial, key_usage))
        base = f"{self.folder}/{hashlib.sha256(given.encode()).hexdigest()[:16]}"
        if not os.path.exists(base + ".pem"):
            lines = ["[req]", "distinguished_name=dn", "prompt=no", "[dn]",
                     f"CN={common_name}" if common_name else "O=Example", "[ext]"]
            if ca is not None:
                lines.append(f"basicConstraints=critical,CA:{'TRUE' if ca else 'FALSE'}")
            lines += [f"{word}={value}" for word, value in (
                ("subjectAltName", names), ("extendedKeyUsage", usage), ("keyUsage", key_usage))
                if value]
            write(base + ".cnf", "\n".join(lines) + "\n")
            self._openssl("req", "-new", "-config", base + ".cnf", "-key", self._key(key), "-out",
                          base + ".csr")
            signer = ["-signkey", self._key(key)]
            if issuer:
                write(base + ".ca", issuer[0])
                signer = ["-CA", base + ".ca", "-CAkey", self._key(issuer[1])]
            self._openssl("x509", "-req", "-in", base + ".csr", *signer, f"-{digest}", "-days",
                          str(days), "-set_serial", str(serial), "-extfile", base + ".cnf",
                          "-extensions", "ext", "-out", base + ".pem")
        with open(base + ".pem", "rb") as file:
            return file.read()

    def der(self, **given):
        """The same in DER."""
        pem = self.pem(**given)
        return subprocess.run(("openssl", "x509", "-outform", "DER"), input=pem, check=True,
                              stdout=subprocess.PIPE).stdout

    def private(self, kind="ec-P-256"):
        """A private key in PEM."""
        with open(self._key(kind), "rb") as file:
            return file.read()

    @staticmethod
    def not_after(pem):
        """The end of a certificate as openssl reads it, in seconds."""
        return Certificates._date(pem, "-enddate")

    @staticmethod
    def not_before(pem):
        """The begin of it."""
        return Certificates._date(pem, "-startdate")

    @staticmethod
    def _date(pem, option):
        text = subprocess.run(("openssl", "x509", "-noout", option), input=pem, check=True,
                              stdout=subprocess.PIPE).stdout.decode().strip().split("=", 1)[1]
        return int(subprocess.run(("date", "-u", "-d", text, "+%s"), check=True,
                                  stdout=subprocess.PIPE).stdout)


def put_store(folder, payloads, **given):
    """Writes UC_TRUSTEDCERTS and its payloads into a client's folder."""
    write(f"{folder}/UC_TRUSTEDCERTS.xml", export(store(payloads, **given)))
    for name, content in payloads.items():
        content = content[0] if isinstance(content, tuple) else content
        write(f"{folder}/{resname(name)}", content)


def put_system(folder, clients, payloads=None):
    """Writes {client: {variable: settings} or text of objects}, and the store of client 0."""
    for client, objects in clients.items():
        if not isinstance(objects, str):
            objects = "".join(vara(name, rows) for name, rows in objects.items())
        write(f"{folder}/UC4 - {client:04d}/export.xml", export(objects))
    if payloads is not None:
        put_store(f"{folder}/UC4 - 0000", payloads)
    return folder


def put_zip(path, members):
    """Writes {name: text or bytes} as a ZIP."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def place(finding):
    """One line: rule, severity, client, object, key."""
    return " ".join("-" if finding[name] in (None, "") else str(finding[name])
                    for name in ("rule", "severity", "client", "object", "key"))


def spot(path, before, occurrence=1):
    """Line and column, both from 1, behind the n-th `before` in a file."""
    with open(path, encoding="iso-8859-15", newline="") as file:
        text = file.read()
    at = -1
    for _ in range(occurrence):
        at = text.index(before, at + 1)
    at += len(before)
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def audit(*arguments, **options):
    """Runs policy-lint for JSON."""
    return policy_lint("-f", "json", "-q", *arguments, **options)
