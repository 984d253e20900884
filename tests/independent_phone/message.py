"""One message as the phone keeps it, and how its state follows from its recipients."""

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone

from dates import read_as_app

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DATE_FIELDS = ("valid_until", "schedule_at", "created_at", "processed_at")
_DONE = ("Failed", "Cancelled")


def aggregate(states):
    """State of a message from the states of its recipients, in the app's order of questions."""
    for name in ("Pending", "Cancelling", "Cancelled", "Processed"):
        if name in states:
            return name
    if all(state == "Failed" for state in states):
        return "Failed"
    return "Delivered" if all(state == "Delivered" for state in states) else "Sent"


def dialled(number):
    """What the app keeps of a number: digits, plus, star and hash."""
    return re.sub(r"[^0-9+*#]", "", number)


@dataclass
class Row:
    id: str
    text: str | None
    data: str | None
    port: int | None
    numbers: list
    sim_number: int | None
    with_delivery_report: bool
    is_encrypted: bool
    valid_until: datetime | None
    schedule_at: datetime | None
    created_at: datetime
    priority: int
    recipients: dict = field(default_factory=dict)  # number → [state, error]
    states: dict = field(default_factory=dict)  # state → date first reached, as written to the server
    processed_at: datetime | None = None
    acked: list = field(default_factory=list)  # states that the server accepted
    lost: list = field(default_factory=list)  # states whose report the profile lost
    report_begun: bool = False
    listed: bool = True  # in the last list that was pulled
    cancelling: bool = False  # the server has asked to cancel it

    @classmethod
    def from_wire(cls, element, now, version_has_schedule=True):
        """From a checked element; a priority of 128…255 folds into the negative half of a byte."""
        text, data = element.get("textMessage"), element.get("dataMessage")
        priority = element.get("priority") or 0
        dates = {k: read_as_app(element[k]) if element.get(k) is not None else None for k in ("validUntil", "scheduleAt", "createdAt")}
        report = element.get("withDeliveryReport")
        return cls(
            id=element["id"],
            text=text["text"] if text else None,
            data=None if text else data["data"],
            port=None if text else data["port"],
            numbers=list(dict.fromkeys(element["phoneNumbers"])),
            sim_number=element.get("simNumber"),
            with_delivery_report=True if report is None else report,
            is_encrypted=bool(element.get("isEncrypted")),
            valid_until=dates["validUntil"],
            schedule_at=dates["scheduleAt"] if version_has_schedule else None,
            created_at=dates["createdAt"] or now,
            priority=priority - 256 if priority > 127 else priority,
        )

    @classmethod
    def from_stored(cls, stored):
        dates = {k: _EPOCH + timedelta(microseconds=stored[k]) if stored[k] is not None else None for k in _DATE_FIELDS}
        return cls(**{**stored, **dates})

    def stored(self):
        dates = {k: (v - _EPOCH) // timedelta(microseconds=1) if (v := getattr(self, k)) else None for k in _DATE_FIELDS}
        return {**asdict(self), **dates}

    @property
    def state(self):
        return aggregate([state for state, _ in self.recipients.values()])

    def has_same_content(self, other):
        return (self.text, self.data, self.port, self.numbers) == (other.text, other.data, other.port, other.numbers)

    def advance(self, number, state, when, error=None):
        """Set the state of one recipient (None: of all). Failed and Cancelled are final; Sent after Delivered is not guarded."""
        for one in [number] if number else self.numbers:
            if self.recipients.get(one, [None])[0] not in _DONE:
                self.recipients[one] = [state, error]
        self.states.setdefault(self.state, when)

    def as_report(self):
        """The element of PATCH /message."""
        return {
            "id": self.id,
            "state": self.state,
            "recipients": [
                {"phoneNumber": number, "state": state, **({"error": error} if error else {})}
                for number, (state, error) in self.recipients.items()
            ],
            "states": dict(self.states),
        }
