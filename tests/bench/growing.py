"""How cost grows with what is stored, as SVG: a line for each call, the numbers below it.

Stored things lie ten times as many from mark to mark, so a line that rises evenly is logarithmic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

_WIDTH, _LEFT, _RIGHT, _TOP, _HIGH, _ROW = 860, 70, 30, 60, 240, 20
_DASHES = ("", "7 3", "2 3", "10 3 2 3", "1 5", "12 6")
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #20262e }
  .title { font-size: 15px; font-weight: 600 }
  .small { fill: #57606a }
  .ground { fill: #fbfbf9; stroke: #d9d9d4 }
  .axis { stroke: #b9b4a7; stroke-width: 1 } .most { stroke: #a8442a; stroke-dasharray: 4 4 }
  .line { fill: none; stroke: #2f6f5e; stroke-width: 2 } .dot { fill: #2f6f5e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e8e6e1 } .small { fill: #a5adb6 }
    .ground { fill: #1b1f24; stroke: #343a42 }
    .axis { stroke: #6b6a66 } .most { stroke: #e08b6d }
    .line { stroke: #5fb39b } .dot { fill: #5fb39b }
  }
"""

Series = Mapping[str, Sequence[tuple[int, float]]]
"""For each call, how many things were stored and what it then took."""


def lines(title: str, unit: str, most: float, series: Series) -> str:
    """Return the plot; ``most`` is what was promised, drawn across it."""
    from tests.bench.result import shown

    places = sorted({stored for points in series.values() for stored, _ in points})
    highest = 1.1 * max(most, *(took for points in series.values() for _, took in points))
    first, last = log10(places[0]), log10(places[-1])

    def x(stored: int) -> float:
        wide = _WIDTH - _LEFT - _RIGHT - 40
        return round(_LEFT + 20 + (log10(stored) - first) / ((last - first) or 1) * wide, 1)

    def y(took: float) -> float:
        return round(_TOP + _HIGH - took / highest * _HIGH, 1)

    bottom = _TOP + _HIGH
    height = bottom + 60 + _ROW * len(series)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
        f'<text class="title" x="20" y="30">{escape(title)}: {escape(unit)}</text>',
        f'<path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{_WIDTH - _RIGHT}" fill="none"/>',
        f'<path class="most" d="M{_LEFT} {y(most)}H{_WIDTH - _RIGHT}"/>',
        f'<text class="small" x="{_LEFT - 8}" y="{y(most) + 4}" text-anchor="end">'
        f"{shown(most)}</text>",
        f'<text class="small" x="{_LEFT - 8}" y="{bottom + 4}" text-anchor="end">0</text>',
    ]
    drawn += [
        f'<text class="small" x="{x(stored)}" y="{bottom + 20}" text-anchor="middle">'
        f"{stored:,}</text>"
        for stored in places
    ]
    for number, (name, points) in enumerate(series.items()):
        dash, at = _DASHES[number % len(_DASHES)], bottom + 48 + _ROW * number
        way = " ".join(f"{x(stored)},{y(took)}" for stored, took in points)
        drawn.append(f'<polyline class="line" stroke-dasharray="{dash}" points="{way}"/>')
        drawn += [f'<circle class="dot" cx="{x(n)}" cy="{y(took)}" r="3"/>' for n, took in points]
        drawn.append(
            f'<path class="line" stroke-dasharray="{dash}" d="M{_LEFT} {at - 4}h40"/>'
            f'<text x="{_LEFT + 50}" y="{at}">{escape(name)}: '
            f"{', '.join(shown(took) for _, took in points)}</text>"
        )
    return "\n".join([*drawn, "</svg>", ""])
