"""A set-up is steps, in an order: each looks whether it is done, does it, and looks again.

What is done is seen on the computer and not in a note: so a set-up that was stopped at any instant
goes on where it was, and one that is run twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.setup.dialogue import Dialogue


class NotRight(Exception):
    """A step did not come out as it should; the text says why, and what to do about it."""


class Waits(Exception):
    """All is well so far, and nothing more can be done before something was carried here."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, and what it does, in a sentence for who sits there.

    ``done`` says whether nothing is left to do; ``do`` does what is left, over and over if it must;
    ``found`` looks at what came out and says it. The last two may raise NotRight, Waits, OSError.
    """

    name: str
    does: str
    done: Callable[[], bool]
    do: Callable[[], None]
    found: Callable[[], str]


def walk(steps: Sequence[Step], dialogue: Dialogue) -> None:
    """Take every step in order; one that did not come out right may be tried again.

    Raises NotRight where nobody wants to, Waits.
    """
    for number, step in enumerate(steps, start=1):
        dialogue.say(f"\n[{number} of {len(steps)}] {step.name}")
        while True:
            try:
                if not step.done():
                    dialogue.say(step.does)
                    step.do()
                dialogue.say(f"✓ {step.found()}")
                break
            except NotRight as error:
                wrong = error
            except OSError as error:
                wrong = NotRight(in_words(error))
            dialogue.say(f"✗ {wrong}")
            if not dialogue.try_again():
                raise wrong


def in_words(error: OSError) -> str:
    """Return what the system refused, as a sentence."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or 'the system refused'}."
