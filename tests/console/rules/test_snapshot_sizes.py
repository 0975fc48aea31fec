"""A desk's cases go to a new member in snapshots that each stay within what one may hold."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from app.console.rules import packing
from app.console.rules.packing import SNAPSHOT_BYTES_MAX, DeskBody
from app.protocol.encoding import b64u
from app.protocol.errors import BadBody


def case(number: int, messages: int, notes: int) -> dict[str, Any]:
    state: dict[str, Any] = {"fields": {}, "notes": {f"{n}": "n" * 4_000 for n in range(notes)}}
    said = [b64u(os.urandom(12_000)) for _ in range(messages)]
    return {"case": f"{number:064x}", "keys": [], "messages": said, "state": state}


def test_many_and_long_cases_go_whole_in_snapshots_within_bounds() -> None:
    cases = [case(0, 600, 3), case(1, 1, 1_500), *(case(n, 2, 1) for n in range(2, 40))]
    groups = packing.split_snapshot(cases)
    assert len(groups) > 3
    found: dict[str, tuple[list[str], dict[str, str]]] = {}
    for group in groups:
        about = DeskBody("support", 1, bytes(32))
        made = packing.write_snapshot(about, {"cases": group}, "ab" * 16, os.urandom)
        parts = [packing.read_desk_body(body).part for body in made]
        content = packing.read_snapshot(one.data for one in parts if one is not None)
        assert len(json.dumps(content).encode()) <= SNAPSHOT_BYTES_MAX
        for one in content["cases"]:
            said, notes = found.setdefault(one["case"], ([], {}))
            said += [text for text in one["messages"] if text not in said]
            notes |= one["state"]["notes"]
    for one in cases:
        assert found[one["case"]] == (one["messages"], one["state"]["notes"])


def test_what_fits_into_no_snapshot_is_refused_before_it_is_sent() -> None:
    with pytest.raises(BadBody, match="too large"):
        packing.split_snapshot([{**case(0, 1, 0), "keys": ["k" * SNAPSHOT_BYTES_MAX]}])
