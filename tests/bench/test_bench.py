"""Every bench still runs, on tiny sizes; nothing here is about how fast."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import growing
from tests.bench.__main__ import APART, BENCHES, machine, run
from tests.bench.result import Page
from tests.bench.rounds import SMOKE


class Bar:
    steps = done = 0

    def begin(self, steps: int) -> None:
        self.steps += steps

    def step(self) -> None:
        self.done += 1


# The flood has a test of its own, which says more; voices need judges that no dependency is.
@pytest.mark.parametrize("name", sorted((BENCHES | APART).keys() - {"flood", "voice"}))
def test_a_bench_runs_and_compares(name: str) -> None:
    bar = Bar()
    page = run(name, SMOKE, bar)
    assert page.rows
    assert all(row.ours > 0 and row.base > 0 for row in page.rows)
    assert bar.done == bar.steps > 0


def test_of_what_is_in_no_sentence_nothing_is_said_to_be_found() -> None:
    names = [row.name for row in run("linking", SMOKE, Bar()).rows]
    assert not [name for name in names if "(0 held out, 0 tuned with)" in name]
    assert any(name.startswith("phone: recall (") for name in names)


def test_a_page_is_written_as_json_table_and_plot(tmp_path: Path) -> None:
    page = Page("How <fast>", "quietline", "bare")
    page.at_least(0.5, "reports", "/s", 1234.56, 2000)
    page.at_most(1.3, "writing", "s", 3, 2)
    page.write(tmp_path, "speed", machine(0.42))
    assert json.loads((tmp_path / "speed.json").read_text()) == [
        {"name": "reports", "unit": "/s", "ours": 1235, "base": 2000, "ratio": 0.6173},
        {"name": "writing", "unit": "s", "ours": 3, "base": 2, "ratio": 1.5},
    ]
    text = (tmp_path / "speed.md").read_text()
    assert "| reports | /s | 1,235 | 2,000 | 0.617 | ≥ 0.5 | reached |" in text
    assert "| writing | s | 3 | 2 | 1.5 | ≤ 1.3 | **missed** |" in text
    assert "The machine was shared" in text
    assert "42%" in text
    assert "prefers-color-scheme: dark" in (tmp_path / "speed.svg").read_text()
    ElementTree.parse(tmp_path / "speed.svg")


def test_growth_is_drawn_as_lines_with_what_was_promised(tmp_path: Path) -> None:
    page = Page("Search <fast>", "ours", "base")
    page.add("a word", "ms", 8, 2)
    series = {"a <word>": [(1_000, 2.0), (10_000, 8.0)], "nothing": [(1_000, 1.0), (10_000, 1.0)]}
    page.growth = growing.lines(page.title, "ms", 50, series)
    page.write(tmp_path, "growth", machine(0.01))
    drawn = ElementTree.parse(tmp_path / "growth.svg")
    assert len(drawn.findall("{*}polyline")) == len(series)
    said = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"50", "1,000", "10,000", "a <word>: 2, 8"} <= set(said)
