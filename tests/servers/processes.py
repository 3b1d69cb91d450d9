"""Real servers as child processes: aiosmtpd, Postfix, openssl s_server. All are context managers."""
import email
import email.policy
import glob
import grp
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 30  # seconds until a server must answer, for slow machines


def free_port():
    """A port that nobody used a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what, process=None):
    """Polls until the condition is true, and returns it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{what}: ended with {process.returncode}")
        time.sleep(0.02)
    raise RuntimeError(f"{what}: not within {PATIENCE} s")


def answers(port):
    """Whether something listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Process:
    """A child process in a temporary folder of its own, ended with the context."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="ucmail-")
        self.process = None
        self.port = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Aiosmtpd(Process):
    """Debian's aiosmtpd. `options`: those of smtpd.py."""

    def __init__(self, *options):
        super().__init__()
        self.options = list(options)
        self.mail = os.path.join(self.folder, "mail")

    def start(self):
        port_file = os.path.join(self.folder, "port")
        self.process = subprocess.Popen(
            [sys.executable, "-B", os.path.join(HERE, "smtpd.py"), "--port-file", port_file,
             "--mail", self.mail, *self.options])
        wait_for(lambda: os.path.exists(port_file), "aiosmtpd", self.process)
        with open(port_file, encoding="ascii") as file:
            self.port = int(file.read())

    def messages(self):
        """What was delivered: (envelope, parsed message, bytes), in order."""
        result = []
        for path in sorted(glob.glob(os.path.join(self.mail, "*.eml"))):
            with open(path, "rb") as file:
                raw = file.read()
            with open(path[:-4] + ".json", encoding="utf-8") as file:
                envelope = json.load(file)
            parsed = email.message_from_bytes(raw, policy=email.policy.default)
            result.append((envelope, parsed, raw))
        return result


class Postfix(Process):
    """
    A Postfix of our own: own configuration, queue and data below a temporary folder, own ports, never
    the system's service. Postfix wants to begin as root and to change to its own user; as an ordinary
    user it is run under fakeroot, which lets it believe so.
    """

    QUEUES = ("active bounce corrupt defer deferred flush hold incoming maildrop pid private public "
              "saved trace").split()
    SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
scache unix - - n - 1 scache
tlsmgr unix - - n 1000 1 tlsmgr
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

    # In front of smtpd: lets nobody in who speaks too early.
    POSTSCREEN = """\
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
"""

    def __init__(self, cert, key, postscreen=False, **settings):
        super().__init__()
        self.postscreen = postscreen
        self.cert = cert
        self.key = key
        self.settings = settings  # of main.cf, instead of ours or beside them
        self.smtps_port = None
        os.chmod(self.folder, 0o711)

    def _settings(self):
        owner = pwd.getpwnam("postfix")
        inherited = "MAIL_CONFIG TZ LANG LD_PRELOAD LD_LIBRARY_PATH FAKEROOTKEY"
        return {
            "compatibility_level": "3.6",
            "queue_directory": f"{self.folder}/spool",
            "data_directory": f"{self.folder}/data",
            "import_environment": inherited,
            "export_environment": inherited,
            "inet_interfaces": "loopback-only",
            "inet_protocols": "ipv4",
            "myhostname": "mail.example.com",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            "alias_maps": "",
            "smtpd_tls_cert_file": self.cert,
            "smtpd_tls_key_file": self.key,
            "smtpd_tls_security_level": "may",
            "smtpd_tls_received_header": "yes",
            "smtpd_recipient_restrictions":
                f"check_recipient_access inline:{{{{nobody@example.com=550 5.1.1 no such user}}}}, "
                "permit_mynetworks, reject",
            "virtual_mailbox_domains": "example.com",
            "virtual_mailbox_base": f"{self.folder}/mail",
            "virtual_mailbox_maps": "static:all/",
            "virtual_uid_maps": f"static:{owner.pw_uid}",
            "virtual_gid_maps": f"static:{owner.pw_gid}",
            "virtual_minimum_uid": "1",
            "maillog_file": f"{self.folder}/log",
            "maillog_file_prefixes": "/",
        }

    def start(self):
        self.port, self.smtps_port = free_port(), free_port()
        for name in ["etc", "data", "mail"] + ["spool/" + queue for queue in self.QUEUES]:
            os.makedirs(f"{self.folder}/{name}")
        os.chmod(f"{self.folder}/spool/private", 0o700)
        with open(f"{self.folder}/etc/main.cf", "w", encoding="ascii") as file:
            for key, value in {**self._settings(), **self.settings}.items():
                print(f"{key} = {value}", file=file)
        with open(f"{self.folder}/etc/master.cf", "w", encoding="ascii") as file:
            first = "1 postscreen\n" + self.POSTSCREEN if self.postscreen else "- smtpd\n"
            file.write(f"127.0.0.1:{self.port} inet n - n - {first}"
                       f"127.0.0.1:{self.smtps_port} inet n - n - - smtpd\n"
                       "  -o smtpd_tls_wrappermode=yes\n" + self.SERVICES)
        owned = " ".join(["data", "mail"] + ["spool/" + queue for queue in self.QUEUES])
        command = ["sh", "-c", f'cd "$1" && chown postfix {owned} && chgrp postdrop spool/public '
                   'spool/maildrop && chmod 710 spool/public && '
                   'exec /usr/lib/postfix/sbin/master -c "$1/etc" -d', "sh", self.folder]
        if os.getuid() != 0:
            command = ["fakeroot", *command]
        with open(f"{self.folder}/master.log", "w", encoding="ascii") as log:
            # A session of its own: terminate() must reach all of them, fakeroot's child too.
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        wait_for(lambda: answers(self.port) and answers(self.smtps_port), "Postfix", self.process)

    def __exit__(self, *_):
        pid_file = f"{self.folder}/spool/pid/master.pid"
        if self.process is not None and os.path.exists(pid_file):
            with open(pid_file, encoding="ascii") as file:
                os.kill(int(file.read()), 15)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        super().__exit__()

    def wait_until_empty(self):
        """Until no message is in the queue."""
        folders = [f"{self.folder}/spool/{name}" for name in ("maildrop", "incoming", "active", "deferred")]

        def empty():
            return not any(files for folder in folders for _, _, files in os.walk(folder))

        wait_for(empty, "an empty queue of Postfix")

    def messages(self, count=1):
        """The delivered messages, once there are as many."""
        def delivered():
            found = sorted(glob.glob(f"{self.folder}/mail/all/new/*"), key=os.path.getmtime)
            return found if len(found) >= count else None

        result = []
        for path in wait_for(delivered, "delivery by Postfix"):
            with open(path, "rb") as file:
                result.append(email.message_from_bytes(file.read(), policy=email.policy.default))
        return result


