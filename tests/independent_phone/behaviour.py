"""The profile: what this phone, its network and the people who answer do, decided by a seed."""

import json
import random
import threading
from dataclasses import fields

from wire import Limits

DEFAULTS = {
    "seed": 1,
    "hurry": 1.0,  # divides the app's own waits (backoffs, reconnects, intervals between messages)
    "limits": {},  # seconds that the server is given, see wire.Limits
    "name": "Samsung/a12",
    "utc_offset": "+03:00",
    "clock_skew_s": 0,
    "sims": [{"slotIndex": 0, "simNumber": 1, "phoneNumber": "+79001112233", "carrierName": "Megafon", "iccid": "897010200000001234"}],
    "reads_after_sign_up": False,
    "restart_on_settings": False,  # the user follows the notice "restart the app to apply"
    "restart_after_s": [],
    "radio_delay_s": 0,  # between storing a message and giving it to the radio
    "sent_after_s": 0.05,
    "delivered_after_s": 0.1,
    "fail": {},  # number → "RESULT_ERROR_NO_SERVICE"
    "fail_probability": 0.0,
    "delivery_fail": {},  # number → TP-Status
    "no_delivery_report": [],  # numbers
    "never_sent": [],  # numbers whose Sent is never reported
    "late_sent": [],  # numbers whose Sent of a late part follows Delivered
    "patch": {"delay_s": [0, 0], "reorder": 0.0, "reorder_s": 1.0, "double": 0.0, "lose": 0.0, "lose_states": []},
    "crash_after_processed": [],  # numbers; once per number
    "incoming": [],  # {"from", "text" | "data", "after_s", "doubled"?, "missed"?, "sim"?}
    "answers": {},  # number → text or {"text", "after_s"}
    "battery_percent": 80,
}

RESULT_WORDS = {
    "RESULT_ERROR_NO_SERVICE": "Failed because service is currently unavailable",
    "RESULT_ERROR_RADIO_OFF": "Failed because radio was explicitly turned off",
    "RESULT_ERROR_GENERIC_FAILURE": "Generic failure cause",
    "RESULT_ERROR_LIMIT_EXCEEDED": "Failed because we reached the sending queue limit",
    "RESULT_NO_DEFAULT_SMS_APP": "Set default SMS app",
    "RESULT_ERROR_SHORT_CODE_NOT_ALLOWED": "Failed because user denied the sending of short codes",
    "RESULT_RIL_SIM_ABSENT": "SIM absent",
    "RESULT_RIL_NETWORK_REJECT": "Network rejected the message",
}


class Behaviour:
    """A checked profile with its own random numbers."""

    def __init__(self, profile=None):
        profile = profile or {}
        self._refuse_unknown("profile", profile, DEFAULTS)
        self._refuse_unknown("profile.patch", profile.get("patch", {}), DEFAULTS["patch"])
        self._refuse_unknown("profile.limits", profile.get("limits", {}), {f.name for f in fields(Limits)})
        self._values = {**DEFAULTS, **profile, "patch": {**DEFAULTS["patch"], **profile.get("patch", {})}}
        self.limits = Limits(**self._values["limits"])
        self._random = random.Random(self._values["seed"])
        self._lock = threading.Lock()
        self._crashed = set()
        self.restarts_taken = 0
        self.incoming_taken = False

    @classmethod
    def from_file(cls, path):
        if not path:
            return cls()
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file))

    @staticmethod
    def _refuse_unknown(where, given, known):
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise ValueError(f"{where} has unknown keys: {', '.join(unknown)}")

    def __getitem__(self, key):
        return self._values[key]

    def happens(self, probability):
        with self._lock:
            return probability > 0 and self._random.random() < probability

    def between(self, least, most):
        with self._lock:
            return self._random.uniform(least, most)

    def fail_code(self, number):
        code = self["fail"].get(number)
        if code is None and self.happens(self["fail_probability"]):
            code = "RESULT_ERROR_GENERIC_FAILURE"
        return code

    def crashes_after(self, number):
        """True once per number of the list."""
        with self._lock:
            if number in self["crash_after_processed"] and number not in self._crashed:
                self._crashed.add(number)
                return True
            return False


def result_error(code):
    """`recipients[].error` of a refused send."""
    words = RESULT_WORDS.get(code)
    return f"Send result: {code} ({words})" if words else f"Send result: {code}"
