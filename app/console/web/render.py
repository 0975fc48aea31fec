"""Templates and what every one of them is given. Everything is escaped; text is only ever text."""

import gettext
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from fastapi import Request
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from app.console.feature import Feature
from app.console.rules import wording
from app.console.web import reminders
from app.console.web.addresses import OwnAddresses, own_path
from app.console.web.alarm import alarm_views
from app.console.web.frame import Frame
from app.console.web.requests import is_signed_in, the_console

TEMPLATES = Path(__file__).parent.parent / "templates"
THEMES: tuple[Literal["system", "light", "dark"], ...] = ("system", "light", "dark")
THEME_COOKIE = "quietline-theme"


def make_templates(root: str, features: Sequence[Feature], frame: Frame) -> Environment:
    """Return the templates' environment, for pages under the path `root`.

    The console's own templates, and each feature's under its name. Strings are marked for gettext;
    English needs no catalogue.
    """
    of_features = {one.name: FileSystemLoader(one.folder / "templates") for one in features}
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader(of_features)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", OwnAddresses],
    )
    environment.globals["root"] = root
    environment.globals["frame"] = frame
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
    environment: Environment = request.app.state.templates
    html = environment.get_template(name).render(given(request) | (values or {}))
    return HTMLResponse(html, status_code=status)


def given(request: Request) -> dict[str, Any]:
    """Return what every template is given besides its own values."""
    console = the_console(request)
    session = console.access.session(request.cookies.get(console.access.cookie))
    theme = request.cookies.get(THEME_COOKIE, "system")
    path = own_path(request)
    frame: Frame = request.app.state.frame
    return {
        "practice": console.practice_band(),
        "here": frame.place_of(path),
        "back_here": path + (f"?{request.url.query}" if request.url.query else ""),
        "undo": None,
        "due_now": partial(reminders.due_now, console),
        "clock": partial(alarm_views.since_words, now=console.now()),
        "alarm": alarm_views.view(console, signed_in=is_signed_in(request)),
        "csrf": session.csrf if session and not console.locked else "",
        "theme": theme if theme in THEMES else "system",
        "themes": THEMES,
    }
