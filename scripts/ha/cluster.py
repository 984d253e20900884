"""Three PostgreSQL under Patroni with a synchronous standby, and the three etcd in which Patroni keeps
who leads. All on loopback, all data in one folder."""

import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import urllib.error
import urllib.request

import parts
from waiting import wait_until

NAMES = ["pg1", "pg2", "pg3"]
START_LIMIT_S = 90
# What a production installation would choose as well: the leader's key lives `ttl` seconds.
TTL_S, LOOP_WAIT_S, RETRY_TIMEOUT_S = 20, 5, 5


class Cluster:
    def __init__(self, folder, ports, synchronous=True):
        self.folder, self._synchronous = pathlib.Path(folder), synchronous
        self._programs, self._etcd, self._packages = parts.postgres(), parts.etcd(), self._readable(parts.patroni())
        self._passwords = {user: secrets.token_hex(16) for user in ("postgres", "replicator", "rewind", "vestnik")}
        self._etcds, self._patronis = [], {}
        self.postgres_ports = {name: ports.free() for name in NAMES}
        self._rest_ports = {name: ports.free() for name in NAMES}
        self._etcd_ports = {name: (ports.free(), ports.free()) for name in ("etcd1", "etcd2", "etcd3")}

    def start(self):
        """Starts everything; returns once one leads and the others follow."""
        for name in self._etcd_ports:
            self._etcds.append(self._start_etcd(name))
        for name in NAMES:
            self.start_node(name)
        wait_until("a leader and two standbys", START_LIMIT_S, self._is_whole)
        self.sql("postgres", f"CREATE ROLE vestnik LOGIN PASSWORD '{self._passwords['vestnik']}'")
        self.sql("postgres", "CREATE DATABASE vestnik OWNER vestnik")

    def address(self):
        """What `vestnik serve --database` is given: every server, the one that takes writes is wanted."""
        hosts = ",".join(f"127.0.0.1:{self.postgres_ports[name]}" for name in NAMES)
        return f"postgres://vestnik:{self._passwords['vestnik']}@{hosts}/vestnik?target_session_attrs=read-write"

    def leader(self):
        """The name of the server that leads, as Patroni says; `None` while nobody does."""
        return next(iter(self._with_role("leader")), None)

    def synchronous_standbys(self):
        return self._with_role("sync_standby")

    def standbys(self):
        """All that follow, synchronously or not."""
        return self._with_role("sync_standby") + self._with_role("replica")

    def sql(self, database, statement):
        """Runs a statement on the leader as its superuser; the rows as psql prints them, without ornament."""
        command = [self._programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
                   "-p", str(self.postgres_ports[self.leader()]), "-U", "postgres", "-d", database, "-c", statement]
        environment = os.environ | {"PGPASSWORD": self._passwords["postgres"]}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def kill_nine(self, name):
        """The end of a machine: Patroni, the postmaster and all its processes at once."""
        patroni = self._patronis.pop(name)
        postmaster = self._postmaster(name)
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True).stdout
        for pid in [patroni.pid, postmaster, *map(int, children.split())]:
            _signal(pid, signal.SIGKILL)
        patroni.wait()

    def start_node(self, name):
        configuration = self.folder / f"{name}.yml"
        # JSON is YAML.
        self._write(configuration, json.dumps(self._patroni_configuration(name), indent=1))
        environment = {"PYTHONPATH": str(self._packages), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        self._patronis[name] = self._popen([parts.PYTHON, "-m", "patroni", str(configuration)], f"{name}.log", environment)

    def stop(self):
        for patroni in self._patronis.values():
            patroni.send_signal(signal.SIGTERM)
        for patroni in self._patronis.values():
            try:
                patroni.wait(timeout=15)
            except subprocess.TimeoutExpired:
                patroni.kill()
        for name in NAMES:
            if postmaster := self._postmaster(name):
                _signal(postmaster, signal.SIGQUIT)
        for etcd in self._etcds:
            etcd.kill()
            etcd.wait()

    def _is_whole(self):
        return self.leader() and len(self.standbys()) == len(NAMES) - 1 and (
            self.synchronous_standbys() or not self._synchronous)

    def _with_role(self, role):
        for port in self._rest_ports.values():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/cluster", timeout=2) as answer:
                    members = json.load(answer)["members"]
            except (OSError, urllib.error.URLError, ValueError, KeyError):
                continue
            return [member["name"] for member in members
                    if member["role"] == role and member["state"] in ("running", "streaming")]
        return []

    def _postmaster(self, name):
        try:
            return int((self.folder / name / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _start_etcd(self, name):
        client, peer = self._etcd_ports[name]
        members = ",".join(f"{other}=http://127.0.0.1:{ports[1]}" for other, ports in self._etcd_ports.items())
        command = [str(self._etcd), "--name", name, "--data-dir", str(self.folder / name),
                   "--listen-client-urls", f"http://127.0.0.1:{client}", "--advertise-client-urls", f"http://127.0.0.1:{client}",
                   "--listen-peer-urls", f"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
                   "--initial-cluster", members, "--initial-cluster-state", "new",
                   # Everything shares one small machine here.
                   "--heartbeat-interval", "250", "--election-timeout", "2500"]
        return self._popen(command, f"{name}.log", {"PATH": os.environ["PATH"]})

    def _patroni_configuration(self, name):
        port, rest = self.postgres_ports[name], self._rest_ports[name]
        users = {role: {"username": user, "password": self._passwords[user]}
                 for role, user in (("superuser", "postgres"), ("replication", "replicator"), ("rewind", "rewind"))}
        return {
            "scope": "vestnik",
            "name": name,
            "restapi": {"listen": f"127.0.0.1:{rest}", "connect_address": f"127.0.0.1:{rest}"},
            "etcd3": {"hosts": [f"127.0.0.1:{client}" for client, _ in self._etcd_ports.values()]},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL_S, "loop_wait": LOOP_WAIT_S, "retry_timeout": RETRY_TIMEOUT_S,
                    # A commit is acknowledged when it is on the disks of two servers.
                    "synchronous_mode": self._synchronous,
                    "postgresql": {"use_pg_rewind": True, "parameters": {
                        "synchronous_commit": "on", "fsync": "on", "wal_log_hints": "on", "max_connections": 100,
                        "timezone": "UTC"}},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{port}",
                "connect_address": f"127.0.0.1:{port}",
                "data_dir": str(self.folder / name),
                "bin_dir": str(self._programs),
                "pgpass": str(self.folder / f"{name}.pgpass"),
                "authentication": users,
                "parameters": {"unix_socket_directories": str(self.folder)},
                "pg_hba": ["local all all scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256",
                           "host replication replicator 127.0.0.1/32 scram-sha-256"],
            },
        }

    def _popen(self, command, log, environment):
        # PostgreSQL refuses to run as root. A session of its own: Ctrl-C is for us, we stop it in order.
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        with (self.folder / log).open("ab") as output:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                    cwd=self.folder, env=environment, start_new_session=True, **owner)

    def _write(self, path, text):
        path.touch(mode=0o600)
        path.write_text(text)
        if os.getuid() == 0:
            shutil.chown(path, "postgres", "postgres")

    def _readable(self, packages):
        """A copy of the packages that the servers' user may read, wherever the project lies."""
        copied = self.folder / "python"
        shutil.copytree(packages, copied)
        return copied


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
