"""How far a reporter allowed a case to go to another agency (spec: transfer, consent). Pure.

Desks are chosen at the line itself; for any other line the reporter has to say yes in their own
words, and the investigator points at them. What rules can see is checked; what the words mean is
read by a person, here and there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.console.errors import ConsoleError
from app.console.vault.records.messages import Message
from app.protocol.bodies import LETTER_REQUEST, WITHDRAWAL
from app.sentences.translatable import say

SAID_BY_REPORTERS = ("report", "message")
NEVER = (LETTER_REQUEST, WITHDRAWAL)
"""A request for a letter would tie the case to it; a withdrawal is the line's own matter."""

NOT_SAID = say(
    "Nothing goes to another agency unless the reporter said so. Ask them, and choose the message "
    "in which they say yes."
)
TAKEN_BACK = say(
    "The reporter has withdrawn a permission since then, or allows no team any more. Ask them "
    "again first. Nothing was written."
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to go, and why.

    The number of the message in which the reporter says yes, the messages and files that this
    covers (numbers as in an export), words to take out all the same, and why.
    """

    consent: int
    messages: frozenset[int]
    files: frozenset[int]
    phrases: tuple[str, ...]
    reason: str


def may_say_yes(message: Message) -> bool:
    """Say whether a message can be the one in which a reporter agrees: their own words."""
    own = message.direction == "in" and message.body.kind in SAID_BY_REPORTERS
    return own and bool(message.body.text.strip())


def may_go(message: Message) -> bool:
    """Say whether a message may go at all, by its kind."""
    return message.body.kind not in NEVER


def agreeing(said: Sequence[Message], desks: Sequence[str]) -> list[int]:
    """Return the numbers of the messages that can be the one in which the reporter agrees.

    Such have words, and came after every withdrawal; none if they allow no desk any more.
    """
    if not desks:
        return []
    withdrawn = [
        (place, one.at) for place, one in enumerate(said, start=1) if one.body.kind == WITHDRAWAL
    ]
    return [
        place
        for place, one in enumerate(said, start=1)
        if may_say_yes(one) and all(where < place and at < one.at for where, at in withdrawn)
    ]


def refusal(said: Sequence[Message], desks: Sequence[str]) -> str | None:
    """Return why nothing of a case may go, whatever is chosen, if that is so."""
    if agreeing(said, desks):
        return None
    could_agree = any(may_say_yes(one) for one in said)
    return TAKEN_BACK if could_agree or not desks else NOT_SAID


def check(said: Sequence[Message], desks: Sequence[str], scope: Scope) -> None:
    """Check that what is chosen may go.

    ``said`` are the case's messages in their order, ``desks`` those that the reporter allows now.

    Raises ConsoleError with the reason why it may not go.
    """
    if not scope.reason.strip():
        raise ConsoleError(say("Say why the case goes to them; it is saved with the case."))
    if not 1 <= scope.consent <= len(said) or not may_say_yes(said[scope.consent - 1]):
        raise ConsoleError(NOT_SAID)
    if scope.consent not in agreeing(said, desks):
        raise ConsoleError(TAKEN_BACK)
    if not scope.messages:
        raise ConsoleError(say("Select what the reporter agreed to pass on. Nothing was written."))
    there = {place for place, one in enumerate(said, start=1) if may_go(one)}
    if not scope.messages <= there:
        raise ConsoleError(say("One of these messages cannot be passed on. Nothing was written."))
