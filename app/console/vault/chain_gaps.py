"""Numbers of authors' chains that were passed over and have not come, as the vault keeps them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from app.console.rules.log import Gap
from app.console.vault import owner
from app.protocol.encoding import b64u

GAPS = "team_gaps"
"""The fact that keeps them, by desk and author (key, b64u)."""


def read(tx: Connection, desk: str, author: bytes) -> list[Gap]:
    """Return those of one author at one desk, in the order in which they were noticed."""
    return [_gap(one) for one in _kept(tx).get(desk, {}).get(b64u(author), [])]


def keep(tx: Connection, desk: str, author: bytes, found: list[Gap]) -> None:
    """Put these in the place of those kept before."""
    kept = _kept(tx)
    kept.setdefault(desk, {})[b64u(author)] = [_json(one) for one in found]
    owner.store_fact(tx, GAPS, kept)


def noticed(tx: Connection, desks: Iterable[str]) -> int:
    """Return when the latest open gap at these desks was noticed (Unix seconds); 0 for none.

    Open are those that no investigator here has dealt with.
    """
    found = (_gap(one) for one in _all(tx, desks))
    return max((one.at for one in found if not one.acknowledged), default=0)


def deal_with(tx: Connection, before: int) -> None:
    """Note that it was read that what was noticed before (Unix seconds) is missing.

    It is told no more, and still asked for.
    """
    kept = _kept(tx)
    for of_desk in kept.values():
        for some in of_desk.values():
            for one in some:
                one["acknowledged"] = one["acknowledged"] or one["at"] < before
    owner.store_fact(tx, GAPS, kept)


def _kept(tx: Connection) -> dict[str, dict[str, list[dict[str, Any]]]]:
    return owner.fact(tx, GAPS) or {}


def _all(tx: Connection, desks: Iterable[str]) -> Iterator[dict[str, Any]]:
    kept = _kept(tx)
    for desk in desks:
        for some in kept.get(desk, {}).values():
            yield from some


def _gap(kept: dict[str, Any]) -> Gap:
    ends = bytes.fromhex(kept["below"]), bytes.fromhex(kept["above"])
    return Gap(kept["first"], kept["last"], *ends, kept["at"], kept["acknowledged"])


def _json(one: Gap) -> dict[str, Any]:
    return asdict(one) | {"below": one.below.hex(), "above": one.above.hex()}
