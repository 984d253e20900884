"""What a server may say to this phone app, as tables: violation codes, endpoints, fields, settings, events.

Nothing here does I/O. A check returns findings; `harm` says what the app does with the bad thing.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Callable, Optional

from dates import date_flaw

# code: (section of the notes on the phone app's protocol, the rule)
CODES = {
    "SLOW_REPLY": ("2", "every reply arrives in less than 10 s"),
    "CONTENT_TYPE": ("2, 11.4", "a reply with a body that the app decodes is application/json"),
    "BAD_JSON": ("2", "a reply body is valid JSON in UTF-8"),
    "TOP_LEVEL": ("3, 11.4", "lists are arrays and settings are an object at the top level"),
    "STATUS_SUCCESS": ("3", "success has the documented status: 200, 201 or 204"),
    "STATUS_UNDOCUMENTED": ("3", "a well-formed call is never answered with an undocumented status"),
    "TOKEN_NOT_401": ("3, 4, 11.3", "an unknown token is answered with 401, not 403 or 404"),
    "REGISTER_FIELD": ("3.1", "a registration result has the strings id and token"),
    "REGISTER_LOGIN": ("3.1, 11.2", "a registration result has a non-null login"),
    "LIST_TOO_LONG": ("3", "GET /message returns at most 100 messages"),
    "LIST_SAME_ID": ("3.1", "an id stands once in one list"),
    "FIELD_TYPE": ("3.1", "a field has the documented JSON type"),
    "MESSAGE_ID": ("3.1, 11.9", "an id is a string of 1 to 36 characters without a vertical bar"),
    "CONTENT_BOTH": ("3.1", "a message has textMessage or dataMessage, not both"),
    "CONTENT_NONE": ("3.1", "a message has one of textMessage and dataMessage"),
    "TEXT_LENGTH": ("3.1", "textMessage.text is a string of at most 65535 characters"),
    "DATA_MESSAGE": ("3.1", "dataMessage has base64 data and a port from 1 to 65535"),
    "PHONE_NUMBERS_EMPTY": ("3.1, 11.9", "phoneNumbers is a non-empty array"),
    "PHONE_NUMBERS_SAME": ("3.1, 11.9", "phoneNumbers are unique"),
    "PHONE_NUMBERS_MANY": ("5", "one recipient per message"),
    "PHONE_NUMBER_FORM": ("3.1", "the server normalises numbers to E.164, the app does not check them"),
    "SIM_NUMBER": ("3.1", "simNumber is 1, 2 or 3"),
    "PRIORITY_RANGE": ("2, 11.9", "priority fits a signed byte"),
    "DATE_FRACTION": ("2, 11.1", "dates have exactly three fraction digits or none"),
    "DATE_FORM": ("2", "dates are RFC 3339 with an offset"),
    "STATE_UNKNOWN": ("3.1, 11.7", "no state that the app does not know: it would send the message"),
    "STATE_NO_EFFECT": ("3.1", "only Pending and Cancelling are handed to the phone"),
    "FIELD_TOO_NEW": ("3, 5", "no cancelling state before 1.67 and no scheduleAt before 1.61"),
    "SAME_ID_OTHER_TEXT": ("3.1, 11.12", "an id keeps its content for ever"),
    "WITHDRAWN": ("5, 11.12", "a message stays in the list until it is acknowledged or cancelled"),
    "CANCELLING_DROPPED": ("5", "a cancelling message stays cancelling in the list until a final state arrives"),
    "RETURNED_AFTER_ACK": ("11.12", "a message whose state was accepted is not handed out again"),
    "RELEASED_TWICE": ("11.13", "a re-installed phone does not get messages again that it had fetched before"),
    "SETTINGS_NULL_SECTION": ("8, 11.8", "no settings section is null"),
    "SETTINGS_TYPE": ("8", "settings have the documented types"),
    "SETTINGS_ENUM": ("8", "settings use only names that the app knows"),
    "SETTINGS_RANGE": ("8", "settings are within the app's ranges"),
    "WEBHOOK_FIELD": ("3.1", "a webhook has the strings id, url and event"),
    "WEBHOOK_EVENT": ("7, 11.6", "webhooks only for events that this app version knows"),
    "WEBHOOK_URL": ("3.1", "a webhook URL is https (http only to this very machine)"),
    "WEBHOOK_SLOW": ("7, 11.14", "the webhook receiver answers in less than 5 s"),
    "WEBHOOK_REFUSED": ("7, 11.14", "the webhook receiver accepts what is signed rightly, also repeated"),
    "SSE_CONTENT_TYPE": ("3", "the event stream is text/event-stream"),
    "SSE_COMPRESSED": ("6, 11.5", "the event stream is not compressed"),
    "SSE_FRAME_WITHOUT_DATA": ("6, 11.5", "every frame has a data line"),
    "SSE_UNKNOWN_EVENT": ("6", "only event names that this app version knows"),
    "SSE_DATA": ("6", "event data is JSON, null when there is none"),
    "SSE_SILENCE": ("6, 11.5", "the stream is never silent for more than 30 s"),
    "SSE_NOT_KEPT_OPEN": ("3", "the stream stays open"),
    "CANCELLED_NULL": ("added", "MessageCancelled never has null data: the app crashes"),
    "CANCELLED_DATA": ("5, 6", "MessageCancelled has {messageId: string}"),
    "EXPORT_DATA": ("6", "MessagesExportRequested has since and until, all values strings"),
    "NO_FIRST_PUSH": ("added", "WebhooksUpdated and SettingsUpdated follow the first opening of the stream"),
    "PROBE_DOUBLE_SLASH": ("2, 11.15", "a double slash in the path is tolerated"),
    "PROBE_ALIAS": ("3", "/messages is an alias of /message"),
    "PROBE_BAD_ORDER": ("3", "an unknown order is answered with 400"),
    "PROBE_REPEATED_PATCH": ("5, 11.10", "the same PATCH again is answered with 204"),
    "PROBE_UNKNOWN_ID": ("3, 5, 11.10", "PATCH of an unknown id is answered with 204"),
    "PROBE_MALFORMED_PATCH": ("3", "a malformed PATCH is answered with 400"),
    "PROBE_FOREIGN_DEVICE": ("3", "PATCH /device with another device's id is answered with 403"),
    "PROBE_UNKNOWN_TOKEN": ("3, 4, 11.3", "an invented device token is answered with 401"),
    "PROBE_BAD_KEY": ("3", "an invented private token is answered with 401"),
    "PROBE_EXTERNAL_IP": ("3", "GET /device without a token gives externalIp and no device"),
    "PROBE_PARALLEL_STREAMS": ("11.5", "one device may hold several streams"),
    "PROBE_FORGED_WEBHOOK": ("7", "once the settings were read, a wrong signature is refused"),
}

LIST, ELEMENT, NONE = "the whole list fails", "the element is skipped", "the app goes on"


@dataclass(frozen=True)
class Finding:
    code: str
    words: str
    harm: str = NONE


@dataclass(frozen=True)
class Endpoint:
    success: int
    shape: Optional[type]  # what the app decodes; None = it reads no body
    errors: frozenset = frozenset({401})  # documented refusals of a well-formed call
    device_token: bool = True


ENDPOINTS = {
    "POST /device": Endpoint(201, dict, frozenset({401, 429}), device_token=False),
    "PATCH /device": Endpoint(204, None),
    "GET /message": Endpoint(200, list),
    "PATCH /message": Endpoint(204, None),
    "GET /webhooks": Endpoint(200, list),
    "GET /settings": Endpoint(200, dict),
    "GET /events": Endpoint(200, None),
}

ALL_STATES = ("Pending", "Cancelling", "Cancelled", "Processed", "Sent", "Delivered", "Failed")
STATES_SINCE, SCHEDULE_SINCE, ORDER_SINCE = (1, 67, 0), (1, 61, 0), (1, 46, 0)

SERVER_EVENTS = {
    "MessageEnqueued": (0, 0, 0),
    "WebhooksUpdated": (0, 0, 0),
    "SettingsUpdated": (0, 0, 0),
    "MessagesExportRequested": (0, 0, 0),
    "MessageCancelled": (1, 67, 0),
}

WEBHOOK_EVENTS = {
    "sms:received": (0, 0, 0),
    "sms:sent": (0, 0, 0),
    "sms:delivered": (0, 0, 0),
    "sms:failed": (0, 0, 0),
    "system:ping": (0, 0, 0),
    "sms:data-received": (1, 39, 0),
    "mms:received": (1, 47, 0),
    "mms:downloaded": (1, 56, 0),
    "app:started": (1, 66, 0),
    "sms:cancelled": (1, 67, 0),
    "sms:batch:received": (1, 69, 0),
    "sms:batch:data-received": (1, 69, 0),
    "mms:batch:received": (1, 69, 0),
    "mms:batch:downloaded": (1, 69, 0),
}


def status_finding(name, status):
    endpoint = ENDPOINTS[name]
    if status == endpoint.success:
        return None
    if 200 <= status < 300:
        return Finding("STATUS_SUCCESS", f"{name} answered {status}, {endpoint.success} is documented")
    if endpoint.device_token and status in (403, 404):
        return Finding("TOKEN_NOT_401", f"{name} answered {status} to our device token")
    if status in endpoint.errors:
        return None
    return Finding("STATUS_UNDOCUMENTED", f"{name} answered {status} to a well-formed call")


def has_type(value, kind):
    """JSON types: a bool is no number, a fraction is no whole number."""
    return isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)


FIELD_TYPES = {
    "id": str, "textMessage": dict, "dataMessage": dict, "message": str, "phoneNumbers": list, "simNumber": int,
    "withDeliveryReport": bool, "isEncrypted": bool, "validUntil": str, "scheduleAt": str, "createdAt": str,
    "priority": int, "state": str,
}  # fmt: skip


@dataclass(frozen=True)
class MessageRule:
    code: str
    harm: str
    flaw: Callable  # (element, version) → words or None


def _id_missing(m, _):
    return None if m.get("id") else "a message has no id"


def _id_form(m, _):
    identity = m.get("id") or ""
    if len(identity) > 36:
        return f"the id {identity!r} has {len(identity)} characters"
    return f"the id {identity!r} has a vertical bar" if "|" in identity else None


def _content_both(m, _):
    both = m.get("textMessage") is not None and m.get("dataMessage") is not None
    return f"{m.get('id')} has textMessage and dataMessage" if both else None


def _content_none(m, _):
    none = m.get("textMessage") is None and m.get("dataMessage") is None
    return f"{m.get('id')} has neither textMessage nor dataMessage" if none else None


def _text(m, _):
    content = m.get("textMessage")
    if content is None:
        return None
    text = content.get("text")
    if not has_type(text, str):
        return f"{m.get('id')} has textMessage.text {text!r}"
    return f"{m.get('id')} has a text of {len(text)} characters" if len(text) > 65535 else None


def _data(m, _):
    content = m.get("dataMessage")
    if content is None:
        return None
    port, data = content.get("port"), content.get("data")
    if not has_type(port, int) or not 1 <= port <= 65535:
        return f"{m.get('id')} has dataMessage.port {port!r}"
    try:
        base64.b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return f"{m.get('id')} has dataMessage.data that is not base64"
    return None


def _numbers_empty(m, _):
    numbers = m.get("phoneNumbers")
    bad = not numbers or any(not has_type(n, str) or not n for n in numbers)
    return f"{m.get('id')} has phoneNumbers {numbers!r}" if bad else None


def _numbers_same(m, _):
    numbers = m.get("phoneNumbers") or []
    return f"{m.get('id')} names a number twice: {numbers!r}" if len(set(map(str, numbers))) < len(numbers) else None


def _numbers_many(m, _):
    recipients = len(set(map(str, m.get("phoneNumbers") or [])))
    return f"{m.get('id')} has {recipients} recipients" if recipients > 1 else None


def _number_form(m, _):
    bad = [n for n in m.get("phoneNumbers") or [] if has_type(n, str) and not re.fullmatch(r"\+[1-9]\d{6,14}", n)]
    return f"{m.get('id')} has a number that is not E.164: {bad!r}" if bad else None


def _sim(m, _):
    sim = m.get("simNumber")
    return f"{m.get('id')} has simNumber {sim}" if sim is not None and not 1 <= sim <= 3 else None


def _priority_folds(m, _):
    value = m.get("priority")
    return f"{m.get('id')} has priority {value}, which the app folds to {value - 256}" if value is not None and 128 <= value <= 255 else None


def _priority_fails(m, _):
    value = m.get("priority")
    return f"{m.get('id')} has priority {value}: the list fails" if value is not None and (value < -128 or value > 255) else None


def _date(code):
    def flaw(m, _):
        for name in ("validUntil", "scheduleAt", "createdAt"):
            found = date_flaw(m[name]) if m.get(name) is not None else None
            if found and found[0] == code:
                return f"{m.get('id')} {name}: {found[1]}"
        return None

    return flaw


def _state_unknown(m, version):
    state = m.get("state")
    bad = state is not None and version >= STATES_SINCE and state not in ALL_STATES
    return f"{m.get('id')} has the state {state!r}, which the app reads as Pending" if bad else None


def _state_no_effect(m, version):
    state = m.get("state")
    bad = version >= STATES_SINCE and state in ALL_STATES and state not in ("Pending", "Cancelling")
    return f"{m.get('id')} is handed out in the state {state}" if bad else None


def _too_new(m, version):
    if version < STATES_SINCE and m.get("state") not in (None, "Pending"):
        return f"{m.get('id')} has the state {m['state']!r}, which version {version} ignores: it sends the message"
    if version < SCHEDULE_SINCE and m.get("scheduleAt") is not None:
        return f"{m.get('id')} has scheduleAt, which version {version} ignores"
    return None


MESSAGE_RULES = (
    MessageRule("MESSAGE_ID", ELEMENT, _id_missing),
    MessageRule("MESSAGE_ID", NONE, _id_form),
    MessageRule("CONTENT_BOTH", NONE, _content_both),
    MessageRule("CONTENT_NONE", ELEMENT, _content_none),
    MessageRule("TEXT_LENGTH", ELEMENT, _text),
    MessageRule("DATA_MESSAGE", ELEMENT, _data),
    MessageRule("PHONE_NUMBERS_EMPTY", ELEMENT, _numbers_empty),
    MessageRule("PHONE_NUMBERS_SAME", NONE, _numbers_same),
    MessageRule("PHONE_NUMBERS_MANY", NONE, _numbers_many),
    MessageRule("PHONE_NUMBER_FORM", NONE, _number_form),
    MessageRule("SIM_NUMBER", NONE, _sim),
    MessageRule("PRIORITY_RANGE", NONE, _priority_folds),
    MessageRule("PRIORITY_RANGE", LIST, _priority_fails),
    MessageRule("DATE_FRACTION", NONE, _date("DATE_FRACTION")),
    MessageRule("DATE_FORM", LIST, _date("DATE_FORM")),
    MessageRule("STATE_UNKNOWN", NONE, _state_unknown),
    MessageRule("STATE_NO_EFFECT", ELEMENT, _state_no_effect),
    MessageRule("FIELD_TOO_NEW", NONE, _too_new),
)


def check_list(elements):
    """Findings about GET /message as a whole."""
    found = []
    if len(elements) > 100:
        found.append(Finding("LIST_TOO_LONG", f"GET /message returned {len(elements)} messages"))
    ids = [e.get("id") for e in elements if isinstance(e, dict)]
    twice = sorted({str(i) for i in ids if ids.count(i) > 1})
    if twice:
        found.append(Finding("LIST_SAME_ID", f"one list holds twice: {', '.join(twice)}"))
    return found


def check_message(element, version):
    """Findings about one element of GET /message for the app of this version."""
    if not isinstance(element, dict):
        return [Finding("FIELD_TYPE", f"an element of the list is {element!r}", LIST)]
    wrong = [
        Finding("FIELD_TYPE", f"{element.get('id')} has {name} {element[name]!r}", LIST)
        for name, kind in FIELD_TYPES.items()
        if element.get(name) is not None and not has_type(element[name], kind)
    ]
    if wrong:
        return wrong
    flaws = ((rule, rule.flaw(element, version)) for rule in MESSAGE_RULES)
    return [Finding(rule.code, words, rule.harm) for rule, words in flaws if words]


def check_webhook(element, version):
    """Any finding makes the whole sync of webhooks fail."""
    if not isinstance(element, dict) or any(not has_type(element.get(k), str) or not element[k] for k in ("id", "url", "event")):
        return [Finding("WEBHOOK_FIELD", f"not a webhook with id, url and event: {element!r}", LIST)]
    found = []
    since = WEBHOOK_EVENTS.get(element["event"])
    if since is None or since > version:
        found.append(Finding("WEBHOOK_EVENT", f"version {version} does not know {element['event']!r}", LIST))
    if not re.match(r"https://|http://(127\.0\.0\.1|localhost)([:/]|$)", element["url"]):
        found.append(Finding("WEBHOOK_URL", f"the webhook of {element['event']} is not https", LIST))
    return found


def check_event(name, data, version):
    """Findings about a dispatched event; `data` is already decoded."""
    if SERVER_EVENTS.get(name, (99, 0, 0)) > version:
        return [Finding("SSE_UNKNOWN_EVENT", f"version {version} does not know the event {name!r}")]
    if name == "MessageCancelled":
        if data is None:
            return [Finding("CANCELLED_NULL", "MessageCancelled with null data crashes the app")]
        if not isinstance(data, dict) or not has_type(data.get("messageId"), str):
            return [Finding("CANCELLED_DATA", f"MessageCancelled with {data!r}")]
    if name == "MessagesExportRequested":
        strings = isinstance(data, dict) and all(isinstance(v, str) for v in data.values())
        if not strings or "since" not in data or "until" not in data or date_flaw(data["since"]) or date_flaw(data["until"]):
            return [Finding("EXPORT_DATA", f"MessagesExportRequested with {data!r}")]
    return []
