"""What the statistics register with the console."""

from pathlib import Path

from app.console.feature import Feature, Pages, Place, Style
from app.console.features.statistics import statistics_pages
from app.sentences.translatable import say

STATISTICS = Feature(
    name="statistics",
    folder=Path(__file__).parent,
    pages=(Pages(statistics_pages.router),),
    places=(Place("/numbers", say("Statistics"), 80, hint=say("Counts and plots without names")),),
    styles=(Style("numbers.css"),),
)
