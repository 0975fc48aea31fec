"""What transfers to and from other lines register with the console."""

from pathlib import Path

from app.console.feature import Feature, Pages, Place, Section, Where
from app.console.features.transfer import (
    incoming_transfer,
    outgoing_transfer,
    transfer_section,
)
from app.console.features.transfer.storage import kept_invitations
from app.console.vault.database.feature_tables import FeatureTables
from app.sentences.translatable import say

TABLES = FeatureTables(kept_invitations.metadata)

# What is made up goes to nobody, and nothing real comes into practice: there it is not.
TRANSFER = Feature(
    name="transfer",
    folder=Path(__file__).parent,
    pages=(
        Pages(incoming_transfer.router, Where.REAL),
        Pages(outgoing_transfer.router, Where.REAL),
    ),
    places=(
        Place(
            "/transfers",
            say("Agency transfers"),
            70,
            Where.REAL,
            say("Cases to and from another agency"),
        ),
    ),
    sections=(
        Section(
            "transfer",
            say("Send to another agency"),
            transfer_section.transfer,
            120,
            "transfer/section.html",
            folded=True,
            hint=say("To another hotline, by its invitation, if the reporter agreed"),
        ),
    ),
    words=transfer_section.words,
    tables=TABLES,
)
