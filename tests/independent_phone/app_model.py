"""The app itself: start and registration, pulls, what is known and what is new, events, cancelling, recurring work."""

import time
from dataclasses import dataclass

from agenda import Agenda
from events import EventStream
from inbox import Inbox
from jobs import Job
from message import Row
from probes import run_probes
from radio import Radio
from reports import StateReports
from rules import (ELEMENT, LIST, ORDER_SINCE, SCHEDULE_SINCE, STATES_SINCE, check_list,
                   check_message, check_webhook)  # fmt: skip
from settings import NEEDS_RESTART, apply_settings, check_settings
from webhooks import WebhookSender, new_signing_key
from wire import CallFailed, MobileApi, app_version

_DAY_S = 24 * 3600
_PERIODIC_PULL_S = 15 * 60
_FULL_LIST = 100
_ANSWERED = {"Processed", "Sent", "Delivered", "Failed", "Cancelled"}
_FINAL = {"Delivered", "Failed", "Cancelled"}


@dataclass(frozen=True)
class Options:
    """What the user has typed into the app. `authorization` is the header of the dialog's sign-up, None in public mode."""

    server: str
    authorization: str | None = None
    private_token: str | None = None
    user_agent: str = "me.capcom.smsgateway/1.68.0"
    probe: bool = False


