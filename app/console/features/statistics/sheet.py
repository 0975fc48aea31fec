"""Tables as one CSV (RFC 4180, UTF-8): table, group, count."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from app.console.features.statistics.counting import Table
from app.console.features.statistics.rounding import words
from app.sentences.language import Language
from app.sentences.translatable import say

_HEADS = (say("Table"), say("Group"), say("Count"))


def as_csv(tables: Iterable[Table], language: Language) -> bytes:
    """Return CSV whose groups' names are the program's own, so none can be a sheet's formula.

    In another language than English the same three columns stand once more, in its words. A mark
    at the beginning then tells spreadsheets that it is UTF-8: some take it for Latin letters else.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    tag = language.tag
    beside = [f"{language.say(one)} ({tag})" for one in _HEADS] if language.locale else []
    writer.writerow(("table", "group", "count", *beside))
    for row in _rows(tables):
        said = [language.say(one) for one in row] if language.locale else []
        writer.writerow((*row, *said))
    return out.getvalue().encode("utf-8-sig" if language.locale else "utf-8")


def _rows(tables: Iterable[Table]) -> Iterable[tuple[str, str, str]]:
    for table in tables:
        for name, count in table.rows:
            yield table.title, name, words(count)
        if table.median is not None:
            days, of = table.median
            yield table.title, say("Median, days"), f"{days:.0f}"
            yield table.title, say("Median is of"), words(of)
