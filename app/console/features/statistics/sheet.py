"""Tables as one CSV (RFC 4180, UTF-8): table, group, count."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from app.console.features.statistics.counting import Table
from app.console.features.statistics.rounding import words


def as_csv(tables: Iterable[Table]) -> bytes:
    """Return CSV whose groups' names are the program's own, so none can be a sheet's formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("table", "group", "count"))
    for table in tables:
        for name, count in table.rows:
            writer.writerow((table.title, name, words(count)))
        if table.median is not None:
            days, of = table.median
            writer.writerow((table.title, "Median, days", f"{days:.0f}"))
            writer.writerow((table.title, "Median is of", words(of)))
    return out.getvalue().encode()
