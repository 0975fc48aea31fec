"""What the page on child abuse material and the mark "never export" register with the console."""

from pathlib import Path

from app.console.feature import Feature, Pages, ReadOn, Section, Style
from app.console.features.abuse_material import hash_matching, marking_pages, marking_section
from app.sentences.translatable import say

ABUSE_MATERIAL = Feature(
    name="abuse_material",
    folder=Path(__file__).parent,
    pages=(Pages(marking_pages.router),),
    sections=(
        Section(
            "never-export",
            say("Never export"),
            marking_section.values,
            145,
            "abuse_material/section.html",
            folded=True,
            hint=say("What must never leave this computer: the case, or single files of it"),
        ),
    ),
    styles=(Style("abuse_material.css"),),
    words=marking_section.words,
    read_on=ReadOn(say("Comparing files with lists"), hash_matching.compare),
)
