"""Taking back what was just done: in memory, for a few steps, as new changes of the same kind.

Nothing that was sent is unsent: colleagues' consoles get a later change that says the opposite.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.console.cases import casework, transferring
from app.console.line.trusted_line import TrustedLine
from app.console.rules.changes import Change
from app.console.vault import Transaction
from app.console.vault.collaboration import desks
from app.console.vault.records import cases

KEPT = 20


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, in words, and the changes that take it back, by desk."""

    id: int
    words: str
    back: tuple[tuple[str, tuple[Change, ...]], ...]
    made: tuple[Change, ...] = ()
    transfer: str = ""
    """A case that waits to be transferred, and no longer does if this is taken back."""


class Undo:
    """The last steps of this console, the latest first to be taken back."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._next = 1
        self._latest: Step | None = None

    def add(
        self,
        words: str,
        back: Sequence[tuple[str, tuple[Change, ...]]],
        made: Sequence[Change] = (),
        *,
        transfer: str = "",
    ) -> None:
        """Note a step; one that cannot be taken back is told all the same."""
        kept = tuple(pair for pair in back if pair[1])
        step = Step(self._next, words, kept, tuple(made), transfer)
        self._next += 1
        self._latest = step
        if step.back:
            self._steps = [*self._steps, step][-KEPT:]

    def offered(self) -> Step | None:
        """Return the step that the next page tells of, once."""
        latest, self._latest = self._latest, None
        return latest

    def take(self, id_: int) -> Step | None:
        """Return a step to be taken back; it and those after it are not offered again."""
        for place, step in enumerate(self._steps):
            if step.id == id_:
                self._steps = self._steps[:place]
                return step
        return None

    def forget_transfer(self, case: str) -> None:
        """No longer offer to take back a transfer that was undone on its case's page."""
        self._steps = [one for one in self._steps if one.transfer != case]
        self._latest = None

    def last(self) -> int | None:
        """Return the latest step that can be taken back."""
        return self._steps[-1].id if self._steps else None

    def clear(self) -> None:
        """Forget every step."""
        self._steps.clear()
        self._latest = None


def take_back(tx: Transaction, known: TrustedLine, step: Step, now: int) -> None:
    """Make the changes that say the opposite; what was changed again since is left as it is.

    Raises ConsoleError.
    """
    if step.transfer:
        transferring.take_off(tx, step.transfer, now)
    set_to = {
        (one.get("case"), one["name"]): one["value"]
        for one in step.made
        if one["do"] in ("set", "rule")
    }
    for desk, back in step.back:
        filled: list[Change] = []
        for change in back:
            if change["do"] == "rule":
                name = change["name"]
                if desks.state(tx, desk).rule(name) == set_to.get((None, name)):
                    filled.append(change)
                continue
            state = cases.state(tx, change["case"], desk)
            place = change["case"], change["name"]
            if change["do"] == "set" and state.get(change["name"]) != set_to.get(place):
                continue
            filled += casework.fill_tags(state, [change])
        casework.act(tx, known, desk, filled, now)
