"""Dates as the phone app writes and misreads them.

The app tries one fixed pattern with exactly three fraction digits first, leniently, so a longer fraction is
silently read as that many milliseconds. This file reads dates the same wrong way, and names the flaw.
"""

import re
from datetime import datetime, timedelta, timezone

_DATE = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$")


def date_flaw(text):
    """Return (code, words) if a server must not write this date, else None."""
    found = _DATE.match(text)
    if found is None or _parsed(text) is None:
        return "DATE_FORM", f"{text!r} is not an RFC 3339 date that the app can read"
    digits = found.group(2)
    if digits is not None and len(digits) != 3:
        return "DATE_FRACTION", f"{text!r} has {len(digits)} fraction digits; the app reads it as {read_as_app(text)}"
    return None


def read_as_app(text):
    """The moment the app takes this text for: the fraction counts as whole milliseconds. Raises ValueError."""
    moment = _parsed(text)
    if moment is None:
        raise ValueError(f"not a date that the app can read: {text!r}")
    return moment


def _parsed(text):
    found = _DATE.match(text)
    if found is None:
        return None
    seconds, digits, zone = found.groups()
    try:
        base = datetime.fromisoformat(seconds + ("+00:00" if zone == "Z" else zone))
        return base + timedelta(milliseconds=int(digits or 0))
    except (ValueError, OverflowError):
        return None


def read_true(text):
    """The moment a well-behaved reader takes an RFC 3339 text for (any number of fraction digits)."""
    found = _DATE.match(text)
    if found is None:
        raise ValueError(f"not RFC 3339: {text!r}")
    seconds, digits, zone = found.groups()
    fraction = "." + (digits + "000000")[:6] if digits else ""
    return datetime.fromisoformat(seconds + fraction + ("+00:00" if zone == "Z" else zone))


def parse_offset(text):
    """`+03:00` → tzinfo."""
    sign = -1 if text[0] == "-" else 1
    hours, minutes = text[1:].split(":")
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))


def write_as_app(moment, zone):
    """`yyyy-MM-dd'T'HH:mm:ss.SSSXXX` with the device's own offset."""
    local = moment.astimezone(zone)
    text = local.isoformat(timespec="milliseconds")
    return text[:-6] + "Z" if text.endswith("+00:00") else text
