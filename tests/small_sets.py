"""``quietline`` with small challenge sets and few languages, for tests that are not about them.

A set of 1,024 rows is made anew in each epoch and tried by each console: with epochs of two seconds
that alone would keep a core busy. A site of sixteen languages takes a second to make.
"""

from __future__ import annotations

import sys

LANGUAGES = ("en", "ar", "es", "fr", "pt")
ROWS = 64
PROGRAM = (
    sys.executable,
    "-P",
    "-c",
    f"from app.protocol import challenges; challenges.MIN_ROWS = {ROWS}; "
    "from app.cli.entry import main; main()",
)
