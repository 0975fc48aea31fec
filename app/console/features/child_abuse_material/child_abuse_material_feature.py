"""What the page on child abuse material and the mark "never export" register with the console."""

from pathlib import Path

from app.console.feature import Feature, Pages, Section
from app.console.features.child_abuse_material import marking_pages, marking_section

CHILD_ABUSE_MATERIAL = Feature(
    name="child_abuse_material",
    folder=Path(__file__).parent,
    pages=(Pages(marking_pages.router),),
    sections=(
        Section(
            "never-export",
            "Never export",
            marking_section.values,
            145,
            "child_abuse_material/section.html",
            folded=True,
        ),
    ),
    words=marking_section.words,
)
