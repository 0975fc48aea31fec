"""What cooperation letters register with the console."""

from pathlib import Path

from app.console.feature import Feature, Pages, Place, Section
from app.console.features.letters import letter_pages, letter_section

LETTERS = Feature(
    name="letters",
    folder=Path(__file__).parent,
    pages=(Pages(letter_pages.router),),
    places=(Place("/letters", "Letters", 60),),
    sections=(
        Section("letter", "Cooperation letter", letter_section.letter, 140, "letters/section.html"),
    ),
    words=letter_section.words,
)
