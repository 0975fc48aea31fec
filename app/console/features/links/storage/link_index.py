"""Reading texts for what can link them.

A queue, kept by triggers (``steps``) in the transaction that writes a text, says which; ``index``
changes only what changed.

A kill loses nothing, and reading again is no news. What was found in a text goes with the text, in
the same transaction. What one text costs does not depend on how many are stored: names, too, are
compared only with those that share a key, and with so many at most.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.features.links.storage import links
from app.console.features.links.storage.link_texts import FILE, MESSAGE, bodies, picture, texts
from app.console.features.links.storage.occurrence_tables import (
    link_alike,
    link_keys,
    link_news,
    link_occurrences,
    link_queue,
    link_values,
)
from app.console.occurrences import names, similar_pictures
from app.console.occurrences.finding_occurrences import find
from app.console.occurrences.link_kinds import Kind, Occurrence, Sure
from app.console.vault.collaboration import link_statements
from app.console.vault.database.schema import cases_table
from app.console.vault.vault import Vault

BATCH = 200
ALIKE_MOST = 400
"""Names that share a key, the latest first, that one name is compared with."""

Progress = Callable[[int, int], None]


def index(tx: Connection, now: int, batch: int = BATCH, case: str | None = None) -> int:
    """Read the next texts of the queue, or the next of one case; return how many are left."""
    _read_next(tx, now, batch, case)
    return waiting(tx)


def read_on(
    vault: Vault, now: int, rounds: int | None = None, on_progress: Progress = lambda *_: None
) -> int:
    """Read on in short transactions, so that none waits long; return how many are left.

    ``on_progress`` hears how many are done, and of how many.
    """
    with vault.read() as tx:
        left = total = waiting(tx)
    while left > 0 and (rounds is None or rounds > 0):
        on_progress(total - left, total)
        with vault.write() as tx:
            read = _read_next(tx, now, BATCH, None)
        left = left - read if read else 0
        rounds = None if rounds is None else rounds - 1
    return max(0, left)


def waiting(tx: Connection) -> int:
    """Return how many texts are still to be read."""
    return int(tx.execute(select(func.count()).select_from(link_queue)).scalar_one())


def keep(
    tx: Connection,
    case: str,
    source: str,
    row: str,
    found: Iterable[tuple[str, Occurrence]],
    *,
    fresh: bool,
    now: int,
) -> None:
    """Keep what was found in the parts of one text, in place of what was found there before."""
    wanted = {
        (_value(tx, one.kind, one.value), part, one.start, one.end): int(one.sure)
        for part, one in found
    }
    mine = (
        (link_occurrences.c.case_id == case)
        & (link_occurrences.c.source == source)
        & (link_occurrences.c.row == row)
    )
    here = {
        (each.value, each.part, each.start, each.stop): (each.id, each.sure)
        for each in tx.execute(select(link_occurrences).where(mine))
    }
    if not wanted and not here:
        return
    before = set()
    if fresh:
        values = select(link_occurrences.c.value).where(link_occurrences.c.case_id == case)
        before = set(tx.execute(values).scalars())
    place = {"case_id": case, "source": source, "row": row}
    new = [
        place | {"value": value, "part": part, "start": start, "stop": stop, "sure": sure}
        for (value, part, start, stop), sure in wanted.items()
        if (value, part, start, stop) not in here
    ]
    if new:
        tx.execute(insert(link_occurrences), new)
    for at, (id_, sure) in here.items():
        by_id = link_occurrences.c.id == id_
        if at not in wanted:
            tx.execute(delete(link_occurrences).where(by_id))
        elif wanted[at] != sure:
            tx.execute(update(link_occurrences).where(by_id).values(sure=wanted[at]))
    if fresh:
        for value in {at[0] for at in wanted} - before:
            _note_news(tx, case, value, now)


def _read_next(tx: Connection, now: int, batch: int, case: str | None) -> int:
    """Read the next texts; return how many these were."""
    chosen = select(link_queue).order_by(link_queue.c.id).limit(batch)
    if case is not None:
        chosen = chosen.where(link_queue.c.case_id == case)
    rows = tx.execute(chosen).all()
    regions = _regions(tx, {row.case_id for row in rows})
    said = bodies(tx, [row.row for row in rows if row.source == MESSAGE])
    for row in rows:
        if row.case_id not in regions:  # notes of a case that is not here (yet)
            continue
        if row.source == FILE:
            seen = _pictured(tx, row.case_id, row.row)
            keep(tx, row.case_id, FILE, row.row, seen, fresh=bool(row.fresh), now=now)
            continue
        if row.source == MESSAGE:
            parts = said.get(row.row, {})
        else:
            parts = texts(tx, row.case_id, row.source, row.row)
        country = regions[row.case_id]
        found = [
            (part, one)
            for part, words in parts.items()
            for one in find(words, part=part if row.source == MESSAGE else "", regions=country)
        ]
        keep(tx, row.case_id, row.source, row.row, found, fresh=bool(row.fresh), now=now)
    if rows:
        tx.execute(text("DELETE FROM link_queue WHERE id = :id"), [{"id": row.id} for row in rows])
    return len(rows)


def _pictured(tx: Connection, case: str, row: str) -> list[tuple[str, Occurrence]]:
    """Return what a picture looks like, standing for its file's name."""
    value, name = picture(tx, row), texts(tx, case, FILE, row).get("", "")
    if not value or not name:
        return []
    return [("", Occurrence(Kind.PICTURE, value, 0, len(name), Sure.LIKELY))]


