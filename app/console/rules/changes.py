"""The changes an operation may carry: made here, and read with distrust (spec: team, changes).

A change is a JSON object with ``do`` and, but for what concerns a desk, ``case``: its id, which
every member who can read it derives alike. Names of fields and sets that this version does not know
are merged like others, so that a newer console loses nothing here.
"""

from __future__ import annotations

import re
from typing import Any

CASE_CHARACTERS = 64
NAME_MAX = 32
VALUE_MAX = 500
BY_MAX = 80
NOTE_BYTES = 4_000
"""Of one note's change; a longer note is written as several (``split_note``)."""

STATUS, PRIORITY, OWNER, DUE, DUPLICATE_OF = "status", "priority", "owner", "due", "duplicate-of"
FEEDBACK, SNOOZE = "feedback", "snooze"
LABELS, ANSWERED = "labels", "answered"

Change = dict[str, Any]

_CASE = re.compile(r"[0-9a-f]{64}\Z")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_TAG = re.compile(r"[A-Za-z0-9_-]{43}\.[0-9]{1,16}\.[0-9]{1,6}\Z")


def put(case: str, name: str, value: str) -> Change:
    """Set a field; an empty value clears it."""
    return {"do": "set", "case": case, "name": name, "value": value[:VALUE_MAX]}


def add(case: str, name: str, value: str) -> Change:
    """Put a value into a set."""
    return {"do": "add", "case": case, "name": name, "value": value[:VALUE_MAX]}


def drop(case: str, name: str, value: str, tags: list[str]) -> Change:
    """Take a value out of a set: those additions of it that have been seen, by their tags."""
    return {"do": "drop", "case": case, "name": name, "value": value[:VALUE_MAX], "tags": tags}


def note(case: str, text: str) -> Change:
    """Write a note for the team."""
    return {"do": "note", "case": case, "text": text}


def translation(case: str, text: str, mid: str, by: str) -> Change:
    """Write a note that is the translation of a message, by whoever made it (a name or a role)."""
    return {**note(case, text), "about": mid, "by": by[:BY_MAX]}


def edit(case: str, tag: str, text: str) -> Change:
    """Replace one's own note's text; empty withdraws it."""
    return {"do": "edit", "case": case, "note": tag, "text": text}


def seen(case: str, mid: str) -> Change:
    """Say that the author has read the case as far as a message."""
    return {"do": "seen", "case": case, "mid": mid}


def hand(case: str, origin: str, target: str, reason: str) -> Change:
    """Hand a case from one desk to another, both of which the reporter chose."""
    return {
        "do": "hand",
        "case": case,
        "from": origin,
        "to": target,
        "reason": reason[:VALUE_MAX],
    }


def welcome(vk: str, scope: str) -> Change:
    """Tell the desk that its new member was given ``all``, ``open`` or ``none`` of its cases."""
    return {"do": "welcome", "member": vk, "scope": scope}


def speak(languages: str) -> Change:
    """Say which languages the author works in: tags, a space between them; empty for none."""
    return {"do": "speak", "value": languages[:VALUE_MAX]}


def rule(name: str, value: str) -> Change:
    """Set something for the whole desk; an empty value goes back to what is usual."""
    return {"do": "rule", "name": name, "value": value[:VALUE_MAX]}


def split_note(text: str) -> list[str]:
    """Cut a note into pieces that each fit into a change, at ends of lines or words if possible."""
    pieces = []
    rest = text
    while len(rest.encode()) > NOTE_BYTES:
        head = rest.encode()[:NOTE_BYTES].decode("utf-8", "ignore")
        cut = max(head.rfind("\n"), head.rfind(" "))
        if cut > NOTE_BYTES // 8:
            head = head[:cut]
        pieces.append(head.strip())
        rest = rest[len(head) :].lstrip()
    return [*pieces, rest.strip()] if rest.strip() else pieces


def sensible(change: Change) -> bool:
    """Say whether a change can be merged; what cannot stays in its operation, to no effect."""
    kind = change.get("do")
    if kind == "welcome":
        return _texts(change, "member", "scope")
    if kind == "speak":
        return _texts(change, "value") and len(change["value"]) <= VALUE_MAX
    if kind == "rule":
        return (
            _texts(change, "name", "value")
            and _NAME.match(change["name"]) is not None
            and len(change["value"]) <= VALUE_MAX
        )
    if not isinstance(change.get("case"), str) or not _CASE.match(change["case"]):
        return False
    if kind in ("set", "add", "drop"):
        return (
            _texts(change, "name", "value")
            and _NAME.match(change["name"]) is not None
            and len(change["value"]) <= VALUE_MAX
            and (kind != "drop" or _tags(change.get("tags")))
        )
    if kind == "note":
        present = [name for name in ("about", "by") if name in change]
        return _texts(change, "text", *present) and all(
            len(change[name]) <= BY_MAX for name in present
        )
    if kind == "edit":
        return _texts(change, "note", "text") and _TAG.match(change["note"]) is not None
    if kind == "seen":
        return _texts(change, "mid") and len(change["mid"]) <= 64
    if kind == "hand":
        return _texts(change, "from", "to", "reason")
    return False


def _texts(change: Change, *names: str) -> bool:
    return all(
        isinstance(change.get(name), str) and _writable(change[name]) for name in names
    )  # fmt: skip


def _writable(text: str) -> bool:
    # Half a surrogate pair is JSON and no UTF-8: the vault could not keep it.
    return "\x00" not in text and text.encode("utf-8", "replace").decode() == text


def _tags(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, str) and _TAG.match(one) for one in value
    )
