"""The intake's questions in the investigator's words. Pure.

They are those that come with this program, and over them what the agency asks in its own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from app.reporter.content import question_labels

Labels = Mapping[str, tuple[str, Mapping[str, str]]]
"""Question id → (its text, option id → text)."""

_SHORT = {
    "danger_now": "In danger now",
    "safe_to_reply": "Safe to write back",
    "under_18": "Under 18",
}
_ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Does not know"}


@cache
def _program() -> Labels:
    return question_labels("en")


@dataclass(frozen=True, slots=True)
class Intake:
    """What the ids in a report's answers stand for. ``own`` is what the line's agency asks."""

    own: Labels = field(default_factory=dict)

    def question(self, name: str) -> str:
        """Return a question in short words, or as it was asked; an unknown one by its id."""
        came, own = self._labels(_program(), name)[0], self._labels(self.own, name)[0]
        if name in _SHORT and own in ("", came):
            return _SHORT[name]
        return own or came or name.replace("_", " ").strip().capitalize()

    def answer(self, name: str, value: str) -> str:
        """Return what was answered: the words of what was chosen, or the reporter's own."""
        options = self.options(name)
        chosen = value.split(", ") if options else [value]
        return ", ".join(options.get(one) or _ANSWERS.get(one, one) for one in chosen)

    def options(self, name: str) -> dict[str, str]:
        """Return what can be chosen as the answer to a question: ids with their words."""
        own = self._labels(self.own, name)[1]
        return {**self._labels(_program(), name)[1], **own}

    def in_order(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Return answers in the order of the questions; what nobody asks any more comes last.

        A question that hangs on another stands behind it (docs/spec/site.md, the form).
        """
        names = list(dict.fromkeys([*self.own, *_program()]))
        order = {name: place for place, name in enumerate(names)}
        return dict(sorted(answers.items(), key=lambda one: order.get(one[0], len(names))))

    @staticmethod
    def _labels(labels: Labels, name: str) -> tuple[str, Mapping[str, str]]:
        return labels.get(name, ("", {}))
