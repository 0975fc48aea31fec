"""What practice registers: with a real console the way to it, with its own the exercises."""

from pathlib import Path

from app.console.feature import Feature, KeyHelp, Pages, Place, Style, Where
from app.console.features.practice import entrance, exercise_pages

PRACTICE = Feature(
    name="practice",
    folder=Path(__file__).parent,
    pages=(
        Pages(entrance.router, Where.REAL),
        Pages(exercise_pages.router, Where.PRACTICE),
    ),
    places=(Place("/practice", "Exercises", 0, Where.PRACTICE),),
    styles=(Style("practice.css", Where.PRACTICE),),
    keys=(KeyHelp(("h",), "The exercise: what to do, and finish", Where.PRACTICE),),
    # It is reached from the real console's door, which is another page; nothing in it is secret.
    entrances=frozenset({"/", "/practice", "/unlock"}),
    unlock="practice/unlock.html",
)
