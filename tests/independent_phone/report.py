"""What the run found: violations on stderr as they happen, all of them as JSON at the end."""

import sys
import threading

from rules import CODES


class Report:
    def __init__(self, stream=None, verbose=False):
        self._stream = stream if stream is not None else sys.stderr
        self._verbose = verbose
        self._lock = threading.Lock()
        self._violations = {}
        self._notes = {}
        self._counts = {}

    def violation(self, code, words):
        """Report a breach of the protocol. The same words again only raise a count."""
        if code not in CODES:
            raise KeyError(f"no such violation code: {code}")
        with self._lock:
            known = (code, words) in self._violations
            self._violations[code, words] = self._violations.get((code, words), 0) + 1
        if not known:
            print(f"VIOLATION {code}: {words}", file=self._stream, flush=True)

    def findings(self, findings):
        for finding in findings:
            self.violation(finding.code, finding.words)

    def note(self, words):
        """Something worth knowing that breaks no rule (a refused connection, a dropped webhook)."""
        with self._lock:
            self._notes[words] = self._notes.get(words, 0) + 1
        if self._verbose:
            print(f"NOTE {words}", file=self._stream, flush=True)

    def count(self, what):
        with self._lock:
            self._counts[what] = self._counts.get(what, 0) + 1

    def counted(self, what):
        with self._lock:
            return self._counts.get(what, 0)

    def codes(self):
        with self._lock:
            return {code for code, _ in self._violations}

    def as_json(self, **more):
        with self._lock:
            return {
                "violations": [
                    {"code": code, "section": CODES[code][0], "rule": CODES[code][1], "words": words, "count": count}
                    for (code, words), count in self._violations.items()
                ],
                "notes": [{"words": words, "count": count} for words, count in self._notes.items()],
                "counts": dict(sorted(self._counts.items())),
                **more,
            }