class PhoneApp:
    """One life of the app's process. After `stop` a new instance over the same store is a restart."""

    def __init__(self, options, behaviour, store, clock, report, air):
        self._options, self._behaviour, self._store = options, behaviour, store
        self._clock, self._report, self._air = clock, report, air
        self._version = app_version(options.user_agent)
        self._hurry = behaviour["hurry"]
        self.refused = None  # why registration cannot work
        self.restart_wanted = None  # why this process must end and begin again
        self.registered = False
        server = store.settings.get("gateway.cloud_url") or options.server
        self._private_token = store.settings.get("gateway.private_token") or options.private_token
        if store.own_signing_key is None:
            store.own_signing_key = new_signing_key()
        self._api = MobileApi(server, options.user_agent, report, behaviour.limits)
        self._agenda = Agenda(clock, self._hurry)
        self._webhooks = WebhookSender(store, options.user_agent, clock, report, behaviour.limits, self._hurry)
        self._inbox = Inbox(store, behaviour, clock, report, self._webhooks)
        self._reports = StateReports(store, self._api, self._agenda, behaviour, report, options.probe)
        self._radio = Radio(store, clock, behaviour, air, self._agenda, self._state_changed, self._people_answer, self._crash)
        self._stream = EventStream(self._api, lambda: store.token, self._version, report, behaviour.limits,
                                   self._hurry, self._stream_opened, self._take_event)  # fmt: skip
        self._registration = Job(self._agenda, self._register)
        self._pulling = Job(self._agenda, self._pull)
        self._settings_sync = Job(self._agenda, self._sync_settings)
        self._webhooks_sync = Job(self._agenda, self._sync_webhooks)
        self._is_first_sign_up = False
        self._first_push_watched = False
        self._running = []

    def start(self):
        self._agenda.start()
        self._registration.request()

    def stop(self):
        for part in self._running:
            part.stop()
        self._agenda.stop()
        self._store.save()

    @property
    def is_idle(self):
        """No radio result is awaited, no report or webhook is on its way."""
        awaited = self._agenda.busy("result") or self._agenda.busy("report")
        return self._radio.is_idle and not awaited and self._webhooks.is_idle

    @property
    def _bearer(self):
        return f"Bearer {self._store.token}"

    # Registration

    def _sim_cards(self, redacted):
        def shown(sim):
            hidden = ("phoneNumber", "carrierName", "iccid")
            return {k: f"****{v[-4:]}" if redacted and k in hidden else v for k, v in sim.items()}

        return [shown(sim) for sim in self._behaviour["sims"]]

    def _register(self):
        if self._store.token:
            try:
                self._api.call("PATCH", "/device", self._bearer, {"id": self._store.device_id, "simCards": self._sim_cards(True)})
            except CallFailed as failure:
                if failure.status != 401:
                    raise
                # The app's one way back: sign up again, by the private token if it has one.
                self._sign_up(f"Bearer {self._private_token}" if self._private_token else None)
            self._begin(first=False)
            return
        try:
            self._sign_up(self._options.authorization)
        except CallFailed as failure:
            if failure.status in (400, 401):
                self.refused = str(failure)
                return
            raise
        self._begin(first=True)

    def _sign_up(self, authorization):
        body = {"name": self._behaviour["name"], "simCards": self._sim_cards(True)}
        result = self._api.register(authorization, body)
        with self._store.lock:
            self._store.device_id, self._store.token, self._store.login = result["id"], result["token"], result["login"]
            for row in self._store.rows.values():
                row.listed = False  # what another registration was shown says nothing about this one
            self._store.save()

    def _begin(self, first):
        """The services start. After a first sign-up by private token nothing is read until an event, a restart or 24 h."""
        self.registered = True
        if self._options.probe:
            run_probes(self._api, self._store, self._options, self._clock, self._report)
            self._settings_after_probes()
        by_token = first and self._options.authorization == f"Bearer {self._options.private_token}"
        self._is_first_sign_up = by_token and not self._behaviour["reads_after_sign_up"]
        with self._store.lock:
            self._running = [self._stream, self._radio, self._webhooks]
            for row in self._store.rows.values():
                self._radio.accept(row)
        self._webhooks.emit("app:started", {"simCards": self._sim_cards(False)})
        if not self._is_first_sign_up:
            self._settings_sync.request()
            self._webhooks_sync.request()
        self._reports.resume()
        self._webhooks.start()
        self._radio.start()
        self._pulling.request()
        self._stream.start()
        self._plan_recurring()

    def _settings_after_probes(self):
        """The probes have read the settings; the app must now hold the key that the server expects."""
        try:
            self._sync_settings()
        except CallFailed as failure:
            self._report.note(str(failure))

    def _plan_recurring(self):
        self._agenda.every(_DAY_S, self._settings_sync.request, by_clock=True, unhurried=True)
        self._agenda.every(_DAY_S, self._webhooks_sync.request, by_clock=True, unhurried=True)
        self._agenda.every(_PERIODIC_PULL_S, self._pulling.request, by_clock=True, unhurried=True)
        self._agenda.every(0.1, self._stream.check_silence, unhurried=True)
        ping_s = self._store.settings.get("ping.interval_seconds")  # read at start only, as the app does
        if ping_s:
            self._agenda.every(ping_s, self._ping, by_clock=True)
        if not self._behaviour.incoming_taken:
            self._behaviour.incoming_taken = True
            for item in self._behaviour["incoming"]:
                self._agenda.after(item.get("after_s", 0), lambda item=item: self._inbox.receive(item), by_clock=True, unhurried=True)
        restarts = self._behaviour["restart_after_s"]
        if self._behaviour.restarts_taken < len(restarts):
            wait_s = restarts[self._behaviour.restarts_taken]
            self._behaviour.restarts_taken += 1
            self._agenda.after(wait_s, lambda: self._want_restart("the profile restarts the app"), unhurried=True)

    def _want_restart(self, why):
        self._report.note(f"restart: {why}")
        self.restart_wanted = why

    def _crash(self):
        self._want_restart("the app crashed after it gave a message to the radio")

    def _ping(self):
        self._pulling.request()
        percent = self._behaviour["battery_percent"]
        checks = {
            "messages:failed": 0,
            "connection:status": 1,
            "connection:transport": 4,
            "connection:cellular": 1,
            "battery:level": percent,
            "battery:charging": 1,
        }
        self._webhooks.emit("system:ping", {"health": {
            "status": "pass" if percent >= 20 else "warn",
            "version": ".".join(map(str, self._version)),
            "releaseId": self._version[1],
            "checks": {name: {"observedValue": value, "status": "pass"} for name, value in checks.items()},
        }})  # fmt: skip

    # Pulls

    def _pull(self):
        order = self._store.settings.get("messages.processing_order", "LIFO").lower()
        path = f"/message?order={order}" if self._version >= ORDER_SINCE else "/message"
        begun = time.monotonic()
        elements = self._api.call("GET", path, self._bearer)
        found = check_list(elements)
        sound = []
        for element in elements:
            flaws = check_message(element, self._version)
            found += flaws
            if not any(flaw.harm == ELEMENT for flaw in flaws):
                sound.append(element)
        self._report.findings(found)
        if any(flaw.harm == LIST for flaw in found):
            raise CallFailed("one bad element fails the whole list")
        for element in sound:
            self._take(element, begun)
        self._look_for_missing({e.get("id") for e in elements}, len(elements))

    def _take(self, element, begun):
        now = self._clock.device_now()
        new = Row.from_wire(element, now, self._version >= SCHEDULE_SINCE)
        cancelling = self._version >= STATES_SINCE and element.get("state") == "Cancelling"
        with self._store.lock:
            row = self._store.rows.get(new.id)
            if row is None:
                self._store_new(new, now, cancelling)
                return
            row.listed = True
            self._compare(row, new, cancelling, begun)
            if cancelling:
                row.cancelling = True  # not by the event: a pull that is under way may still say Pending
                self._cancel(row)
            else:
                self._reports.send(row)

    def _store_new(self, row, now, cancelling):
        if self._air.was_sent_before(row.id):
            self._report.violation("RELEASED_TWICE", f"{row.id} was on the air before this phone lost its memory")
        row.cancelling = cancelling
        row.advance(None, "Cancelled" if cancelling else "Pending", self._clock.device_text(now))
        self._store.rows[row.id] = row
        self._radio.accept(row)
        self._report.count("messages taken")
        if cancelling:
            self._reports.send(row)

    def _compare(self, row, new, cancelling, begun):
        """What the server says now against what it said before and what it has accepted since."""
        if not row.has_same_content(new):
            self._report.violation("SAME_ID_OTHER_TEXT", f"{row.id} came again with another text or number")
        if row.cancelling and not cancelling:
            self._report.violation("CANCELLING_DROPPED", f"{row.id} was Cancelling and is Pending again")
        accepted = self._reports.accepted_before(row, begun) & (_FINAL if cancelling else _ANSWERED)
        if accepted:
            self._report.violation("RETURNED_AFTER_ACK", f"{row.id} is in the list again although {'/'.join(sorted(accepted))} was accepted")

    def _look_for_missing(self, listed, count):
        """A message that was listed and never answered must still be there, unless its time is over or the list is full."""
        now = self._clock.now()
        with self._store.lock:
            for row in self._store.rows.values():
                if row.id in listed or not row.listed or count >= _FULL_LIST:
                    continue
                row.listed = False
                expired = row.valid_until is not None and row.valid_until <= now
                if row.report_begun or expired:
                    continue
                if row.cancelling:
                    self._report.violation("CANCELLING_DROPPED", f"{row.id} left the list before its cancelling was answered")
                else:
                    self._report.violation("WITHDRAWN", f"{row.id} left the list without Cancelling and without a report")

    def _cancel(self, row):
        """Only what was not yet given to the radio can be cancelled; otherwise the next normal state is the answer."""
        if row.state == "Pending":
            row.advance(None, "Cancelled", self._clock.device_text())
            self._store.save()
            self._state_changed(row)
        elif row.state == "Cancelled" and not row.acked:
            self._reports.send(row)

    # Events

    def _stream_opened(self):
        self._pulling.request()
        if self._is_first_sign_up and not self._first_push_watched and not self._options.probe:
            self._first_push_watched = True
            self._agenda.after(self._behaviour.limits.first_push_s, self._judge_first_push, unhurried=True)

    def _judge_first_push(self):
        for name in ("WebhooksUpdated", "SettingsUpdated"):
            if not self._report.counted(f"event {name}"):
                limit_s = self._behaviour.limits.first_push_s
                self._report.violation("NO_FIRST_PUSH", f"no {name} within {limit_s:g} s after a new phone opened its stream")

    def _take_event(self, name, data):
        if name == "MessageEnqueued":
            self._pulling.request()
        elif name == "WebhooksUpdated":
            self._webhooks_sync.request()
        elif name == "SettingsUpdated":
            self._settings_sync.request()
        elif name == "MessagesExportRequested":
            self._agenda.after(0, lambda: self._inbox.export(data))
        elif name == "MessageCancelled" and data is None:
            self._want_restart("the app crashed on MessageCancelled with null data")
        elif name == "MessageCancelled":
            with self._store.lock:
                row = self._store.rows.get(data["messageId"])
                if row:
                    self._cancel(row)

    # Settings and webhooks

    def _sync_settings(self):
        pushed = self._api.call("GET", "/settings", self._bearer)
        found = check_settings(pushed, self._version)
        self._report.findings(found)
        if found:
            raise CallFailed("the settings cannot be applied")
        with self._store.lock:
            changed = apply_settings(self._store.settings, pushed)
            self._store.save()
        if changed & NEEDS_RESTART:
            self._report.note("the app asks its user for a restart")
            if self._behaviour["restart_on_settings"]:
                self._want_restart("the user follows the notice after new settings")

    def _sync_webhooks(self):
        pushed = self._api.call("GET", "/webhooks", self._bearer)
        found = [finding for element in pushed for finding in check_webhook(element, self._version)]
        self._report.findings(found)
        if found:
            raise CallFailed("the webhooks cannot be taken over")
        with self._store.lock:
            self._store.webhooks = [{k: element[k] for k in ("id", "url", "event")} for element in pushed]
            self._store.save()

    # What follows from the radio

    def _state_changed(self, row):
        self._reports.send(row)
        state = row.state
        times = {"Sent": "sentAt", "Delivered": "deliveredAt", "Failed": "failedAt", "Cancelled": "cancelledAt"}
        if state not in times:
            return
        payload = {"messageId": row.id, "recipient": row.numbers[0], "phoneNumber": row.numbers[0], times[state]: self._clock.device_text()}
        if row.sim_number is not None:
            payload["simNumber"] = row.sim_number
        if state == "Sent":
            payload["partsCount"] = 1
        if state == "Failed":
            payload["reason"] = next((error for _, error in row.recipients.values() if error), "unknown")
        self._webhooks.emit(f"sms:{state.lower()}", payload)

    def _people_answer(self, number):
        answer = self._behaviour["answers"].get(number)
        if answer is None:
            return
        answer = answer if isinstance(answer, dict) else {"text": answer}
        item = {"from": number, "text": answer["text"]}
        self._agenda.after(answer.get("after_s", 0.1), lambda: self._inbox.receive(item), by_clock=True, unhurried=True, tag="result")
