"""What became of the demo's past reports: steps, each at its time, done in the order of the times.

    decided    which outcome a report comes to, by its age and place
    Caseload   the steps of each case, and what only a few have (``rare``)

Nothing lies in the future: a case that came lately has come less far.
"""

from __future__ import annotations

import datetime as dt
import heapq
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from app.cli.demo.colleagues import Colleagues, take_picture
from app.cli.demo.corpus import Past, words
from app.console.rules import changes
from app.console.rules.changes import (
    DUPLICATE_OF,
    FEEDBACK,
    LABELS,
    OWNER,
    PRIORITY,
    STATUS,
    Change,
)
from app.console.rules.lifecycle import DAY, HOUR
from app.console.vault.records import messages
from app.protocol import bodies
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from app.protocol.recipients import Recipient
from app.protocol.secrets import Secret

SPEAKS = {"ana": "en es fr pt", "ben": "en ar ro uk", "chris": "en vi zh"}
"""Languages of the three; of the line's others (Filipino, Hindi, Thai) nobody speaks any."""
OFFICE_HOURS = (8, 19)
_OLD = (
    "closed/referred", "closed/victim-contacted", "closed/no-action", "closed/under-investigation",
    "in-progress", "closed/unfounded", "closed/referred", "waiting", "closed/victim-contacted",
)  # fmt: skip
_MIDDLE = (
    "in-progress", "closed/referred", "waiting", "closed/victim-contacted", "in-progress",
    "closed/unfounded", "acknowledged", "closed/under-investigation", "in-progress",
)  # fmt: skip
_LATE = (
    "in-progress", "acknowledged", "waiting", "new", "in-progress", "closed/no-action",
    "acknowledged", "in-progress", "new", "closed/referred",
)  # fmt: skip
_FRESH = ("new", "acknowledged", "new", "in-progress", "new", "new")


def decided(one: Past, place: int) -> str:
    """Return a status, with its disposition, as the desk's field has it."""
    if one.noise:
        return "closed/spam" if one.day > 2 else "new"
    if one.repeats is not None:
        return "closed/duplicate" if one.day > 2 else "new"
    if one.network:
        return "new" if one.day < 3 else "in-progress"
    for least, statuses in ((55, _OLD), (20, _MIDDLE), (7, _LATE)):
        if one.day >= least:
            status = statuses[place % len(statuses)]
            # Nobody leaves danger for a week.
            return "in-progress" if one.danger and status == "new" else status
    return _FRESH[place % len(_FRESH)]


def priority(one: Past) -> str:
    """Return how urgent the desk found it."""
    if one.danger:
        return "life-safety"
    if one.urgent or one.network or one.answers["under_18"] == "yes":
        return "urgent"
    return "information" if {"question", "prevention"} & set(one.labels) else "routine"


@dataclass(slots=True)
class CaseOf:
    """A past report with its case: its code, to whom one answers, who works on it, when it came."""

    past: Past
    place: int
    code: Secret
    reporter: Recipient
    at: int
    outcome: str
    worker: str = ""

    @property
    def id(self) -> str:
        """The case's id, as every console derives it."""
        return messages.case_id(self.reporter)

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self.outcome.startswith("closed/")


