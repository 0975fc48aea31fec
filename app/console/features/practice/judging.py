"""What was done to an exercise's cases, looked at by simple rules that anyone can read.

A rule sees what the vault holds; whether an answer is kind no rule can tell. So each exercise also
says what to think about.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.console.features.practice.exercises import Check
from app.console.features.practice.script import Acted, Sitting, cautions
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.rules import vocabulary
from app.console.rules.changes import OWNER, PRIORITY, STATUS
from app.console.rules.merge import CaseState
from app.console.vault import Transaction, Vault
from app.console.vault.custody import audit_log
from app.console.vault.records import cases, messages, notes, to_transfer
from app.console.vault.records.case_lists import Listed
from app.console.vault.records.messages import Message

QUESTIONS_MAX = 2
OF_ANSWERS = ("answer-without", "answer-in", "few-questions")
"""Rules that say nothing where no answer was sent."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one check, in the exercise's words."""

    what: str
    good: bool
    words: str


@dataclass(frozen=True, slots=True)
class FinishedCase:
    """One case as it stands when the exercise is finished."""

    known: TrustedLine
    acted: Acted
    listed: Listed
    state: CaseState
    answers: list[Message]
    events: set[str]
    noted: bool
    goes_to: str
    """The desk to which it is to be transferred with the next sending, "" for none."""

    @property
    def status(self) -> str:
        """The case's status, new if it was given none."""
        return self.state.get(STATUS) or vocabulary.NEW


Rule = Callable[[FinishedCase, Check], bool]


def judge(vault: Vault, sitting: Sitting) -> list[Finding]:
    """Return every check of the exercise that there is something to say of, in its order."""
    seen = look(vault, sitting)
    found = []
    answered = any(one.answers for one in seen)
    for check in sitting.exercise.checks:
        if check.what in OF_ANSWERS and not answered:
            continue
        good = holds(check, seen)
        found.append(Finding(check.what, good, check.good if good else check.missed))
    return found


def steps(vault: Vault, sitting: Sitting) -> list[tuple[str, bool]]:
    """Return the steps that an exercise guides through, each with whether it is done."""
    seen = look(vault, sitting)
    fitting = {check.what: check for check in sitting.exercise.checks}
    return [(words, holds(fitting[rule], seen)) for rule, words in sitting.exercise.steps]


def look(vault: Vault, sitting: Sitting) -> list[FinishedCase]:
    """Return the exercise's cases as they are now."""
    with vault.read() as tx:
        known = trusted_line.load_in(tx)
        return [_seen(tx, known, one) for one in sitting.acted]


def holds(check: Check, seen: Iterable[FinishedCase]) -> bool:
    """Say whether a check is met: by the case that it names, by any, or by each."""
    rule = RULES[check.what]
    met = [
        rule(one, check) for one in seen if check.case in ("", "any", one.acted.case.name)
    ]  # fmt: skip
    return any(met) if check.case == "any" or check.what == "merged" else all(met)


def _seen(tx: Transaction, known: TrustedLine, one: Acted) -> FinishedCase:
    listed = cases.find(tx, one.case_id)
    if listed is None:
        raise LookupError(one.case_id)
    state = cases.state(tx, one.case_id, listed.home)
    said = messages.messages_of(tx, one.case_id)
    waiting = to_transfer.find(tx, one.case_id)
    return FinishedCase(
        known,
        one,
        listed,
        state,
        [message for message in said if message.direction == "out"],
        {done.what for done in audit_log.of_case(tx, one.case_id)},
        bool(notes.of_case(tx, one.case_id)) or any(note.now for _, note in state.written()),
        waiting.target if waiting else "",
    )


def _few_questions(seen: FinishedCase, _: Check) -> bool:
    marks = (sum(one.body.text.count(mark) for mark in "?؟？") for one in seen.answers)
    return all(count <= QUESTIONS_MAX for count in marks)


def _without(seen: FinishedCase, check: Check) -> bool:
    found = (cautions(seen.known, seen.acted.case, one) for one in seen.answers)
    return not any(caution.kind in check.any for some in found for caution in some)


def _in_language(seen: FinishedCase, _: Check) -> bool:
    wanted = seen.acted.case.lang.split("-")[0]
    unread = {"language", "script"}
    return all(
        one.body.lang.split("-")[0] == wanted
        and not unread & {found.kind for found in cautions(seen.known, seen.acted.case, one)}
        for one in seen.answers
    )


def _handed(seen: FinishedCase, check: Check) -> bool:
    gone = {one.target for one in seen.state.hands.values()}
    return check.to in gone | {seen.goes_to}


RULES: dict[str, Rule] = {
    "opened": lambda seen, _: "opened" in seen.events,
    "owner": lambda seen, _: seen.state.get(OWNER) in seen.known.own_keys(),
    "priority": lambda seen, check: seen.state.get(PRIORITY) in check.any,
    "status": lambda seen, check: seen.status.partition("/")[0] in check.any,
    "closed": lambda seen, check: vocabulary.split_status(seen.status)[1] in check.any,
    "open": lambda seen, _: not seen.status.startswith(vocabulary.CLOSED),
    "note": lambda seen, _: seen.noted,
    "answered": lambda seen, _: bool(seen.answers),
    "not-answered": lambda seen, _: not seen.answers,
    "answer-without": _without,
    "answer-in": _in_language,
    "few-questions": _few_questions,
    "merged": lambda seen, _: bool(seen.listed.merged),
    "handed": _handed,
    "not-handed": lambda seen, check: not _handed(seen, check),
    "done": lambda seen, check: bool(check.any & seen.events),
    "not-exported": lambda seen, _: "exported" not in seen.events,
}
"""By name, what a check can look at."""
