"""What the system tests share: systems to read, the programs to run, and TAP for automake."""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import unittest
from xml.sax.saxutils import quoteattr

TOP = os.environ["top_srcdir"]
BUILD = os.environ["top_builddir"]
sys.path.insert(0, os.path.join(TOP, "tests", "servers"))

# Of reports.
FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "html", "csv", "prometheus")

VARIABLE = """<VARA OVD_VRName="FREI" data_type="STATIC" name={name} replacementmode="2">
<HEADER state="1">
<OH_SubType>STATIC</OH_SubType>
</HEADER>
<VARA state="1">
<Variables>
{rows}</Variables>
</VARA>
</VARA>
"""
ROW = "<row Name={name} Value={value} Value1=\"\" Value2=\"\" Value3=\"\" Value4=\"\"/>\n"
STORE = """<STORE name="UC_TRUSTEDCERTS">
<HEADER state="1"/>
<STORE>
<resourceList>
{rows}</resourceList>
</STORE>
</STORE>
"""
RESOURCE = ('<row checksum="{sum}" fileType="TEXT" filename="{name}.pem" hw="*" id="{name}-ALL-ALL-ALL" '
            'name="{name}" platform="*" resname="UC_TRUSTEDCERTS-{name}-ALL-ALL-ALL" size="{size}" '
            'sw="*" type="3" version=""/>\n')


def document(body):
    """An export file around its objects."""
    return ('<?xml version="1.0" encoding="ISO-8859-15"?>\n<uc-export clientvers="24.3.0">\n'
            f"{body}</uc-export>\n")


def variable(name, settings):
    """A static variable."""
    rows = "".join(ROW.format(name=quoteattr(key), value=quoteattr(value))
                   for key, value in settings.items())
    return VARIABLE.format(name=quoteattr(name), rows=rows)


def write(path, text):
    """Writes a file, its folders too."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("iso-8859-15"))


def make_system(folder, clients, certificates=None):
    """
    Exports a system to the folder, which it returns. `clients`: {number: {variable: {key: value}}};
    `certificates`: {name in the store: path}.
    """
    for number, variables in clients.items():
        body = "".join(variable(name, settings) for name, settings in variables.items())
        write(f"{folder}/UC4_TEST - {number:04d}/export.xml", document(body))
    if certificates is not None:
        rows, zero = "", f"{folder}/UC4_TEST - 0000"
        for name, path in certificates.items():
            with open(path, "rb") as file:
                payload = file.read()
            write(f"{zero}/UC_TRUSTEDCERTS-{name}-ALL-ALL-ALL", payload)
            rows += RESOURCE.format(name=name, size=len(payload),
                                    sum=hashlib.sha256(payload).hexdigest().upper())
        write(f"{zero}/UC_TRUSTEDCERTS.xml", document(STORE.format(rows=rows)))
    return folder


class Result:
    """What a program did."""

    def __init__(self, process):
        self.exit = process.returncode
        self.out = process.stdout.decode("utf-8", "replace")
        self.err = process.stderr.decode("utf-8", "replace")

    @property
    def json(self):
        """Standard output as JSON."""
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.exit}\n--- out\n{self.out}\n--- err\n{self.err}"


def run(*command, **options):
    """Runs a command to its end, and never for longer than a minute."""
    return Result(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 check=False, timeout=60, **options))


def tool(name):
    """A program of this build, below what UCM_WRAP says: valgrind, for example."""
    wrap = os.environ.get("UCM_WRAP", "").split()
    path = [os.path.join(BUILD, "tools", name)]
    return [os.path.join(BUILD, "libtool"), "--mode=execute", *wrap, *path] if wrap else path


def ucmail(*arguments, **options):
    """Runs ucmail of this build."""
    return run(*tool("ucmail"), *arguments, **options)


def policy_lint(*arguments, **options):
    """Runs policy-lint of this build."""
    return run(*tool("policy-lint"), *arguments, **options)


def memory_is_real():
    """Whether a program's memory is its own: valgrind and sanitizers keep more than it does."""
    with open(os.path.join(BUILD, "Makefile"), encoding="utf-8") as file:
        sanitized = any(line.startswith("SANITIZE_FLAGS = -f") for line in file)
    return not sanitized and "UCM_WRAP" not in os.environ


