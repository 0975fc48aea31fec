"""Decisions (docs/adr): each begins alike, with its date and status, and the list has each once."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "adr"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
_HEAD = re.compile(
    r"# (?P<number>\d{4}) (?P<title>\S.*)\n"
    r"\n"
    r"- Date: (?P<date>\d{4}-\d{2}-\d{2})\n"
    r"- Status: (?:proposed|accepted"
    r"|superseded by \[(?P<later>\d{4})\]\((?P<file>[\w-]+\.md)\))\n"
    r"\n"
    r"\S"
)
_ROW = re.compile(r"^\| \[(?P<number>\d{4})\]\((?P<file>[\w-]+\.md)\) \| \S.* \|$", re.MULTILINE)
_NAME = re.compile(r"(?P<number>\d{4})(-[a-z0-9]+)+\.md")


def _head(path: Path) -> re.Match[str]:
    head = _HEAD.match(path.read_text())
    assert head, f"{path.name} begins with a title, an empty line, '- Date: …' and '- Status: …'"
    return head


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_begins_with_its_number_date_and_status(path: Path) -> None:
    name, head = _NAME.fullmatch(path.name), _head(path)
    assert name
    assert head["number"] == name["number"]
    assert dt.date.fromisoformat(head["date"]) >= dt.date(2026, 11, 24), "before the first commit"
    if head["later"]:
        assert head["file"].startswith(f"{head['later']}-")
        assert head["later"] > head["number"]
        assert (FOLDER / head["file"]).is_file()


def test_no_two_decisions_have_one_number() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(set(numbers)) == len(numbers)


def test_the_list_has_each_decision_once_in_order() -> None:
    rows = [
        (row["number"], row["file"]) for row in _ROW.finditer((FOLDER / "README.md").read_text())
    ]
    assert rows == [(path.name[:4], path.name) for path in DECISIONS]


@pytest.mark.parametrize(
    "text",
    [
        "# 0001 Title\n\nText\n",
        "# 0001 Title\n\n- Date: 24 November 2026\n- Status: accepted\n\nText\n",
        "# 0001 Title\n\n- Date: 2026-11-24\n- Status: done\n\nText\n",
        "# 0001 Title\n\n- Status: accepted\n- Date: 2026-11-24\n\nText\n",
        "# 0001 Title\n\n- Date: 2026-11-24\n- Status: superseded\n\nText\n",
    ],
)
def test_another_form_is_seen(text: str) -> None:
    assert not _HEAD.match(text)
