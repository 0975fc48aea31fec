"""QR codes in a terminal, two rows a line: black on white, whatever its colours are."""

from __future__ import annotations

import segno

_BLACK_ON_WHITE, _PLAIN = "\x1b[30;107m", "\x1b[0m"
_BLOCKS = {(0, 0): " ", (0, 1): "▄", (1, 0): "▀", (1, 1): "█"}
_MARGIN = 4
"""What ISO/IEC 18004 asks for around a code, in modules."""


def as_blocks(text: str) -> str:
    """Return a QR code of a text (an address, ASCII) as lines for a terminal, coloured.

    It has nothing but the text: no way through anybody's server.
    """
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=_MARGIN)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        blocks = (_BLOCKS[bool(a), bool(b)] for a, b in zip(upper, lower, strict=True))
        lines.append(f"{_BLACK_ON_WHITE}{''.join(blocks)}{_PLAIN}")
    return "\n".join(lines)
