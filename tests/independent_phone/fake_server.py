"""A small server of the phone protocol for the tests of this client: sound in itself, with hooks for flaws."""

import base64
import hashlib
import hmac
import json
import queue
import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, Optional

PRIVATE_TOKEN, CODE, LOGIN, PASSWORD = "link-1", "code22", "ABCDEF", "secret-password"
SIGNING_KEY = "k" * 32
STATES = ("Pending", "Processed", "Sent", "Delivered", "Failed", "Cancelled")
PREFIX = "/api/mobile/v1"


@dataclass(frozen=True)
class Flaw:
    """What a bad server does otherwise. Each hook may be left out."""

    element: Optional[Callable] = None  # (element of GET /message) → None, changes it in place
    pending: Optional[Callable] = None  # (list of elements, number of the pull from 1) → list
    reply: Optional[Callable] = None  # (method, path, status, value) → (status, value)
    content_type: Optional[Callable] = None  # (method, path) → str or None
    raw: Optional[Callable] = None  # (method, path) → body bytes or None
    delay_s: Optional[Callable] = None  # (method, path) → seconds
    stream_headers: Optional[dict] = None
    stream_bytes: Optional[bytes] = None  # in place of the first push
    stream_ends: bool = False
    one_stream: bool = False
    keepalive_s: float = 0.2
    first_push: bool = True
    strict_path: bool = False
    alias: bool = True
    accepts_forged: bool = False
    refuses_repeats_of: str = ""  # "known" or "unknown" messages


def sms(identity="m1", number="+79161234567", text="Запись завтра в 14:30", **more):
    return {"id": identity, "state": "Pending", "textMessage": {"text": text}, "phoneNumbers": [number],
            "validUntil": "2099-01-01T00:00:00.000Z", "createdAt": "2026-03-04T12:15:00.000Z", **more}  # fmt: skip


