"""PATCH /message: every state in a request of its own, unordered, ten tries, and whatever the profile does to them."""

import secrets
import time

from rules import Finding
from webhooks import app_json
from wire import CallFailed, exchange

_TRIES = 10
_FIRST_RETRY_S = 10


class StateReports:
    """Owed reports live in the store, as the phone's work queue survives a crash."""

    def __init__(self, store, api, agenda, behaviour, report, probe):
        self._store, self._api, self._agenda = store, api, agenda
        self._behaviour, self._report = behaviour, report
        self._probe_repeat = probe
        self._accepted_at = {}  # (message id, state) → monotonic seconds, this run only

    def resume(self):
        with self._store.lock:
            owed = list(self._store.reports.items())
        for key, element in owed:
            self._plan(key, element, 0, 0)

    def send(self, row):
        """Report the row's present state. The snapshot is taken now: a late report carries an old state."""
        profile = self._behaviour["patch"]
        with self._store.lock:
            element = row.as_report()
        if element["state"] in profile["lose_states"] or self._behaviour.happens(profile["lose"]):
            self._report.count("reports lost by the profile")
            with self._store.lock:
                row.lost.append(element["state"])
                self._store.save()
            return
        for _ in range(2 if self._behaviour.happens(profile["double"]) else 1):
            key = secrets.token_hex(8)
            with self._store.lock:
                self._store.reports[key] = element
            wait_s = self._behaviour.between(*profile["delay_s"])
            if self._behaviour.happens(profile["reorder"]):
                wait_s += profile["reorder_s"]
            self._plan(key, element, 0, wait_s)

    def accepted_before(self, row, moment):
        """States of the row that the server had accepted before this monotonic moment."""
        with self._store.lock:
            return {state for state in row.acked if self._accepted_at.get((row.id, state), 0.0) < moment}

    def _plan(self, key, element, failures, wait_s):
        self._agenda.after(wait_s, lambda: self._try(key, element, failures), unhurried=failures == 0, tag="report")

    def _try(self, key, element, failures):
        with self._store.lock:
            row = self._store.rows.get(element["id"])
            if row:
                row.report_begun = True
        try:
            self._api.call("PATCH", "/message", f"Bearer {self._store.token}", [element])
        except CallFailed:
            if failures + 1 < _TRIES:
                self._plan(key, element, failures + 1, _FIRST_RETRY_S * 2**failures)
            else:
                self._report.note(f"a report of {element['state']} was given up after {_TRIES} tries")
                self._forget(key)
            return
        self._report.count(f"reported {element['state']}")
        with self._store.lock:
            if row and element["state"] not in row.acked:
                row.acked.append(element["state"])
            self._accepted_at.setdefault((element["id"], element["state"]), time.monotonic())
        self._forget(key)
        self._repeat_once(element)

    def _forget(self, key):
        with self._store.lock:
            self._store.reports.pop(key, None)
            self._store.save()

    def _repeat_once(self, element):
        """Probe: the same report of a known message again must be accepted."""
        if not self._probe_repeat:
            return
        self._probe_repeat = False
        finding = repeat_finding(self._api, self._store.token, element)
        if finding:
            self._report.findings([finding])


def repeat_finding(api, token, element):
    """Send one element that the server has accepted before; anything but 204 is a finding."""
    words = f"a repeated report of {element['state']}"
    try:
        status = patch_status(api, token, [element])
    except OSError as error:
        return Finding("PROBE_REPEATED_PATCH", f"{words} got no answer: {error}")
    return None if status == 204 else Finding("PROBE_REPEATED_PATCH", f"{words} was answered with {status}")


def patch_status(api, token, body):
    """Status of PATCH /message with any body (bytes as they are, else as JSON)."""
    content = body if isinstance(body, bytes) else app_json(body).encode()
    headers = {**api.headers(f"Bearer {token}"), "Content-Type": "application/json"}
    return exchange("PATCH", api.base_url + "/message", headers, content).status
