"""The phone as a program: arguments, exit codes, the report."""

import sys

sys.dont_write_bytecode = True  # leave nothing behind

import json
import signal
import subprocess
import time
import unittest

from fake_server import CODE, LOGIN, PASSWORD, PRIVATE_TOKEN, FakeServer, Flaw, sms
from play import HERE, leave_nothing_behind

tearDownModule = leave_nothing_behind


class CommandLine(unittest.TestCase):
    def run_phone(self, server, *arguments, stop_after_s=None):
        command = [sys.executable, str(HERE / "phone.py"), "--server", server.url, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with process:
            if stop_after_s is not None:
                time.sleep(stop_after_s)
                process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
        return process.returncode, out, err

    def test_sound_run(self):
        with FakeServer(messages=[sms()]) as server:
            code, out, err = self.run_phone(server, "--private-token", PRIVATE_TOKEN, "--until-air", "1")
        self.assertEqual((code, err), (0, ""))
        summary = json.loads(out)
        self.assertEqual((summary["air"], summary["messages"], summary["done"]), (1, {"Delivered": 1}, True))

    def test_violations_are_told_three_times(self):
        with FakeServer(Flaw(element=lambda e: e.update(priority=128)), messages=[sms()]) as server:
            code, out, err = self.run_phone(server, "--login", LOGIN, "--password", PASSWORD, "--until-air", "1")
        self.assertEqual(code, 1)
        self.assertTrue(err.startswith("VIOLATION PRIORITY_RANGE: "), err)
        self.assertEqual(json.loads(out)["violations"][0]["code"], "PRIORITY_RANGE")

    def test_a_signal_ends_the_run_with_a_report(self):
        with FakeServer() as server:
            code, out, _ = self.run_phone(server, "--code", CODE, stop_after_s=0.8)
        self.assertEqual((code, json.loads(out)["violations"]), (0, []))

    def test_time_over_before_the_awaited_send(self):
        with FakeServer() as server:
            code, out, _ = self.run_phone(server, "--private-token", PRIVATE_TOKEN, "--until-air", "1", "--run-s", "0.5")
        self.assertEqual((code, json.loads(out)["done"]), (2, False))


if __name__ == "__main__":
    unittest.main()
