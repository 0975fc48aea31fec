"""Referrals: to whom a case's reporter was offered to be sent, and what became of it. Pure.

A referral is two fields of its case (spec: team): ``referral-ID`` says to whom and never changes,
``referral-ID-state`` what became of it, with day, note and consent in one value, so that no merge
gives one person's state another's consent. No reporter is referred who has not agreed: ``accepted``
and ``done`` carry how the reporter said so.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.console.rules.changes import Change, put
from app.console.rules.merge import CaseState
from app.sentences.translatable import say

KINDS = {
    "shelter": say("Shelter"),
    "doctor": say("Doctor or clinic"),
    "lawyer": say("Lawyer"),
    "hotline": say("Hotline"),
    "police": say("Police"),
    "child-protection": say("Child protection"),
    "labour-inspectorate": say("Labour inspectorate"),
    "other": say("Somebody else"),
}
OFFERED, ACCEPTED, DECLINED, DONE = "offered", "accepted", "declined", "done"
STATES = {
    OFFERED: say("Offered"),
    ACCEPTED: say("Accepted"),
    DECLINED: say("Declined"),
    DONE: say("Done"),
}
WITH_CONSENT = (ACCEPTED, DONE)
PREFIX = "referral-"
ID_BYTES = 6
WITH_MAX, NOTE_MAX, CONSENT_MAX = 60, 100, 100
"""Characters; a value of 500 holds them even if every one must be escaped."""

_NAME = re.compile(r"referral-([0-9a-f]{12})\Z")


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral as it stands. ``on`` is the day (YYYY-MM-DD) on which it came to be so."""

    id: str
    kind: str
    partner: str
    state: str
    on: str
    note: str
    consent: str


def offer(case: str, id_: str, kind: str, partner: str) -> Change:
    """Say to whom."""
    return put(case, PREFIX + id_, _json({"to": kind, "with": clean(partner, WITH_MAX)}))


def step(case: str, id_: str, state: str, on: dt.date, note: str, consent: str) -> Change:
    """Say what became of it. Raises ValueError where consent is needed and was not noted.

    Whoever has declined has not agreed any more: what they said before goes with no later step.
    """
    agreed = clean(consent, CONSENT_MAX)
    if state in WITH_CONSENT and not agreed:
        raise ValueError("no consent")
    said = {"state": state, "on": on.isoformat(), "note": clean(note, NOTE_MAX)}
    if state in WITH_CONSENT:
        said["consent"] = agreed
    return put(case, f"{PREFIX}{id_}-state", _json(said))


def of_case(state: CaseState) -> list[Referral]:
    """Return all of a case's, in the order of their making; what cannot be read is left out."""
    found = []
    for name, (stamp, value) in state.fields.items():
        if (match := _NAME.match(name)) and (one := _read(match[1], value, state)):
            found.append((stamp, one))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].id))]


def words(name: str, value: str) -> str | None:
    """Return what a history says of a change to a field; None if it is no referral's."""
    if not name.startswith(PREFIX):
        return None
    held = _object(value)
    if name.endswith("-state"):
        return _step_words(held)
    kind = KINDS.get(held.get("to", ""), say("Somebody else"))
    if held.get("with"):
        return say("began a referral to: {kind}, {partner}", kind=kind, partner=held["with"])
    return say("began a referral to: {kind}", kind=kind)


def _step_words(held: Mapping[str, str]) -> str:
    state = STATES.get(held.get("state", ""), say("Changed"))
    note, agreed = held.get("note"), held.get("consent")
    if note and agreed:
        return say(
            "noted a referral as “{state}”: {note} (how the reporter agreed: {agreed})",
            state=state, note=note, agreed=agreed,
        )  # fmt: skip
    if agreed:
        return say(
            "noted a referral as “{state}” (how the reporter agreed: {agreed})",
            state=state, agreed=agreed,
        )  # fmt: skip
    if note:
        return say("noted a referral as “{state}”: {note}", state=state, note=note)
    return say("noted a referral as “{state}”", state=state)


def clean(text: str, limit: int) -> str:
    """Return a text on one line, without control characters."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:limit]


def _read(id_: str, value: str, state: CaseState) -> Referral | None:
    said, became = _object(value), _object(state.get(f"{PREFIX}{id_}-state"))
    kind, at = said.get("to", ""), became.get("state", "")
    if kind not in KINDS:
        return None
    text = {name: became.get(name, "") for name in ("on", "note", "consent")}
    return Referral(id_, kind, said.get("with", ""), at if at in STATES else OFFERED, **text)


def _object(value: str) -> dict[str, str]:
    """Return the texts of a JSON object.

    Whatever else a colleague's program put there is left out, and so is what no page could show.
    """
    try:
        found = json.loads(value) if value else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: clean(one, len(one)) for name, one in found.items() if isinstance(one, str)}


def _json(value: dict[str, str]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
