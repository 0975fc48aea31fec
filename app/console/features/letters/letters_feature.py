"""What cooperation letters register with the console."""

from pathlib import Path

from app.console.feature import Feature, Pages, Place, Section
from app.console.features.letters import letter_pages, letter_section
from app.console.features.letters.storage import kept_letters
from app.console.vault.database.feature_tables import FeatureTables
from app.sentences.translatable import say

# A letter names nobody, and stays when its case is destroyed.
TABLES = FeatureTables(kept_letters.metadata)

LETTERS = Feature(
    name="letters",
    folder=Path(__file__).parent,
    pages=(Pages(letter_pages.router),),
    places=(
        Place(
            "/letters",
            say("Cooperation letters"),
            60,
            hint=say("Letters that say that somebody reported"),
        ),
    ),
    sections=(
        Section(
            "letter-request",
            say("Cooperation letter"),
            letter_section.requested,
            8,
            "letters/request.html",
            place="todo",
        ),
        Section(
            "letter", say("Cooperation letter"), letter_section.letter, 140, "letters/section.html"
        ),
    ),
    words=letter_section.words,
    tables=TABLES,
)
