"""What the first run registers: its pages, and the page of how the hotline is reached."""

from pathlib import Path

from app.console.feature import Feature, Pages, Place, Style, Where
from app.console.features.first_run import beginning_pages, connection_pages, steps_pages
from app.sentences.translatable import say

FIRST_RUN = Feature(
    name="first_run",
    folder=Path(__file__).parent,
    pages=(
        Pages(beginning_pages.router, Where.REAL),
        Pages(steps_pages.router, Where.REAL),
        Pages(connection_pages.router, Where.REAL),
    ),
    settings=(
        Place(
            "/connection",
            say("Connection"),
            5,
            Where.REAL,
            say("Tor, bridges, and what the server's operator needs from this computer"),
        ),
    ),
    styles=(Style("first_run.css", Where.REAL),),
    scripts=("first_run.js",),
)
