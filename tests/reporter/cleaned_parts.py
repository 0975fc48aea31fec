"""What a cleaned Office file is made of."""

from __future__ import annotations

import zipfile
from io import BytesIO


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}
