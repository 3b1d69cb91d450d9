#!/usr/bin/env python3
"""Measures the software against its peers, side by side on this machine, and prints a table.

    bench.py [--quick] [--runs N] [--output FOLDER] [WORD...]

WORD: only the groups of that name (trips, speed, cpu, bulk, memory, mta, snapshot, audit). Writes
bench.json and bench.svg to the folder (default: where it is called). No time is a pass or a failure:
a row whose target is missed says so, and the exit code is 0.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOP, BUILD = os.environ["top_srcdir"], os.environ["top_builddir"]
sys.path.insert(0, os.path.join(TOP, "tests"))
from harness import document, make_system, variable, write  # noqa: E402
from processes import Postfix  # noqa: E402

HOST = "mail.example.com"
SETTINGS = {"SMTP_SERVER": HOST, "SMTP_FROM_ADDR": "automation@example.com", "SMTP_TIMEOUT": "60",
            "SMTPS_CERT": "TRUSTED", "SMTP_PROTOCOL": "TLS", "SMTP_FILE_ATTACHMENT": "Y"}
PORTS = {"starttls": "587", "tls": "465"}
MB = 1000 * 1000
DELAY_MS = 20
BULK = 50 * MB
BULK_WIRE = BULK // 57 * 78  # base64 in lines of 76


class Server:
    """servers.py as a process of its own."""

    def __init__(self, folder, *arguments, **environment):
        Server.count = getattr(Server, "count", 0) + 1
        port_file = os.path.join(folder, f"port{Server.count}")
        self.log = open(port_file + ".log", "w+", encoding="ascii")
        kind, *rest = arguments
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(TOP, "tests", "bench", "servers.py"), kind, port_file, *rest],
            stdout=self.log, env={**os.environ, **environment})
        while not os.path.exists(port_file):
            time.sleep(0.01)
        with open(port_file, encoding="ascii") as file:
            self.port = file.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def trips(self, connections):
        """Round trips of the connections so far, once that many have ended."""
        for _ in range(200):
            self.log.seek(0)
            lines = self.log.read().split()
            if len(lines) >= connections:
                return [int(line) for line in lines]
            time.sleep(0.02)
        raise RuntimeError("a connection does not end")


def program(path, *arguments):
    """Runs a measured program; its own account of itself."""
    result = subprocess.run([path, *map(str, arguments)], stdout=subprocess.PIPE, check=True)
    return json.loads(result.stdout)


def real(name):
    """A program of this build itself, not libtool's script around it."""
    folder, base = os.path.split(os.path.join(BUILD, name))
    path = os.path.join(folder, ".libs", base)
    return path if os.path.exists(path) else os.path.join(folder, base)


def strip_libraries(folder):
    """The library as it is installed, for all programs that are measured."""
    for name in ("libucmail.so.0", "ucmail-xml.so"):
        subprocess.run(["strip", "-o", os.path.join(folder, name),
                        os.path.join(BUILD, "libsrc", ".libs", name)], check=True)
        # Pages that are not on the disk yet would count as private memory of whoever maps them.
        with open(os.path.join(folder, name), "rb") as file:
            os.fsync(file.fileno())
    os.environ["LD_LIBRARY_PATH"] = folder


def watch(*command):
    """Runs a command; wall and processor seconds, and the peak of its memory."""
    before, peak = time.monotonic(), 0
    with open(os.devnull, "wb") as null:
        process = subprocess.Popen(command, stdout=null, stderr=null)
        while True:
            pid, _, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            try:
                with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                    peak = max([peak] + [int(line.split()[1]) for line in file if "VmHWM" in line])
            except OSError:
                pass
            time.sleep(0.002)
    process.returncode = 0
    return {"wall": time.monotonic() - before, "cpu": usage.ru_utime + usage.ru_stime, "peak_kb": peak}


def both(parts):
    """Bare parses side by side, one process for each part: what this machine gives at this moment."""
    before = time.monotonic()
    processes = [subprocess.Popen([real("tests/bench/bench_parse"), *part], stdout=subprocess.DEVNULL)
                 for part in parts]
    for process in processes:
        process.wait()
    return {"wall": time.monotonic() - before}


