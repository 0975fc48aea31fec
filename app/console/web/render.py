"""Templates and what every one of them is given. Everything is escaped; text is only ever text."""

import gettext
from functools import partial
from pathlib import Path
from typing import Any, Literal

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from app.console.rules import wording
from app.console.web import reminders
from app.console.web.addresses import OwnAddresses, own_path
from app.console.web.requests import the_console

TEMPLATES = Path(__file__).parent.parent / "templates"
THEMES: tuple[Literal["system", "light", "dark"], ...] = ("system", "light", "dark")
PLACES = (
    *(("/", "Cases"), ("/due", "Due"), ("/search", "Search"), ("/links", "Links")),
    *(("/team", "Team"), ("/letters", "Letters"), ("/transfers", "Transfers")),
    *(("/numbers", "Numbers"), ("/machine", "Machine")),
)
"""The pages of the bar, in order: a page that has its own place is added here."""
PRACTICE_PLACE = ("/practice", "Exercises")
NOT_IN_PRACTICE = ("/transfers",)
"""What is made up goes to no one, and nothing real comes in."""
THEME_COOKIE = "quietline-theme"


def make_templates(root: str) -> Environment:
    """Return the templates' environment, for pages under the path ``root``.

    Strings are marked for gettext; English needs no catalogue.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", OwnAddresses],
    )
    environment.globals["root"] = root
    catalogue = gettext.NullTranslations()
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["size"] = wording.size
    environment.filters["language"] = wording.language
    environment.filters["long_time"] = wording.long_time
    return environment


def page(
    request: Request, name: str, values: dict[str, Any] | None = None, status: int = 200
) -> Response:
    """Render a template with the values, the session's token and the theme."""
    console = the_console(request)
    session = console.access.session(request.cookies.get(console.access.cookie))
    theme = request.cookies.get(THEME_COOKIE, "system")
    path = own_path(request)
    given = {
        "places": _places(practice=console.practice),
        "practice": console.practice_band(),
        "here": _place(path),
        "back_here": path + (f"?{request.url.query}" if request.url.query else ""),
        "undo": None,
        "due_now": partial(reminders.due_now, console),
        "csrf": session.csrf if session and not console.locked else "",
        "theme": theme if theme in THEMES else "system",
        "themes": THEMES,
    }
    environment: Environment = request.app.state.templates
    html = environment.get_template(name).render(given | (values or {}))
    return HTMLResponse(html, status_code=status)


def _places(*, practice: bool) -> tuple[tuple[str, str], ...]:
    if not practice:
        return PLACES
    return (PRACTICE_PLACE, *(one for one in PLACES if one[0] not in NOT_IN_PRACTICE))


def _place(path: str) -> str:
    """Return the page of the bar that a path belongs to."""
    if path.startswith("/cases/"):
        return "/"
    return next(
        (one for one, _ in (*PLACES[1:], PRACTICE_PLACE) if path.startswith(f"{one}/")), path
    )
