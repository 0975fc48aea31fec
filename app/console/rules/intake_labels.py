"""The intake's questions in the investigator's words. Pure.

They are those that come with this program, and over them what the agency asks in its own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from app.reporter.content import question_labels
from app.reporter.errors import SiteError
from app.sentences.language import Language
from app.sentences.translatable import Translatable, say
from app.sentences.values import CommaList

Labels = Mapping[str, tuple[str, Mapping[str, str]]]
"""Question id → (its text, option id → text)."""

_SHORT = {
    "danger_now": say("In danger now"),
    "safe_to_reply": say("Safe to write back"),
    "under_18": say("Under 18"),
}
_ANSWERS = {"yes": say("Yes"), "no": say("No"), "unknown": say("Does not know")}


@cache
def _program(language: str = "en") -> Labels:
    return question_labels(language)


class IntakeLabel(Translatable):
    """The program's words for a question, or for an option of it: the reporter's page has them."""

    question: str
    option: str

    @classmethod
    def of(cls, english: str, question: str, option: str = "") -> "IntakeLabel":
        """Make one; the empty option stands for the question."""
        made = cls(english)
        made.question, made.option = question, option
        return made

    def in_language(self, language: Language) -> str:
        """Return what reporters read in the language; the English where it is not theirs."""
        code = language.tag.replace("-", "_")
        try:
            text, options = _program(code).get(self.question, ("", {}))
        except SiteError:
            return str(self)
        return (options.get(self.option) if self.option else text) or str(self)


def _ours(labels: Labels, name: str) -> tuple[str, Mapping[str, str]]:
    text, options = labels.get(name, ("", {}))
    return IntakeLabel.of(text, name), {
        option: IntakeLabel.of(words, name, option) for option, words in options.items()
    }


@dataclass(frozen=True, slots=True)
class Intake:
    """What the ids in a report's answers stand for. ``own`` is what the line's agency asks."""

    own: Labels = field(default_factory=dict)

    def question(self, name: str) -> str:
        """Return a question in short words, or as it was asked; an unknown one by its id."""
        came, own = _ours(_program(), name)[0], self._labels(self.own, name)[0]
        if name in _SHORT and own in ("", came):
            return _SHORT[name]
        return (came if own in ("", came) else own) or name.replace("_", " ").strip().capitalize()

    def answer(self, name: str, value: str) -> str:
        """Return what was answered: the words of what was chosen, or the reporter's own."""
        options = self.options(name)
        chosen = value.split(", ") if options else [value]
        said = [options.get(one) or _ANSWERS.get(one, one) for one in chosen]
        return said[0] if len(said) == 1 else CommaList.of(said)

    def options(self, name: str) -> dict[str, str]:
        """Return what can be chosen as the answer to a question: ids with their words."""
        came, own = _ours(_program(), name)[1], self._labels(self.own, name)[1]
        return {**came, **{id_: text for id_, text in own.items() if text != came.get(id_)}}

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
