"""What a desk says of links: dismissed ones, values that link nothing, its country. Pure.

Nothing of a link itself is shared: each console finds them in what it can read. Only judgements
travel, as values of sets and rules that merge like all others (spec: team, links):

    unlinked      in a set of a case: [other case, mark, why], as JSON: not linked by that
    ignored-ID    a rule of the desk: [kind, value, why], as JSON: this links nothing
    region        a rule of the desk: whose telephone numbers are written without a country's code;
                  where it says nothing, the agency's countries (``app.console.line.questionnaire``)
"""

import hashlib
import json
import re
from dataclasses import dataclass

from app.console.rules.changes import VALUE_MAX
from app.console.rules.merge import CaseState, DeskState

UNLINKED, IGNORED, REGION = "unlinked", "ignored-", "region"
NO_REGION = "ZZ"
"""For a country: numbers without a code are of none (ISO 3166 leaves ZZ to its users)."""
ID_CHARACTERS = 16
WHY_MAX = 200

_CASE = re.compile(r"[0-9a-f]{64}\Z")
_MARK = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A link that a member (``who``, a key in b64u) dismissed; ``raw`` is the set's value."""

    other: str
    mark: str
    why: str
    who: str
    raw: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """A value that a member (``who``, a key in b64u) said links nothing."""

    kind: str
    value: str
    why: str
    who: str


def ignored_name(kind: str, value: str) -> str:
    """Return the rule's name for what links nothing."""
    digest = hashlib.sha256(f"{kind}\x00{value}".encode()).hexdigest()
    return IGNORED + digest[:ID_CHARACTERS]


def unlinked_value(other: str, mark: str, why: str) -> str:
    """Return the set's value for a dismissed link."""
    return _written([other, mark, _short(why)])


def ignored_value(kind: str, value: str, why: str) -> str:
    """Return the rule's value for what links nothing; the reason is cut where a value ends."""
    return _written([kind, value, _short(why)])


def unlinked(state: CaseState) -> list[Unlinked]:
    """Return the links that stand dismissed; what is in no known form says nothing."""
    found = []
    for raw in state.values(UNLINKED):
        said = _read(raw)
        if said and _CASE.match(said[0]) and _MARK.match(said[1]):
            who = min(tag.split(".")[0] for tag in state.tags(UNLINKED, raw))
            found.append(Unlinked(*said, who, raw))
    return found


def ignored(state: DeskState) -> list[Ignored]:
    """Return what stands on the ignore list, sorted by kind and value."""
    found = []
    for name, (stamp, raw) in state.rules.items():
        said = _read(raw) if name.startswith(IGNORED) else None
        if said and name == ignored_name(said[0], said[1]):
            found.append(Ignored(*said, stamp[2]))
    return sorted(found, key=lambda one: (one.kind, one.value))


def region(state: DeskState) -> str:
    """Return the desk's country, as two capital letters, NO_REGION, or nothing."""
    said = state.rule(REGION)
    return said if re.fullmatch(r"[A-Z]{2}", said) else ""


def _read(raw: str) -> tuple[str, str, str] | None:
    try:
        one, two, why = json.loads(raw)
    except (ValueError, TypeError, RecursionError):
        return None
    known = all(isinstance(text, str) and _writable(text) for text in (one, two, why))
    return (one, two, why) if known else None


def _writable(text: str) -> bool:
    # An escaped half of a surrogate pair is JSON, and nothing that the vault could keep.
    return "\x00" not in text and text.encode("utf-8", "replace").decode() == text


def _written(parts: list[str]) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    while len(text) > VALUE_MAX and parts[-1]:
        parts = [*parts[:-1], parts[-1][: max(0, len(parts[-1]) - (len(text) - VALUE_MAX))]]
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return text


def _short(why: str) -> str:
    return " ".join(why.split())[:WHY_MAX]
