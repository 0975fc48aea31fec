"""Sentences as they are stored: as messages and values, to be said later in whoever's language.

A plain text is stored as it is. What cannot be read back is shown as it was stored.
"""

import datetime as dt
import json
from typing import Any, TypeVar

from app.sentences.translatable import Translatable, TranslatableSentence
from app.sentences.values import Amount, CommaList, CountryName, LanguageName, Listing, Moment

_BEGINS = '{"said": '
OptionalText = TypeVar("OptionalText", str, str | None)


def kept(text: OptionalText) -> OptionalText:
    """Return a text as it is stored."""
    return json.dumps(_out(text), ensure_ascii=False) if isinstance(text, Translatable) else text


def said(text: OptionalText) -> OptionalText:
    """Return a stored text: translatable again, if it was that when it was stored."""
    if text is None or not text.startswith(_BEGINS):
        return text
    try:
        found = _in(json.loads(text))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return text
    return found if isinstance(found, str) else text


def _out(value: object) -> object:
    if isinstance(value, Translatable):
        return {"said": value.stored_as, "of": [_out(one) for one in value.parts()]}
    if isinstance(value, dict):
        return {name: _out(one) for name, one in value.items()}
    return value if isinstance(value, str | int | float) else str(value)


def _in(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "said" not in value:
        return {name: _in(one) for name, one in value.items()}
    parts = [_in(one) for one in value["of"]]
    match value["said"]:
        case TranslatableSentence.stored_as:
            return TranslatableSentence.of(*parts)
        case Moment.stored_as:
            return Moment.of(dt.datetime.fromisoformat(parts[0]), parts[1])
        case Amount.stored_as:
            return Amount.of(*parts)
        case Listing.stored_as:
            return Listing.of(parts)
        case CommaList.stored_as:
            return CommaList.of(parts)
        case CountryName.stored_as:
            return CountryName.of(*parts)
        case LanguageName.stored_as:
            return LanguageName.of(*parts)
    raise KeyError(value["said"])
