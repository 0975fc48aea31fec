"""agency.toml: the desks, their texts in every language, and the line's few numbers.

A person edits this file; so every complaint about it says where it is and what is wrong there.
Parsing and checking only: ``folder`` reads the file, ``ceremonies`` puts it into a directory.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

from app.agency.desk_facts import DeskFacts, hours_as_written, read_facts
from app.agency.errors import AgencyError

_DESK_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SHARES: Final = re.compile(r"([2-9]|1[0-6]) of ([2-9]|1[0-6])")
NAME_MAX: Final = 80
ABOUT_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class DeskTexts:
    """A desk as the agency describes it; ``name`` and ``about`` by language tag."""

    id: str
    name: dict[str, str]
    about: dict[str, str]
    facts: DeskFacts = field(default_factory=DeskFacts)


@dataclass(frozen=True, slots=True)
class AgencyTexts:
    """The whole of agency.toml, checked."""

    desks: tuple[DeskTexts, ...]
    expires_days: int
    message_days: int
    window_seconds: int
    recovery: str | None
    """What consoles may make against a lost passphrase: none, code, K of N; None leaves it open."""

    def desk_ids(self) -> tuple[str, ...]:
        """Return the desks' ids in the order in which reporters see them."""
        return tuple(desk.id for desk in self.desks)


def example() -> str:
    """Return the agency.toml that a new folder begins with: two desks in the site's languages."""
    return (resources.files(__package__) / "example.toml").read_text(encoding="utf-8")


def render(texts: AgencyTexts) -> str:
    """Return an agency.toml that says just this: ``parse`` reads it back."""
    return "\n".join(_rendered(texts)) + "\n"


def _rendered(texts: AgencyTexts) -> Iterator[str]:
    yield "# Who may read a report, and the words in which a reporter chooses them."
    yield "# Nothing changes for reporters until a directory is signed and published."
    yield "\n[directory]"
    yield f"expires_days = {texts.expires_days}"
    yield f"message_days = {texts.message_days}"
    yield f"window_seconds = {texts.window_seconds}"
    if texts.recovery is not None:
        yield f"recovery = {_quoted(texts.recovery)}"
    for desk in texts.desks:
        yield f"\n[[desks]]\nid = {_quoted(desk.id)}"
        for key, listed in (
            ("hours", hours_as_written(desk.facts.hours)),
            ("languages", desk.facts.languages),
        ):
            if listed:
                yield f"{key} = [{', '.join(_quoted(one) for one in listed)}]"
        if desk.facts.tells_immigration != "unknown":
            yield f"tells_immigration = {_quoted(desk.facts.tells_immigration)}"
        yield from _rendered_texts("name", desk.name)
        yield from _rendered_texts("about", desk.about)


def _rendered_texts(key: str, texts: Mapping[str, str]) -> Iterator[str]:
    yield f"\n[desks.{key}]"
    for language, text in texts.items():
        yield f"{language} = {_quoted(text)}"


def _quoted(text: str) -> str:
    """Return a text as TOML's basic string, which is JSON's but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def parse(text: str) -> AgencyTexts:
    """Read agency.toml. Raises AgencyError with a sentence for the person who edited it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AgencyError(f"agency.toml cannot be read: {error}.") from None
    numbers = content.get("directory", {})
    if not isinstance(numbers, dict):
        raise AgencyError("agency.toml: [directory] must be a table of numbers.")
    desks = content.get("desks", [])
    if not isinstance(desks, list) or not desks:
        raise AgencyError("agency.toml has no desk: write at least one [[desks]].")
    known = tuple(_desk(desk, place) for place, desk in enumerate(desks, start=1))
    seen: set[str] = set()
    for desk in known:
        if desk.id in seen:
            raise AgencyError(f"agency.toml has two desks with the id '{desk.id}'.")
        seen.add(desk.id)
    window = _number(numbers, "window_seconds", 3600, lowest=3600, highest=86_400)
    if window % 3600:
        raise AgencyError("agency.toml: window_seconds must be whole hours, such as 3600.")
    return AgencyTexts(
        desks=known,
        expires_days=_number(numbers, "expires_days", 180, lowest=1, highest=730),
        message_days=_number(numbers, "message_days", 90, lowest=7, highest=365),
        window_seconds=window,
        recovery=_recovery(numbers.get("recovery")),
    )


def _recovery(said: object) -> str | None:
    if said is None or said in ("none", "code"):
        return None if said is None else str(said)
    found = _SHARES.fullmatch(said) if isinstance(said, str) else None
    if found is None or int(found[1]) > int(found[2]):
        raise AgencyError(
            'agency.toml: recovery must be "none", "code", or such as "2 of 3" (at most 16).'
        )
    return str(said)


def _number(table: dict[str, Any], key: str, default: int, *, lowest: int, highest: int) -> int:
    value = table.get(key, default)
    if type(value) is not int or not lowest <= value <= highest:
        raise AgencyError(f"agency.toml: {key} must be a whole number from {lowest} to {highest}.")
    return value


def _desk(desk: object, place: int) -> DeskTexts:
    if not isinstance(desk, dict):
        raise AgencyError(f"agency.toml: desk {place} must be a table, written [[desks]].")
    desk_id = desk.get("id")
    if not isinstance(desk_id, str) or not _DESK_ID.fullmatch(desk_id):
        raise AgencyError(
            f"agency.toml: desk {place} needs an id of lower-case letters, digits and hyphens, "
            "at most 32."
        )
    return DeskTexts(
        id=desk_id,
        name=_texts(desk, "name", desk_id, NAME_MAX),
        about=_texts(desk, "about", desk_id, ABOUT_MAX),
        facts=read_facts(desk, desk_id),
    )


def _texts(desk: dict[str, Any], key: str, desk_id: str, longest: int) -> dict[str, str]:
    texts = desk.get(key)
    if not isinstance(texts, dict) or not texts:
        raise AgencyError(
            f"agency.toml: the desk '{desk_id}' needs a {key} in at least one language."
        )
    for language, text in texts.items():
        if not _LANGUAGE.fullmatch(language):
            raise AgencyError(
                f"agency.toml: '{language}' in the {key} of the desk '{desk_id}' is not a "
                "language tag such as en or zh-Hans."
            )
        if not isinstance(text, str) or not 0 < len(text.strip()) <= longest:
            raise AgencyError(
                f"agency.toml: the {key} of the desk '{desk_id}' in '{language}' must have "
                f"1 to {longest} characters."
            )
    return {language: text.strip() for language, text in texts.items()}