class Dovecot(Process):
    """
    A Dovecot of our own: its SASL for a Postfix (`auth` is the socket), and its own submission server,
    which relays what it took to the port `relay`. One user, with a password that SCRAM can use.
    """

    # What 2.4 writes in another way.
    OLD = """\
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = yes
mail_location = maildir:{folder}/mail
submission_client_workarounds =
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/home
}}
"""
    NEW = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
ssl_server_cert_file = {cert}
ssl_server_key_file = {key}
auth_allow_cleartext = no
mail_driver = maildir
mail_path = {folder}/mail
passdb passwd-file {{
  passwd_file_path = {folder}/users
}}
userdb static {{
  fields {{
    uid = {owner}
    gid = {owner_group}
    home = {folder}/home
  }}
}}
"""
    CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
login_trusted_networks =
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
protocols = submission
listen = 127.0.0.1
hostname = mail.example.com
ssl = required
auth_mechanisms = plain login scram-sha-256
auth_failure_delay = 0
auth_verbose = yes
first_valid_uid = 1
first_valid_gid = 1
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_max_mail_size = 2 M
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {port}
  }}
  inet_listener submissions {{
    port = {smtps_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # no waiting after a wrong password
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""

    def __init__(self, cert, key, user, password, relay=25):
        super().__init__()
        self.cert, self.key, self.user, self.password, self.relay = cert, key, user, password, relay
        self.auth = os.path.join(self.folder, "auth")
        self.smtps_port = None
        os.chmod(self.folder, 0o755)

    def start(self):
        self.port, self.smtps_port = free_port(), free_port()
        # An ordinary user cannot change to the server's users, and is all of them.
        me = pwd.getpwuid(os.getuid())
        root = os.getuid() == 0
        internal = pwd.getpwnam("dovecot") if root else me
        owner = pwd.getpwnam("nobody") if root else me
        group = grp.getgrgid(internal.pw_gid).gr_name
        version = subprocess.run(["dovecot", "--version"], check=True, stdout=subprocess.PIPE).stdout
        dialect = self.OLD if version.startswith(b"2.3") else self.NEW
        for name in ("run", "state", "home", "mail"):
            os.makedirs(f"{self.folder}/{name}")
            os.chmod(f"{self.folder}/{name}", 0o755)
            os.chown(f"{self.folder}/{name}", owner.pw_uid if name in ("home", "mail") else -1, -1)
        with open(f"{self.folder}/users", "w", encoding="utf-8") as file:
            file.write(f"{self.user}:{{PLAIN}}{self.password}\n")
        os.chmod(f"{self.folder}/users", 0o644)
        with open(f"{self.folder}/dovecot.conf", "w", encoding="ascii") as file:
            file.write((dialect + self.CONFIGURATION).format(
                folder=self.folder, cert=self.cert, key=self.key, relay=self.relay, port=self.port,
                smtps_port=self.smtps_port, internal=internal.pw_name, group=group,
                login="dovenull" if root else me.pw_name, owner=owner.pw_uid, owner_group=owner.pw_gid))
        with open(f"{self.folder}/start", "w", encoding="ascii") as log:
            self.process = subprocess.Popen(
                ["dovecot", "-F", "-c", f"{self.folder}/dovecot.conf"], stdout=log, stderr=log)
        wait_for(lambda: os.path.exists(self.auth) and answers(self.port) and answers(self.smtps_port),
                 "Dovecot", self.process)


class OpensslServer(Process):
    """`openssl s_server` for handshakes that Python's ssl does not offer."""

    def __init__(self, *options):
        super().__init__()
        self.options = options

    def start(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{self.port}", *self.options],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port), "openssl s_server", self.process)
