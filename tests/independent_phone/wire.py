"""HTTP as the app speaks it, and a decoding of replies that is as strict as the app's or stricter.

A reply that the app could not use raises `CallFailed`; every breach of the protocol is reported on the way.
"""

import gzip
import http.client
import json
import re
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from rules import ENDPOINTS, Finding, has_type, status_finding

STREAM_USER_AGENT = "okhttp/4.10.0"
STREAM_READ_TIMEOUT_S = 3600
CONNECT_TIMEOUT_S = 10


class CallFailed(Exception):
    """The call did not work for the app. `status` is the HTTP status, None when there was no usable reply."""

    def __init__(self, words, status=None):
        super().__init__(words)
        self.status = status


@dataclass(frozen=True)
class Limits:
    """Seconds that a server is given; only the tests of this client shorten them."""

    reply_s: float = 10
    webhook_s: float = 5
    silence_s: float = 30
    first_push_s: float = 10
    short_stream_s: float = 2
    # 503 then counts as no answer: whoever kills databases must expect it.
    may_be_away: bool = False


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict
    body: bytes
    elapsed_s: float


class TimedOut(OSError):
    pass


def app_version(user_agent):
    """`me.capcom.smsgateway/1.68.0` → (1, 68, 0)."""
    found = re.search(r"/(\d+)\.(\d+)(?:\.(\d+))?", user_agent)
    if not found:
        raise ValueError(f"no app version in the User-Agent {user_agent!r}")
    return tuple(int(part or 0) for part in found.groups())


def connect(url, timeout_s):
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return kind(parts.hostname, parts.port, timeout=timeout_s), path or "/"


def exchange(method, url, headers, body=None, timeout_s=10.0):
    """One request on a connection of its own. Raises TimedOut or another OSError when there is no whole reply."""
    connection, path = connect(url, timeout_s)
    begun = time.monotonic()
    try:
        connection.request(method, path, body=body, headers={"Accept-Encoding": "gzip", **headers})
        reply = connection.getresponse()
        content = reply.read()
        named = {name.lower(): value for name, value in reply.getheaders()}
        if named.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        return Reply(reply.status, named, content, time.monotonic() - begun)
    except TimeoutError as error:
        raise TimedOut(f"no reply within {timeout_s} s") from error
    except http.client.HTTPException as error:
        raise OSError(f"broken reply: {error!r}") from error
    finally:
        connection.close()


def decode(name, reply):
    """Body of a reply → (value, finding). The value is None when there is a finding."""
    media_type = reply.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json":
        return None, Finding("CONTENT_TYPE", f"{name} answered with Content-Type {media_type or 'missing'!r}")
    try:
        value = json.loads(reply.body.decode("utf-8"), parse_constant=_no_constant)
    except ValueError:
        return None, Finding("BAD_JSON", f"{name} answered with a body that is not JSON")
    shape = ENDPOINTS[name].shape
    if not isinstance(value, shape):
        return None, Finding("TOP_LEVEL", f"{name} answered with {type(value).__name__}, not {shape.__name__}")
    return value, None


def _no_constant(name):
    raise ValueError(f"{name} is not JSON")


class MobileApi:
    """The calls of the app. The base URL is used as typed: a trailing slash makes a double slash."""

    def __init__(self, base_url, user_agent, report, limits):
        self.base_url = base_url
        self.user_agent = user_agent
        self._report = report
        self._limits = limits

    def headers(self, authorization):
        headers = {"User-Agent": self.user_agent, "Accept": "application/json"}
        return {**headers, "Authorization": authorization} if authorization else headers

    def call(self, method, path, authorization, body=None):
        """Returns the decoded body (None for endpoints without one) or raises CallFailed."""
        name = f"{method} {path.split('?')[0]}"
        headers = self.headers(authorization)
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body, ensure_ascii=False).encode()
        self._report.count(name)
        try:
            reply = exchange(method, self.base_url + path, headers, content, self._limits.reply_s)
        except TimedOut as error:
            self._report.violation("SLOW_REPLY", f"{name} was not answered within {self._limits.reply_s:g} s")
            raise CallFailed(str(error)) from error
        except OSError as error:
            self._report.note(f"{name}: {error}")
            raise CallFailed(str(error)) from error
        return self._judge(name, reply)

    def _judge(self, name, reply):
        if reply.elapsed_s > self._limits.reply_s:
            self._report.violation("SLOW_REPLY", f"{name} took {reply.elapsed_s:.1f} s")
        is_away = reply.status == 503 and self._limits.may_be_away
        finding = status_finding(name, reply.status)
        if finding and not is_away:
            self._report.findings([finding])
        elif not 200 <= reply.status < 300:
            self._report.note(f"{name} answered {reply.status}")
        if not 200 <= reply.status < 300:
            raise CallFailed(f"{name} answered {reply.status}", reply.status)
        if ENDPOINTS[name].shape is None:
            return None
        value, finding = decode(name, reply)
        if finding:
            self._report.findings([finding])
            raise CallFailed(finding.words)
        return value

    def register(self, authorization, body):
        """Returns {"id", "token", "login", "password"?}; a result that the app cannot hold raises CallFailed."""
        result = self.call("POST", "/device", authorization, body)
        for key in ("id", "token"):
            if not has_type(result.get(key), str) or not result[key]:
                self._report.violation("REGISTER_FIELD", f"the registration result has {key} {type(result.get(key)).__name__}")
                raise CallFailed(f"no {key} in the registration result")
        if result.get("password") is not None and not has_type(result["password"], str):
            self._report.violation("REGISTER_FIELD", "the registration result has a password that is no string")
        if not has_type(result.get("login"), str):
            self._report.violation("REGISTER_LOGIN", "the registration result has no login")
            raise CallFailed("no login in the registration result")
        return result


class Stream:
    """An open GET /events: bytes as they come."""

    def __init__(self, connection, opened_socket, response):
        self._connection = connection
        self._socket = opened_socket
        self._response = response
        self.status = response.status
        self.content_type = response.getheader("Content-Type", "")
        self.encoding = response.getheader("Content-Encoding", "identity")

    def set_read_timeout(self, seconds):
        """For a short look; after a TimeoutError the stream is of no more use."""
        self._socket.settimeout(seconds)

    def read(self):
        """Bytes, or b"" when the server ended the stream. Raises OSError on a broken connection."""
        try:
            return self._response.read1(65536)
        except (http.client.HTTPException, ValueError, AttributeError) as error:
            raise OSError(f"broken stream: {error!r}") from error

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes a reader in another thread
        except OSError:
            pass

    def release(self):
        """To be called by the reading thread when it is done."""
        self.close()
        self._response.close()
        self._connection.close()


def open_stream(base_url, token, on_socket=lambda close: None):
    """GET /events with the stream's own User-Agent. Returns as soon as the headers are here; OSError otherwise."""
    connection, path = connect(base_url + "/events", CONNECT_TIMEOUT_S)
    try:
        connection.connect()
        opened = connection.sock
        opened.settimeout(STREAM_READ_TIMEOUT_S)
        on_socket(lambda: opened.shutdown(socket.SHUT_RDWR))
        connection.request("GET", path, headers={
            "User-Agent": STREAM_USER_AGENT, "Accept": "text/event-stream",
            "Accept-Encoding": "gzip", "Authorization": f"Bearer {token}",
        })  # fmt: skip
        return Stream(connection, opened, connection.getresponse())
    except http.client.HTTPException as error:
        connection.close()
        raise OSError(f"broken reply: {error!r}") from error
    except OSError:
        connection.close()
        raise
