"""Which of the example's desks a new agency begins with: one without people is seen as closed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

from app.agency.errors import AgencyError

_DESK = re.compile(r"^(?=\[\[desks\]\]$)", re.MULTILINE)


def keep_desks(text: str, wanted: Sequence[str]) -> str:
    """Return an agency.toml with those of its desks alone.

    Raises AgencyError for an unknown one.
    """
    before, *desks = _DESK.split(text)
    by_id = {tomllib.loads(desk)["desks"][0]["id"]: desk for desk in desks}
    for name in wanted:
        if name not in by_id:
            raise AgencyError(f"The example has no desk '{name}', but: {', '.join(by_id)}.")
    return before + "".join(desk for name, desk in by_id.items() if name in wanted)
