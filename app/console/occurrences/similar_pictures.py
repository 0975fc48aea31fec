"""Which pictures may be one, by what they look like (``app.console.viewer.likeness``). Pure.

Two are compared only where they share a key of ``keys``, so that what a comparison costs does not
grow with what is stored. That two look alike is never more than likely: two people can photograph
one wall, and two screens of one program look alike.
"""

LIKENESS_BITS = 128
ALIKE_BITS = 12
"""The most bits in which two likenesses of one picture differ."""
_BANDS = ALIKE_BITS + 1


def keys(value: str) -> set[str]:
    """Return what likenesses (32 hex digits) that differ in ALIKE_BITS at most have in common.

    Thirteen bands of bits: where at most twelve bits differ, one band at least is the same.
    """
    bits = int(value, 16)
    found = set()
    for band in range(_BANDS):
        first = band * LIKENESS_BITS // _BANDS
        last = (band + 1) * LIKENESS_BITS // _BANDS
        found.add(f"picture {band} {bits >> first & (1 << last - first) - 1:x}")
    return found


def may_be_one(one: str, other: str) -> bool:
    """Say whether two likenesses may be one picture's."""
    return (int(one, 16) ^ int(other, 16)).bit_count() <= ALIKE_BITS
