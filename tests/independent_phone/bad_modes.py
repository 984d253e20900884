"""For every violation code a bad server that provokes it: the client can fail."""

from dataclasses import dataclass, field

from fake_server import Flaw, sms

HURRY = 50


@dataclass(frozen=True)
class Case:
    """A flaw, what the phone needs to meet it, and the codes that may come along."""

    flaw: Flaw = field(default_factory=Flaw)
    messages: tuple = ()
    settings: dict | None = None
    webhooks: tuple | None = None  # dicts; "url" may be left out
    profile: dict = field(default_factory=dict)
    user_agent: str = "me.capcom.smsgateway/1.68.0"
    probe: bool = False
    nudge: bool = False  # MessageEnqueued again and again
    air_before: tuple = ()  # ids of an earlier life
    also: frozenset = frozenset()


def _element(**changes):
    return Case(Flaw(element=lambda e: e.update(changes)), (sms(),))


def _without(*names, **changes):
    def change(element):
        element.update(changes)
        for name in names:
            element.pop(name)

    return Case(Flaw(element=change), (sms(),))


def _status(method, path, status, only=None, **more):
    def reply(m, p, s, v):
        hit = (m, p) == (method, path) and (only is None or s == only)
        return (status, v) if hit else (s, v)

    return Case(Flaw(reply=reply), **more)


def _value(method, path, change, **more):
    def reply(m, p, s, v):
        return (s, change(v)) if (m, p) == (method, path) and s < 300 else (s, v)

    return Case(Flaw(reply=reply), **more)


def _drop(name):
    return lambda value: {k: v for k, v in value.items() if k != name}


def _stream(text):
    return Case(Flaw(stream_bytes=text.encode()))


def _pulls(change, **profile):
    return Case(Flaw(pending=change), (sms(),), profile={"radio_delay_s": 30, **profile}, nudge=True)


def _with_text(text):
    return lambda elements, n: [sms(text=text)] if n > 1 else elements


PING = ({"id": "w1", "event": "system:ping"},)
INCOMING = {"incoming": [{"from": "+79161234567", "text": "1", "after_s": 0.3}]}

