"""What the tests share: a phone against the fake server, and a run with an end."""

import io
import shutil
import time
from pathlib import Path

from app_model import Options
from bad_modes import HURRY
from behaviour import Behaviour
from fake_server import PRIVATE_TOKEN
from phone import Run
from report import Report

HERE = Path(__file__).resolve().parent
NUMBER = "+79161234567"


def leave_nothing_behind():
    """The test runner itself compiles the test files."""
    shutil.rmtree(HERE / "__pycache__", ignore_errors=True)


def phone(server, *, profile=None, authorization=f"Bearer {PRIVATE_TOKEN}", user_agent=Options.user_agent, probe=False, **more):
    options = Options(server.url, authorization, PRIVATE_TOKEN, user_agent, probe)
    return Run(options, Behaviour({"hurry": HURRY, **(profile or {})}), report=Report(io.StringIO()), **more)


def go(run, done, limit_s=8.0):
    """Run until `done()`; a test that waits in vain fails by its own assertions."""
    until = time.monotonic() + limit_s
    return run.go(lambda _: done() or time.monotonic() > until)
