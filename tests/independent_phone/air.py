"""The air: what really left the phone. One JSON line per radio send, so a test can count doubles."""

import json
import os
import threading


class Air:
    def __init__(self, path=None):
        self._path = path
        self._lock = threading.Lock()
        self._before = set()
        self.lines = []
        if path and os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self._before = {json.loads(line)["id"] for line in file if line.strip()}

    def was_sent_before(self, message_id):
        """Whether an earlier run of this phone, maybe before a re-install, has put this id on the air."""
        return message_id in self._before

    def send(self, row, number, clock, now):
        """Record a send. `at` is the surroundings' clock in UTC, `device_at` what the phone itself believes."""
        line = {
            "id": row.id,
            "phone_number": number,
            "text": row.text,
            "at": clock.utc_text(),
            "device_at": clock.device_text(now),
            "valid_until": clock.utc_text(row.valid_until) if row.valid_until else None,
            "sim_number": row.sim_number,
        }
        if row.data is not None:
            line["data"], line["port"] = row.data, row.port
        with self._lock:
            self.lines.append(line)
            if self._path:
                with open(self._path, "a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
                    file.flush()
                    os.fsync(file.fileno())

    @property
    def count(self):
        with self._lock:
            return len(self.lines)
