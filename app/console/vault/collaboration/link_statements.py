"""What a desk's states say of links, as rows to be looked up: dismissed, ignored, its country."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.rules import linked
from app.console.rules.merge import CaseState, DeskState
from app.console.vault.database.link_tables import link_dismissed, link_ignored, link_regions

AGENCY = ""
"""In place of a desk: what holds for all that chose nothing."""


def take_over(tx: Connection, case: str, desk: str, state: CaseState) -> None:
    """Write as rows what a case's state at a desk says of links."""
    if linked.UNLINKED in state.sets:
        mine = (link_dismissed.c.case_id == case) & (link_dismissed.c.desk == desk)
        tx.execute(delete(link_dismissed).where(mine))
        for one in linked.unlinked(state):
            row = {"case_id": case, "desk": desk, "other": one.other}
            row |= {"mark": one.mark, "who": one.who, "why": one.why}
            tx.execute(upsert(link_dismissed).values(**row).on_conflict_do_nothing())


def take_over_desk(tx: Connection, desk: str, state: DeskState) -> None:
    """Write as rows what a desk's own state says: what links nothing, and its country."""
    tx.execute(delete(link_ignored).where(link_ignored.c.desk == desk))
    for one in linked.ignored(state):
        row = {"desk": desk, "kind": one.kind, "value": one.value, "who": one.who, "why": one.why}
        tx.execute(insert(link_ignored).values(**row))
    _store_region(tx, desk, linked.region(state))


def take_over_agency(tx: Connection, regions: Sequence[str]) -> None:
    """Write as a row in which countries the agency works: those of its emergency numbers."""
    _store_region(tx, AGENCY, " ".join(regions))


def regions_of(tx: Connection, desk: str) -> tuple[str, ...]:
    """Return the countries whose telephone numbers are written without a code, the first first.

    The one that the desk chose, else the agency's; none where the desk chose none.
    """
    chosen = region_of(tx, desk) or region_of(tx, AGENCY)
    return () if chosen == linked.NO_REGION else tuple(chosen.split())


def region_of(tx: Connection, desk: str) -> str:
    """Return what a desk chose: a country, NO_REGION, empty where it goes by the agency's."""
    mine = select(link_regions.c.region).where(link_regions.c.desk == desk)
    return str(tx.execute(mine).scalar_one_or_none() or "")


def _store_region(tx: Connection, desk: str, region: str) -> None:
    """Write a row where it is another one: each change has every text read again."""
    if region_of(tx, desk) != region:
        statement = upsert(link_regions).values(desk=desk, region=region)
        tx.execute(
            statement.on_conflict_do_update(index_elements=["desk"], set_={"region": region})
        )
