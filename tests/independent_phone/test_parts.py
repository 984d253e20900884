"""Tests of the parts that need no server."""

import sys

sys.dont_write_bytecode = True  # leave nothing behind

import unittest
from datetime import datetime, timedelta, timezone

from behaviour import Behaviour
from dates import date_flaw, read_as_app, write_as_app
from events import Frame, SseParser, reconnect_delay_s
from fake_server import sms
from inbox import java_hash
from message import Row, aggregate, dialled
from play import HERE, leave_nothing_behind
from rules import CODES, check_message
from webhooks import app_json, signature

tearDownModule = leave_nothing_behind


class Parts(unittest.TestCase):
    def test_a_long_fraction_is_read_as_milliseconds(self):
        base = datetime(2026, 3, 4, 12, 0, 5, tzinfo=timezone.utc)
        self.assertEqual(read_as_app("2026-03-04T12:00:05.123456Z") - base, timedelta(milliseconds=123456))
        self.assertEqual(read_as_app("2026-03-04T12:00:05.123456789Z") - base, timedelta(milliseconds=123456789))
        self.assertEqual(read_as_app("2026-03-04T15:00:05.250+03:00") - base, timedelta(milliseconds=250))
        self.assertEqual(read_as_app("2026-03-04T12:00:05Z"), base)

    def test_only_none_or_three_fraction_digits_are_sound(self):
        for digits, sound in (("", True), (".123", True), (".1", False), (".1234", False), (".123456", False)):
            with self.subTest(digits=digits):
                self.assertEqual(date_flaw(f"2026-03-04T12:00:05{digits}Z") is None, sound)

    def test_the_app_writes_its_own_offset(self):
        moment = datetime(2026, 3, 4, 12, 15, 2, 114000, tzinfo=timezone.utc)
        self.assertEqual(write_as_app(moment, timezone(timedelta(hours=7))), "2026-03-04T19:15:02.114+07:00")

    def test_frames_survive_any_cut_and_any_line_end(self):
        text = b": keepalive\n\nevent: A\ndata: {\ndata: }\n\nevent: B\r\ndata:null\r\n\r\ndata: 1\r\revent: C\n\n"
        due = [Frame("A", "{\n}"), Frame("B", "null"), Frame(None, "1"), Frame("C", None)]
        for size in (1, 2, 3, 7, len(text)):
            with self.subTest(size=size):
                parser = SseParser()
                frames = [f for i in range(0, len(text), size) for f in parser.feed(text[i : i + size])]
                self.assertEqual(frames, due)

    def test_reconnect_table(self):
        delays = [reconnect_delay_s(tries) for tries in range(12)]
        self.assertEqual(delays, [5] * 5 + [30] * 5 + [60] * 2)

    def test_aggregate_asks_in_the_apps_order(self):
        for states, due in (
            (["Pending", "Failed"], "Pending"), (["Cancelled", "Sent"], "Cancelled"), (["Processed", "Delivered"], "Processed"),
            (["Failed", "Failed"], "Failed"), (["Delivered", "Delivered"], "Delivered"), (["Sent", "Delivered"], "Sent"),
            (["Failed", "Delivered"], "Sent"),
        ):  # fmt: skip
            with self.subTest(states=states):
                self.assertEqual(aggregate(states), due)

    def test_signature_is_over_raw_body_and_timestamp(self):
        # Computed with: printf '%s' '{"a":1}1700000000' | openssl dgst -sha256 -hmac key
        self.assertEqual(signature("key", b'{"a":1}', "1700000000"), "5cff791334e7fd8344cc05c2398964f60329f4edd6ab1087ed1ba6c34eefeeca")

    def test_webhook_json_escapes_as_the_app_does(self):
        self.assertEqual(app_json({"m": "a<b & 'c'"}), '{"m":"a\\u003cb \\u0026 \\u0027c\\u0027"}')

    def test_java_hash(self):
        self.assertEqual(java_hash("hello"), 99162322)
        self.assertEqual(java_hash("polygenelubricants"), 0x80000000)

    def test_dialled_keeps_digits_and_signs(self):
        self.assertEqual(dialled("+7 (916) *#1a"), "+7916*#1")

    def test_a_folded_priority_becomes_negative(self):
        row = Row.from_wire(sms(priority=200), datetime.now(timezone.utc))
        self.assertEqual(row.priority, -56)

    def test_a_sound_message_has_no_findings(self):
        whole = sms(simNumber=1, priority=127, withDeliveryReport=True, isEncrypted=False, ttl=5, message="x", scheduleAt=None, extra={})
        self.assertEqual(check_message(whole, (1, 68, 0)), [])

    def test_the_readme_lists_every_code_with_its_rule(self):
        readme = (HERE / "README.md").read_text(encoding="utf-8")
        for code, (section, rule) in CODES.items():
            with self.subTest(code=code):
                self.assertIn(f"| `{code}` | {rule} | {section} |", readme)

    def test_a_profile_with_an_unknown_key_is_refused(self):
        with self.assertRaises(ValueError):
            Behaviour({"fial": {}})


if __name__ == "__main__":
    unittest.main()