def measure(*arguments, **options):
    """Runs policy-lint as policy_lint() does; the result also has the peak of its memory in kB."""
    meter = ("import resource, subprocess, sys\ncode = subprocess.call(sys.argv[2:])\n"
             "with open(sys.argv[1], 'w') as file:\n"
             "    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\n"
             "sys.exit(code)")
    with tempfile.NamedTemporaryFile("r") as peak:
        result = run(sys.executable, "-c", meter, peak.name, *tool("policy-lint"), *arguments, **options)
        result.peak = int(peak.read())
    return result


def sanitized():
    """Whether this build has a sanitizer, which keeps memory and copies of it for its own ends."""
    with open(os.path.join(BUILD, "config.status"), encoding="utf-8") as file:
        return "-fsanitize=" in file.read()


class SystemTest(unittest.TestCase):
    """A test with a temporary folder, and certificates made once for the program."""

    keeper = certificates = None
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        if SystemTest.certificates is None:
            keeper = tempfile.TemporaryDirectory(prefix="ucmail-certificates-")  # until the program ends
            SystemTest.keeper, SystemTest.certificates = keeper, keeper.name
            subprocess.run([f"{TOP}/tests/servers/make_certs.sh", SystemTest.certificates],
                           check=True, env={**os.environ, "PYTHON": sys.executable})

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ucmail-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def cert(self, name):
        """Path of a certificate, or of a key, that make_certs.sh made."""
        return os.path.join(SystemTest.certificates, name if "." in name else name + ".pem")

    def server_options(self, name):
        """Options of smtpd.py for this certificate."""
        return ["--cert", self.cert(name), "--key", self.cert(name + ".key")]


def add_rows(case, method, rows):
    """Makes one test of each row: the first member is its sentence, the rest go to the method."""
    for number, (sentence, *arguments) in enumerate(rows):
        def test(self, arguments=arguments):
            getattr(self, method)(*arguments)
        test.__doc__ = sentence
        setattr(case, f"test_{method}_{number:02d}", test)


class _Tap(unittest.TestResult):
    """Says TAP as the tests end: one line a test, whatever subtests it has."""

    def startTest(self, test):
        super().startTest(test)
        self.reasons = []

    def stopTest(self, test):
        super().stopTest(test)
        name = (test.shortDescription() or str(test)).replace("#", "")
        print(f"{'not ok' if self.reasons else 'ok'} {self.testsRun} - {name}")
        for reason in self.reasons:
            print("".join(f"# {line}\n" for line in reason.splitlines()), end="")
        sys.stdout.flush()

    def _failed(self, test, error):
        text = f"{test}\n" + "".join(traceback.format_exception(*error))
        if isinstance(test, unittest.TestCase):
            self.reasons.append(text)
        else:  # setUpClass() and the like: the tests of the class do not run
            print("".join(f"# {line}\n" for line in text.splitlines()) + "Bail out!")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._failed(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self._failed(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._failed(subtest, err)


def main():
    """Runs the tests of the calling program. Arguments: words of the sentences wanted."""
    loaded = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    tests, stack = [], [loaded]
    while stack:
        item = stack.pop()
        if isinstance(item, unittest.TestSuite):
            stack.extend(item)
        else:
            tests.append(item)
    tests.reverse()
    if len(sys.argv) > 1:
        tests = [test for test in tests
                 if all(word in (test.shortDescription() or "") for word in sys.argv[1:])]
    print(f"1..{len(tests)}")
    start, result = time.monotonic(), _Tap()
    unittest.TestSuite(tests).run(result)
    print(f"# {time.monotonic() - start:.1f} s")
    sys.exit(0 if result.wasSuccessful() else 1)
