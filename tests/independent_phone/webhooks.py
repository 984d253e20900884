"""Webhooks from the phone: signed, sequential, retried for about 45 hours."""

import hashlib
import hmac
import json
import secrets
import threading
import time

from wire import TimedOut, exchange

_FIRST_RETRY_S = 5
_DEFAULT_TRIES = 15
_KEY_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def signature(key, body, timestamp):
    """Lowercase hex HMAC-SHA256 over the raw body followed by the timestamp string."""
    return hmac.new(key.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()


def app_json(value):
    """JSON in the app's dress: these characters are escaped, so a receiver must verify the raw body."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&='":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def new_signing_key():
    """What the app invents until the server pushes one: 8 random characters."""
    return "".join(secrets.choice(_KEY_ALPHABET) for _ in range(8))


class WebhookSender:
    """One thread; a slow receiver blocks everything behind it, as on the phone."""

    def __init__(self, store, user_agent, clock, report, limits, hurry):
        self._store, self._user_agent, self._clock = store, user_agent, clock
        self._report, self._limits, self._hurry = report, limits, hurry
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._sending = False
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    @property
    def is_idle(self):
        """Nothing is on its way and nothing is due."""
        return not self._sending and self._next_due() is None

    def emit(self, event, payload, doubled=False):
        """Queue the event for its webhook, if the server wants it. `doubled`: again under another id, a known flaw."""
        with self._store.lock:
            for webhook in self._store.webhooks:
                if webhook["event"] == event:
                    for _ in range(2 if doubled else 1):
                        self._store.outbox.append(self._delivery(webhook, event, payload))
            self._store.save()
        self._wake.set()

    def _delivery(self, webhook, event, payload):
        envelope = {
            "id": secrets.token_urlsafe(16),
            "webhookId": webhook["id"],
            "event": event,
            "deviceId": self._store.device_id,
            "payload": payload,
        }
        return {"id": envelope["id"], "url": webhook["url"], "event": event, "body": app_json(envelope), "failures": 0, "due_s": 0.0}

    def _key(self):
        with self._store.lock:
            return self._store.settings.get("webhooks.signing_key") or self._store.own_signing_key

    def _headers(self, body):
        """Headers of one try; the timestamp is the device's own clock."""
        key = self._key()
        timestamp = str(int(self._clock.device_now().timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": self._user_agent,
            "X-Timestamp": timestamp,
            "X-Signature": signature(key, body, timestamp),
        }

    def _next_due(self):
        with self._store.lock:
            return next((d for d in self._store.outbox if d["due_s"] <= time.time()), None)

    def _run(self):
        while not self._stop.is_set():
            self._sending = True
            delivery = self._next_due()
            if delivery:
                self._try(delivery)
            self._sending = False
            if not delivery:
                self._wake.wait(0.05)
                self._wake.clear()

    def _try(self, delivery):
        body = delivery["body"].encode()
        event = delivery["event"]
        accepted, key = False, self._key()
        try:
            reply = exchange("POST", delivery["url"], self._headers(body), body, self._limits.webhook_s)
            accepted = 200 <= reply.status < 300
            if reply.elapsed_s > self._limits.webhook_s:
                self._report.violation("WEBHOOK_SLOW", f"the receiver of {event} took {reply.elapsed_s:.1f} s")
            if not accepted and key != self._key():
                self._report.note(f"{event} crossed a change of the signing key")
            elif not accepted:
                self._report.violation("WEBHOOK_REFUSED", f"the receiver answered {reply.status} to {event}")
        except TimedOut:
            self._report.violation("WEBHOOK_SLOW", f"the receiver of {event} did not answer within {self._limits.webhook_s:g} s")
        except OSError as error:
            self._report.note(f"webhook {event}: {error}")
        self._settle(delivery, accepted)

    def _settle(self, delivery, accepted):
        with self._store.lock:
            tries = self._store.settings.get("webhooks.retry_count", _DEFAULT_TRIES)
            if accepted:
                self._report.count(f"webhook {delivery['event']}")
            else:
                delivery["due_s"] = time.time() + _FIRST_RETRY_S * 2 ** delivery["failures"] / self._hurry
                delivery["failures"] += 1
                if delivery["failures"] >= tries:
                    self._report.note(f"webhook {delivery['event']} dropped after {tries} tries")
            if accepted or delivery["failures"] >= tries:
                self._store.outbox.remove(delivery)
            self._store.save()
