"""What the phone does later: timed tasks on a few worker threads.

A task is due when real time has passed, or, for tasks `by_clock`, when the phone's clock says so, whichever is
first: a test may freeze that clock or make it jump by a day.
"""

import itertools
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Callable, Optional

_TICK_S = 0.02


@dataclass
class _Task:
    order: int
    real_due: float
    clock_due: Optional[datetime]
    action: Callable[[], None]
    tag: str


class Agenda:
    """`hurry` divides every real wait, so that tests need not live through the app's backoffs."""

    def __init__(self, clock, hurry=1.0):
        self._clock = clock
        self._hurry = hurry
        self._tasks = []
        self._running = {}
        self._lock = threading.Lock()
        self._order = itertools.count()
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="agenda")
        self._ticker = threading.Thread(target=self._tick, name="agenda-ticker", daemon=True)

    def start(self):
        self._ticker.start()

    def stop(self):
        """Drop what is not yet due and wait for what runs."""
        self._stopped.set()
        if self._ticker.is_alive():
            self._ticker.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def stopped(self):
        return self._stopped.is_set()

    def after(self, seconds, action, *, by_clock=False, unhurried=False, tag=""):
        clock_due = self._clock.device_now() + timedelta(seconds=seconds) if by_clock and seconds > 0 else None
        wait_s = seconds if unhurried else seconds / self._hurry
        with self._lock:
            self._tasks.append(_Task(next(self._order), time.monotonic() + wait_s, clock_due, action, tag))

    def every(self, seconds, action, *, by_clock=False, unhurried=False):
        def again():
            if not self.stopped:
                self.after(seconds, again, by_clock=by_clock, unhurried=unhurried)
                action()

        self.after(seconds, again, by_clock=by_clock, unhurried=unhurried)

    def busy(self, tag):
        """Whether a task with this tag waits or runs."""
        with self._lock:
            return self._running.get(tag, 0) > 0 or any(task.tag == tag for task in self._tasks)

    def _tick(self):
        while not self._stopped.wait(_TICK_S):
            for task in self._take_due():
                self._pool.submit(self._run, task)

    def _take_due(self):
        real_now = time.monotonic()
        with self._lock:
            wants_clock = any(task.clock_due for task in self._tasks)
        clock_now = self._clock.device_now() if wants_clock else None
        with self._lock:
            due = [t for t in self._tasks if t.real_due <= real_now or (clock_now and t.clock_due and t.clock_due <= clock_now)]
            taken = {t.order for t in due}
            self._tasks = [t for t in self._tasks if t.order not in taken]
            for task in due:
                self._running[task.tag] = self._running.get(task.tag, 0) + 1
        return sorted(due, key=lambda t: (t.real_due, t.order))

    def _run(self, task):
        try:
            task.action()
        except Exception:  # a bug of this client must be seen, not swallowed by the pool
            print("BUG in the phone client:\n" + traceback.format_exc(), file=sys.stderr)
        finally:
            with self._lock:
                self._running[task.tag] -= 1
