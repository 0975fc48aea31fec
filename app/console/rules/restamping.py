"""Another clock for what one operation said, where that operation had to be written again. Pure."""

from dataclasses import replace

from app.console.rules.log import Clock
from app.console.rules.merge import CaseState, DeskState, Entry, Stamp
from app.protocol.operation import SEQUENCE_MAX


def restamp_case(state: CaseState, author: str, seq: int, before: Clock, after: Clock) -> None:
    """Give what operation ``seq`` of ``author`` (b64u) said of a case its new clock, in place."""

    def new(stamp: Stamp) -> Stamp:
        return _new(stamp, author, seq, before, after)

    for entries in (state.fields, state.edits, state.seen):
        _restamp(entries, author, seq, before, after)
    state.notes = {tag: replace(one, stamp=new(one.stamp)) for tag, one in state.notes.items()}
    state.hands = {tag: replace(one, stamp=new(one.stamp)) for tag, one in state.hands.items()}
    mine = f"{author}.{seq}."
    state.added = {
        tag: after if tag.startswith(mine) else clock for tag, clock in state.added.items()
    }
    if before[1] > SEQUENCE_MAX:  # no other member's: no other console takes such a clock in
        for tag, clock in state.dropped.items():
            state.dropped[tag] = after if clock == before else clock


def restamp_desk(state: DeskState, author: str, seq: int, before: Clock, after: Clock) -> None:
    """Restamp what it said of the desk, in the same way."""
    for entries in (state.languages, state.rules):
        _restamp(entries, author, seq, before, after)


def _restamp(entries: dict[str, Entry], author: str, seq: int, before: Clock, after: Clock) -> None:
    for name, (stamp, value) in entries.items():
        entries[name] = _new(stamp, author, seq, before, after), value


def _new(stamp: Stamp, author: str, seq: int, before: Clock, after: Clock) -> Stamp:
    same = stamp[:2] == before and stamp[2:4] == (author, seq)
    return (*after, *stamp[2:]) if same else stamp
