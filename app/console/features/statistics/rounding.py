"""What of the tables leaves the console: no small group, and no number exact enough to find one.

A count from 1 to 4 becomes "fewer than 5", every other one the nearest multiple of 5 (as HESA and
others round statistics of people). Rounding everything is what keeps a small group hidden: from
exact numbers beside it, or from two exports of different periods, it could be worked out.
"""

from __future__ import annotations

from dataclasses import replace

from app.console.features.statistics.counting import Table
from app.sentences.translatable import say

SMALL = 5
FEW = -1
"""Stands for "fewer than 5" in a table that was rounded."""
FEW_WORDS = say("fewer than {number}", number=SMALL)


def rounded(table: Table) -> Table:
    """Return the table as it may be shown around."""
    rows = tuple((name, _rounded(count)) for name, count in table.rows)
    median = table.median
    if median is not None:
        days, count = median
        median = (float(round(days)), _rounded(count)) if count >= SMALL else None
    return replace(table, rows=rows, median=median)


def words(count: int) -> str:
    """Return a count of a table, rounded or not, as text."""
    return FEW_WORDS if count == FEW else str(count)


def _rounded(count: int) -> int:
    if 0 < count < SMALL:
        return FEW
    return (count + SMALL // 2) // SMALL * SMALL
