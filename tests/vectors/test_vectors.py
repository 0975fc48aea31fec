"""The public vectors hold in both languages, and a changed byte in the file is noticed."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.vectors.checks import SECTIONS, Vectors

FILE = Path(__file__).with_name("ql1.json")
VECTORS: Vectors = json.loads(FILE.read_bytes())
Place = tuple[str | int, ...]


def _leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*place, key))
    else:
        yield place, value


def _changed(value: Any, rng: random.Random) -> Any:
    """Change one character, or a number by one."""
    if isinstance(value, int):
        return value + 1
    if not value:
        return "00"
    at = rng.randrange(len(value))
    other = rng.choice([c for c in "0123456789abcdef" if c != value[at]])
    return value[:at] + other + value[at + 1 :]


def _not_verifiable(place: Place) -> bool:
    """Say what nothing in the file depends on.

    Descriptions; the half of an ML-KEM seed (z) that only shapes how a wrong ciphertext is
    refused; the rows of the set whose keys the file does not hold (their points are checked).
    """
    return (
        place[-1] == "why"
        or place in {("investigator", "mlkem_seed"), ("bundle", "mlkem_seed")}
        or place == ("challenges", "set")
        or place == ("attachments", 0, "plaintext")  # no byte of the label's stream is used
    )


def _fails(vectors: Vectors, first: str) -> bool:
    """Run the section of the change first; the others only if it saw nothing."""
    for name in sorted(SECTIONS, key=lambda name: name != first):
        try:
            if not all(ok for _, ok in SECTIONS[name](vectors)):
                return True
        except Exception:
            return True
    return False


@pytest.mark.parametrize(
    ("place", "value"),
    [(place, value) for place, value in _leaves(VECTORS) if not _not_verifiable(place)],
    ids=lambda part: "/".join(map(str, part)) if isinstance(part, tuple) else "",
)
def test_a_changed_byte_is_noticed(place: Place, value: Any) -> None:
    vectors = copy.deepcopy(VECTORS)
    holder: Any = vectors
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = _changed(value, random.Random(repr(place)))
    assert _fails(vectors, str(place[0]))


@pytest.mark.parametrize("at", [0, 63, 64])  # the end of d, and the first bytes of known rows
def test_the_verifiable_parts_of_the_rest_are_noticed(at: int) -> None:
    vectors = copy.deepcopy(VECTORS)
    known = vectors["challenges"]["known_rows"][0]["row"]
    whole = vectors["challenges"]["set"]
    start = whole.index(known) + at
    digit = "0" if whole[start] != "0" else "1"
    vectors["challenges"]["set"] = whole[:start] + digit + whole[start + 1 :]
    assert _fails(vectors, "challenges")
    seed = VECTORS["bundle"]["mlkem_seed"]
    digit = "0" if seed[at] != "0" else "1"
    vectors = copy.deepcopy(VECTORS)
    vectors["bundle"]["mlkem_seed"] = seed[:at] + digit + seed[at + 1 :]
    assert _fails(vectors, "bundle") is (at < 64)


def _run(*paths: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.vectors.run", *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_runs_every_file_and_passes_with_one_closing_line() -> None:
    run = _run()
    *lines, closing = run.stdout.splitlines()
    assert run.returncode == 0
    assert [line for line in lines if line.endswith(".json:")] == [
        "ql1.json:",
        "quietline.json:",
        "transfer.json:",
    ]
    for tried in (
        "python      letter: 1 passed, 0 failed",  # ql1.json
        "javascript  speakers: 8 passed, 0 failed",  # quietline.json
        "javascript  operations: only consoles read this",
        "python      parts: 1 passed, 0 failed",  # transfer.json
    ):
        assert tried in lines
    assert closing.endswith(" passed, 0 failed")
    assert int(closing.split()[0]) > 800


def test_the_command_runs_any_file_of_the_second_shape_and_sees_what_is_wrong_in_it(
    tmp_path: Path,
) -> None:
    changed = json.loads(FILE.with_name("quietline.json").read_bytes())
    changed["bodies"]["bad"].append(["it is good", changed["bodies"]["good"][0][1]])
    changed["operations"]["good"]["seq"] += 1
    path = tmp_path / "other.json"
    path.write_text(json.dumps(changed))
    run = _run(path)
    assert run.returncode == 1
    for language in ("python      ", "javascript  "):
        assert f"{language}bodies: " in run.stdout
    assert run.stdout.count("failed: refused: it is good") == 2
    assert run.stdout.splitlines()[-1].endswith(", 3 failed")


def test_the_command_fails_for_a_changed_file(tmp_path: Path) -> None:
    changed = copy.deepcopy(VECTORS)
    changed["letter"]["pk"] = "00" + changed["letter"]["pk"][2:]
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(changed))
    run = _run(path)
    assert run.returncode == 1
    assert "python      letter: 0 passed, 1 failed" in run.stdout
    assert "javascript  letter: 0 passed, 1 failed" in run.stdout
    assert run.stdout.splitlines()[-1].endswith(", 2 failed")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"profile": 1}'])
def test_rubbish_is_a_failure_in_words(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rubbish.json"
    path.write_text(content)
    run = _run(path)
    assert run.returncode == 1
    assert "Traceback" not in run.stdout + run.stderr
    assert "failed" in run.stdout.splitlines()[-1]
