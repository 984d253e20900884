"""What the phone keeps over a restart: one JSON file, replaced as a whole, or nothing but memory."""

import json
import os
import threading

from message import Row


class Store:
    """All fields are guarded by `lock`, which the caller holds while it reads or changes them."""

    def __init__(self, path=None):
        self._path = path
        self.lock = threading.RLock()
        self.device_id = None
        self.token = None
        self.login = None
        self.settings = {}  # "section.key" → value, only what was pushed
        self.webhooks = []
        self.own_signing_key = None
        self.rows = {}  # message id → Row
        self.reports = {}  # key → element of PATCH /message that is still owed
        self.outbox = []  # webhook deliveries that are still owed
        self.inbox = []  # incoming messages on the phone
        if path and os.path.exists(path):
            self._load()

    def _load(self):
        with open(self._path, encoding="utf-8") as file:
            kept = json.load(file)
        self.device_id, self.token, self.login = kept["id"], kept["token"], kept["login"]
        self.settings, self.webhooks = kept["settings"], kept["webhooks"]
        self.own_signing_key = kept["own_signing_key"]
        self.rows = {row["id"]: Row.from_stored(row) for row in kept["messages"]}
        self.reports, self.outbox, self.inbox = kept["reports"], kept["outbox"], kept["inbox"]

    def save(self):
        with self.lock:
            if not self._path:
                return
            kept = {
                "id": self.device_id,
                "token": self.token,
                "login": self.login,
                "settings": self.settings,
                "webhooks": self.webhooks,
                "own_signing_key": self.own_signing_key,
                "messages": [row.stored() for row in self.rows.values()],
                "reports": self.reports,
                "outbox": self.outbox,
                "inbox": self.inbox,
            }
            beside = self._path + ".new"
            with open(beside, "w", encoding="utf-8") as file:
                json.dump(kept, file, ensure_ascii=False, indent=1)
            os.replace(beside, self._path)
