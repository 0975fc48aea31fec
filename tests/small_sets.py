"""``quietline`` whose challenge sets are small, for lines of tests that are not about their size.

A set of 1,024 rows is made anew in each epoch and tried by each console: with epochs of two seconds
that alone would keep a core busy.
"""

from __future__ import annotations

import sys

ROWS = 64
PROGRAM = (
    sys.executable,
    "-P",
    "-c",
    f"from app.protocol import challenges; challenges.MIN_ROWS = {ROWS}; "
    "from app.cli.entry import main; main()",
)
