"""Which image has the security updates of its day."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deploy.stick import debian


def test_debians_part_is_kept_for_a_day_and_then_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def mmdebstrap(*command: str | Path, **_: str) -> str:
        made.append(str(command[0]))
        Path(command[-2]).write_text("a system")
        return ""

    monkeypatch.setattr(debian, "run", mmdebstrap)
    tar = debian.base(tmp_path, "0")
    assert debian.base(tmp_path, "0") == tar
    assert made == ["mmdebstrap"]
    os.utime(tar, (0, 0))
    debian.base(tmp_path, "0")
    assert made == ["mmdebstrap", "mmdebstrap"]
