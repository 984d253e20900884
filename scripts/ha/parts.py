"""The programs of the trial; what the machine lacks is put into a folder that git does not see."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = PROJECT / ".ha"
REQUIREMENTS = PROJECT / "scripts/ha/requirements.txt"
# Debian's own: the user `postgres` could not run one that lives in somebody's home.
PYTHON = "/usr/bin/python3"


def _run(*command):
    if subprocess.run(command, cwd=PROJECT, stdin=subprocess.DEVNULL).returncode != 0:
        sys.exit(f"ha-demo: `{' '.join(map(str, command))}` failed")


def postgres():
    """The folder with PostgreSQL's programs."""
    def found():
        return sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if not found():
        _run("scripts/setup", "test")
    return found()[-1].parent


def etcd():
    """The program etcd."""
    if there := shutil.which("etcd"):
        return pathlib.Path(there)
    # Installed, Debian's package would start a service of the machine.
    _run("scripts/unpack-debian", FOLDER / "debian", "etcd-server")
    return FOLDER / "debian/usr/bin/etcd"


def patroni():
    """The folder with Patroni and the Python packages that it needs."""
    packages, stamp = FOLDER / "python", FOLDER / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        shutil.rmtree(packages, ignore_errors=True)
        _run(sys.executable, "-m", "venv", FOLDER / "venv")
        _run(FOLDER / "venv/bin/python", "-m", "pip", "--disable-pip-version-check", "--no-input", "--python", PYTHON,
             "install", "-q", "--root-user-action", "ignore", "--target", packages, "-r", REQUIREMENTS)
        stamp.write_bytes(REQUIREMENTS.read_bytes())
    return packages


def vestnik():
    """The binary, built for release."""
    _run("cargo", "build", "--release", "--locked", "-p", "vestnik-server", "--bin", "vestnik")
    target = os.environ.get("CARGO_TARGET_DIR")
    if not target:
        command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked"]
        target = json.loads(subprocess.check_output(command, cwd=PROJECT))["target_directory"]
    return pathlib.Path(target, "release/vestnik")