CASES = {
    "SLOW_REPLY": [Case(Flaw(delay_s=lambda m, p: 0.8 if p == "/message" else 0), profile={"limits": {"reply_s": 0.3}})],
    "CONTENT_TYPE": [Case(Flaw(content_type=lambda m, p: "text/plain" if p == "/message" else None)),
                     Case(Flaw(content_type=lambda m, p: "text/html" if m == "POST" else None))],
    "BAD_JSON": [Case(Flaw(raw=lambda m, p: b"[{" if p == "/message" else None)),
                 Case(Flaw(raw=lambda m, p: b'{"ping": NaN}' if p == "/settings" else None))],
    "TOP_LEVEL": [_value("GET", "/message", lambda v: {"messages": v}), _value("GET", "/webhooks", lambda v: {"webhooks": v}),
                  _value("GET", "/settings", lambda v: []), Case(Flaw(raw=lambda m, p: b"null" if p == "/message" else None))],
    "STATUS_SUCCESS": [_status("POST", "/device", 200), _status("PATCH", "/message", 200, messages=(sms(),)),
                       _status("GET", "/message", 203)],
    "STATUS_UNDOCUMENTED": [_status("GET", "/message", 422), _status("PATCH", "/message", 500, messages=(sms(),))],
    "TOKEN_NOT_401": [_status("GET", "/message", 404), _status("PATCH", "/message", 403, messages=(sms(),)),
                      _status("GET", "/events", 403)],
    "REGISTER_FIELD": [_value("POST", "/device", _drop("token")), _value("POST", "/device", lambda v: {**v, "id": 7})],
    "REGISTER_LOGIN": [_value("POST", "/device", _drop("login")), _value("POST", "/device", lambda v: {**v, "login": None})],
    "LIST_TOO_LONG": [_value("GET", "/message", lambda v: [sms(f"m{i}") for i in range(101)])],
    "LIST_SAME_ID": [_value("GET", "/message", lambda v: [sms(), sms()])],
    "FIELD_TYPE": [_element(priority="high"), _element(simNumber=True), _element(withDeliveryReport="yes"),
                   _value("GET", "/message", lambda v: ["m1"])],
    "MESSAGE_ID": [_element(id="x" * 37), _element(id="a|b"), _without("id"), _element(id="")],
    "CONTENT_BOTH": [_element(dataMessage={"data": "AAAA", "port": 53739})],
    "CONTENT_NONE": [_without("textMessage"), _without("textMessage", message="only the old field")],
    "TEXT_LENGTH": [_element(textMessage={"text": "x" * 65536}), _element(textMessage={})],
    "DATA_MESSAGE": [_without("textMessage", dataMessage={"data": "AAAA", "port": 0}),
                     _without("textMessage", dataMessage={"data": "%", "port": 1})],
    "PHONE_NUMBERS_EMPTY": [_element(phoneNumbers=[]), _element(phoneNumbers=None), _without("phoneNumbers"),
                            _element(phoneNumbers=[None])],
    "PHONE_NUMBERS_SAME": [_element(phoneNumbers=["+79161234567", "+79161234567"])],
    "PHONE_NUMBERS_MANY": [_element(phoneNumbers=["+79161234567", "+79161234568"])],
    "PHONE_NUMBER_FORM": [_element(phoneNumbers=["8 (916) 123-45-67"])],
    "SIM_NUMBER": [_element(simNumber=0), _element(simNumber=4)],
    "PRIORITY_RANGE": [_element(priority=300), _element(priority=128), _element(priority=-129)],
    "DATE_FRACTION": [_element(validUntil="2099-01-01T00:00:00.123456Z"), _element(scheduleAt="2026-01-01T00:00:00.1Z"),
                      _element(createdAt="2026-01-01T00:00:00.123456789+03:00")],
    "DATE_FORM": [_element(validUntil="2099-01-01 00:00:00"), _element(validUntil="2099-13-01T00:00:00Z")],
    "STATE_UNKNOWN": [_element(state="Queued"), _element(state="pending")],
    "STATE_NO_EFFECT": [_element(state="Processed")],
    "FIELD_TOO_NEW": [Case(Flaw(element=lambda e: e.update(state="Cancelling")), (sms(),), user_agent="me.capcom.smsgateway/1.66.0"),
                      Case(messages=(sms(scheduleAt="2099-01-01T00:00:00Z"),), user_agent="me.capcom.smsgateway/1.60.1",
                           webhooks=())],
    "SAME_ID_OTHER_TEXT": [_pulls(_with_text("another text"))],
    "WITHDRAWN": [_pulls(lambda elements, n: elements if n == 1 else [])],
    "CANCELLING_DROPPED": [_pulls(lambda elements, n: [sms(state="Cancelling" if n == 1 else "Pending")], patch={"lose": 1.0}),
                           _pulls(lambda elements, n: [sms(state="Cancelling")] if n == 1 else [], patch={"lose": 1.0})],
    "RETURNED_AFTER_ACK": [Case(Flaw(pending=lambda elements, n: [sms()]), (sms(),), nudge=True),
                           Case(Flaw(pending=lambda elements, n: [sms(state="Cancelling")]), (sms(),), nudge=True)],
    "RELEASED_TWICE": [Case(messages=(sms(),), air_before=("m1",))],
    "SETTINGS_NULL_SECTION": [Case(settings={"messages": None}), Case(settings={"receiver": None})],
    "SETTINGS_TYPE": [Case(settings={"ping": {"interval_seconds": "60"}}), Case(settings={"webhooks": {"internet_required": 1}}),
                      Case(settings={"messages": []})],
    "SETTINGS_ENUM": [Case(settings={"messages": {"limit_period": "PerWeek"}}), Case(settings={"messages": {"processing_order": "fifo"}}),
                      Case(settings={"messages": {"limit_period": "Per30Minutes"}}, user_agent="me.capcom.smsgateway/1.66.0")],
    "SETTINGS_RANGE": [Case(settings={"ping": {"interval_seconds": 0}}), Case(settings={"messages": {"log_lifetime_days": 0}}),
                       Case(settings={"gateway": {"cloud_url": "http://example.org/mobile/v1"}})],
    "WEBHOOK_FIELD": [Case(webhooks=({"id": 5, "event": "sms:received"},)), Case(webhooks=({"id": "w1", "event": None},))],
    "WEBHOOK_EVENT": [Case(webhooks=({"id": "w1", "event": "sms:batch:received"},)),
                      Case(webhooks=({"id": "w1", "event": "app:started"},), user_agent="me.capcom.smsgateway/1.65.2")],
    "WEBHOOK_URL": [Case(webhooks=({"id": "w1", "event": "sms:received", "url": "http://example.org/hook"},))],
    "WEBHOOK_SLOW": [Case(Flaw(delay_s=lambda m, p: 0.8 if p == "/hook" else 0), profile={**INCOMING, "limits": {"webhook_s": 0.3}})],
    "WEBHOOK_REFUSED": [_status("POST", "/hook", 422, profile=INCOMING)],
    "SSE_CONTENT_TYPE": [Case(Flaw(stream_headers={"Content-Type": "application/json"}))],
    "SSE_COMPRESSED": [Case(Flaw(stream_headers={"Content-Encoding": "gzip"}))],
    "SSE_FRAME_WITHOUT_DATA": [_stream("event: MessageEnqueued\n\n"), _stream("id: 5\n\n")],
    "SSE_UNKNOWN_EVENT": [_stream("event: PhoneMustDance\ndata: null\n\n"),
                          Case(Flaw(stream_bytes=b'event: MessageCancelled\ndata: {"messageId":"m1"}\n\n'),
                               user_agent="me.capcom.smsgateway/1.66.0")],
    "SSE_DATA": [_stream("event: MessageEnqueued\ndata: now\n\n"), _stream("event: MessageEnqueued\ndata:\n\n")],
    "SSE_SILENCE": [Case(Flaw(keepalive_s=99), profile={"limits": {"silence_s": 0.3}})],
    "SSE_NOT_KEPT_OPEN": [Case(Flaw(stream_ends=True))],
    "CANCELLED_NULL": [_stream("event: MessageCancelled\ndata: null\n\n")],
    "CANCELLED_DATA": [_stream('event: MessageCancelled\ndata: {"id":"m1"}\n\n')],
    "EXPORT_DATA": [_stream("event: MessagesExportRequested\ndata: {}\n\n"),
                    _stream('event: MessagesExportRequested\n'
                            'data: {"since":"2026-01-01T00:00:00Z","until":"2026-01-02T00:00:00Z","triggerWebhooks":true}\n\n')],
    "NO_FIRST_PUSH": [Case(Flaw(first_push=False), profile={"limits": {"first_push_s": 0.2}})],
    "PROBE_DOUBLE_SLASH": [Case(Flaw(strict_path=True), probe=True)],
    "PROBE_ALIAS": [Case(Flaw(alias=False), probe=True)],
    "PROBE_BAD_ORDER": [_status("GET", "/message", 200, only=400, probe=True)],
    "PROBE_REPEATED_PATCH": [Case(Flaw(refuses_repeats_of="unknown"), probe=True),
                             Case(Flaw(refuses_repeats_of="known"), (sms(),), probe=True, also=frozenset({"STATUS_UNDOCUMENTED"}))],
    "PROBE_UNKNOWN_ID": [_status("PATCH", "/message", 404, only=204, probe=True)],
    "PROBE_MALFORMED_PATCH": [_status("PATCH", "/message", 422, only=400, probe=True),
                              _status("PATCH", "/message", 204, only=400, probe=True)],
    "PROBE_FOREIGN_DEVICE": [_status("PATCH", "/device", 204, only=403, probe=True)],
    "PROBE_UNKNOWN_TOKEN": [_status("PATCH", "/device", 404, only=401, probe=True), _status("GET", "/webhooks", 403, only=401, probe=True)],
    "PROBE_BAD_KEY": [_status("POST", "/device", 403, only=401, probe=True)],
    "PROBE_EXTERNAL_IP": [_value("GET", "/device", lambda v: {"externalIp": None}, probe=True), _status("GET", "/device", 401, probe=True)],
    "PROBE_PARALLEL_STREAMS": [Case(Flaw(one_stream=True), probe=True)],
    "PROBE_FORGED_WEBHOOK": [Case(Flaw(accepts_forged=True), probe=True)],
}  # fmt: skip
