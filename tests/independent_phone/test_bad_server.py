"""The phone against a bad server for every violation code: the client can fail."""

import sys

sys.dont_write_bytecode = True  # leave nothing behind

import json
import os
import tempfile
import unittest
from pathlib import Path

from bad_modes import CASES
from fake_server import FakeServer
from play import go, leave_nothing_behind, phone
from rules import CODES

tearDownModule = leave_nothing_behind


class BadServer(unittest.TestCase):
    """One test per violation code, made from the table in bad_modes.py."""

    def provoke(self, code, case):
        with FakeServer(case.flaw, case.messages) as server, tempfile.TemporaryDirectory() as folder:
            if case.settings is not None:
                server.settings = case.settings
            if case.webhooks is not None:
                server.webhooks = [{"url": server.origin + "/hook/x", **w} for w in case.webhooks]
            elif "1.68" not in case.user_agent:
                server.webhooks = []
            air = os.path.join(folder, "air")
            Path(air).write_text("".join(json.dumps({"id": i}) + "\n" for i in case.air_before))
            run = phone(server, profile=case.profile, user_agent=case.user_agent, probe=case.probe, air=air)

            def done():
                if case.nudge:
                    server.push("MessageEnqueued")
                return code in run.report.codes()

            exit_code = go(run, done, 6)
            return run.summary()["violations"], exit_code

    def test_every_code_has_a_case(self):
        self.assertEqual(set(CASES), set(CODES))


def _bad_server_test(code):
    def test(self):
        for number, case in enumerate(CASES[code]):
            with self.subTest(case=number):
                violations, exit_code = self.provoke(code, case)
                found = {v["code"] for v in violations}
                self.assertIn(code, found)
                self.assertLessEqual(found, {code} | case.also, violations)
                self.assertEqual(exit_code, 1)

    return test


for _code in CODES:
    setattr(BadServer, f"test_{_code.lower()}", _bad_server_test(_code))


if __name__ == "__main__":
    unittest.main()
