#!/usr/bin/env python3
"""A phone with the SMSGate app, played against a server; see README.md beside this file."""

import sys

sys.dont_write_bytecode = True  # leave nothing behind

import argparse
import base64
import json
import signal
import threading
import time

from air import Air
from app_model import Options, PhoneApp
from behaviour import Behaviour
from clock import Clock
from dates import parse_offset
from report import Report
from store import Store

EXIT_OK, EXIT_VIOLATIONS, EXIT_NOT_DONE = 0, 1, 2
_SETTLE_S = 10  # after the last awaited send: time for its reports and answers


def basic(login, password):
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


class Run:
    """One run of the phone, over as many restarts of the app as it takes."""

    def __init__(self, options, behaviour=None, *, clock_url=None, state=None, air=None, run_s=None, until_air=None, report=None):
        self.behaviour = behaviour or Behaviour()
        self.report = report or Report()
        zone = parse_offset(self.behaviour["utc_offset"])
        self.clock = Clock(clock_url, self.behaviour["clock_skew_s"], zone)
        self.store = Store(state)
        self.air = Air(air)
        self.options = options
        self.stopped = threading.Event()
        self.refused = None
        self._run_s, self._until_air = run_s, until_air
        self._reached_at = None

    def go(self, done=lambda run: False):
        """Blocks until the run is over (time, sends, `stopped`, refused registration, or `done(self)`); returns the exit code."""
        self.clock.now()
        begun = time.monotonic()
        while True:
            app = PhoneApp(self.options, self.behaviour, self.store, self.clock, self.report, self.air)
            app.start()
            try:
                while not self._is_over(app, begun) and not done(self) and not app.restart_wanted:
                    self.stopped.wait(0.02)
            finally:
                app.stop()
            self.refused = app.refused
            if not app.restart_wanted or self.stopped.is_set():
                return self.exit_code

    def _is_over(self, app, begun):
        if self.stopped.is_set() or app.refused:
            return True
        if self._run_s is not None and time.monotonic() - begun >= self._run_s:
            return True
        if self._until_air is None or self.air.count < self._until_air:
            return False
        self._reached_at = self._reached_at or time.monotonic()
        return app.is_idle or time.monotonic() - self._reached_at > _SETTLE_S

    @property
    def is_done(self):
        return self.refused is None and (self._until_air is None or self.air.count >= self._until_air)

    @property
    def exit_code(self):
        if self.report.codes():
            return EXIT_VIOLATIONS
        return EXIT_OK if self.is_done else EXIT_NOT_DONE

    def summary(self):
        with self.store.lock:
            states = [row.state for row in self.store.rows.values()]
            return self.report.as_json(
                device_id=self.store.device_id,
                user_agent=self.options.user_agent,
                air=self.air.count,
                messages={state: states.count(state) for state in sorted(set(states))},
                registration_refused=self.refused,
                done=self.is_done,
            )


def parse(arguments):
    parser = argparse.ArgumentParser(description="Plays an Android phone with the SMSGate app and reports every breach of its protocol.")
    parser.add_argument("--server", required=True, help="API URL as typed into the app, used without trimming")
    parser.add_argument("--private-token", help="sign-up by private token; also used after a 401 at a restart")
    parser.add_argument("--login", help="sign-in, with --password")
    parser.add_argument("--password")
    parser.add_argument("--code", help="sign-in by one-time code")
    parser.add_argument("--clock-url", help='GET gives {"now": RFC 3339}; without it the system clock')
    parser.add_argument("--state", help="JSON file that makes a next run a restart of the same phone")
    parser.add_argument("--air", help="JSON lines, one per SMS put on the air")
    parser.add_argument("--run-s", type=float, help="end after so many real seconds")
    parser.add_argument("--until-air", type=int, help="end after so many sends (and their reports)")
    parser.add_argument("--profile", help="JSON file: what phone, network and people do")
    parser.add_argument("--user-agent", default=Options.user_agent, help="names the app version that is played")
    parser.add_argument("--probe", action="store_true", help="also put the questions that the app would not ask")
    parser.add_argument("--verbose", action="store_true", help="notes on stderr, too")
    given = parser.parse_args(arguments)
    if (given.login is None) != (given.password is None):
        parser.error("--login and --password go together")
    if given.login and given.code:
        parser.error("--login and --code exclude each other")
    return given


def authorization(given):
    if given.login:
        return basic(given.login, given.password)
    if given.code:
        return f"Code {given.code}"
    return f"Bearer {given.private_token}" if given.private_token else None


def main(arguments=None):
    given = parse(arguments)
    options = Options(given.server, authorization(given), given.private_token, given.user_agent, given.probe)
    try:
        behaviour = Behaviour.from_file(given.profile)
        run = Run(options, behaviour, clock_url=given.clock_url, state=given.state, air=given.air,
                  run_s=given.run_s, until_air=given.until_air, report=Report(verbose=given.verbose))  # fmt: skip
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: run.stopped.set())
        code = run.go()
    except (OSError, ValueError, KeyError) as error:
        print(f"cannot run: {error}", file=sys.stderr)
        return EXIT_NOT_DONE
    print(json.dumps(run.summary(), ensure_ascii=False, indent=1))
    return code


if __name__ == "__main__":
    sys.exit(main())
