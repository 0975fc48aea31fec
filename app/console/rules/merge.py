"""The state of a case at a desk, and how changes become part of it, in whatever order they come.

Everything is a join: commutative, associative, idempotent (tested). Fields go to the last writer
by (clock, author); a value is in a set as long as one addition of it has not been dropped by
a member who had seen it (add wins); notes are only ever added, their authors may edit them; the
rest only grows. A snapshot is joined the same way.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.console.rules.changes import Change, sensible
from app.console.rules.log import Clock
from app.protocol.encoding import b64u
from app.protocol.operation import SEQUENCE_MAX, Operation

Stamp = tuple[int, int, str, int, int]
"""Clock's seconds and counter, author, and, for changes of one moment, sequence and place."""

Entry = tuple[Stamp, str]

EARLIEST, LATEST = (0, 0), (SEQUENCE_MAX, SEQUENCE_MAX)
"""Clocks of additions and of drops that were kept before their clocks were."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note by its author; ``edit`` is the last text that the author put in its place.

    Of a translation, ``about`` is the ``mid`` of its message and ``by`` says who made it.
    """

    stamp: Stamp
    text: str
    about: str = ""
    by: str = ""
    edit: Entry | None = None

    @property
    def author(self) -> str:
        """The key (b64u) of who wrote it."""
        return self.stamp[2]

    @property
    def now(self) -> str:
        """The text as it stands; empty if withdrawn."""
        return self.edit[1] if self.edit else self.text


@dataclass(frozen=True, slots=True)
class Hand:
    """One handing over, from desk to desk, with its reason."""

    stamp: Stamp
    origin: str
    target: str
    reason: str


