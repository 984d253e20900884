"""The phone against a sound server: it behaves as the app and finds nothing."""

import sys

sys.dont_write_bytecode = True  # leave nothing behind

import io
import json
import os
import tempfile
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from app_model import Options
from behaviour import Behaviour
from fake_server import CODE, LOGIN, PASSWORD, PRIVATE_TOKEN, SIGNING_KEY, FakeServer, Flaw, sms
from phone import Run, basic
from play import HURRY, NUMBER, go, leave_nothing_behind, phone
from report import Report

tearDownModule = leave_nothing_behind


class SoundServer(unittest.TestCase):
    """Against a sound server the phone behaves as the app and finds nothing."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def assertSound(self, run):
        self.assertEqual(run.summary()["violations"], [])

    def test_a_message_goes_once_and_all_states_are_reported(self):
        with FakeServer(messages=[sms()]) as server:
            run = phone(server, air=self.path("air"))
            code = go(run, lambda: len(server.progress("m1")) == 3)
        self.assertSound(run)
        self.assertEqual(code, 0)
        self.assertEqual(server.progress("m1"), ["Processed", "Sent", "Delivered"])
        self.assertEqual(server.patches[-1]["recipients"], [{"phoneNumber": NUMBER, "state": "Delivered"}])
        self.assertEqual(list(server.patches[-1]["states"]), ["Pending", "Processed", "Sent", "Delivered"])
        line = json.loads(Path(self.path("air")).read_text(encoding="utf-8"))
        self.assertEqual(set(line), {"id", "phone_number", "text", "at", "device_at", "valid_until", "sim_number"})
        self.assertTrue(line["device_at"].endswith("+03:00"))

    def test_headers_of_the_app_and_of_its_stream(self):
        with FakeServer() as server:
            run = phone(server)
            go(run, lambda: server.asked("GET", "/settings") and server.asked("GET", "/webhooks"))
        self.assertSound(run)
        self.assertEqual(server.asked("GET", "/events")[0][2]["User-Agent"], "okhttp/4.10.0")
        self.assertEqual(server.asked("GET", "/message")[0][2]["User-Agent"], "me.capcom.smsgateway/1.68.0")
        _, _, headers, body, _ = server.asked("POST", "/device")[0]
        self.assertEqual(headers["Authorization"], f"Bearer {PRIVATE_TOKEN}")
        self.assertNotIn("pushToken", json.loads(body))
        self.assertEqual(json.loads(body)["simCards"][0]["phoneNumber"], "****2233")

    def test_every_way_to_sign_up(self):
        for authorization in (basic(LOGIN, PASSWORD), f"Code {CODE}"):
            with self.subTest(authorization=authorization.split()[0]), FakeServer() as server:
                run = phone(server, authorization=authorization)
                go(run, lambda: server.asked("GET", "/message"))
                self.assertSound(run)

    def test_a_refused_sign_up_ends_the_run(self):
        with FakeServer() as server:
            run = phone(server, authorization="Bearer wrong")
            self.assertEqual(go(run, lambda: False), 2)
        self.assertIn("401", run.refused)

    def test_nothing_is_read_after_a_first_sign_up_until_an_event(self):
        with FakeServer(Flaw(first_push=False)) as server:
            run = phone(server, profile={"limits": {"first_push_s": 60}})
            go(run, lambda: server.streams and server.pulls, 3)
            run = phone(server, profile={"limits": {"first_push_s": 60}})
            go(run, lambda: False, 0.5)
            self.assertEqual(server.asked("GET", "/settings") + server.asked("GET", "/webhooks"), [])

    def test_the_order_of_the_settings_is_used(self):
        for user_agent, due in ((Options.user_agent, ["order=lifo", "order=fifo"]), ("me.capcom.smsgateway/1.45.0", [""])):
            with self.subTest(user_agent=user_agent), FakeServer(events=()) as server:
                run = phone(server, user_agent=user_agent)
                nudged = []

                def done():
                    if run.store.settings and not nudged:
                        nudged.append(server.pulls)
                        server.push("MessageEnqueued")
                    return nudged and server.pulls > nudged[0] + 1

                go(run, done, 2)
                self.assertSound(run)
                self.assertEqual(list(dict.fromkeys(r[4] for r in server.asked("GET", "/message"))), due)

    def test_probes_find_nothing(self):
        with FakeServer(messages=[sms()]) as server:
            run = phone(server, probe=True)
            go(run, lambda: len(server.progress("m1")) == 3)
        self.assertSound(run)
        self.assertGreater(run.report.counted("probes"), 10)

    def test_a_restart_patches_the_device_and_sends_nothing_again(self):
        keep_returning = Flaw(pending=lambda elements, n: [sms()] if n < 3 else [])
        with FakeServer(keep_returning, messages=[sms()]) as server:
            profile = {"patch": {"lose": 1.0}, "sent_after_s": 60}
            first = phone(server, profile=profile, state=self.path("state"), air=self.path("air"))
            go(first, lambda: first.air.count == 1)
            second = phone(server, profile=profile, state=self.path("state"), air=self.path("air"))
            go(second, lambda: server.asked("PATCH", "/device") and server.asked("GET", "/settings"))
            self.assertEqual(second.air.count, 0)
            self.assertEqual(len(server.asked("POST", "/device")), 1)
            self.assertEqual(len(Path(self.path("air")).read_text().splitlines()), 1)

    def test_a_401_at_start_signs_up_again_by_private_token(self):
        with FakeServer() as server:
            first = phone(server, state=self.path("state"), authorization=f"Code {CODE}")
            go(first, lambda: server.pulls)
            server.devices.clear()
            second = phone(server, state=self.path("state"), authorization=f"Code {CODE}")
            go(second, lambda: len(server.asked("POST", "/device")) == 2 and server.asked("GET", "/events"))
            self.assertSound(second)
            self.assertEqual(server.asked("POST", "/device")[1][2]["Authorization"], f"Bearer {PRIVATE_TOKEN}")

    def test_a_401_elsewhere_does_not_sign_up(self):
        with FakeServer() as server:
            run = phone(server)
            revoked = []

            def done():
                if server.pulls and not revoked:
                    revoked.append(len(server.asked("GET", "/message")))
                    server.devices.clear()
                    server.push("MessageEnqueued")
                return revoked and len(server.asked("GET", "/message")) > revoked[0] + 1

            go(run, done)
            self.assertEqual(len(server.asked("POST", "/device")), 1)
        self.assertSound(run)

    def test_an_expired_message_fails_and_stays_off_the_air(self):
        with FakeServer(messages=[sms(validUntil="2020-01-01T00:00:00Z")]) as server:
            run = phone(server)
            go(run, lambda: "Failed" in server.states_of("m1"))
        self.assertSound(run)
        self.assertEqual((run.air.count, server.patches[-1]["recipients"][0]["error"]), (0, "TTL expired"))

    def test_valid_until_is_judged_by_the_servers_clock_and_the_phones_skew(self):
        for skew_s, due in ((0, "Delivered"), (7200, "Failed")):
            with self.subTest(skew_s=skew_s), FakeServer(messages=[sms(validUntil="2030-01-01T13:00:00Z")]) as server:
                server.now = datetime(2030, 1, 1, 12, tzinfo=timezone.utc)
                run = phone(server, clock_url=server.origin + "/dev/clock", profile={"clock_skew_s": skew_s})
                go(run, lambda: due in server.states_of("m1"))
                self.assertIn(due, server.states_of("m1"))

    def test_a_scheduled_message_waits_for_the_clock(self):
        with FakeServer(messages=[sms(scheduleAt="2030-01-01T13:00:00.000Z")]) as server:
            server.now = datetime(2030, 1, 1, 12, tzinfo=timezone.utc)
            run = phone(server, clock_url=server.origin + "/dev/clock")
            held = []

            def done():
                if run.store.rows and not held:
                    time.sleep(0.3)
                    held.append(run.air.count)
                    server.now = datetime(2030, 1, 1, 13, 0, 1, tzinfo=timezone.utc)
                return run.air.count

            go(run, done)
        self.assertSound(run)
        self.assertEqual((held, run.air.count, run.air.lines[0]["at"]), ([0], 1, "2030-01-01T13:00:01.000Z"))

    def test_a_second_pull_acknowledges_with_pending(self):
        with FakeServer(messages=[sms()]) as server:
            run = phone(server, profile={"radio_delay_s": 0.5})
            go(run, lambda: server.push("MessageEnqueued") or "Processed" in server.states_of("m1"))
        self.assertSound(run)
        self.assertEqual(server.states_of("m1")[0], "Pending")

    def test_cancelling_with_and_without_the_event(self):
        for announce in (True, False):
            with self.subTest(announce=announce), FakeServer(messages=[sms()]) as server:
                run = phone(server, profile={"radio_delay_s": 60})
                asked = []

                def done():
                    if run.store.rows and run.store.settings and not asked:
                        asked.append(True)
                        server.cancel("m1", announce)
                        if not announce:
                            server.push("MessageEnqueued")
                    return "Cancelled" in server.states_of("m1")

                go(run, done)
                self.assertSound(run)
                self.assertEqual((server.states_of("m1")[-1], run.air.count), ("Cancelled", 0))

    def test_an_unknown_cancelling_message_is_cancelled_at_once(self):
        with FakeServer(messages=[sms(state="Cancelling")]) as server:
            run = phone(server)
            go(run, lambda: server.states_of("m1"))
        self.assertSound(run)
        self.assertEqual((server.progress("m1"), run.air.count), (["Cancelled"], 0))

    def test_the_network_refuses(self):
        with FakeServer(messages=[sms()]) as server:
            run = phone(server, profile={"fail": {NUMBER: "RESULT_ERROR_NO_SERVICE"}})
            go(run, lambda: "Failed" in server.states_of("m1"))
        error = server.patches[-1]["recipients"][0]["error"]
        self.assertEqual(error, "Send result: RESULT_ERROR_NO_SERVICE (Failed because service is currently unavailable)")
        self.assertEqual(run.air.count, 0)
        self.assertSound(run)

    def test_without_a_delivery_report_it_stays_sent(self):
        with FakeServer(messages=[sms(), sms("m2", "+79160000002", withDeliveryReport=False)]) as server:
            run = phone(server, profile={"no_delivery_report": [NUMBER]}, until_air=2)
            go(run, lambda: False)
        self.assertSound(run)
        self.assertEqual([server.states_of(i)[-1] for i in ("m1", "m2")], ["Sent", "Sent"])

    def test_doubled_delayed_and_reordered_reports(self):
        profile = {"patch": {"double": 1.0, "delay_s": [0, 0.2], "reorder": 0.5, "reorder_s": 0.2}, "late_sent": [NUMBER]}
        with FakeServer(messages=[sms()]) as server:
            run = phone(server, profile=profile)
            least = {"Processed": 2, "Sent": 4, "Delivered": 2}
            lacking = lambda: [state for state, n in least.items() if server.states_of("m1").count(state) < n]
            go(run, lambda: not lacking())
        self.assertSound(run)
        self.assertEqual(lacking(), [])

    def test_failed_reports_are_tried_again(self):
        with FakeServer(messages=[sms()]) as server:
            server.fail_next = {"PATCH /message": 2}
            run = phone(server)
            go(run, lambda: len(server.progress("m1")) == 3)
        self.assertEqual(sorted(server.progress("m1")), ["Delivered", "Processed", "Sent"])
        self.assertEqual(server.fail_next, {"PATCH /message": 0})

    def test_a_crash_leaves_processed_and_sends_once(self):
        with FakeServer(messages=[sms()]) as server:
            run = phone(server, profile={"crash_after_processed": [NUMBER]})
            go(run, lambda: server.asked("PATCH", "/device") and server.asked("GET", "/settings") and "Processed" in server.states_of("m1"))
        self.assertSound(run)
        self.assertEqual((server.progress("m1"), run.air.count), (["Processed"], 1))

    def test_an_answer_comes_signed_with_the_pushed_key(self):
        with FakeServer() as server:
            run = phone(server, profile={"answers": {NUMBER: {"text": "1", "after_s": 0.1}}})

            def done():
                if run.store.settings and run.store.webhooks and not server.messages:
                    server.add(sms())
                return server.received

            go(run, done)
        self.assertSound(run)
        envelope = server.received[0]
        self.assertEqual((envelope["event"], envelope["deviceId"]), ("sms:received", "device-1"))
        self.assertEqual((envelope["payload"]["sender"], envelope["payload"]["message"]), (NUMBER, "1"))
        self.assertEqual(run.store.settings["webhooks.signing_key"], SIGNING_KEY)

    def test_webhooks_are_retried_with_the_same_id_and_doubles_have_another(self):
        incoming = [{"from": NUMBER, "text": "да", "after_s": 0.3, "doubled": True}]
        with FakeServer() as server:
            server.fail_next = {"POST /hook": 1}
            run = phone(server, profile={"incoming": incoming})
            go(run, lambda: len(server.received) == 2)
        self.assertEqual(run.report.codes(), {"WEBHOOK_REFUSED"})  # the one 500
        self.assertEqual(len({e["id"] for e in server.received}), 2)
        self.assertEqual(len({e["payload"]["messageId"] for e in server.received}), 1)

    def test_an_export_brings_only_what_was_missed(self):
        incoming = [{"from": NUMBER, "text": "1", "missed": True}]
        with FakeServer() as server:
            run = phone(server, profile={"incoming": incoming})
            asked = []

            def done():
                if run.store.inbox and run.store.webhooks and not asked:
                    asked.append(True)
                    server.push("MessagesExportRequested", {"since": "2020-01-01T00:00:00.000Z", "until": "2099-01-01T00:00:00.000Z"})
                return server.received

            go(run, done)
        self.assertSound(run)
        self.assertEqual(server.received[0]["payload"]["message"], "1")

    def test_ping_starts_after_the_restart_that_its_setting_needs(self):
        with FakeServer() as server:
            server.settings = {"ping": {"interval_seconds": 10}}
            run = phone(server, profile={"restart_on_settings": True})
            events = lambda: {e["event"] for e in server.received}
            # The fake wants its own key as soon as the settings were read, so it must be pushed along.
            server.settings["webhooks"] = {"signing_key": SIGNING_KEY}
            go(run, lambda: {"system:ping", "app:started"} <= events())
        self.assertSound(run)
        self.assertTrue(server.asked("PATCH", "/device"))
        started = next(e for e in server.received if e["event"] == "app:started")
        self.assertEqual(started["payload"]["simCards"][0]["phoneNumber"], "+79001112233")

    def test_settings_are_read_again_after_a_day_of_the_phones_clock(self):
        with FakeServer() as server:
            server.now = datetime(2030, 1, 1, 12, tzinfo=timezone.utc)
            run = phone(server, clock_url=server.origin + "/dev/clock")
            before = []

            def done():
                if run.store.settings and server.streams and not before:
                    time.sleep(0.2)
                    before.append(len(server.asked("GET", "/settings")))
                    server.now += timedelta(hours=24, seconds=1)
                return before and len(server.asked("GET", "/settings")) > before[0]

            go(run, done)
            self.assertEqual(len(server.asked("GET", "/settings")), before[0] + 1)
        self.assertSound(run)

    def test_limit_and_priority(self):
        messages = [sms(f"m{i}", f"+7916000000{i}", createdAt=f"2026-03-04T12:0{i}:00Z") for i in range(3)]
        messages.append(sms("urgent", "+79160000009", priority=100, createdAt="2026-03-04T11:00:00Z"))
        with FakeServer() as server:
            server.settings["messages"] |= {"limit_period": "PerDay", "limit_value": 2}
            run = phone(server)

            def done():
                if run.store.settings and not server.messages:
                    server.messages = {m["id"]: m for m in messages}
                    server.push("MessageEnqueued")
                return run.air.count == 2 and len(server.progress("m0")) == 3

            go(run, done)
        self.assertSound(run)
        self.assertEqual([line["id"] for line in run.air.lines], ["urgent", "m0"])

    def test_a_trailing_slash_makes_double_slashes(self):
        with FakeServer() as server:
            options = Options(server.url + "/", f"Bearer {PRIVATE_TOKEN}", PRIVATE_TOKEN)
            run = Run(options, Behaviour({"hurry": HURRY}), report=Report(io.StringIO()))
            go(run, lambda: server.pulls)
        self.assertSound(run)

    def test_the_stream_is_opened_again_after_a_break(self):
        with FakeServer() as server:
            run = phone(server)

            def done():
                with server.lock:
                    if len(server.asked("GET", "/events")) == 1 and server.streams and run.store.settings:
                        server.streams[0].put(None)
                return len(server.asked("GET", "/events")) > 1

            go(run, done)
        self.assertGreater(len(server.asked("GET", "/events")), 1)
        self.assertSound(run)


if __name__ == "__main__":
    unittest.main()
