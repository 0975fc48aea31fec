"""What a snapshot says of a case, kept apart from what the authors themselves signed. Pure.

A snapshot is its sender's word: a merged state, in which anything may stand under any member's
name. So it is read within the bounds of operations (``within``), kept in a layer of its own, and
gives way wherever something signed is there: of a note its text and its editing, of a member's
field or read mark that same person's later one. Of what it alone says, it is told who passed it on.

    signed + passed -> ``CaseLayers.view``, the state that pages and lists use

Each layer is a join of its own, so consoles that heard the same still show the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.console.rules import log
from app.console.rules.changes import BY_MAX, NAME_MAX, VALUE_MAX
from app.console.rules.log import Clock
from app.console.rules.merge import LATEST, CaseState, DeskState, Entry, Stamp
from app.protocol.operation import OPERATION_MAX, SEQUENCE_MAX

PLACE_MAX = 999_999

_AUTHOR = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_TAG = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9]{1,16})\.([0-9]{1,6})\Z")
_NAME = re.compile(rf"[a-z][a-z0-9-]{{0,{NAME_MAX - 1}}}\Z")


@dataclass(slots=True)
class CaseLayers:
    """What is known of a case at a desk: what was signed, and what was passed on.

    Signed by its authors; passed on by ``by`` (keys, in b64u) in snapshots.
    """

    signed: CaseState = field(default_factory=CaseState)
    passed: CaseState = field(default_factory=CaseState)
    by: set[str] = field(default_factory=set)

    def view(self) -> CaseState:
        """Return the state of the case, to be read alone."""
        if self.passed == CaseState():
            return self.signed
        state = CaseState()
        state.join(self.signed)
        _fields(state, self.passed)
        for name, values in self.passed.sets.items():
            mine = state.sets.setdefault(name, {})
            for value, tags in values.items():
                mine.setdefault(value, set()).update(tags)
        signed_tags = {
            tag for values in self.signed.sets.values() for tags in values.values() for tag in tags
        }
        for tag in self.passed.added.keys() - signed_tags - self.signed.dropped.keys():
            state.added[tag] = self.passed.added[tag]
        for tag in self.passed.dropped.keys() - signed_tags:
            # Who takes off what was signed after we came signs that too.
            state.dropped[tag] = max(state.dropped.get(tag, (0, 0)), self.passed.dropped[tag])
        state.notes = self.passed.notes | self.signed.notes
        state.edits = {
            tag: one for tag, one in self.passed.edits.items() if tag not in self.signed.notes
        } | self.signed.edits
        state.seen = self.passed.seen | self.signed.seen
        state.hands = self.passed.hands | self.signed.hands
        return state

    def passed_on(self, tag: str) -> bool:
        """Say whether a note, as shown, is not what its author signed but what was passed on."""
        return tag not in self.signed.notes and tag not in self.signed.edits

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form in which the vault keeps it: the signed state's, and ``passed``."""
        kept = self.signed.to_json()
        if self.passed != CaseState():
            kept["passed"] = {"by": sorted(self.by), "state": self.passed.to_json()}
        return kept

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CaseLayers:
        """Read the JSON form. Raises KeyError, TypeError or ValueError for another."""
        passed = value.get("passed")
        if passed is None:
            return cls(CaseState.from_json(value))
        state = CaseState.from_json(passed["state"])
        return cls(CaseState.from_json(value), state, {str(one) for one in passed["by"]})


def within(said: CaseState, now: int) -> tuple[CaseState, int]:
    """Return what of a snapshot's state could stand in accepted operations, and how much not.

    Accepted at ``now`` (Unix seconds).
    """
    kept, limit = CaseState(), now + log.AHEAD_SECONDS
    for name, entry in said.fields.items():
        if _NAME.match(name) and _entry_within(entry, limit):
            kept.fields[name] = entry
    for name, values in said.sets.items():
        for value, tags in values.items():
            if not _NAME.match(name) or not _text_within(value):
                continue
            good = {tag for tag in tags if _tag_within(tag)}
            good &= {tag for tag in good if _clock_within(said.added.get(tag, (0, 0)), limit)}
            if good:
                kept.sets.setdefault(name, {})[value] = good
                kept.added |= {tag: said.added[tag] for tag in good & said.added.keys()}
    here = {tag for values in kept.sets.values() for tags in values.values() for tag in tags}
    for tag, clock in said.dropped.items():
        # Without a clock, or of what it does not hold, it would drop what no member has put on yet.
        if tag in here and (clock == LATEST or _clock_within(clock, limit)):
            kept.dropped[tag] = clock
    for tag, note in said.notes.items():
        attributed = all(len(text) <= BY_MAX and _is_text(text) for text in (note.about, note.by))
        if _is_tag_of(tag, note.stamp, limit) and _is_note(note.text) and attributed:
            kept.notes[tag] = note
    for tag, entry in said.edits.items():
        if _tag_within(tag) and _stamp_within(entry[0], limit) and _is_note(entry[1]):
            kept.edits[tag] = entry
    for who, entry in said.seen.items():
        if who == entry[0][2] and _entry_within(entry, limit):
            kept.seen[who] = entry
    for tag, hand in said.hands.items():
        if _is_tag_of(tag, hand.stamp, limit) and _text_within(hand.reason):
            kept.hands[tag] = hand
    return kept, _size(said) - _size(kept)


def within_desk(said: DeskState, now: int) -> tuple[DeskState, int]:
    """Return the same of what is said of the desk itself."""
    limit = now + log.AHEAD_SECONDS
    kept = DeskState(
        languages={who: one for who, one in said.languages.items() if _entry_within(one, limit)},
        rules={
            name: one
            for name, one in said.rules.items()
            if _NAME.match(name) and _entry_within(one, limit)
        },
    )
    left = len(said.languages) + len(said.rules) - len(kept.languages) - len(kept.rules)
    return kept, left


def _fields(state: CaseState, passed: CaseState) -> None:
    for name, entry in passed.fields.items():
        mine = state.fields.get(name)
        # A member's signed word came after all that a snapshot can hold of the same person's.
        if mine is None or (entry > mine and entry[0][2] != mine[0][2]):
            state.fields[name] = entry


def _size(state: CaseState) -> int:
    tags = sum(len(tags) for values in state.sets.values() for tags in values.values())
    parts = (state.fields, state.notes, state.edits, state.seen, state.hands)
    return tags + sum(len(part) for part in parts)


def _entry_within(entry: Entry, limit: int) -> bool:
    return _stamp_within(entry[0], limit) and _text_within(entry[1])


def _text_within(text: str) -> bool:
    return len(text) <= VALUE_MAX and _is_text(text)


def _is_note(text: str) -> bool:
    return len(text) <= OPERATION_MAX and _is_text(text)


def _is_text(text: str) -> bool:
    return "\x00" not in text and text.encode("utf-8", "replace").decode() == text


def _is_tag_of(tag: str, stamp: Stamp, limit: int) -> bool:
    return tag == f"{stamp[2]}.{stamp[3]}.{stamp[4]}" and _stamp_within(stamp, limit)


def _tag_within(tag: str) -> bool:
    return _TAG.match(tag) is not None


def _stamp_within(stamp: Stamp, limit: int) -> bool:
    seconds, count, author, seq, place = stamp
    return (
        _clock_within((seconds, count), limit)
        and _AUTHOR.match(author) is not None
        and 1 <= seq <= SEQUENCE_MAX
        and 0 <= place <= PLACE_MAX
    )


def _clock_within(clock: Clock, limit: int) -> bool:
    return 0 <= clock[0] <= limit and 0 <= clock[1] <= SEQUENCE_MAX