class Bench:
    """All groups; each adds rows."""

    def __init__(self, options, folder):
        self.options, self.folder, self.rows = options, folder, []
        self.certs = os.path.join(folder, "certs")
        subprocess.run([f"{TOP}/tests/servers/make_certs.sh", self.certs], check=True,
                       env={**os.environ, "PYTHON": sys.executable}, stderr=subprocess.DEVNULL)
        self.make_rsa()
        self.curl = real("tests/bench/bench_libcurl")
        self.has_curl = os.path.exists(self.curl)
        self.snapshots = {mode: self.snapshot(mode, {100: {}}) for mode in PORTS}

    def make_rsa(self):
        """A server whose whole chain is RSA: one that signs itself."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                        "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout",
                        self.cert("rsa.key"), "-out", self.cert("rsa.pem")], check=True,
                       stderr=subprocess.DEVNULL)

    def cert(self, name):
        return os.path.join(self.certs, name)

    def snapshot(self, mode, clients, trusted="ca", more=""):
        """A system with these clients, compiled. `more`: other objects in each client."""
        system = os.path.join(self.folder, f"system-{mode}-{len(clients)}-{trusted}")
        settings = {**SETTINGS, "SMTP_PORT": PORTS[mode]}
        make_system(system, {0: {}, **{number: {"UC_CLIENT_SETTINGS": settings} for number in clients}},
                    {"TRUSTED": self.cert(trusted + ".pem")})
        for number in clients if more else ():
            write(f"{system}/UC4_TEST - {number:04d}/jobs.xml", document(more))
        path = system + ".snapshot"
        subprocess.run([real("tools/ucmail"), "compile", "-C", system, "-o", path], check=True)
        return path

    def sink(self, mode, key="server", **environment):
        return Server(self.folder, "sink", self.cert(key + ".pem"), self.cert(key + ".key"), mode,
                      **environment)

    def ucmail(self, server, mode, how, count, *rest, snapshot=None):
        return program(real("tests/bench/bench_ucmail"), snapshot or self.snapshots[mode], f"::127.0.0.1:{server.port}", how,
                       count, *rest)

    def libcurl(self, server, mode, how, count, *rest, trusted="ca"):
        how = how.replace("batch:1", "open")
        return program(self.curl, server.port, self.cert(trusted + ".pem"), how, count, mode, *rest)

    def median(self, run, key):
        """The median of some runs, and the first run's whole account."""
        accounts = [run() for _ in range(self.options.runs)]
        return statistics.median(key(account) for account in accounts), accounts[0]

    def row(self, group, what, ours, theirs, unit, peer, target, ratio=None, at_most=True):
        """`target`: of our figure where ratio is None, else of the ratio."""
        judged = ours if ratio is None else ratio
        met = None if target is None or judged is None else (
            judged <= target if at_most else judged >= target)
        row = {"group": group, "what": what, "ours": ours, "theirs": theirs, "unit": unit, "peer": peer,
               "ratio": ratio, "target": target, "at_most": at_most, "met": met}
        self.rows.append(row)
        print_row(row)

    def against(self, group, what, ours, theirs, unit, peer, target, at_most=True):
        """A row judged by the ratio to the peer."""
        ratio = ours / theirs if theirs else None
        self.row(group, what, ours, theirs, unit, peer, target if ratio else None, ratio, at_most)

    # ---- Sending --------------------------------------------------------------------------------

    def trips(self):
        """Round trips, counted by the delaying server: it sees who speaks when."""
        for mode, target in (("starttls", 7), ("tls", 5)):
            counts = {}
            for name, send in (("ucmail", self.ucmail), ("libcurl", self.libcurl)):
                if name == "libcurl" and not self.has_curl:
                    continue
                with self.sink(mode) as sink, \
                        Server(self.folder, "delay", sink.port, str(DELAY_MS)) as delay:
                    how = "batch:1" if name == "ucmail" else "open"
                    send(delay, mode, "held", 1)  # until the mail is accepted: without QUIT
                    send(delay, mode, how, 1)
                    send(delay, mode, how, 11)
                    accepted, one, many = delay.trips(3)
                    counts[name] = (accepted, (many - one) / 10)
            theirs = counts.get("libcurl", (None, None))
            self.row("trips", f"fresh connection, {mode}", counts["ucmail"][0], theirs[0], "round trips",
                     "libcurl", target)
            self.row("trips", f"further message, {mode}", counts["ucmail"][1], theirs[1], "round trips",
                     "libcurl", 1)

    def speed(self):
        """Messages a second at a distance."""
        count = 40 if self.options.quick else 200
        rate = {}
        with self.sink("starttls") as sink, self.sink("starttls", SINK_CHUNKING="1") as chunking, \
                Server(self.folder, "delay", sink.port, str(DELAY_MS)) as delay, \
                Server(self.folder, "delay", chunking.port, str(DELAY_MS)) as delay_chunking:
            cases = [("one after the other", self.ucmail, delay, "open", None),
                     ("batch", self.ucmail, delay, "batch:1", 5),
                     ("batch, window of 20", self.ucmail, delay, "batch:20", None),
                     ("batch, window of 20, CHUNKING", self.ucmail, delay_chunking, "batch:20", 20)]
            if self.has_curl:
                cases.insert(0, ("libcurl", self.libcurl, delay, "open", None))
            for what, send, server, how, target in cases:
                rate[what], _ = self.median(
                    lambda: send(server, "starttls", how, count),  # pylint: disable=W0640
                    lambda account: account["count"] / account["wall"])
                if what != "libcurl":
                    self.against("speed", f"{what}, {DELAY_MS} ms", rate[what], rate.get("libcurl"),
                                 "messages/s", "libcurl", target, at_most=False)

    def cpu(self):
        """Processor time of a message without any distance."""
        many, few = (500, 50) if self.options.quick else (2000, 200)
        for what, how, count, target in (
                ("open connection", "open", many, 0.4), ("batch:1 connection", "batch:1", many, None),
                ("fresh connection", "fresh", few, 0.5), ("resumed connection", "resumed", few, 0.3),
                ("first message of a process", "fresh", 1, None)):
            for mode in ("starttls", "tls"):
                figures = []
                with self.sink(mode) as sink:
                    for send in (self.ucmail, self.libcurl)[:1 + self.has_curl]:
                        figures.append(self.median(
                            lambda: send(sink, mode, how, count),  # pylint: disable=W0640
                            lambda account: account["cpu"] / account["count"] * 1000)[0])
                self.against("cpu", f"{what}, {mode}", figures[0], (figures + [None])[1],
                             "ms/message", "libcurl", target)

    def bulk(self):
        """One large attachment: octets of TLS a second of processor time, and of the peers for as many."""
        path = os.path.join(self.folder, "attachment")
        with open(path, "wb") as file:
            for _ in range(BULK // MB):
                file.write(os.urandom(MB))

        def rate(send):
            """Without what starting and connecting cost: two messages less one."""
            def once():
                return {"cpu": send(2)["cpu"] - send(1)["cpu"]}
            return self.median(once, lambda account: BULK_WIRE / account["cpu"] / MB)[0]
        ciphers = ("TLS13-CHACHA20-POLY1305-SHA256", "TLS13-AES128-GCM-SHA256", "TLS13-AES256-GCM-SHA384")
        with self.sink("records") as sink:
            best = max(rate(lambda count: program(  # pylint: disable=W0640
                real("tests/bench/bench_records"), sink.port, cipher, count * BULK_WIRE))
                for cipher in ciphers)
        with self.sink("tls") as sink:
            ours = rate(lambda count: self.ucmail(sink, "tls", "open", count, path))
            self.against("bulk", "attachment of 50 MB", ours, best, "MB/s CPU", "wolfSSL records", 0.95,
                         False)
            if self.has_curl:
                theirs = rate(lambda count: self.libcurl(sink, "tls", "open", count, BULK_WIRE))
                self.against("bulk", "attachment of 50 MB", ours, theirs, "MB/s CPU", "libcurl", None, False)
            peak = [self.ucmail(sink, "tls", "open", 1, *rest)["peak_kb"] for rest in ((path,), ())]
            self.against("bulk", "peak memory with 50 MB against 1 kB", *peak, "kB", "1 kB", 1.1)

    def memory(self):
        """Memory and mapped octets after one TLS send."""
        for kind, key, trusted, private, rss in (("RSA", "rsa", "rsa", 0.3, 0.4),
                                                 ("EC", "server", "ca", 1.7, 0.6)):
            snapshot = self.snapshot("starttls", {100: {}}, trusted)
            with self.sink("starttls", key) as sink:
                ours = self.ucmail(sink, "starttls", "held", 1, snapshot=snapshot)
                theirs = self.libcurl(sink, "starttls", "held", 1, trusted=trusted) if self.has_curl else {}
            self.against("memory", f"private memory, {kind} server", ours["private_kb"],
                         theirs.get("private_kb"), "kB", "libcurl", private)
            self.against("memory", f"resident memory, {kind} server", ours["rss_kb"],
                         theirs.get("rss_kb"), "kB", "libcurl", rss)
        self.row("memory", "mapped objects", ours["mapped"] / MB,
                 theirs["mapped"] / MB if theirs else None, "MB", "libcurl", 5.3)

    def mta(self):
        """A batch handed to Postfix on this host, which relays to the distant server and verifies it."""
        count = 100 if self.options.quick else 500

        def rate(server, how):
            return self.median(lambda: self.ucmail(server, "starttls", how, count),
                               lambda account: account["count"] / account["wall"])[0]

        def until_empty(postfix):
            start = time.monotonic()
            self.ucmail(postfix, "starttls", "batch:20", count)
            postfix.wait_until_empty()
            return {"count": count, "wall": time.monotonic() - start}

        with self.sink("starttls") as sink, \
                Server(self.folder, "delay", sink.port, str(DELAY_MS)) as delay:
            direct = rate(delay, "batch:1")
            rows = [("direct, window of 20", rate(delay, "batch:20"))]
            with Postfix(self.cert("server.pem"), self.cert("server.key"), virtual_mailbox_domains="",
                         relayhost=f"[localhost]:{delay.port}", smtp_host_lookup="native",
                         smtp_tls_security_level="verify", smtp_tls_CAfile=self.cert("ca.pem")) as postfix:
                rows += [("taken by Postfix on this host", rate(postfix, "batch:1")),
                         ("taken by it, window of 20", rate(postfix, "batch:20")),
                         ("relayed by it", self.median(lambda: until_empty(postfix),
                                                       lambda account: account["count"] / account["wall"])[0])]
        for what, ours in rows:
            self.against("mta", f"batch {what}", ours, direct, "messages/s", f"direct, {DELAY_MS} ms", None,
                         at_most=False)

    # ---- Reading --------------------------------------------------------------------------------

    def snapshot_load(self):
        """Until the decision, in a system of 1,000 clients."""
        snapshot = self.snapshot("tls", range(100, 1100), more="".join(
            (job() + rows()).replace("%07d", str(number)) for number in range(10)))
        system = snapshot[:-len(".snapshot")]

        def load(path, count):
            return self.median(
                lambda: program(real("tests/bench/bench_ucmail"), path, "::127.0.0.1:1", "load", count),
                lambda account: account["cpu"] / account["count"] * 1000)[0]
        self.against("snapshot", "decision of one in 1,000 clients", load(snapshot, 50), load(system, 3),
                     "ms", "its XML", 0.01)

    def audit(self):
        """The reader of exports."""
        big = 20 if self.options.quick else 100
        huge = 100 if self.options.quick else 1000
        paths = {size: os.path.join(self.folder, f"export-{size}", "0100", "export.xml")
                 for size in (10, big, huge)}
        for size, path in paths.items():
            make_export(path, size * MB)
        lint = [real("tools/policy-lint"), "--no-suppressions", "-j", "1"]

        def cpu(*command):
            return self.median(lambda: watch(*command), lambda account: account["cpu"])

        ours, account = cpu(*lint, paths[big])
        floor, _ = self.median(lambda: program(real("tests/bench/bench_parse"), paths[big]),
                               lambda account: account["cpu"])
        if shutil.which("xmllint"):
            stream, _ = cpu("xmllint", "--stream", "--noout", paths[big])
            self.against("audit", f"audit of {big} MB", ours, stream, "s CPU", "xmllint --stream", 0.75)
        self.against("audit", f"audit of {big} MB", ours, floor, "s CPU", "bare push parse", 1.2)
        self.row("audit", f"peak memory, {big} MB", account["peak_kb"] / 1000, None, "MB", "", 12)
        small, large = (watch(*lint, paths[size])["peak_kb"] for size in (10, huge))
        self.against("audit", f"peak memory, {huge} MB against 10 MB", large / 1000, small / 1000, "MB",
                     "10 MB", 1.05)
        folder = os.path.join(self.folder, "many")
        for number in range(20):
            os.makedirs(f"{folder}/{number:04d}")
            os.link(paths[10], f"{folder}/{number:04d}/export.xml")
        one, two = (self.median(lambda: watch(*lint[:-1], jobs, folder),  # pylint: disable=W0640
                                lambda account: account["wall"])[0] for jobs in "12")
        halves = [[f"{folder}/{number:04d}/export.xml" for number in part]
                  for part in (range(10), range(10, 20))]
        alone, _ = self.median(lambda: both([halves[0] + halves[1]]), lambda account: account["wall"])
        apart, _ = self.median(lambda: both(halves), lambda account: account["wall"])
        self.row("audit", "two workers, 20 files, times faster", one / two, alone / apart, "x",
                 "two bare parsers", 1.8, at_most=False)



def job():
    """A job with a script; %07d is its number."""
    script = "".join(f":SET &VALUE{i}# = GET_VAR(VARA.{i}, 'KEY')\n:IF &VALUE{i}# <> \"\"\necho step {i}\n"
                     ":ENDIF\n" for i in range(30))
    return ('<JOBS_UNIX AttrType="UNIX" name="JOBS.N%07d">\n<XHEADER state="1">\n<Title/>\n'
            '<ArchiveKey1/>\n<Active>1</Active>\n</XHEADER>\n<ATTR_JOBS state="1">\n'
            + "".join(f"<Attribute{i}>{i % 2}</Attribute{i}>\n" for i in range(30))
            + f'</ATTR_JOBS>\n<SCRIPT mode="1" state="1">\n<MSCRI><![CDATA[{script}]]></MSCRI>\n'
            '</SCRIPT>\n</JOBS_UNIX>\n')


def rows():
    """A variable with many rows."""
    return variable("VARA.N%07d", {f"KEY{i:04d}": f"some value that nobody reads {i}" for i in range(60)})


def make_export(path, size):
    """An export as systems have them."""
    objects = job() + rows()
    settings = {**SETTINGS, "SMTPS_CERT": "", "SMTP_PROTOCOL": "PLAIN"}
    os.makedirs(os.path.dirname(path))
    start, end = document("@").split("@")
    with open(path, "w", encoding="iso-8859-15") as file:
        file.write(start + variable("UC_CLIENT_SETTINGS", settings))
        number = 0
        while file.tell() < size:
            file.write(objects.replace("%07d", f"{number:07d}"))
            number += 1
        file.write(end)


# ---- Reports ----------------------------------------------------------------------------------


def figure(value):
    return "-" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def print_row(row):
    sign = "<=" if row["at_most"] else ">="
    target = "" if row["target"] is None else f"{sign} {row['target']:g}"
    verdict = {True: "met", False: "MISSED", None: ""}[row["met"]]
    print(f"{row['group']:9}{row['what']:40}{figure(row['ours']):>9} {row['unit']:12}"
          f"{row['peer']:17}{figure(row['theirs']):>9}{figure(row['ratio']):>9}  {target:9}{verdict}",
          flush=True)


def plot(rows, path):
    """Bars of our figure as a part of the peer's, on a scale of decades; a tick at the target."""
    import math
    rows = [row for row in rows if row["ratio"]]
    left, width, height = 330, 420, 20

    def x(ratio):
        return left + width * (min(max(math.log10(ratio), -3), 2) + 3) / 5
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 120}" '
           f'height="{height * len(rows) + 60}" font-family="sans-serif" font-size="12">',
           '<text x="10" y="18" font-size="14">ucmail as a multiple of its peer</text>']
    bottom = 30 + height * len(rows)
    for decade in range(-3, 3):
        at = x(10 ** decade)
        out += [f'<line x1="{at:.0f}" x2="{at:.0f}" y1="28" y2="{bottom}" stroke="#ccc"/>',
                f'<text x="{at:.0f}" y="{bottom + 16}" text-anchor="middle">{10 ** decade:g}</text>']
    for number, row in enumerate(rows):
        y, start, end = 30 + height * number, x(1), x(row["ratio"])
        colour = {True: "#2a7", False: "#c43", None: "#888"}[row["met"]]
        label = f'{row["what"]}: {row["peer"]}'.replace("&", "&amp;").replace("<", "&lt;")
        out += [f'<text x="10" y="{y + 14}">{label}</text>',
                f'<rect x="{min(start, end):.1f}" y="{y + 3}" width="{abs(end - start):.1f}" '
                f'height="{height - 6}" fill="{colour}"/>',
                f'<text x="{max(start, end) + 4:.1f}" y="{y + 14}">{row["ratio"]:.3g}</text>']
        if row["target"]:
            out.append(f'<rect x="{x(row["target"]) - 1:.1f}" y="{y}" width="2" height="{height}"/>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n</svg>\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--output", default=".")
    parser.add_argument("groups", nargs="*")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="ucmail-bench-")
    try:
        strip_libraries(folder)
        bench = Bench(options, folder)
        groups = {"trips": bench.trips, "speed": bench.speed, "cpu": bench.cpu, "bulk": bench.bulk,
                  "memory": bench.memory, "mta": bench.mta, "snapshot": bench.snapshot_load, "audit": bench.audit}
        print(f"{'group':9}{'what':40}{'ours':>9} {'unit':12}{'peer':17}{'theirs':>9}{'ratio':>9}  target")
        for name, run in groups.items():
            if not options.groups or name in options.groups:
                run()
    finally:
        shutil.rmtree(folder)
    with open(os.path.join(options.output, "bench.json"), "w", encoding="utf-8") as file:
        json.dump({"machine": platform.machine(), "system": platform.platform(),
                   "processors": os.cpu_count(), "runs": options.runs, "rows": bench.rows}, file, indent=1)
    plot(bench.rows, os.path.join(options.output, "bench.svg"))


if __name__ == "__main__":
    main()
