"""Unique background jobs of the app: asked for many times, run one at a time, retried from 10 s on, doubling."""

import threading

from wire import CallFailed

_FIRST_RETRY_S = 10
_LONGEST_RETRY_S = 5 * 3600


class Job:
    def __init__(self, agenda, action):
        self._agenda, self._action = agenda, action
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._queued = False
        self._retry_planned = False
        self._failures = 0

    def request(self):
        """Run soon; a request while one waits changes nothing, one while it runs makes it run again."""
        with self._lock:
            if self._queued:
                return
            self._queued = True
        self._agenda.after(0, self._run, tag="job")

    def _run(self):
        with self._one_at_a_time:
            with self._lock:
                self._queued = False
            if self._agenda.stopped:
                return
            try:
                self._action()
            except CallFailed:
                self._plan_retry()
            else:
                self._failures = 0

    def _plan_retry(self):
        with self._lock:
            if self._retry_planned:
                return
            self._retry_planned = True
            wait_s = min(_FIRST_RETRY_S * 2**self._failures, _LONGEST_RETRY_S)
            self._failures += 1
        self._agenda.after(wait_s, self._retry)

    def _retry(self):
        with self._lock:
            self._retry_planned = False
        self.request()
