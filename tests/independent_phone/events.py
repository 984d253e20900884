"""The event stream as OkHttp reads it: strict frames, reconnects by the app's table, a watch for silence."""

import json
import threading
import time
from dataclasses import dataclass

from rules import check_event, status_finding
from wire import open_stream

DEFAULT_EVENT = "MessageEnqueued"
_SILENCE_SLACK = 1.05  # a keepalive of exactly 30 s may be noticed a little later


def reconnect_delay_s(tries):
    """Seconds to wait after `tries` failed tries in a row: 5 s five times, 30 s five times, then 60 s."""
    if tries < 5:
        return 5
    return 30 if tries < 10 else 60


@dataclass(frozen=True)
class Frame:
    event: str | None
    data: str | None  # None: no data line, OkHttp never dispatches it


class SseParser:
    """Bytes in any portions → frames. Comments and unknown fields are dropped."""

    def __init__(self):
        self._rest = b""
        self._event = None
        self._data = None
        self._fields = False

    def feed(self, portion):
        self._rest += portion
        frames = []
        while (line := self._next_line()) is not None:
            if frame := self._take(line):
                frames.append(frame)
        return frames

    def _next_line(self):
        ends = [i for i in (self._rest.find(b"\n"), self._rest.find(b"\r")) if i >= 0]
        if not ends:
            return None
        end = min(ends)
        if self._rest[end : end + 1] == b"\r" and end + 1 == len(self._rest):
            return None  # a line feed may follow in the next portion
        length = 2 if self._rest[end : end + 2] == b"\r\n" else 1
        line, self._rest = self._rest[:end], self._rest[end + length :]
        return line.decode("utf-8", errors="replace")

    def _take(self, line):
        if line == "":
            frame = Frame(self._event, self._data) if self._fields else None
            self._event = self._data = None
            self._fields = False
            return frame
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "event":
            self._event, self._fields = value or None, True
        elif name == "data":
            self._data = value if self._data is None else self._data + "\n" + value
            self._fields = True
        elif name == "id":
            self._fields = True
        return None


class EventStream:
    """Keeps GET /events open until stopped and hands sound events on as (name, decoded data)."""

    def __init__(self, api, token, version, report, limits, hurry, on_open, on_event):
        self._api, self._token, self._version = api, token, version
        self._report, self._limits, self._hurry = report, limits, hurry
        self._on_open, self._on_event = on_open, on_event
        self._stop = threading.Event()
        self._close = None
        self._last_byte_at = None
        self._silence_reported = False
        self._short_streams = 0
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stop.set()
        self._hang_up()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=15)

    @property
    def is_open(self):
        return self._last_byte_at is not None

    def check_silence(self):
        """To be called now and then: reports a stream that has been silent for too long, once per silence."""
        last = self._last_byte_at
        if last is None or self._silence_reported:
            return
        silent_s = time.monotonic() - last
        if silent_s > self._limits.silence_s * _SILENCE_SLACK:
            self._silence_reported = True
            self._report.violation("SSE_SILENCE", f"the stream was silent for more than {self._limits.silence_s:g} s")

    def _hang_up(self):
        close = self._close
        if close:
            try:
                close()
            except OSError:
                pass

    def _keep_socket(self, close):
        self._close = close
        if self._stop.is_set():
            self._hang_up()

    def _run(self):
        tries = 0
        while not self._stop.is_set():
            if self._one_stream():
                tries = 0
            self._last_byte_at = None
            self._stop.wait(reconnect_delay_s(tries) / self._hurry)
            tries += 1

    def _one_stream(self):
        """Returns whether the stream was opened."""
        self._heard()
        self._report.count("GET /events")
        try:
            stream = open_stream(self._api.base_url, self._token(), self._keep_socket)
        except OSError as error:
            self._last_byte_at = None
            if not self._stop.is_set():
                self._report.note(f"GET /events: {error}")
            return False
        try:
            if not self._is_sound(stream):
                return False
            self._read(stream)
            return True
        finally:
            self._close = None
            stream.release()

    def _is_sound(self, stream):
        is_away = stream.status == 503 and self._limits.may_be_away
        finding = status_finding("GET /events", stream.status)
        if finding and not is_away:
            self._report.findings([finding])
        if stream.status != 200:
            self._report.note(f"GET /events answered {stream.status}")
            return False
        if stream.content_type.split(";")[0].strip().lower() != "text/event-stream":
            self._report.violation("SSE_CONTENT_TYPE", f"GET /events has Content-Type {stream.content_type!r}")
            return False
        if stream.encoding.lower() != "identity":
            self._report.violation("SSE_COMPRESSED", f"GET /events has Content-Encoding {stream.encoding!r}")
            return False
        return True

    def _read(self, stream):
        opened_at = time.monotonic()
        parser = SseParser()
        self._heard()
        self._on_open()
        ended_by_server = False
        while not self._stop.is_set():
            try:
                portion = stream.read()
            except OSError as error:
                if not self._stop.is_set():
                    self._report.note(f"the event stream broke: {error}")
                break
            if not portion:
                ended_by_server = not self._stop.is_set()
                break
            self._heard()
            for frame in parser.feed(portion):
                self._dispatch(frame)
        self._judge_length(time.monotonic() - opened_at, ended_by_server)

    def _judge_length(self, lasted_s, ended_by_server):
        if not ended_by_server:
            return
        self._report.note("the server ended the event stream")
        self._short_streams = self._short_streams + 1 if lasted_s < self._limits.short_stream_s else 0
        if self._short_streams >= 2:  # one may be a restart of the server
            self._report.violation("SSE_NOT_KEPT_OPEN", "the server ended two streams in a row as soon as they were open")

    def _heard(self):
        self.check_silence()
        self._last_byte_at = time.monotonic()
        self._silence_reported = False

    def _dispatch(self, frame):
        if frame.data is None:
            shown = frame.event or "without a name"
            self._report.violation("SSE_FRAME_WITHOUT_DATA", f"the frame {shown} has no data line: the app never sees it")
            return
        name = frame.event or DEFAULT_EVENT
        self._report.count(f"event {name}")
        try:
            data = json.loads(frame.data)
        except ValueError:
            self._report.violation("SSE_DATA", f"the event {name} has data that is not JSON")
            return
        found = check_event(name, data, self._version)
        self._report.findings(found)
        if not found or found[0].code == "CANCELLED_NULL":
            self._on_event(name, data)
