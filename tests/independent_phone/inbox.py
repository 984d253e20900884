"""Incoming messages: their ids, the app's own dedupe, and the export that a server may ask for."""

from dates import read_as_app


def java_hash(text):
    """`String.hashCode` over UTF-16 units, as 32 bits."""
    value = 0
    units = text.encode("utf-16-be")
    for high, low in zip(units[::2], units[1::2]):
        value = (value * 31 + (high << 8 | low)) & 0xFFFFFFFF
    return value


class Inbox:
    def __init__(self, store, behaviour, clock, report, webhooks):
        self._store, self._behaviour, self._clock = store, behaviour, clock
        self._report, self._webhooks = report, webhooks

    def receive(self, item):
        """An SMS arrives: {"from", "text" or "data", "sim"?, "doubled"?, "missed"?}. Missed: the app was killed."""
        now = self._clock.device_now(fresh=True)
        sim = item.get("sim", 1)
        content = item.get("text", item.get("data"))
        whole_second = int(now.timestamp())
        incoming = {
            "id": format(java_hash(f"{item['from']}{whole_second}{sim}{content}"), "08x"),
            "from": item["from"],
            "sim": sim,
            "kind": "sms:received" if "text" in item else "sms:data-received",
            "content": content,
            "received_at": self._clock.device_text(now),
            "received_s": now.timestamp(),
            "seen": not item.get("missed", False),
        }
        with self._store.lock:
            if any(known["id"] == incoming["id"] for known in self._store.inbox):
                self._report.note("the app dropped an identical text within the same second")
                return
            self._store.inbox.append(incoming)
            self._store.save()
        if incoming["seen"]:
            self._emit(incoming, item.get("doubled", False))

    def export(self, data):
        """MessagesExportRequested: only what the app itself had not seen is emitted."""
        wanted = (data.get("messageTypes") or "SMS").split(",")
        if data.get("triggerWebhooks") == "false" or "SMS" not in wanted:
            return
        since, until = (read_as_app(data[key]).timestamp() for key in ("since", "until"))
        with self._store.lock:
            missed = [m for m in self._store.inbox if not m["seen"] and since <= m["received_s"] <= until]
            for incoming in missed:
                incoming["seen"] = True
        for incoming in missed:
            self._emit(incoming, doubled=False)

    def _emit(self, incoming, doubled):
        own = next((s.get("phoneNumber") for s in self._behaviour["sims"] if s["simNumber"] == incoming["sim"]), None)
        payload = {
            "messageId": incoming["id"],
            "sender": incoming["from"],
            "recipient": own,
            "simNumber": incoming["sim"],
            "phoneNumber": incoming["from"],
            "message" if incoming["kind"] == "sms:received" else "data": incoming["content"],
            "receivedAt": incoming["received_at"],
        }
        payload = {name: value for name, value in payload.items() if value is not None}
        self._webhooks.emit(incoming["kind"], payload, doubled)
