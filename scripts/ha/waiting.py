"""Waiting with a limit, and ports."""

import random
import socket
import sys
import time


def wait_until(what, limit_s, found):
    """What `found()` returns once it returns something; ends the program if it does not in time."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.05)
    sys.exit(f"ha-demo: {what}: not within {limit_s} s")


class Ports:
    """Free ports below the range from which the kernel takes ports for outgoing connections: while a
    server is down, nobody else gets its port by chance."""

    def __init__(self):
        self._given = set()

    def free(self):
        while True:
            port = random.randrange(12_000, 30_000)
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            if port not in self._given:
                self._given.add(port)
                return port
