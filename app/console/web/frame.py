"""What stands around every page: the places of the bar, styles, scripts, the list of keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.console.feature import Feature, KeyHelp, Place, Where
from app.sentences.translatable import say

PLACES = (
    Place("/", say("Cases"), 10, hint=say("The list of cases")),
    Place("/due", say("Deadlines"), 20, hint=say("Deadlines (d)")),
    Place("/search", say("Search"), 30, hint=say("In messages, notes and files (/)")),
    Place("/team", say("Team"), 50, hint=say("Colleagues, languages, deadlines of the team")),
    Place("/machine", say("This computer"), 90, hint=say("Passphrase, recovery, copies")),
)
"""The console's own pages of the bar; a feature's come in between, by their order."""


@dataclass(frozen=True, slots=True)
class Frame:
    """``styles`` and ``scripts`` are addresses within the console.

    ``bar``, ``unlock`` and ``reply_tools`` are templates.

    ``hints`` are the tooltips of places, by address.
    """

    places: tuple[tuple[str, str], ...]
    hints: Mapping[str, str]
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    keys: tuple[KeyHelp, ...]
    practice_keys: tuple[KeyHelp, ...]
    unlock: tuple[str, ...]
    bar: tuple[str, ...]
    reply_tools: tuple[str, ...]
    settings: tuple[Place, ...]

    @classmethod
    def of(cls, features: Sequence[Feature], *, practice: bool) -> "Frame":
        """Return the frame of a console's pages, whose cases are made up or not."""
        places = [*PLACES, *(place for one in features for place in one.places)]
        keys = [
            key for one in features for key in one.keys if key.where.includes(practice=practice)
        ]
        return cls(
            places=tuple(
                (place.address, place.words)
                for place in sorted(places, key=lambda place: place.order)
                if place.where.includes(practice=practice)
            ),
            hints={place.address: place.hint for place in places},
            styles=tuple(
                f"{static_of(one)}/{style.file}"
                for one in features
                for style in one.styles
                if style.where.includes(practice=practice)
            ),
            scripts=tuple(f"{static_of(one)}/{file}" for one in features for file in one.scripts),
            keys=tuple(key for key in keys if key.where is not Where.PRACTICE),
            practice_keys=tuple(key for key in keys if key.where is Where.PRACTICE),
            bar=() if practice else tuple(one.bar for one in features if one.bar),
            reply_tools=tuple(one.reply_tool for one in features if one.reply_tool),
            settings=tuple(
                place
                for one in features
                for place in one.settings
                if place.where.includes(practice=practice)
            ),
            unlock=() if practice else tuple(one.unlock for one in features if one.unlock),
        )

    def place_of(self, path: str) -> str:
        """Return the page of the bar that a path belongs to."""
        if path.startswith("/cases/"):
            return "/"
        places = [place for place, _ in self.places if place != "/"]
        return next((place for place in places if path.startswith(f"{place}/")), path)


def static_of(feature: Feature) -> str:
    """Return where a feature's static files are.

    As in the tree, so that their imports hold there too.
    """
    return f"/features/{feature.name}/static"