@dataclass(slots=True)
class Caseload:
    """The cases, and the steps that are still to be done; ``now`` is in Unix seconds."""

    team: Colleagues
    now: int
    cases: list[CaseOf] = field(default_factory=list)
    _steps: list[tuple[int, int, Callable[[int], None]]] = field(default_factory=list)

    def add(self, one: Past) -> None:
        """Plan a report and what became of it."""
        place = len(self.cases)
        begun = self.now // DAY * DAY - one.day * DAY
        at = begun + (7 + place * 5 % 16) * HOUR + place * 377 % 3600
        code = new_entropy(os.urandom)
        reporter = ReporterIdentity(code).public
        made = CaseOf(one, place, code, reporter, at, decided(one, place))
        made.worker = self._worker(made)
        self.cases.append(made)
        self.later(at, partial(self._come, made))
        if made.outcome == "new":
            return
        if one.noise or one.repeats is not None:
            self.later(self.after(made, 20), partial(self._put_away, made))
            return
        self.later(self.after(made, 4 if one.danger else 22), partial(self._triage, made))
        if made.outcome == "acknowledged":
            return
        self.later(self.after(made, 30), partial(self._answer, made))
        if self._writes_again(made):
            # Every third open case's second message still waits to be read.
            waits = not made.closed and place % 3 == 1
            self.later(self.after(made, 130 if waits else 80), partial(self._write_again, made))
        self.later(self.after(made, 110), partial(self._note, made))
        if made.closed and place % 3 == 0:
            self.later(self.after(made, 150), partial(self._note, made, more=3))
        if made.closed:
            self.later(self.after(made, 24 * (8 + place % 9)), partial(self._close, made))

    def later(self, at: int, step: Callable[[int], None]) -> None:
        """Plan a step, which is told its time; of one time, the first planned comes first."""
        heapq.heappush(self._steps, (at, len(self._steps), step))

    def run(self) -> None:
        """Do all of them, the earliest first."""
        while self._steps:
            at, _, step = heapq.heappop(self._steps)
            step(at)

    def after(self, one: CaseOf, hours: int) -> int:
        """Return a time so long after a report came, when people are at work, never ahead."""
        at = one.at + hours * HOUR
        begin, end = OFFICE_HOURS
        hour = at // HOUR % 24
        if not begin <= hour < end and hours > 12:
            at += (begin + one.place % (end - begin) - hour) * HOUR
        latest = self.now - HOUR
        share = min(0.95, hours / 24 / (one.past.day + 2))
        return at if at < latest else one.at + int((latest - one.at) * share)

    def say(self, one: CaseOf, kind: str, at: int, **fields: object) -> None:
        """Let the reporter of a case write again, to whom they wrote before."""
        said = {"lang": one.past.lang, "text": "", "desks": list(one.past.desks)} | fields
        self.team.receive(one.reporter, kind, said, at, one.past.desks)

    def spoken(self, one: CaseOf) -> bool:
        """Return whether who works on a case speaks its language."""
        return one.past.lang.partition("-")[0] in SPEAKS[one.worker].split()

    def _worker(self, one: CaseOf) -> str:
        """Return who speaks the language, at the desk that came first in the report, in turn."""
        at_desk = [member.name for member in self.team.at(one.past.desks[0])]
        able = [name for name in at_desk if one.past.lang.partition("-")[0] in SPEAKS[name].split()]
        return able[one.place % len(able)] if able else at_desk[0]

    def _come(self, one: CaseOf, at: int) -> None:
        past = one.past
        fields: dict[str, object] = {
            "lang": past.lang, "text": past.text, "desks": list(past.desks), "answers": past.answers
        }  # fmt: skip
        shown = past.picture or ("house.jpg" if one.place % 29 == 11 else None)
        picture = take_picture(shown) if shown else None
        self.team.receive(one.reporter, bodies.REPORT, fields, at, past.desks, picture)

    def _triage(self, one: CaseOf, at: int) -> None:
        wanted = [
            changes.put(one.id, STATUS, "acknowledged"),
            changes.put(one.id, PRIORITY, priority(one.past)),
            *(changes.add(one.id, LABELS, label) for label in one.past.labels),
        ]
        if self.spoken(one):
            wanted.append(changes.put(one.id, OWNER, self.team.member(one.worker).key))
        else:
            wanted.append(changes.add(one.id, LABELS, "interpreter asked"))
        self.team.open_and_act(one.worker, one.id, wanted, at)

    def _answer(self, one: CaseOf, at: int) -> None:
        if one.past.answers["safe_to_reply"] != "no" and self.spoken(one):
            text = words().answer(one.past.lang, one.place)
            self.team.answer(one.worker, one.id, text, one.past.lang, at)

    def _writes_again(self, one: CaseOf) -> bool:
        safe = one.past.answers["safe_to_reply"] == "yes" and one.outcome != "waiting"
        return safe and one.place % 5 != 0 and self.spoken(one)

    def _write_again(self, one: CaseOf, at: int) -> None:
        if text := words().further(one.past.lang, one.place):
            self.say(one, bodies.MESSAGE, at, text=text)

    def _note(self, one: CaseOf, at: int, *, more: int = 0) -> None:
        home = self.team.home(one.worker, one.id)
        wanted = [changes.note(one.id, words().note(home, one.place + more))]
        if not more:
            status = "waiting" if one.outcome == "waiting" else "in-progress"
            wanted.append(changes.put(one.id, STATUS, status))
        self.team.open_and_act(one.worker, one.id, wanted, at)

    def _close(self, one: CaseOf, at: int) -> None:
        wanted: list[Change] = [changes.put(one.id, STATUS, one.outcome)]
        if one.outcome in ("closed/referred", "closed/victim-contacted"):
            day = dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()
            wanted.append(changes.put(one.id, FEEDBACK, day))
        self.team.open_and_act(one.worker, one.id, wanted, at)

    def _put_away(self, one: CaseOf, at: int) -> None:
        wanted = [changes.put(one.id, STATUS, one.outcome)]
        if one.past.repeats is not None:
            main = self.cases[one.past.repeats]
            if not set(self.team.member(one.worker).desks) & set(main.past.desks):
                return
            wanted.insert(0, changes.put(one.id, DUPLICATE_OF, main.id))
        self.team.open_and_act(one.worker, one.id, wanted, at)
