"""Bars as SVG, on a ground of their own: readable on a light page and on a dark one."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.result import Row

_WIDTH, _LEFT, _BAR, _ROW = 860, 330, 380, 50
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #20262e }
  .title { font-size: 15px; font-weight: 600 }
  .small { fill: #57606a }
  .ground { fill: #fbfbf9; stroke: #d9d9d4 }
  .ours { fill: #2f6f5e } .base { fill: #b9b4a7 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e8e6e1 } .small { fill: #a5adb6 }
    .ground { fill: #1b1f24; stroke: #343a42 }
    .ours { fill: #5fb39b } .base { fill: #6b6a66 }
  }
"""


def bars(title: str, ours: str, base: str, rows: Sequence[Row]) -> str:
    """Return two bars for each row, the longer of them the full width, and their ratio."""
    height = 74 + _ROW * len(rows)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
        f'<text class="title" x="20" y="30">{escape(title)}</text>',
        *_key(20, "ours", ours),
        *_key(20 + _LEFT, "base", base),
    ]
    for number, row in enumerate(rows):
        lines += _pair(row, 70 + _ROW * number)
    return "\n".join([*lines, "</svg>", ""])


def _key(x: int, side: str, words: str) -> list[str]:
    return [
        f'<rect class="{side}" x="{x}" y="44" width="12" height="12" rx="2"/>',
        f'<text class="small" x="{x + 18}" y="54">{escape(words)}</text>',
    ]


def _pair(row: Row, y: int) -> list[str]:
    from tests.bench.result import shown

    most = max(row.ours, row.base) or 1
    lines = [
        f'<text x="20" y="{y + 16}">{escape(row.name)}</text>',
        f'<text class="small" x="20" y="{y + 32}">{escape(row.unit)}, ratio {shown(row.ratio)}'
        f"{f' ({escape(row.wanted)})' if row.wanted else ''}</text>",
    ]
    for side, value, at in (("ours", row.ours, y + 2), ("base", row.base, y + 20)):
        width = max(2, round(value / most * _BAR))
        lines += [
            f'<rect class="{side}" x="{_LEFT + 20}" y="{at}" width="{width}" height="15" rx="2"/>',
            f'<text class="small" x="{_LEFT + 28 + width}" y="{at + 12}">{shown(value)}</text>',
        ]
    return lines
