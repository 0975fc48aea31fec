"""Templates and what every one of them is given. Everything is escaped; text is only ever text."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from fastapi import Request
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.console.feature import Feature
from app.console.rules import wording, writing_direction
from app.console.web import alarm_views, reminders
from app.console.web.addresses import OwnAddresses, own_path
from app.console.web.frame import Frame
from app.console.web.reader_languages import Languages
from app.console.web.requests import is_signed_in, the_console
from app.sentences.language import Language
from app.sentences.translatable import Translatable, say
from app.sentences.values import CommaList, Listing

TEMPLATES = Path(__file__).parent.parent / "templates"
THEMES: tuple[Literal["system", "light", "dark"], ...] = ("system", "light", "dark")
THEME_COOKIE = "quietline-theme"


def make_templates(root: str, features: Sequence[Feature], frame: Frame) -> Environment:
    """Return the templates' environment, for pages under the path ``root``.

    The console's own templates, and each feature's under its name. ``_("…")`` marks a sentence for
    gettext, with ``{names}`` for what differs; it is said in the language that a template is given
    as ``said_in``, and so is every translatable value.
    """
    of_features = {one.name: FileSystemLoader(one.folder / "templates") for one in features}
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader(of_features)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
        extensions=[OwnAddresses],
    )
    environment.globals["root"] = root
    environment.globals["frame"] = frame
    environment.globals["_"] = _gettext
    environment.globals["ngettext"] = _ngettext
    environment.globals["pgettext"] = _pgettext
    environment.globals["plural_forms"] = _plural_forms
    environment.globals["bdi"] = _bdi
    environment.globals["code"] = _code
    environment.globals["strong"] = _strong
    environment.globals["link"] = partial(_link, root)
    environment.filters["row"] = CommaList.of
    environment.filters["listing"] = Listing.of
    environment.filters["size"] = wording.size
    environment.filters["language"] = wording.language
    environment.filters["long_time"] = wording.long_time
    environment.filters["direction"] = writing_direction.direction
    environment.filters["numbers_whole"] = writing_direction.numbers_whole
    return environment


@pass_context
def _finalize(context: Context, value: object) -> object:
    return _said_in(context).say(value) if isinstance(value, Translatable) else value


@pass_context
def _gettext(context: Context, message: str, **values: object) -> Markup:
    """Return a sentence of a template in the page's language; what stands in it is escaped."""
    language = _said_in(context)
    if isinstance(message, Translatable):
        return Markup.escape(language.say(message))
    return _filled(language.gettext(message), language, values)


@pass_context
def _pgettext(context: Context, use: str, message: str, **values: object) -> Markup:
    """Return the same of a sentence whose words are used for something else, too."""
    language = _said_in(context)
    return _filled(language.pgettext(use, message), language, values)


@pass_context
def _ngettext(context: Context, message: str, plural: str, count: int, **values: object) -> Markup:
    """Return the same of a sentence that depends on a number, ``{count}``."""
    language = _said_in(context)
    found = language.ngettext(message, plural, count)
    return _filled(found, language, {"count": count, **values})


def _bdi(text: str) -> Markup:
    """Return somebody's name or words as they stand in a sentence."""
    return Markup("<bdi>{}</bdi>").format(text)


def _code(text: str) -> Markup:
    """Return what is typed at a terminal as it stands in a sentence."""
    return Markup("<code>{}</code>").format(text)


def _strong(text: str) -> Markup:
    """Return the same, where a sentence is about it."""
    return Markup("<strong><bdi>{}</bdi></strong>").format(text)


def _link(root: str, words: str, address: str) -> Markup:
    """Return a link to another page of the console as it stands in a sentence."""
    return Markup('<a href="{}{}"><bdi>{}</bdi></a>').format(root, address, words)


@pass_context
def _plural_forms(context: Context, message: str, plural: str) -> dict[str, str]:
    """Return a sentence's forms by CLDR category, for a script that fills in ``{count}``."""
    return _said_in(context).plural_forms(message, plural)


def _filled(found: str, language: Language, values: dict[str, object]) -> Markup:
    # What is HTML already, such as a link in a sentence, stays so.
    said = {
        name: value if isinstance(value, Markup) else language.value(value)
        for name, value in values.items()
    }
    return Markup.escape(found).format(**said) if said else Markup.escape(found)


def _said_in(context: Context) -> Language:
    language = context["said_in"]
    if not isinstance(language, Language):
        raise TypeError(say("A template is not told its language."))
    return language


def language_of(request: Request) -> Language:
    """Return the language that a request is answered in: its reader's choice, or the browser's."""
    languages: Languages = request.app.state.languages
    chosen = the_console(request).language if is_signed_in(request) else ""
    return languages.find(chosen) or languages.wanted(request.headers.get("accept-language", ""))


def language_to_make(request: Request, tag: str) -> Language:
    """Return the language that something is to be made in: one on offer, else the page's own."""
    languages: Languages = request.app.state.languages
    return languages.find(tag) or language_of(request)


def in_json(request: Request, data: dict[str, Any], status: int = 200) -> Response:
    """Return an answer for our script, each sentence in it in its reader's language."""
    return JSONResponse(language_of(request).in_json(data), status_code=status)


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
    languages: Languages = request.app.state.languages
    return {
        "said_in": language_of(request),
        "languages": languages.offered,
        "own_language": console.language,
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
