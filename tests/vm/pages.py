"""What the documents have an operator type: a machine is given these words and no others."""

from __future__ import annotations

import re
from pathlib import Path

from tests.vm.field import STICK

DOCS = Path(__file__).parents[2] / "docs"


def block(page: str, label: str) -> str:
    """Return the commands of a page's block, with the machine's stick for that of the page.

    Raises AssertionError where the page has no such block, or several.
    """
    found: list[str] = re.findall(
        rf"^```{label}\n(.*?)^```", (DOCS / page).read_text(), re.DOTALL | re.M
    )
    assert len(found) == 1, f"{page} has {len(found)} blocks called {label}"
    return re.sub(r"/mnt\b", STICK, found[0])
