"""Cases as bare facts, for counting (``app.console.features.statistics``)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.console.rules import htcds
from app.console.rules.vocabulary import CLOSED
from app.console.vault.database.schema import case_referrals, cases_table


@dataclass(frozen=True, slots=True)
class Fact:
    """A case without anything of its own.

    Times are Unix seconds; ``signs`` and ``whose`` are what was answered, as it came.
    """

    first_at: int
    answered_at: int | None
    closed_at: int | None
    outcome: str
    lang: str
    signs: tuple[str, ...] = ()
    whose: str = ""
    terms: frozenset[htcds.Term] = frozenset()
    """What was chosen, in the terms of the case data standard."""


def of_desks(tx: Connection, desks: Sequence[str], begin: int) -> list[Fact]:
    """Return the facts of every case at these desks.

    Of those that came before ``begin`` (Unix seconds), only what a backlog needs.
    """
    column = cases_table.c
    mine = column.home.in_(desks)
    older = select(column.first_at, column.closed_at).where(mine, column.first_at < begin)
    found = [Fact(row.first_at, None, row.closed_at, "", "") for row in tx.execute(older)]
    wanted = select(
        column.first_at,
        column.answered_at,
        column.closed_at,
        column.status,
        column.disposition,
        column.lang,
        column.answers,
    ).where(mine, column.first_at >= begin)
    for row in tx.execute(wanted):
        said = json.loads(row.answers)
        signs = tuple(one for one in said.get("signs", "").split(", ") if one)
        outcome = row.disposition if row.status == CLOSED else ""
        whose = said.get("whose_case", "")
        terms = frozenset(
            term for name, value in said.items() for term in htcds.standard().of(name, value)
        )
        found.append(
            Fact(
                row.first_at, row.answered_at, row.closed_at, outcome, row.lang, signs, whose, terms
            )
        )
    return found


def referred(tx: Connection, desks: Sequence[str], begin: int) -> list[tuple[str, str]]:
    """Return kind and state of every referral that these desks began since then."""
    column = case_referrals.c
    chosen = (
        select(column.kind, column.state)
        .join(cases_table, cases_table.c.id == column.case_id)
        .where(cases_table.c.home.in_(desks), column.began >= begin)
    )
    return [(row.kind, row.state) for row in tx.execute(chosen)]
