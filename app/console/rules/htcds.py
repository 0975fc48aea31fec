"""What answers to the intake are called in the Human Trafficking Case Data Standard (HTCDS). Pure.

One table, ``htcds.toml``, that says where each name comes from and which could not be confirmed;
exports and statistics read it (docs/spec/export.md).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from app.sentences.translatable import of_content


@dataclass(frozen=True, slots=True)
class Term:
    """A field of the standard with one of its values."""

    field: str
    value: str
    confirmed: bool
    """Whether the field's name was found in version 2.0 itself."""


@dataclass(frozen=True, slots=True)
class Standard:
    """The table: ``titles`` by field, ``terms`` by question and answer."""

    name: str
    titles: Mapping[str, str]
    terms: Mapping[str, Mapping[str, tuple[Term, ...]]]

    def of(self, question: str, said: str) -> list[Term]:
        """Return the terms of an answer as the vault has it: ids, with ", " between several."""
        known = self.terms.get(question, {})
        return list(dict.fromkeys(term for one in said.split(", ") for term in known.get(one, ())))

    def values(self, field: str) -> list[str]:
        """Return the values of a field to which answers are mapped, each once, in order."""
        return list(dict.fromkeys(term.value for term in self._all() if term.field == field))

    def confirmed(self, field: str) -> bool:
        """Whether a field's name was found in version 2.0 itself."""
        return all(term.confirmed for term in self._all() if term.field == field)

    def _all(self) -> Iterator[Term]:
        return (
            term for answers in self.terms.values() for terms in answers.values() for term in terms
        )


@cache
def standard() -> Standard:
    """Return the table that comes with this program."""
    text = (resources.files(__package__) / "htcds.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    fields = table["fields"]

    def term(text: str) -> Term:
        field, value = text.split("=")
        return Term(field, value, fields[field]["confirmed"])

    return Standard(
        name=table["standard"],
        titles={name: of_content(each["title"]) for name, each in fields.items()},
        terms={
            question: {answer: tuple(map(term, named)) for answer, named in answers.items()}
            for question, answers in table["answers"].items()
        },
    )
