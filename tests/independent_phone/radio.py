"""From a stored message to the air: order, limits, pacing, the last look at validUntil, and what the network says."""

import threading
import time
from datetime import timedelta

from behaviour import result_error
from message import dialled
from settings import LIMIT_PERIOD_S

_URGENT = 100  # from this priority on neither limit nor pause applies


class Radio:
    """One sending thread. `on_state(row)` reports; `on_air(number)` lets people answer; `on_crash()` ends the app."""

    def __init__(self, store, clock, behaviour, air, agenda, on_state, on_air, on_crash):
        self._store, self._clock, self._behaviour, self._air, self._agenda = store, clock, behaviour, air, agenda
        self._on_state, self._on_air, self._on_crash = on_state, on_air, on_crash
        self._stop = threading.Event()
        self._sending = False
        self._pause_until = None  # (monotonic, phone clock), whichever is first
        self._blocked_until = None
        self._fail_codes = {}  # (message id, number) → what the network will say
        self._stored_at = {}  # message id → monotonic, for the profile's radio_delay_s
        self._thread = threading.Thread(target=self._run, name="radio", daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    @property
    def is_idle(self):
        return not self._sending

    def accept(self, row):
        """A new message was stored."""
        self._stored_at[row.id] = time.monotonic()

    def _run(self):
        while not self._stop.is_set():
            row = self._next()
            if row is None:
                self._stop.wait(0.02)
                continue
            self._sending = True
            self._send(row)
            self._sending = False

    def _setting(self, name, default):
        return self._store.settings.get(name, default)

    def _next(self):
        now, real_now = self._clock.device_now(), time.monotonic()
        with self._store.lock:
            waiting = [row for row in self._store.rows.values() if row.state == "Pending"]
            if not waiting:
                return None
            delay_s = self._behaviour["radio_delay_s"]
            ready = [
                row for row in waiting
                if (row.schedule_at is None or row.schedule_at <= now) and self._stored_at.get(row.id, 0) + delay_s <= real_now
            ]  # fmt: skip
            if self._is_paused(now, real_now) or self._is_limited(now):
                ready = [row for row in ready if row.priority >= _URGENT]
            if not ready:
                return None
            newest_first = self._setting("messages.processing_order", "LIFO") == "LIFO"
            ready.sort(key=lambda row: row.created_at, reverse=newest_first)
            return max(ready, key=lambda row: row.priority)  # max keeps the first of equals

    def _is_paused(self, now, real_now):
        return self._pause_until is not None and real_now < self._pause_until[0] and now < self._pause_until[1]

    def _is_limited(self, now):
        """At the limit the app sleeps until the last processed message plus the whole period."""
        if self._blocked_until and now < self._blocked_until:
            return True
        period_s = LIMIT_PERIOD_S[self._setting("messages.limit_period", "Disabled")]
        if not period_s:
            return False
        period = timedelta(seconds=period_s)
        counted = [
            row.processed_at for row in self._store.rows.values()
            if row.processed_at and row.processed_at > now - period and row.state not in ("Pending", "Cancelling", "Cancelled", "Failed")
        ]  # fmt: skip
        if counted and len(counted) >= self._setting("messages.limit_value", 0):
            self._blocked_until = max(counted) + period
            return True
        return False

    def _plan_pause(self, now):
        least = self._setting("messages.send_interval_min", 0)
        most = max(least, self._setting("messages.send_interval_max", 0))
        seconds = self._behaviour.between(least, most)
        if seconds:
            self._pause_until = (time.monotonic() + seconds / self._behaviour["hurry"], now + timedelta(seconds=seconds))

    def _send(self, row):
        now = self._clock.device_now(fresh=True)
        with self._store.lock:
            if row.state != "Pending":  # cancelled in the meantime
                return
            refusal = self._refusal(row, now)
            if refusal:
                row.advance(None, "Failed", self._clock.device_text(now), refusal)
                self._store.save()
                self._on_state(row)
                return
            accepted = self._hand_over(row, now)
            self._store.save()  # before the air: a killed client must not send again
            for number in accepted:
                self._air.send(row, dialled(number), self._clock, now)
        self._plan_pause(now)
        self._on_state(row)
        for number in accepted:
            self._on_air(number)
        if any(self._behaviour.crashes_after(number) for number in row.numbers):
            self._on_crash()
            return
        for number in row.numbers:
            self._agenda.after(self._behaviour["sent_after_s"], self._result(row, number), unhurried=True, tag="result")

    def _refusal(self, row, now):
        if row.valid_until is not None and now > row.valid_until:
            return "TTL expired"
        sims = [sim["simNumber"] for sim in self._behaviour["sims"]]
        if not sims:
            return "Can't send message: No SIMs found"
        if row.sim_number is not None and row.sim_number not in sims:
            return f"Can't send message: SIM {row.sim_number} not found"
        return "Can't send message: no passphrase for an encrypted message" if row.is_encrypted else None

    def _hand_over(self, row, now):
        """Mark each recipient as given to the system; returns the numbers that the network takes."""
        row.processed_at = now
        accepted = []
        for number in row.numbers:
            row.advance(number, "Processed", self._clock.device_text(now))
            self._fail_codes[row.id, number] = code = self._behaviour.fail_code(number)
            if code is None:
                accepted.append(number)
        return accepted

    def _result(self, row, number):
        def arrived():
            code = self._fail_codes.pop((row.id, number), None)
            if code:
                self._advance(row, number, "Failed", result_error(code))
                return
            if number not in self._behaviour["never_sent"]:
                self._advance(row, number, "Sent")
            if row.with_delivery_report and number not in self._behaviour["no_delivery_report"]:
                self._agenda.after(self._behaviour["delivered_after_s"], self._delivery(row, number), unhurried=True, tag="result")

        return arrived

    def _delivery(self, row, number):
        def arrived():
            status = self._behaviour["delivery_fail"].get(number)
            if status is not None:
                if status >= 0x40:  # 0x20…0x3F: the centre still tries, the app says nothing
                    self._advance(row, number, "Failed", f"Delivery result from SC {dialled(number)}: {status}")
                return
            self._advance(row, number, "Delivered")
            if number in self._behaviour["late_sent"]:
                self._advance(row, number, "Sent")

        return arrived

    def _advance(self, row, number, state, error=None):
        with self._store.lock:
            row.advance(number, state, self._clock.device_text(), error)
            self._store.save()
        self._on_state(row)
