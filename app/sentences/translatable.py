"""Words in English that carry what is needed to say them in another language.

    say("Being fetched, {have} of {parts} parts", have=3, parts=8)
    say_count("{count} file", "{count} files", 2)
    say_as("cases", "Open")             the same word in another use: gettext's context

All are marks for gettext as well (``message_catalogues``), so these arguments are literals.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from app.sentences.language import Language


class Translatable(str):
    """Root: a ``str`` in English that can be said in another language.

    ``stored_as`` says in a vault what it is (``stored_sentences``): it stays, whatever a class is
    called by then.
    """

    stored_as: ClassVar[str]

    def in_language(self, language: "Language") -> str:
        """Return it as that language says it."""
        raise NotImplementedError

    def parts(self) -> list[Any]:
        """Return what it is made of, as JSON can hold it (``stored_sentences``)."""
        raise NotImplementedError


class TranslatableSentence(Translatable):
    """A whole sentence or label: a message of the catalogue, with values for its ``{names}``."""

    stored_as = "Sentence"
    message: str
    plural: str
    number: int
    values: Mapping[str, object]
    context: str

    @classmethod
    def of(
        cls,
        message: str,
        plural: str,
        number: int,
        values: Mapping[str, object],
        context: str = "",
    ) -> "TranslatableSentence":
        """Make one; without a ``plural``, ``number`` says nothing.

        ``context`` tells it from the same words in another use; one with a plural has none.
        """
        english = message if not plural or number == 1 else plural
        made = cls(english.format(**values) if values else english)
        made.message, made.plural, made.number, made.values = message, plural, number, values
        made.context = context
        return made

    def in_language(self, language: "Language") -> str:
        """Return its translation with its values in it; the English where there is none."""
        if self.plural:
            found = language.ngettext(self.message, self.plural, self.number)
        elif self.context:
            found = language.pgettext(self.context, self.message)
        else:
            found = language.gettext(self.message)
        if not self.values:
            return found
        said = {name: language.value(value) for name, value in self.values.items()}
        return found.format(**said)

    def parts(self) -> list[Any]:
        """Return message, plural, number and values; its context, where it has one."""
        said = [self.message, self.plural, self.number, dict(self.values)]
        return [*said, self.context] if self.context else said


def say(message: str, /, **values: object) -> str:
    """Return a sentence: a literal, with ``{names}`` for what differs."""
    return TranslatableSentence.of(message, "", 0, values)


def say_as(context: str, message: str, /, **values: object) -> str:
    """Return a sentence whose words are used for something else, too; ``context`` says for what."""
    return TranslatableSentence.of(message, "", 0, values, context)


def say_count(message: str, plural: str, count: int, /, **values: object) -> str:
    """Return a sentence that depends on a number, which stands in it as ``{count}``."""
    return TranslatableSentence.of(message, plural, count, {"count": count, **values})


def of_content(text: str) -> str:
    """Return a content file's text as a sentence: its messages are found there (``babel.cfg``)."""
    return TranslatableSentence.of(text, "", 0, {}) if text else text


def said_by(error: Exception) -> str:
    """Return what an error says, still translatable where it was made of a sentence."""
    first = error.args[0] if len(error.args) == 1 else None
    return first if isinstance(first, Translatable) else str(error)
