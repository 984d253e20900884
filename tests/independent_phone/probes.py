"""Questions that the app would not ask by itself, put once after registration: does the server keep the hard corners?"""

import json
import secrets
import time

from reports import patch_status, repeat_finding
from rules import Finding
from webhooks import app_json, signature
from wire import exchange, open_stream

_ALIVE_S = 0.4  # how long the first of two streams is watched


class _Asker:
    def __init__(self, api, store, options, clock):
        self.api, self.store, self.options, self.clock = api, store, options, clock

    def get(self, path, authorization):
        return exchange("GET", self.api.base_url + path, self.api.headers(authorization))

    def send(self, method, path, authorization, body):
        headers = {**self.api.headers(authorization), "Content-Type": "application/json"}
        return exchange(method, self.api.base_url + path, headers, app_json(body).encode())

    @property
    def bearer(self):
        return f"Bearer {self.store.token}"


def _double_slash(ask):
    reply = ask.get("//webhooks", ask.bearer)
    if reply.status != 200 or not isinstance(_json(reply), list):
        yield Finding("PROBE_DOUBLE_SLASH", f"GET //webhooks was answered with {reply.status}")


def _alias(ask):
    reply = ask.get("/messages?order=fifo", ask.bearer)
    if reply.status != 200 or not isinstance(_json(reply), list):
        yield Finding("PROBE_ALIAS", f"GET /messages was answered with {reply.status}")


def _bad_order(ask):
    reply = ask.get("/message?order=sideways", ask.bearer)
    if reply.status != 400:
        yield Finding("PROBE_BAD_ORDER", f"GET /message?order=sideways was answered with {reply.status}")


def _element():
    return {
        "id": f"probe-{secrets.token_hex(8)}",
        "state": "Sent",
        "recipients": [{"phoneNumber": "+70000000000", "state": "Sent"}],
        "states": {"Sent": "2026-01-01T00:00:00.000Z"},
    }


def _unknown_id(ask):
    element = _element()
    status = patch_status(ask.api, ask.store.token, [element])
    if status != 204:
        yield Finding("PROBE_UNKNOWN_ID", f"PATCH /message with an unknown id was answered with {status}")
        return
    repeated = repeat_finding(ask.api, ask.store.token, element)
    if repeated:
        yield repeated


def _malformed_patch(ask):
    bodies = {
        "broken JSON": b'[{"id":',
        "an object in place of the list": {"id": "x"},
        "an element without id and state": [{"recipients": []}],
        "an unknown state": [{**_element(), "state": "Flown"}],
        "an id that is a number": [{**_element(), "id": 7}],
    }
    for words, body in bodies.items():
        status = patch_status(ask.api, ask.store.token, body)
        if status != 400:
            yield Finding("PROBE_MALFORMED_PATCH", f"PATCH /message with {words} was answered with {status}")


def _foreign_device(ask):
    status = ask.send("PATCH", "/device", ask.bearer, {"id": f"foreign{secrets.token_hex(7)}", "simCards": []}).status
    if status != 403:
        yield Finding("PROBE_FOREIGN_DEVICE", f"PATCH /device with another id was answered with {status}")


def _unknown_token(ask):
    invented = f"Bearer {secrets.token_urlsafe(16)}"
    status = ask.send("PATCH", "/device", invented, {"id": ask.store.device_id}).status
    if status != 401:
        yield Finding("PROBE_UNKNOWN_TOKEN", f"PATCH /device with an invented token was answered with {status}")
    for path in ("/message?order=fifo", "/webhooks", "/settings", "/events"):
        status = ask.get(path, invented).status
        if status != 401:
            yield Finding("PROBE_UNKNOWN_TOKEN", f"GET {path} with an invented token was answered with {status}")


def _bad_key(ask):
    if not ask.options.private_token:
        return
    status = ask.send("POST", "/device", f"Bearer {secrets.token_urlsafe(16)}", {"name": "probe", "simCards": []}).status
    if status not in (401, 429):
        yield Finding("PROBE_BAD_KEY", f"POST /device with an invented private token was answered with {status}")


