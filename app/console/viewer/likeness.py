"""What a picture looks like, in 16 bytes by which it is found again. Pure.

Made of the raw pixels that the separate process gives back, so no decoder is at work here. It is
the "difference hash" (N. Krawetz, "Kind of Like That", 2013) in both directions: the picture in
grey is averaged to 9 × 8 and to 8 × 9 fields, and each bit says whether a field is darker than the
next. It stays nearly the same when a picture is made smaller, saved anew, or a little lighter or
darker; not when it is turned, mirrored, or cut by more than two percent or so.
"""

SIDE = 64
"""Pixels to which a picture is made small before."""
LIKENESS_BYTES = 16
_FIELDS = 8
_LEAST_SIDE = 9
_LEAST_CONTRAST = 24
"""Between the darkest and the lightest field, of 255: below, a picture shows nothing to compare."""
_LEAST_TURNS = 12
"""Bits that must differ from the others of their direction: what only grows lighter is any sky."""


def likeness(rgb: bytes | memoryview, width: int, height: int) -> bytes | None:
    """Return 16 bytes; None for a picture that is too narrow, or as good as empty.

    ``rgb`` is width × height × 3 bytes.
    """
    if min(width, height) < _LEAST_SIDE:
        return None
    grey = [
        (299 * rgb[at] + 587 * rgb[at + 1] + 114 * rgb[at + 2]) // 1_000
        for at in range(0, 3 * width * height, 3)
    ]
    beside = _fields(grey, width, height, _FIELDS + 1, _FIELDS)
    below = _fields(grey, width, height, _FIELDS, _FIELDS + 1)
    if max(map(max, beside)) - min(map(min, beside)) < _LEAST_CONTRAST:
        return None
    across = [row[x] < row[x + 1] for row in beside for x in range(_FIELDS)]
    down = [below[y][x] < below[y + 1][x] for y in range(_FIELDS) for x in range(_FIELDS)]
    if sum(min(sum(bits), len(bits) - sum(bits)) for bits in (across, down)) < _LEAST_TURNS:
        return None
    return sum(bit << place for place, bit in enumerate((*across, *down))).to_bytes(
        LIKENESS_BYTES, "big"
    )


def _fields(grey: list[int], width: int, height: int, across: int, down: int) -> list[list[float]]:
    """Average a picture to ``across`` × ``down`` fields."""
    found = []
    for y in range(down):
        top, bottom = y * height // down, (y + 1) * height // down
        row = []
        for x in range(across):
            left, right = x * width // across, (x + 1) * width // across
            total = sum(
                sum(grey[at * width + left : at * width + right]) for at in range(top, bottom)
            )
            row.append(total / ((bottom - top) * (right - left)))
        found.append(row)
    return found