@dataclass(slots=True)
class CaseState:
    """All that a desk's members said of a case. Equal states show equal cases."""

    fields: dict[str, Entry] = field(default_factory=dict)
    sets: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    added: dict[str, Clock] = field(default_factory=dict)
    dropped: dict[str, Clock] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    edits: dict[str, Entry] = field(default_factory=dict)
    seen: dict[str, Entry] = field(default_factory=dict)
    hands: dict[str, Hand] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return a field's value, empty if it was never set."""
        found = self.fields.get(name)
        return found[1] if found else ""

    def values(self, name: str) -> list[str]:
        """Return what is in a set, sorted."""
        return sorted(value for value in self.sets.get(name, {}) if self.tags(name, value))

    def tags(self, name: str, value: str) -> list[str]:
        """Return the additions of a value that a drop must name."""
        return sorted(tag for tag in self.sets.get(name, {}).get(value, ()) if self._stands(tag))

    def written(self) -> list[tuple[str, Note]]:
        """Return notes with their tags, in the order of their clocks, edits in their places."""
        shown = []
        for tag, one in self.notes.items():
            edit = self.edits.get(tag)
            shown.append((tag, replace(one, edit=edit) if edit else one))
        return sorted(shown, key=lambda pair: pair[1].stamp)

    def last_act(self, *, besides: Container[str] = ()) -> int:
        """Return when a member last said something of the case, in Unix seconds; 0 for never.

        That somebody has read it is no act, nor are the fields named ``besides``.
        """
        fields = (stamp[0] for name, (stamp, _) in self.fields.items() if name not in besides)
        notes = (one.stamp[0] for one in self.notes.values())
        edits = (stamp[0] for stamp, _ in self.edits.values())
        hands = (one.stamp[0] for one in self.hands.values())
        sets = (clock[0] for clock in (*self.added.values(), *self.dropped.values()))
        ever = (at for at in (*fields, *notes, *edits, *hands, *sets) if at < LATEST[0])
        return max(ever, default=0)

    def join(self, other: CaseState) -> None:
        """Take over what another state holds."""
        _latest(self.fields, other.fields)
        for name, values in other.sets.items():
            mine = self.sets.setdefault(name, {})
            for value, tags in values.items():
                mine.setdefault(value, set()).update(tags)
        for tag, clock in other.added.items():
            self.added[tag] = max(self.added.get(tag, clock), clock)
        for tag, clock in other.dropped.items():
            self.dropped[tag] = max(self.dropped.get(tag, clock), clock)
        # One tag is one change of one operation: who holds two for it has met a fork.
        for tag, note in other.notes.items():
            self.notes[tag] = max(self.notes.get(tag, note), note, key=_by_note)
        _latest(self.edits, other.edits)
        _latest(self.seen, other.seen)
        for tag, hand in other.hands.items():
            self.hands[tag] = max(self.hands.get(tag, hand), hand, key=_by_hand)

    def _stands(self, tag: str) -> bool:
        # Who drops has seen the addition, so its clock is the earlier one: a drop made ahead of an
        # addition, by whoever guesses its tag, drops nothing.
        dropped = self.dropped.get(tag)
        return dropped is None or dropped < self.added.get(tag, EARLIEST)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form, in which the vault keeps it and a snapshot carries it."""
        return {
            "fields": {name: _entry_json(one) for name, one in self.fields.items()},
            "sets": {
                name: {value: sorted(tags) for value, tags in values.items()}
                for name, values in self.sets.items()
            },
            "added": {tag: list(clock) for tag, clock in self.added.items()},
            "dropped": {tag: list(clock) for tag, clock in self.dropped.items()},
            "notes": {tag: _note_json(one) for tag, one in self.notes.items()},
            "edits": {tag: _entry_json(one) for tag, one in self.edits.items()},
            "seen": {who: _entry_json(one) for who, one in self.seen.items()},
            "hands": {
                tag: [list(one.stamp), one.origin, one.target, one.reason]
                for tag, one in self.hands.items()
            },
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CaseState:
        """Read the JSON form. Raises KeyError, TypeError or ValueError for another."""
        return cls(
            fields={str(name): _entry(one) for name, one in value["fields"].items()},
            sets={
                str(name): {str(text): {str(tag) for tag in tags} for text, tags in values.items()}
                for name, values in value["sets"].items()
            },
            added={str(tag): _clock(one) for tag, one in value.get("added", {}).items()},
            dropped=_dropped(value["dropped"]),
            notes={str(tag): _note(one) for tag, one in value["notes"].items()},
            edits={
                str(tag): _entry(one)
                for tag, one in value["edits"].items()
                if _own(str(tag), _stamp(one[0]))
            },
            seen={str(who): _entry(one) for who, one in value["seen"].items()},
            hands={
                str(tag): Hand(_stamp(one[0]), str(one[1]), str(one[2]), str(one[3]))
                for tag, one in value["hands"].items()
            },
        )


def changed_cases(operation: Operation) -> dict[str, CaseState]:
    """Return what an operation adds to each case it names: joined to the states, it is applied."""
    author = b64u(operation.author)
    found: dict[str, CaseState] = {}
    for place, change in enumerate(operation.changes):
        if not sensible(change) or "case" not in change:
            continue
        stamp = (*operation.clock, author, operation.seq, place)
        tag = f"{author}.{operation.seq}.{place}"
        found.setdefault(change["case"], CaseState()).join(_one(change, stamp, tag))
    return found


@dataclass(slots=True)
class DeskState:
    """What a desk's members said of the desk and of themselves, not of a case.

    The languages that each works in (tags, a space between them), by author; and the desk's rules,
    by name.
    """

    languages: dict[str, Entry] = field(default_factory=dict)
    rules: dict[str, Entry] = field(default_factory=dict)

    def spoken_by(self, author: str) -> tuple[str, ...] | None:
        """Return tags as the author gave them; None if they have said nothing."""
        found = self.languages.get(author)
        return tuple(found[1].split()) if found else None

    def rule(self, name: str) -> str:
        """Return a rule's value, empty if it was never set."""
        found = self.rules.get(name)
        return found[1] if found else ""

    def join(self, other: DeskState) -> None:
        """Take over what another state holds."""
        _latest(self.languages, other.languages)
        _latest(self.rules, other.rules)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form, in which the vault keeps it and a snapshot carries it."""
        return {
            "languages": {who: _entry_json(one) for who, one in self.languages.items()},
            "rules": {name: _entry_json(one) for name, one in self.rules.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> DeskState:
        """Read the JSON form. Raises KeyError, TypeError or ValueError for another."""
        spoken = {str(who): _entry(one) for who, one in value["languages"].items()}
        return cls(
            languages={who: one for who, one in spoken.items() if one[0][2] == who},
            rules={str(name): _entry(one) for name, one in value["rules"].items()},
        )


def changed_desk(operation: Operation) -> DeskState:
    """Return what an operation adds to its desk: joined to the state, it is applied."""
    author = b64u(operation.author)
    found = DeskState()
    for place, change in enumerate(operation.changes):
        if not sensible(change):
            continue
        entry = (*operation.clock, author, operation.seq, place), str(change.get("value"))
        if change["do"] == "speak":
            found.join(DeskState(languages={author: entry}))
        elif change["do"] == "rule":
            found.join(DeskState(rules={change["name"]: entry}))
    return found


def _one(change: Change, stamp: Stamp, tag: str) -> CaseState:
    kind = change["do"]
    if kind == "set":
        return CaseState(fields={change["name"]: (stamp, change["value"])})
    if kind == "add":
        return CaseState(sets={change["name"]: {change["value"]: {tag}}}, added={tag: stamp[:2]})
    if kind == "drop":
        return CaseState(dropped=dict.fromkeys(change["tags"], stamp[:2]))
    if kind == "note":
        note = Note(stamp, change["text"], change.get("about", ""), change.get("by", ""))
        return CaseState(notes={tag: note})
    if kind == "edit":
        return CaseState(
            edits={change["note"]: (stamp, change["text"])} if _own(change["note"], stamp) else {}
        )
    if kind == "seen":
        return CaseState(seen={stamp[2]: (stamp, change["mid"])})
    return CaseState(hands={tag: Hand(stamp, change["from"], change["to"], change["reason"])})


def _own(tag: str, stamp: Stamp) -> bool:
    """Say whether a note is its editor's: no other's edit is taken in, from whatever it comes."""
    return tag.startswith(stamp[2] + ".")


def _latest(mine: dict[str, Entry], theirs: Mapping[str, Entry]) -> None:
    for name, one in theirs.items():
        mine[name] = max(mine.get(name, one), one)


def _by_note(one: Note) -> tuple[Stamp, str, str, str]:
    return one.stamp, one.text, one.about, one.by


def _by_hand(one: Hand) -> tuple[Stamp, str, str, str]:
    return one.stamp, one.origin, one.target, one.reason


def _note_json(one: Note) -> list[Any]:
    return [list(one.stamp), one.text, *((one.about, one.by) if one.about or one.by else ())]


def _note(value: Any) -> Note:
    about, by = value[2:4] if len(value) > 3 else ("", "")
    return Note(_stamp(value[0]), str(value[1]), str(about), str(by))


def _entry_json(one: Entry) -> list[Any]:
    return [list(one[0]), one[1]]


def _entry(value: Any) -> Entry:
    return _stamp(value[0]), str(value[1])


def _dropped(value: Any) -> dict[str, Clock]:
    if isinstance(value, list):  # as it was kept before clocks were
        return {str(tag): LATEST for tag in value}
    return {str(tag): _clock(one) for tag, one in value.items()}


def _clock(value: Iterable[Any]) -> Clock:
    seconds, count = value
    if type(seconds) is not int or type(count) is not int:
        raise ValueError("A clock has another form.")
    return seconds, count


def _stamp(value: Iterable[Any]) -> Stamp:
    seconds, count, author, seq, place = value
    if not all(type(one) is int for one in (seconds, count, seq, place)):
        raise ValueError("A stamp has another form.")
    return seconds, count, str(author), seq, place
