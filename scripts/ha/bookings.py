"""Salons whose own programs book without a rest, each booking repeated under one key until it is
acknowledged, and what must be true of them afterwards."""

import datetime
import http.client
import json
import pathlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

HOURS = range(9, 19)
STAFF = 4
ANSWER_LIMIT_S = 10
# Of a page of messages, the most that the API gives.
PAGE = 200


class Api:
    """One caller's way to the nodes: stays with one while it answers, then goes on to the next."""

    def __init__(self, nodes, first=0):
        self._nodes, self._at, self._connection = nodes, first, None
        self.headers = {}

    def call(self, method, path, body=None, headers=None):
        """Status, headers and body of the answer.

        Raises OSError or http.client.HTTPException where there was none."""
        if self._connection is None:
            host, port = self._nodes[self._at % len(self._nodes)].split(":")
            self._connection = http.client.HTTPConnection(host, int(port), timeout=ANSWER_LIMIT_S)
        sent = None if body is None else json.dumps(body)
        all_headers = {"Content-Type": "application/json", **self.headers, **(headers or {})}
        try:
            self._connection.request(method, path, sent, all_headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.go_on()
            raise
        return answer.status, answer.headers, json.loads(text) if text else None

    def go_on(self):
        """To the next node, with a connection of its own."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._at = None, self._at + 1

    def must(self, method, path, body=None):
        status, _, answer = self.call(method, path, body)
        if status not in (200, 201, 204):
            raise SystemExit(f"ha-demo: {method} {path}: {status} {answer}")
        return answer


class Salon:
    """An organization with some staff, a sender of the channel `log`, and notifications on."""

    def __init__(self, nodes, number):
        self.nodes, self.number = nodes, number
        self.api = Api(nodes, number)
        status, headers, answer = self.api.call("POST", "/api/v1/sign-up", {
            "organization_name": f"Салон {number}", "name": "Анна", "email": f"anna{number}@salon.example",
            "password": "correct horse battery"})
        if status != 201:
            raise SystemExit(f"ha-demo: sign-up: {status} {answer}")
        self.api.headers = {"Cookie": headers["Set-Cookie"].split(";")[0]}
        token = self.api.must("POST", "/api/v1/api-tokens", {"name": "Проба", "role": "owner"})["secret"]
        self.api.headers = {"Authorization": f"Bearer {token}"}
        self.branch = self.api.must("POST", "/api/v1/branches", {
            "name": "Центр", "commercial_name": "Стиль де Виль", "address": "Тверская, 12", "zone": "Europe/Moscow"})
        self.staff = [self.api.must("POST", "/api/v1/staff", {"branch_id": self.branch["id"], "name": f"Мастер {n}"})["id"]
                      for n in range(STAFF)]
        self.service = self.api.must("POST", "/api/v1/services", {"title": "Стрижка", "duration_min": 60})["id"]
        self.api.must("POST", "/api/v1/senders", {"name": "Журнал", "channel": "log", "settings": {"pace_s": 0}})
        now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=3)))
        # A window cannot be the whole day: the minute that it leaves out is half a day away.
        window = ("00:00", "23:59") if now.hour < 12 else ("12:00", "11:59")
        self.api.must("PATCH", "/api/v1/notification-settings", {
            "generation": self.api.must("GET", "/api/v1/notification-settings")["generation"], "on": True, "settle_s": 0,
            "service_window": {"from": window[0], "to": window[1]}})
        self.first_day = now.date() + datetime.timedelta(days=3)

    def caller(self):
        """Another connection of this salon."""
        api = Api(self.nodes, self.number)
        api.headers = self.api.headers
        return api

    def phone(self, booking):
        return f"+7916{self.number}{booking:06}"

    def booking(self, number):
        """The body of a booking; each has a time and a client of its own."""
        staff, slot = number % STAFF, number // STAFF
        day = self.first_day + datetime.timedelta(days=slot // len(HOURS))
        return {
            "client": {"name": "Мария", "phone": self.phone(number)}, "branch_id": self.branch["id"],
            "staff_id": self.staff[staff], "service_ids": [self.service],
            "start": f"{day}T{HOURS[slot % len(HOURS)]:02}:00",
        }

    def created_messages(self):
        """All «created» of this salon as the API shows them."""
        path = f"/api/v1/messages?kind=created&limit={PAGE}"
        messages, before = [], ""
        while True:
            page = self.api.must("GET", path + before)
            messages += page["items"]
            if not page["next"]:
                return messages
            before = f"&before={page['next']}"


class Load:
    """One caller a salon, on nodes in turn."""

    def __init__(self, salons, bookings_a_second):
        self.salons = salons
        # By salon: the appointments' ids in the order of their bookings.
        self.acknowledged = [[] for _ in salons]
        # When, by the monotonic clock, anything was acknowledged.
        self.moments = []
        self.unanswered = 0
        self._every_s = len(salons) / bookings_a_second
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(len(salons))
        self._callers = []

    def start(self):
        self._callers = [self._pool.submit(self._book_on, salon) for salon in self.salons]

    def check(self):
        """Raises what ended a caller before its time."""
        for caller in self._callers:
            if caller.done():
                caller.result()

    def stop(self):
        """Lets each caller finish the booking that it has in hand; raises what went wrong with one."""
        self._stop.set()
        for caller in self._callers:
            caller.result(timeout=60)

    def total(self):
        return sum(map(len, self.acknowledged))

    def longest_gap(self, since):
        """The longest stretch after `since` without an acknowledged booking: how long, and its end."""
        before = [moment for moment in self.moments if moment <= since]
        moments = sorted([max(before, default=since)] + [moment for moment in self.moments if moment > since])
        return max((later - earlier, later) for earlier, later in zip(moments, moments[1:]))

    def _book_on(self, salon):
        api = salon.caller()
        number, due = 0, time.monotonic()
        while not self._stop.is_set():
            self._book(api, salon, number)
            number += 1
            now = time.monotonic()
            # Who fell behind does not catch up in a burst.
            due = max(due + self._every_s, now)
            time.sleep(due - now)

    def _book(self, api, salon, number):
        body = salon.booking(number)
        while True:
            try:
                status, _, answer = api.call(
                    "POST", "/api/v1/appointments", body, {"Idempotency-Key": f"booking-{number}"})
            except (OSError, http.client.HTTPException):
                status, answer = 0, None
            if status == 201:
                self.moments.append(time.monotonic())
                self.acknowledged[salon.number].append(answer["id"])
                return
            # No answer, or the service has no database: it may stand or not, the key makes asking again safe.
            if status and status < 500:
                raise SystemExit(f"ha-demo: booking {number} of salon {salon.number}: {status} {answer}")
            self.unanswered += 1
            api.go_on()
            time.sleep(0.05)


def lost_bookings(load):
    """Acknowledged bookings that are not there, or not as they were made; read through the API."""
    def lost_of(salon):
        api, lost = salon.caller(), []
        for number, appointment in enumerate(load.acknowledged[salon.number]):
            made = salon.booking(number)
            status, _, found = api.call("GET", f"/api/v1/appointments/{appointment}")
            stands = status == 200 and found["status"] == "waiting" and found["start_local"] == made["start"] \
                and found["staff_id"] == made["staff_id"]
            if not stands:
                lost.append(f"booking {number} of salon {salon.number}: {status} {found}")
        return lost

    with ThreadPoolExecutor(len(load.salons)) as pool:
        return [words for lost in pool.map(lost_of, load.salons) for words in lost]


def told(path):
    """Every SMS: the numbers on the lines of the log, in order."""
    path = pathlib.Path(path)
    return [json.loads(line)["to"] for line in path.read_text().splitlines()] if path.exists() else []