def _external_ip(ask):
    for words, authorization in (("no token", None), ("an invented token", f"Bearer {secrets.token_urlsafe(16)}")):
        reply = ask.get("/device", authorization)
        value = _json(reply)
        sound = isinstance(value, dict) and isinstance(value.get("externalIp"), str) and value.get("device") is None
        if reply.status != 200 or not sound:
            yield Finding("PROBE_EXTERNAL_IP", f"GET /device with {words} was answered with {reply.status}, without externalIp or with a device")


def _parallel_streams(ask):
    streams = []
    try:
        for _ in range(2):
            streams.append(open_stream(ask.api.base_url, ask.store.token))
        refused = [s.status for s in streams if s.status != 200]
        if refused:
            yield Finding("PROBE_PARALLEL_STREAMS", f"one of two parallel streams was answered with {refused[0]}")
        elif _ends_soon(streams[0]):
            yield Finding("PROBE_PARALLEL_STREAMS", "a second stream ended the first")
    finally:
        for stream in streams:
            stream.release()


def _ends_soon(stream):
    stream.set_read_timeout(_ALIVE_S)
    until = time.monotonic() + _ALIVE_S
    while time.monotonic() < until:
        try:
            if not stream.read():
                return True
        except TimeoutError:
            return False
        except OSError:
            return True
    return False


def _forged_webhook(ask):
    settings = _json(ask.get("/settings", ask.bearer))
    key = ((settings or {}).get("webhooks") or {}).get("signing_key") if isinstance(settings, dict) else None
    webhooks = _json(ask.get("/webhooks", ask.bearer)) or []
    ping = next((w for w in webhooks if isinstance(w, dict) and w.get("event") in ("system:ping", "app:started")), None)
    if not key or not ping:
        return  # nothing to forge against
    payload = {"health": {"status": "pass"}} if ping["event"] == "system:ping" else {"simCards": []}
    body = app_json({"id": secrets.token_hex(8), "webhookId": ping.get("id"), "event": ping["event"],
                     "deviceId": ask.store.device_id, "payload": payload}).encode()  # fmt: skip
    timestamp = str(int(ask.clock.device_now(fresh=True).timestamp()))
    headers = {"Content-Type": "application/json", "User-Agent": ask.api.user_agent, "X-Timestamp": timestamp,
               "X-Signature": signature(key + "x", body, timestamp)}  # fmt: skip
    status = exchange("POST", ping["url"], headers, body).status
    if 200 <= status < 300:
        yield Finding("PROBE_FORGED_WEBHOOK", f"the receiver of {ping['event']} accepted a wrong signature with {status}")


def _json(reply):
    try:
        return json.loads(reply.body)
    except ValueError:
        return None


# code under which a probe without any answer is reported, and the probe
PROBES = (
    ("PROBE_DOUBLE_SLASH", _double_slash),
    ("PROBE_ALIAS", _alias),
    ("PROBE_BAD_ORDER", _bad_order),
    ("PROBE_UNKNOWN_ID", _unknown_id),
    ("PROBE_MALFORMED_PATCH", _malformed_patch),
    ("PROBE_FOREIGN_DEVICE", _foreign_device),
    ("PROBE_UNKNOWN_TOKEN", _unknown_token),
    ("PROBE_BAD_KEY", _bad_key),
    ("PROBE_EXTERNAL_IP", _external_ip),
    ("PROBE_PARALLEL_STREAMS", _parallel_streams),
    ("PROBE_FORGED_WEBHOOK", _forged_webhook),
)


def run_probes(api, store, options, clock, report):
    ask = _Asker(api, store, options, clock)
    for code, probe in PROBES:
        report.count("probes")
        try:
            report.findings(list(probe(ask)))
        except OSError as error:
            report.violation(code, f"no whole reply to a probe: {error}")
