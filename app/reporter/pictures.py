"""The drawings of questions' answers: an SVG sprite of our own, each in one colour and one line.

``pages/icons.svg`` stands in every page and is referred to; what ``pages/pictures.svg`` has, and
``pages/later-icons.svg``, is drawn in place, on the one card that shows it, so that nobody loads
what is not asked.
"""

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.reporter.errors import ContentError

PAGES = Path(__file__).parent / "pages"
_SYMBOL = re.compile(r'<symbol id="i-([a-z-]+)" viewBox="0 0 24 24">(.*?)</symbol>')


def picture(name: str) -> Markup:
    """Return the lines of a picture, or nothing for an icon that every page has.

    Raises ContentError for a name of neither.
    """
    if name in _symbols("icons.svg"):
        return Markup()
    drawn = _symbols("pictures.svg") | _symbols("later-icons.svg")
    if name not in drawn:
        known = ", ".join(sorted({*drawn, *_symbols("icons.svg")}))
        raise ContentError(f"questions.toml: there is no icon `{name}`. There are: {known}.")
    return Markup(drawn[name])  # noqa: S704 (a file of this package)


@cache
def _symbols(name: str) -> dict[str, str]:
    return dict(_SYMBOL.findall((PAGES / name).read_text(encoding="utf-8")))
