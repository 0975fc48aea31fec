"""What practice registers: with a real console the way to it, with its own the exercises."""

from pathlib import Path

from app.console.feature import Feature, KeyHelp, Pages, Place, SetupStep, Style, Where
from app.console.features.practice import entrance, exercise_pages
from app.console.features.practice.child import folder_beside
from app.console.features.practice.progress import FILE_NAME
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Vault
from app.sentences.translatable import say


def _never_practised(vault: Vault, _: TrustedLine, __: int) -> bool:
    return not (folder_beside(vault.folder) / FILE_NAME).exists()


PRACTICE = Feature(
    name="practice",
    folder=Path(__file__).parent,
    pages=(
        Pages(entrance.router, Where.REAL),
        Pages(exercise_pages.router, Where.PRACTICE),
    ),
    places=(Place("/practice", say("Exercises"), 0, Where.PRACTICE),),
    styles=(Style("practice.css", Where.PRACTICE), Style("entrance.css", Where.REAL)),
    keys=(KeyHelp(("h",), say("The exercise: what to do, and finish"), Where.PRACTICE),),
    # It is reached from the real console's door, which is another page; nothing in it is secret.
    entrances=frozenset({"/", "/practice", "/unlock"}),
    unlock="practice/unlock.html",
    bar="practice/bar.html",
    setup=(
        SetupStep(
            say("Practise with made-up cases"),
            say("The first exercise leads you by the hand; nothing leaves this computer."),
            "/practise",
            _never_practised,
            40,
            posted=True,
        ),
    ),
)