def _regions(tx: Connection, cases: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the countries by which numbers are read in each case that is here."""
    column = cases_table.c
    rows = tx.execute(select(column.id, column.home).where(column.id.in_(cases))).all()
    chosen = {home: link_statements.regions_of(tx, home) for home in {row.home for row in rows}}
    return {row.id: chosen[row.home] for row in rows}


def _value(tx: Connection, kind: Kind, value: str) -> int:
    same = (link_values.c.kind == kind.value) & (link_values.c.value == value)
    known = tx.execute(select(link_values.c.id).where(same)).scalar_one_or_none()
    if known is not None:
        return int(known)
    made = tx.execute(insert(link_values).values(kind=kind.value, value=value))
    id_ = int((made.inserted_primary_key or (0,))[0])
    if kind is Kind.NAME:
        _compare(tx, id_, value, names.keys(value), names.may_be_one)
    elif kind is Kind.PICTURE:
        _compare(tx, id_, value, similar_pictures.keys(value), similar_pictures.may_be_one)
    return id_


def _compare(
    tx: Connection,
    id_: int,
    value: str,
    shared: Iterable[str],
    may_be_one: Callable[[str, str], bool],
) -> None:
    """Note which values that share a key may be the same person's, or the same picture."""
    keys = sorted(shared)
    if not keys:
        return
    near = (
        select(link_keys.c.value)
        .where(link_keys.c.key.in_(keys))
        .distinct()
        .order_by(link_keys.c.value.desc())
        .limit(ALIKE_MOST)
    )
    ids = list(tx.execute(near).scalars())
    for row in tx.execute(select(link_values).where(link_values.c.id.in_(ids))).all():
        if may_be_one(value, row.value):
            pair: list[dict[str, Any]] = [
                {"value": id_, "other": row.id},
                {"value": row.id, "other": id_},
            ]
            tx.execute(upsert(link_alike).on_conflict_do_nothing(), pair)
    tx.execute(insert(link_keys), [{"key": key, "value": id_} for key in keys])


def _note_news(tx: Connection, case: str, value: int, now: int) -> None:
    others = set(links.cases_with(tx, value)) - {case}
    if len(others) >= links.COMMON:
        return
    for one in links.alike(tx, value) if not others else []:
        others |= set(links.cases_with(tx, one.id, 2)) - {case}
    if others:
        row = {"case_id": case, "value": value, "at": now}
        tx.execute(upsert(link_news).values(**row).on_conflict_do_nothing())
