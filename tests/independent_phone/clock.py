"""The phone's clock: the machine's, or one that a test server drives; optionally wrong by a fixed skew."""

import json
import threading
import time
import urllib.request
from datetime import datetime, timedelta, timezone

from dates import read_true, write_as_app

_FRESH_S = 0.25  # how long one answer of the clock URL is good enough for timers


class Clock:
    def __init__(self, url=None, skew_s=0.0, zone=timezone.utc):
        self._url = url
        self._skew = timedelta(seconds=skew_s)
        self._zone = zone
        self._lock = threading.Lock()
        self._value = None
        self._asked_at = 0.0

    def now(self, fresh=False):
        """The true time of the surroundings. `fresh` asks the clock URL again, for decisions that must be exact."""
        if self._url is None:
            return datetime.now(timezone.utc)
        with self._lock:
            age_s = time.monotonic() - self._asked_at
            if self._value is None or fresh or age_s > _FRESH_S:
                self._ask()
            return self._value

    def device_now(self, fresh=False):
        """What the phone believes: `now` plus its skew. All decisions of the app rest on this one."""
        return self.now(fresh) + self._skew

    def device_text(self, moment=None):
        """A date as the app writes it, device-local offset, three fraction digits."""
        return write_as_app(moment or self.device_now(), self._zone)

    def utc_text(self, moment=None):
        return write_as_app(moment or self.now(), timezone.utc)

    def _ask(self):
        try:
            with urllib.request.urlopen(self._url, timeout=5) as reply:
                self._value = read_true(json.load(reply)["now"]).astimezone(timezone.utc)
        except (OSError, ValueError, KeyError, TypeError):
            # A server that restarts must not stop the phone; without any answer so far there is no time at all.
            if self._value is None:
                raise
        self._asked_at = time.monotonic()
