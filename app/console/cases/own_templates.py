"""The agency's own templates of answers: what it says in place of those that come along, or anew.

They are the vault's, and travel to colleagues as a file that one saves and another reads in.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import ClassVar

from pydantic import TypeAdapter, ValidationError

from app.console.errors import ConsoleError
from app.console.rules import wording
from app.console.rules.answer_templates import OwnText
from app.console.vault import Transaction
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting
from app.sentences.translatable import say

MOST = 200
NAME_MAX = 80
TEXT_MAX = 2_000
FILE_MAX = 2 * 1024 * 1024
"""Bytes of a file: all of them at their longest, in a script of four bytes a character."""
FILE_NAME = "templates-of-answers.json"
_ID = re.compile(r"[a-z0-9-]{1,80}")
"""It stands in addresses."""

_NO_FILE = say("This is not a file of templates as a console saves it. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class OwnTemplates(Setting):
    """All of them, the first written first."""

    NAME: ClassVar[str] = "own_templates"
    texts: tuple[OwnText, ...] = ()


def load(tx: Transaction) -> tuple[OwnText, ...]:
    """Return the agency's own texts."""
    return settings.load(tx, OwnTemplates).texts


def put(tx: Transaction, texts: Iterable[OwnText]) -> None:
    """Keep texts, each in the place of the one of its id and language.

    Raises ConsoleError for one that is empty or too long, in no known language, or one too many.
    """
    kept = {(one.id, one.lang): one for one in load(tx)}
    kept |= {(one.id, one.lang): _checked(one) for one in texts}
    if len(kept) > MOST:
        raise ConsoleError(
            say("There is room for {most} own templates. Nothing was saved.", most=MOST)
        )
    settings.store(tx, OwnTemplates(tuple(kept.values())))


def remove(tx: Transaction, id_: str, lang: str) -> None:
    """Drop a text: the one that came along holds again, if there is one."""
    texts = tuple(one for one in load(tx) if (one.id, one.lang) != (id_, lang))
    settings.store(tx, OwnTemplates(texts))


def to_file(texts: Iterable[OwnText]) -> bytes:
    """Return own texts as the file that a colleague's console reads."""
    rows = [asdict(one) for one in texts]
    return json.dumps({"templates": rows}, ensure_ascii=False, indent=1).encode()


def from_file(data: bytes) -> list[OwnText]:
    """Return the texts of such a file. Raises ConsoleError for anything else."""
    try:
        return _reader().validate_json(data, strict=True)["templates"]
    except (ValidationError, KeyError):
        raise ConsoleError(_NO_FILE) from None


def _reader() -> TypeAdapter[dict[str, list[OwnText]]]:
    return TypeAdapter(dict[str, list[OwnText]])


def _checked(one: OwnText) -> OwnText:
    if not _ID.fullmatch(one.id):
        raise ConsoleError(_NO_FILE)
    name, text = " ".join(one.name.split()), one.text.replace("\r\n", "\n").strip()
    if not text or not name or one.lang != wording.primary(one.lang):
        raise ConsoleError(
            say("A template needs a name, a language and a text. Nothing was saved.")
        )
    if not wording.is_language(one.lang):
        raise ConsoleError(say("That language is not known here. Nothing was saved."))
    if len(name) > NAME_MAX or len(text) > TEXT_MAX:
        raise ConsoleError(
            say(
                "A template holds {text_max} characters, its name {name_max}. Nothing was saved.",
                text_max=TEXT_MAX,
                name_max=NAME_MAX,
            )
        )
    return OwnText(one.id, name, one.lang, text)
