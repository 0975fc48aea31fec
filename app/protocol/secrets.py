"""A byte string that does not print itself.

Python cannot promise that no copy stays in memory; what it allows is done here: the value lives in
one ``bytearray`` that ``Secret.wipe`` overwrites, and no representation shows it.
"""

from __future__ import annotations

import hmac


class Secret:
    """Secret bytes of any length: hidden from ``repr``, ``str``, ``format`` and pickling."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes | bytearray) -> None:
        self._value = bytearray(value)

    def reveal(self) -> bytes:
        """Return the bytes, for the call that needs them."""
        return bytes(self._value)

    def wipe(self) -> None:
        """Overwrite the value with zeros; afterwards it is all zeros of the same length."""
        self._value[:] = bytes(len(self._value))

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Secret is not pickled")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]
