"""Random systems: mostly good settings, and every kind of defect that a policy is refused for."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "audit"))
import systems_gen as gen  # noqa: E402

RELEASES = ("12.3.0", "21.0.4", "24.1.0", "24.4.0", "24.4.0")
PROFILES = ("compat", "strict")

# key: how likely it is set, its good values, its bad ones.
VALUES = {
    "SMTP_SERVER": (0.9, ("mail.example.com", "mail.example.com", "relay.example.com", "MAIL.example.com"),
                    ("smtp://mail.example.com", "mail.example.com:25", "mail example", " ")),
    "SMTP_FROM_ADDR": (0.93, ("uc4@example.com", "UC4 <uc4@example.com>", " uc4@example.com "),
                       ("uc4", "uc4@", "a\nb@example.com", "<>")),
    "SMTP_PROTOCOL": (0.85, ("TLS", "TLS", "STARTTLS", "STARTTLS", "tls", "PLAIN", "StartTLS "),
                      ("SSL", "STARTLS", "TLSv1", "YES")),
    "SMTP_PORT": (0.6, ("25", "465", "587", "2525", "465", " 587"), ("0", "70000", "4x5", "-1")),
    "SMTP_TIMEOUT": (0.4, ("20", "0", "999", "30"), ("1000", "x", "-1")),
    "SMTP_MAX_ATTACHMENT_SIZE": (0.3, ("400", "50000", "8000"), ("399", "50001", "many")),
    "SMTP_REPLY_TO": (0.3, ("ops@example.com", "Ops <ops@example.com>"), ("ops", "a b@example.com")),
    "SMTP_LOGIN": (0.2, ("LOGIN.MAIL",), ("LOGIN.\x01",)),
    "SMTP_AUTH_METHOD": (0.15, ("PASSWORD", "plain", "LOGIN"), ("CRAM-MD5", "NTLM")),
    "SMTP_FILE_ATTACHMENT": (0.2, ("Y", "N"), ("maybe",)),
}
# What a server must present for each name of the store to be believed, by host; none: never.
CERTIFICATES = {
    "CA": {"mail": "server", "relay": "relay"},
    "ANCHOR_DER": {"mail": "server_rsa", "relay": "relay"},
    "PINNED": {"mail": "server"},
    "PINRELAY": {"relay": "relay"},
    "BUNDLE": {"mail": "unknown_ca", "relay": "relay"},
    "ROLLOVER": {"mail": "server", "relay": "relay"},
    "OTHER": {"mail": "unknown_ca"},
    "SELF": {"mail": "self_signed"},
    "CN_ONLY": {"mail": "common_name_only"},
    "SHA1": {"mail": "sha1"},
    "BOTH": {"mail": "both"},
    "EXPIRED": {}, "EXPIRED_LEAF": {}, "NOT_YET": {}, "WEAK": {}, "CLIENT": {}, "WRONG": {}, "GARBAGE": {},
    "MISSING": {}, "CHANGED": {}, "WITH_KEY": {"mail": "server"}, "ABSENT": {},
}
# Those that may issue certificates of any name, so that no host is beyond them.
AUTHORITIES = {"CA", "ANCHOR_DER", "BUNDLE", "ROLLOVER", "OTHER", "BOTH"}
GOOD = [name for name, hosts in CERTIFICATES.items() if hosts and name != "SHA1"]
FILES = {"CA": "ca.pem", "ANCHOR_DER": "ca.der", "PINNED": "server.pem", "PINRELAY": "relay.pem", "BUNDLE": "two.pem",
         "OTHER": "other_ca.pem", "SELF": "self_signed.pem", "CN_ONLY": "common_name_only.pem",
         "EXPIRED": "expired_self.pem", "EXPIRED_LEAF": "expired.pem", "NOT_YET": "not_yet.pem",
         "WEAK": "weak.pem", "CLIENT": "client_only.pem", "WRONG": "wrong_name.pem", "WITH_KEY": "with_key.pem"}


def make_payloads(path):
    """Every payload of the store; `path` tells where a made certificate lies. Writes two of its own."""
    made = gen.Certificates()
    issuer = made.pem("Issuer", None, ca=True)
    for name, pem in (("sha1", made.pem(digest="sha1", issuer=(issuer, "ec-P-256"))), ("both", made.pem(ca=True))):
        gen.write(path(name), pem)
        gen.write(path(name + ".key"), made.private())
    payloads = {}
    for name, file in {**FILES, "SHA1": "sha1.pem", "BOTH": "both.pem"}.items():
        with open(path(file), "rb") as content:
            payloads[name] = content.read()
    payloads["ROLLOVER"] = payloads["EXPIRED"] + payloads["CA"]
    payloads["GARBAGE"] = b"no certificate\n"
    payloads["MISSING"] = payloads["CA"]
    payloads["CHANGED"] = (payloads["CA"], "00" * 32)
    return payloads


def settings(random, spoiled, sparse):
    """Rows of one variable. `spoiled`: how likely a value is bad; `sparse`: how much less is set."""
    rows = []
    for key, (likely, good, bad) in VALUES.items():
        if random.random() < likely * sparse:
            rows.append((key, random.choice(bad if random.random() < spoiled else good)))
    protocol = dict(rows).get("SMTP_PROTOCOL", "").strip().upper()
    if random.random() < (0.93 if protocol.endswith("TLS") else 0.2) * sparse:
        name = random.choice(list(CERTIFICATES) if random.random() < 0.35 else GOOD)
        rows.append(("SMTPS_CERT", random.choice((name, name, name, name.lower(), name + " "))))
    if rows and random.random() < spoiled / 3:
        rows.append(random.choice(rows))
    return rows


def write_system(random, folder, payloads):
    """One random system in the folder. Returns whose an object is that does not tell: None, or a client."""
    spoiled = random.choice((0, 0, 0, 0.02, 0.05, 0.15))
    for client in (0, *random.sample(range(1, 1000), random.randint(1, 3))):
        if client == 0 and random.random() < 0.03:
            continue
        objects = ""
        for name, likely, sparse in (("UC_CLIENT_SETTINGS", 0.9, 1), ("UC_SMTP_ALERTS", 0.5, 0.5),
                                     ("UC_SMTP_OTHER", 0.3, 0.3), ("SEND_MAIL_DEFAULT", 0.1, 0.2)):
            if random.random() < likely:
                kind = "SQL" if random.random() < spoiled / 4 else "STATIC"
                objects += gen.vara(name, settings(random, spoiled, sparse), kind)
        if random.random() < 0.5:
            objects += gen.login("LOGIN.MAIL")
        gen.write(f"{folder}/UC4 - {client:04d}/export.xml", gen.export(objects))
        if client == 0 and random.random() < 0.96:
            gen.put_store(f"{folder}/UC4 - 0000", payloads)
            os.remove(f"{folder}/UC4 - 0000/{gen.resname('MISSING')}")
    defect = random.random()
    if defect < 0.03:
        gen.write(f"{folder}/UC4 - 0000/broken.xml", "<uc-export>")
    elif defect < 0.05:
        gen.write(f"{folder}/nobody.xml", gen.export(gen.vara("UC_SMTP_NOBODY", settings(random, spoiled, 1))))
        return client
    elif defect < 0.07:
        gen.write(f"{folder}/UC4 - 0000/other.xml", "<html/>")
    return None
