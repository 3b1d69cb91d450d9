"""What a foreign MIME parser reads equals what went in.

Reads the records of mime_generate and parses each message with Python's email package, by its
strict and by its lenient policy. Usage: mime_reader.py PROGRAM SEED COUNT
"""

import email
import email.header
import email.policy
import email.utils
import re
import subprocess
import sys

CUT = b"Truncated through SMTP_MAX_ATTACHMENT_SIZE limit."
LIMIT = 1000


def records(stream):
    while True:
        line = stream.readline()
        if not line:
            return
        name, length = line.split()
        data = stream.read(int(length))
        stream.read(1)
        yield name.decode(), data


def newlines(data):
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def text_of(part):
    return newlines(part.get_payload(decode=True))


def same_text(got, want, last):
    """Equal but for line ends; a text that is the whole message may gain a last one."""
    got, want = newlines(got), newlines(want)
    return got == want or (last and got == want + b"\n")


def expected_report(data):
    if len(data) <= LIMIT:
        return [data]
    kept = data[:LIMIT]
    for back in range(4):
        try:
            data[: LIMIT - back].decode()
            kept = data[: LIMIT - back]
            break
        except UnicodeDecodeError:
            pass
    end = b"\n"
    first = data[:LIMIT].find(b"\n")
    if first > 0 and data[first - 1 : first] == b"\r":
        end = b"\r\n"
    if not kept.endswith((b"\n", b"\r")) and kept:
        kept += end
    return [kept + CUT + end]


def squeeze(text):
    return "".join(text.split())


def decode(text):
    return str(email.header.make_header(email.header.decode_header(text)))


class Case:
    def __init__(self):
        self.people = []
        self.headers = {}
        self.text = self.html = None
        self.attachments = []
        self.message = self.raw = b""

    def take(self, name, data):
        if name in ("To", "Cc", "Bcc"):
            self.people.append([name, data.decode(), None])
        elif name == "mailbox":
            self.people[-1][2] = data.decode()
        elif name == "attachment":
            self.attachments.append({"name": data.decode()})
        elif name in ("type", "data"):
            self.attachments[-1][name] = data
        elif name == "report":
            self.attachments.append({"report": data})
        elif name in ("text", "html", "message", "raw"):
            setattr(self, name, data)
        elif name != "end":
            self.headers[name] = data.decode()

    # ---- checks

    def check_lines(self):
        assert self.message.endswith(b"\r\n")
        assert b"\n" not in self.message.replace(b"\r\n", b"")
        assert b"\r" not in self.message.replace(b"\r\n", b"")
        head = self.message.split(b"\r\n\r\n", 1)[0]
        for line in self.message.split(b"\r\n"):
            assert len(line) <= 998, line
        for line in head.split(b"\r\n"):
            assert line.strip(), "a line of white space in the header"
            if re.search(rb"=\?utf-8\?[QB]\?", line) and b"X-Test" not in line:
                words = re.findall(rb"=\?utf-8\?[QB]\?[^?]*\?=", line)
                assert all(len(word) <= 75 for word in words), line
            if len(line) > 78 and b"\"" not in line:
                assert len(line.split()) <= 2, line
        assert re.search(rb"^From: Batch Mail <batch@example.com>\r$", head + b"\r", re.M)
        assert b"Bcc" not in head

    def check_people(self, message):
        for kind in ("To", "Cc"):
            want = [(name, box) for k, name, box in self.people if k == kind]
            if not want:
                assert message[kind] is None
                continue
            # This policy puts spaces between encoded-words of a name, and joins spaces.
            got = [(squeeze(a.display_name), a.addr_spec) for a in message[kind].addresses]
            assert got == [(squeeze(n), box) for n, box in want], (got, want)

    def check_people_lenient(self, message):
        for kind in ("To", "Cc"):
            want = [(name, box) for k, name, box in self.people if k == kind]
            pairs = email.utils.getaddresses(message.get_all(kind, []))
            got = [(decode(name), box) for name, box in pairs]
            assert got == want, (got, want)

    def check_headers(self, message):
        for name, value in self.headers.items():
            got = message[name]
            assert str(got) == value, (name, str(got), value)
        assert not message.defects
        for name in ("Subject", "Message-ID", "Date", "From", "MIME-Version", "Content-Type"):
            assert len(message.get_all(name)) == 1, name
        assert message["Date"].datetime.timestamp() == 1795543200
        assert re.fullmatch(r"<[0-9a-f]{32}@example\.com>", message["Message-ID"])

    def check_body(self, message, alone):
        if message.get_content_type() == "multipart/alternative":
            parts = message.get_payload()
            assert [p.get_content_type() for p in parts] == ["text/plain", "text/html"]
            self.check_text(parts[0], self.text, False)
            self.check_text(parts[1], self.html, False)
            return
        if self.html is not None:
            assert message.get_content_type() == "text/html" and self.text is None
            self.check_text(message, self.html, alone)
        else:
            assert message.get_content_type() == "text/plain"
            self.check_text(message, self.text or b"", alone)

    @staticmethod
    def check_text(part, want, last):
        got = part.get_payload(decode=True)
        assert same_text(got, want, last), (got, want)
        charset = part.get_content_charset()
        assert charset == ("us-ascii" if want.isascii() else "utf-8"), charset

    @staticmethod
    def check_attachment(part, want):
        assert part.get_content_disposition() == "attachment"
        got = part.get_payload(decode=True)
        if "report" in want:
            assert got in expected_report(want["report"]), (got, want["report"])
            assert part.get_content_type() == "text/plain"
            return
        assert got == want["data"]
        # One policy strips quotes round the name even where they were percent-encoded.
        names = (want["name"], email.utils.unquote(want["name"]))
        assert part.get_filename() in names, (part.get_filename(), names)
        if want["type"]:
            assert part.get_content_type() == want["type"].decode()

    def check_parts(self, message):
        if not self.attachments:
            self.check_body(message, True)
            return
        assert message.get_content_type() == "multipart/mixed"
        parts = message.get_payload()
        if self.text is not None or self.html is not None:
            self.check_body(parts.pop(0), False)
        assert len(parts) == len(self.attachments)
        for part, want in zip(parts, self.attachments):
            self.check_attachment(part, want)

    def check(self):
        self.check_lines()
        strict = email.message_from_bytes(self.message, policy=email.policy.default)
        lenient = email.message_from_bytes(self.message)
        self.check_people(strict)
        self.check_people_lenient(lenient)
        self.check_headers(strict)
        self.check_parts(strict)
        self.check_parts(lenient)
        assert self.raw == self.message, "a ready message was changed"


def main():
    program, seed, count = sys.argv[1:]
    done = 0
    case = Case()
    with subprocess.Popen([program, seed, count], stdout=subprocess.PIPE) as generator:
        for name, data in records(generator.stdout):
            case.take(name, data)
            if name != "end":
                continue
            try:
                case.check()
            except Exception:
                sys.stderr.write(f"message {done} of seed {seed}:\n")
                sys.stderr.write(case.message[:1500].decode(errors="replace") + "\n")
                raise
            done += 1
            case = Case()
    assert generator.returncode == 0, "the generator failed"
    assert done == int(count), f"{done} messages of {count}"
    print(f"{done} messages read back as they went in (seed {seed})")


if __name__ == "__main__":
    main()