class FakeServer:
    def __init__(self, flaw=None, messages=(), events=("sms:received", "app:started", "system:ping")):
        self.flaw = flaw or Flaw()
        self.lock = threading.RLock()
        self.messages = {m["id"]: dict(m) for m in messages}
        self.acked = set()
        self.devices = {}  # token → device id
        self.settings = {"messages": {"processing_order": "FIFO"}, "webhooks": {"signing_key": SIGNING_KEY}}
        self.settings_fetched = False
        self.pulls = 0
        self.requests = []  # (method, path, headers, body, query)
        self.patches = []
        self.received = []  # webhook envelopes
        self.fail_next = {}  # "METHOD /path" → how many 500
        self.now = None
        self.streams = []
        self.stopping = threading.Event()
        server = self

        class Handler(_Handler):
            fake = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self.origin = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.url = self.origin + PREFIX
        self.webhooks = [{"id": f"w{i}", "url": f"{self.origin}/hook/secret", "event": e} for i, e in enumerate(events)]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def push(self, name, data=None):
        frame = f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
        with self.lock:
            for stream in self.streams:
                stream.put(frame)

    def add(self, message, announce=True):
        with self.lock:
            self.messages[message["id"]] = dict(message)
        if announce:
            self.push("MessageEnqueued")

    def cancel(self, identity, announce=True):
        with self.lock:
            self.messages[identity]["state"] = "Cancelling"
        if announce:
            self.push("MessageCancelled", {"messageId": identity})

    def states_of(self, identity):
        with self.lock:
            return [p["state"] for p in self.patches if p["id"] == identity]

    def progress(self, identity):
        """Distinct reported states in the order of their first report; a second pull may add Pending or a repetition at any time."""
        return [state for state in dict.fromkeys(self.states_of(identity)) if state != "Pending"]

    def asked(self, method, path):
        with self.lock:
            return [r for r in self.requests if r[0] == method and r[1] == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake = None

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # the phone hung up

    def do_GET(self):
        self._serve("GET")

    def do_POST(self):
        self._serve("POST")

    def do_PATCH(self):
        self._serve("PATCH")

    def _serve(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        full, _, query = self.path.partition("?")
        if full == "/dev/clock":
            now = self.fake.now or datetime.now(timezone.utc)
            return self._answer(200, {"now": now.isoformat()})
        if full.startswith("/hook/"):
            return self._hook(body)
        path = full.removeprefix(PREFIX)
        if not self.fake.flaw.strict_path:
            path = re.sub("/+", "/", path)
        path = "/message" if path == "/messages" and self.fake.flaw.alias else path
        with self.fake.lock:
            self.fake.requests.append((method, path, dict(self.headers), body, query))
        if self.fake.flaw.delay_s:
            self.fake.stopping.wait(self.fake.flaw.delay_s(method, path) or 0)
        if method == "GET" and path == "/events" and self._device():
            status, value = self.fake.flaw.reply(method, path, 200, None) if self.fake.flaw.reply else (200, None)
            return self._events() if status == 200 else self._answer(status, value)
        status, value = self._result(method, path, query, body)
        if self.fake.flaw.reply:
            status, value = self.fake.flaw.reply(method, path, status, value)
        raw = self.fake.flaw.raw(method, path) if self.fake.flaw.raw else None
        kind = self.fake.flaw.content_type(method, path) if self.fake.flaw.content_type else None
        return self._answer(status, value, raw, kind)

    def _answer(self, status, value, raw=None, kind=None):
        content = raw if raw is not None else (b"" if value is None else json.dumps(value).encode())
        self.send_response(status)
        if content or status != 204:
            self.send_header("Content-Type", kind or "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _device(self):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        with self.fake.lock:
            return self.fake.devices.get(token)

    def _result(self, method, path, query, body):
        name = f"{method} {path}"
        with self.fake.lock:
            if self.fake.fail_next.get(name, 0) > 0:
                self.fake.fail_next[name] -= 1
                return 500, {"message": "told to fail"}
        try:
            sent = json.loads(body) if body else None
        except ValueError:
            return 400, {"message": "not JSON"}
        if name == "POST /device":
            return self._register()
        device = self._device()
        if name == "GET /device":
            return 200, {"externalIp": "203.0.113.7", **({"device": {"id": device}} if device else {})}
        if not device:
            return 401, {"message": "unknown token"}
        calls = {"PATCH /device": self._update, "GET /message": self._list, "PATCH /message": self._report,
                 "GET /webhooks": self._webhooks, "GET /settings": self._settings}  # fmt: skip
        if name not in calls:
            return 404, {"message": "no such path"}
        return calls[name](device, sent, query)

    def _register(self):
        basic = "Basic " + base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") not in (f"Bearer {PRIVATE_TOKEN}", f"Code {CODE}", basic):
            return 401, {"message": "bad key"}
        with self.fake.lock:
            token = f"token-{len(self.fake.devices) + 1}"
            self.fake.devices = {t: d for t, d in self.fake.devices.items() if d != "device-1"}
            self.fake.devices[token] = "device-1"
        return 201, {"id": "device-1", "token": token, "login": LOGIN, "password": PASSWORD}

    def _update(self, device, sent, _):
        if not isinstance(sent, dict) or "id" not in sent:
            return 400, {"message": "no id"}
        return (204, None) if sent["id"] == device else (403, {"message": "another device"})

    def _list(self, _device, _sent, query):
        if query and query not in ("order=fifo", "order=lifo"):
            return 400, {"message": "bad order"}
        with self.fake.lock:
            self.fake.pulls += 1
            elements = [json.loads(json.dumps(m)) for i, m in self.fake.messages.items() if i not in self.fake.acked]
            for element in elements:
                if self.fake.flaw.element:
                    self.fake.flaw.element(element)
            if self.fake.flaw.pending:
                elements = self.fake.flaw.pending(elements, self.fake.pulls)
            return 200, elements

    def _report(self, _device, sent, _):
        if not isinstance(sent, list):
            return 400, {"message": "not a list"}
        for element in sent:
            sound = isinstance(element, dict) and isinstance(element.get("id"), str) and element.get("state") in STATES
            if not sound or not element.get("recipients"):
                return 400, {"message": "malformed"}
        with self.fake.lock:
            for element in sent:
                kind = "known" if element["id"] in self.fake.messages else "unknown"
                if element in self.fake.patches and kind == self.fake.flaw.refuses_repeats_of:
                    return 409, {"message": "told already"}
            self.fake.patches += sent
            cancelling = {i for i, m in self.fake.messages.items() if m["state"] == "Cancelling"}
            self.fake.acked |= {e["id"] for e in sent if e["state"] != "Pending" or e["id"] not in cancelling}
        return 204, None

    def _webhooks(self, *_):
        return 200, self.fake.webhooks

    def _settings(self, *_):
        self.fake.settings_fetched = True
        return 200, self.fake.settings

    def _events(self):
        flaw, frames = self.fake.flaw, queue.Queue()
        with self.fake.lock:
            if flaw.one_stream:
                for other in self.fake.streams:
                    other.put(None)
            self.fake.streams.append(frames)
        self.send_response(200)
        for name, value in {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", **(flaw.stream_headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if flaw.stream_bytes is not None:
                self._chunk(flaw.stream_bytes)
            elif flaw.first_push:
                self._chunk(b"event: WebhooksUpdated\ndata: null\n\nevent: SettingsUpdated\ndata: null\n\n")
            if not flaw.stream_ends:
                self._pump(frames)
            self.wfile.write(b"0\r\n\r\n")
        finally:
            with self.fake.lock:
                self.fake.streams.remove(frames)
            self.close_connection = True

    def _pump(self, frames):
        heard_at = time.monotonic()
        while not self.fake.stopping.is_set():
            try:
                frame = frames.get(timeout=0.02)
            except queue.Empty:
                if time.monotonic() - heard_at < self.fake.flaw.keepalive_s:
                    continue
                frame = b":keepalive\n\n"
            if frame is None:
                return
            self._chunk(frame)
            heard_at = time.monotonic()

    def _chunk(self, content):
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")

    def _hook(self, body):
        flaw = self.fake.flaw
        timestamp, sent = self.headers.get("X-Timestamp", ""), self.headers.get("X-Signature", "")
        due = hmac.new(SIGNING_KEY.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()
        if self.fake.settings_fetched and sent != due and not flaw.accepts_forged:
            return self._answer(401, {"message": "bad signature"})
        if flaw.delay_s:
            self.fake.stopping.wait(flaw.delay_s("POST", "/hook") or 0)
        status, value = 200, {}
        if flaw.reply:
            status, value = flaw.reply("POST", "/hook", status, value)
        with self.fake.lock:
            if self.fake.fail_next.get("POST /hook", 0) > 0:
                self.fake.fail_next["POST /hook"] -= 1
                status = 500
            else:
                self.fake.received.append(json.loads(body))
        return self._answer(status, value)
