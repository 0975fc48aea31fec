"""A QR code in a terminal has the modules of the code, black on white, and nothing of anybody's."""

from __future__ import annotations

import re

import segno

from app.setup.qr_codes import as_blocks
from tests.setup.conftest import onion

_DARK = {" ": (0, 0), "▄": (0, 1), "▀": (1, 0), "█": (1, 1)}


def test_the_blocks_are_the_code() -> None:
    text = onion()
    rows: list[list[int]] = []
    for line in as_blocks(text).splitlines():
        found = re.fullmatch("\x1b\\[30;107m(.*)\x1b\\[0m", line)
        assert found is not None
        rows += [[_DARK[one][half] for one in found[1]] for half in (0, 1)]
    code = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=4)]
    assert [[bool(one) for one in row] for row in code] == [
        [bool(one) for one in row] for row in rows[: len(code)]
    ]
    assert len(rows[0]) <= 80, "it fits a terminal"
