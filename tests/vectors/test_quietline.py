"""quietline.json holds in Python: what is good is read, and each thing that is not is refused.

The same file in JavaScript: tests/client/quietline.test.mjs, which also makes it anew.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.vectors.quietline_checks import SECTIONS

V: dict[str, Any] = json.loads(Path(__file__).with_name("quietline.json").read_bytes())


def _failing(section: str, vectors: dict[str, Any]) -> list[str]:
    return [name for name, passed in SECTIONS[section](vectors) if not passed]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_holds(section: str) -> None:
    assert _failing(section, V) == []


def test_every_member_is_looked_at() -> None:
    assert set(SECTIONS) == set(V)


@pytest.mark.parametrize(
    ("section", "good"),
    [
        ("bad_directories", lambda v: v["directory"]["file"]),
        ("bad_bundles", lambda v: v["bundles"][0]["file"]),
        ("bad_manifests", lambda v: v["manifest"]["file"]),
        ("bad_envelopes", lambda v: v["envelope"]["envelope"]),
        ("points", lambda v: v["points"]["good"]),
        ("codes", lambda v: v["codes"]["good"][0]),
        ("bodies", lambda v: v["bodies"]["good"][0][1]),
        ("bodies", lambda v: v["bodies"]["newer"][0][1]),
        ("operations", lambda v: v["operations"]["good"]["carried"]),
    ],
)
def test_what_is_read_is_not_taken_for_refused(
    section: str, good: Callable[[dict[str, Any]], Any]
) -> None:
    changed = copy.deepcopy(V)
    pairs = changed[section] if isinstance(changed[section], list) else changed[section]["bad"]
    pairs.append(["it is good", good(V)])
    assert _failing(section, changed) == ["refused: it is good"]


def test_an_empty_list_of_what_is_to_be_refused_is_a_failure() -> None:
    changed = copy.deepcopy(V)
    changed["bad_directories"] = []
    assert _failing("bad_directories", changed) == ["there is something to refuse"]


def test_there_are_as_many_chunks_as_one_file_can_fill() -> None:
    """17 pieces are padded to 18 chunks: a file that a reader could get wrong by one."""
    assert V["attachment"]["chunks"] == 18
