"""The made-up reporters: their first messages, and what they write back."""

import os
from dataclasses import dataclass, field

from app.console.features.practice.exercises import SYNTHETIC, Exercise, More, PracticeCase, Turn
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.rules import caution
from app.console.rules.body import read_body
from app.console.rules.lifecycle import DAY
from app.console.sync import receive
from app.console.vault import Rng, Transaction, Vault
from app.console.vault.records import messages
from app.console.vault.records.messages import Message
from app.protocol import bodies
from app.protocol.identities import ReporterIdentity
from app.protocol.recipients import Recipient


@dataclass(slots=True)
class Acted:
    """A made-up case in the vault.

    Its case, its reporter's keys, what was used of the script, and what its messages say in
    English, by their ``mid``.
    """

    case: PracticeCase
    case_id: str
    reporter: Recipient
    used: set[int] = field(default_factory=set)
    gists: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sitting:
    """An exercise that is being practised."""

    exercise: Exercise
    acted: tuple[Acted, ...]

    def find(self, case_id: str) -> Acted | None:
        """Return the made-up case with this id, if it is one of these."""
        return next((one for one in self.acted if one.case_id == case_id), None)


def begin(vault: Vault, exercise: Exercise, now: int, rng: Rng = os.urandom) -> Sitting:
    """Put the exercise's cases into the vault, each with a reporter who was never there before."""
    made = []
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        for case in exercise.cases:
            keys = ReporterIdentity.throwaway(rng).public
            one = Acted(case, messages.case_id(keys), keys)
            at = now - case.days_ago * DAY
            first = More(bodies.REPORT, case.desks, case.text, case.gist)
            _write(tx, known, one, first, at, rng, answers=case.answers)
            for place, more in enumerate(case.more, start=1):
                _write(tx, known, one, more, at + place, rng)
            made.append(one)
    return Sitting(exercise, tuple(made))


def answer_all(vault: Vault, sitting: Sitting | None, now: int, rng: Rng = os.urandom) -> int:
    """Take every answer that waits for sent, and write back where the script does.

    Returns how many messages came of it. Nothing leaves the vault.
    """
    came = 0
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        for message in messages.waiting(tx):
            messages.mark_sent(tx, message.id, now)
            one = sitting.find(message.case) if sitting else None
            if one is None:
                continue
            turn = next_turn(one, {found.kind for found in cautions(known, one.case, message)})
            if turn is not None:
                said = More(bodies.MESSAGE, one.case.desks, turn.text, turn.gist)
                _write(tx, known, one, said, now, rng)
                came += 1
    return came


def next_turn(one: Acted, found: set[str]) -> Turn | None:
    """Return what is written back to an answer with these cautions, None for silence.

    What is meant for one of them comes before what is meant for any answer; each once.
    """
    left = [(place, turn) for place, turn in enumerate(one.case.turns) if place not in one.used]
    meant = [pair for pair in left if pair[1].on & found] or [
        pair for pair in left if not pair[1].on
    ]
    if not meant:
        return None
    place, turn = meant[0]
    one.used.add(place)
    return turn


def cautions(known: TrustedLine, case: PracticeCase, message: Message) -> list[caution.Caution]:
    """Return what there was to think of before an answer went."""
    return caution.look(
        message.body.text,
        lang=message.body.lang,
        reporter_lang=case.lang,
        safe=case.answers.get("safe_to_reply", ""),
        names=known.names(),
    )


def _write(
    tx: Transaction,
    known: TrustedLine,
    one: Acted,
    said: More,
    at: int,
    rng: Rng,
    answers: dict[str, str] | None = None,
) -> None:
    mid = bodies.new_mid(rng)
    text = f"{SYNTHETIC} {said.text}" if said.text else ""
    fields = {"lang": one.case.lang, "text": text, "desks": list(said.desks), "files": []}
    raw = bodies.write_body(said.kind, mid, fields | {"answers": answers or {}})
    receive.store_message(tx, known, one.reporter, raw, read_body(raw), at, rng)
    one.gists[mid] = said.gist
