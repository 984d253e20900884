"""The settings that a server may push, their ranges, and how the app applies them (all or nothing)."""

from rules import Finding, has_type

LIMIT_PERIOD_S = {"Disabled": 0, "PerMinute": 60, "Per30Minutes": 1800, "PerHour": 3600, "PerDay": 86400}
_PER_30_MINUTES_SINCE = (1, 67, 0)


def _names(*names):
    return lambda value: None if value in names else ("SETTINGS_ENUM", f"one of {', '.join(names)}")


def _whole(least):
    def flaw(value):
        if not (has_type(value, int) or has_type(value, float)):
            return "SETTINGS_TYPE", "a number"
        return None if int(value) >= least else ("SETTINGS_RANGE", f"{least} or more")  # the app truncates doubles

    return flaw


def _text(value):
    return None if has_type(value, str) else ("SETTINGS_TYPE", "a string")


def _https(value):
    return _text(value) or (None if value.startswith("https://") else ("SETTINGS_RANGE", "a URL that starts https://"))


def _flag(value):
    return None if has_type(value, bool) else ("SETTINGS_TYPE", "true or false")


RULES = {
    ("messages", "limit_period"): _names(*LIMIT_PERIOD_S),
    ("messages", "limit_value"): _whole(0),
    ("messages", "send_interval_min"): _whole(0),
    ("messages", "send_interval_max"): _whole(0),
    ("messages", "processing_order"): _names("LIFO", "FIFO"),
    ("messages", "sim_selection_mode"): _names("OSDefault", "RoundRobin", "Random"),
    ("messages", "log_lifetime_days"): _whole(1),
    ("ping", "interval_seconds"): _whole(1),
    ("gateway", "notification_channel"): _names("AUTO", "SSE_ONLY"),
    ("gateway", "cloud_url"): _https,
    ("gateway", "private_token"): _text,
    ("webhooks", "signing_key"): _text,
    ("webhooks", "retry_count"): _whole(1),
    ("webhooks", "internet_required"): _flag,
    ("encryption", "passphrase"): _text,
    ("logs", "lifetime_days"): _whole(1),
}
SECTIONS = {section for section, _ in RULES}
NEEDS_RESTART = {("ping", "interval_seconds"), ("gateway", "notification_channel"),
                 ("gateway", "cloud_url"), ("gateway", "private_token")}  # fmt: skip


def check_settings(pushed, version):
    """Findings about a settings object; with any of them the app applies nothing."""
    found = []
    for section, values in pushed.items():
        if values is None:
            found.append(Finding("SETTINGS_NULL_SECTION", f"the section {section} is null"))
        elif section in SECTIONS and not isinstance(values, dict):
            found.append(Finding("SETTINGS_TYPE", f"the section {section} is {values!r}"))
    for (section, key), rule in RULES.items():
        values = pushed.get(section)
        if not isinstance(values, dict) or values.get(key) is None:
            continue  # missing: untouched; null: back to the default
        flaw = rule(values[key])
        if not flaw and values[key] == "Per30Minutes" and version < _PER_30_MINUTES_SINCE:
            flaw = ("SETTINGS_ENUM", "a period that this version knows")
        if flaw:
            shown = "a secret" if key in ("signing_key", "private_token", "passphrase") else repr(values[key])
            found.append(Finding(flaw[0], f"{section}.{key} is {shown}, must be {flaw[1]}"))
    return found


def apply_settings(current, pushed):
    """Merge sound settings into `current` {"section.key": value}; return the keys whose value changed."""
    changed = set()
    for section, key in RULES:
        values = pushed.get(section)
        if not isinstance(values, dict) or key not in values:
            continue
        name, new = f"{section}.{key}", values[key]
        new = int(new) if has_type(new, float) else new
        if current.get(name) != new:
            changed.add((section, key))
        if new is None:
            current.pop(name, None)
        else:
            current[name] = new
    return changed
