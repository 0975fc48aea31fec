"""Rendering the reporter's site: content in, every file's bytes out.

    site = render_site(load_content(line_id, line_name), today)     # {"en/index.html": b"…", …}

Pure apart from reading this package's own files, and the content folder's catalogues and
recordings: no clock, no randomness, no network, nothing written, so that the same input gives the
same bytes on every machine. Signing the manifest and writing the files to disk are the agency's
work.
"""

import datetime as dt
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from types import CodeType

from babel import Locale
from babel.dates import format_date
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup

from app.protocol.encoding import b64u
from app.protocol.site import NOT_FOUND
from app.reporter.catalogue import (
    SOURCE_LANGUAGE,
    Catalogue,
    Language,
    language_of,
    open_catalogue,
)
from app.reporter.colours import COLOURS, SCHEMES
from app.reporter.content import SiteContent
from app.reporter.countries import countries_of
from app.reporter.entries import COUNTRY_KINDS, KINDS, Entry
from app.reporter.errors import MissingPart
from app.reporter.form import FORM, form
from app.reporter.infopack import FOR_ALL, Chapter
from app.reporter.listening.desk_scripts import PREFIX, desk_digest, desk_scripts
from app.reporter.listening.padded_bundle import PART_BYTES, PaddedBundle, make_bundle
from app.reporter.listening.recordings import current, read_recordings
from app.reporter.listening.scripts import scripts_of
from app.reporter.phrases import client_phrases, kind_names, late_phrases, listening_phrases
from app.reporter.pictures import picture

PACKAGE = Path(__file__).parent
PAGES = PACKAGE / "pages"
BUNDLE = PACKAGE / "client" / "dist"
BUILT = (
    "site.css", "app.js", "shared.js", "core.js", "core-shared.js", "later.js", "more.js",
    "slow.js", "clean.js", "pdf.js", "office.js", "listen.js", "by-picture.js",
)  # fmt: skip
STYLESHEETS = ("plain.css", "noscript.css", "by-picture.css")
# Loaded with any language: codes are written in English words where a language has no list.
FALLBACK_LIST = "english"
MONTH_FIRST = "us"
WORLD_ENGLISH = "en_001"


def render_site(content: SiteContent, today: dt.date, bundle: Path = BUNDLE) -> dict[str, bytes]:
    """Return every file of the site, by its path below the root (such as "ar/help/index.html").

    Deterministic; keys are sorted. What has expired by ``today`` says so in the pages. The server
    answers ``/x/`` with ``x/index.html``.
    Raises SiteError: a catalogue that lacks a message, a bundle that was not built, a
    recording that is not as it was taken in.
    """
    languages = [language_of(code) for code in content.languages]
    files: dict[str, bytes] = assets(bundle)
    if content.colours:
        files[COLOURS] = content.colours.stylesheet()
    compiled = _Compiled()
    first = _environment(
        open_catalogue(content.languages[0], content.folder), content, languages, today, compiled
    )
    files["index.html"] = _page(first, "languages.html", "index.html")
    files[NOT_FOUND] = _page(first, "missing.html", NOT_FOUND)
    for tag in content.taken_away:
        files[f"{tag}/index.html"] = _page(first, "taken-away.html", f"{tag}/index.html")
    for code in content.languages:
        catalogue = open_catalogue(code, content.folder)
        environment = _environment(catalogue, content, languages, today, compiled)
        tag = catalogue.language.tag
        files |= _give_ears(environment, catalogue, content)
        for template, path in (
            *_screens(tag),
            ("help.html", f"{tag}/help/index.html"),
            ("measures.html", f"{tag}/measures/index.html"),
        ):
            files[path] = _page(environment, template, path)
        files[f"{tag}/{FORM}"] = form(catalogue, content.local[code], content.line_name)
        for number, chapter in enumerate(content.local[code].chapters, start=1):
            path = f"{tag}/info/{chapter.country}/index.html"
            files[path] = _page(
                environment,
                "info.html",
                path,
                chapter=chapter,
                number=number,
                kinds=KINDS,
                country_kinds=COUNTRY_KINDS,
                kind_names=kind_names(catalogue),
                elsewhere=_for_all(content.local[code].chapters),
            )
    return dict(sorted(files.items()))


class _Compiled(BytecodeCache):
    """The templates' code, which is the same in all languages: compiling is most of the work."""

    def __init__(self) -> None:
        self._kept: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, where a language before had it."""
        bucket.code = self._kept.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code for the languages that follow."""
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.code


def screen_scripts(content: SiteContent, code: str, today: dt.date) -> dict[str, str]:
    """Return what is to be read out on each screen of a language, in the page's order; then desks.

    The day changes none of it. Raises SiteError: a catalogue that lacks a message.
    """
    catalogue = open_catalogue(code, content.folder)
    languages = [language_of(each) for each in content.languages]
    environment = _environment(catalogue, content, languages, today, _Compiled())
    return _scripts(environment, catalogue.language.tag) | desk_scripts(content.desks, catalogue)


def _screens(tag: str) -> tuple[tuple[str, str], ...]:
    """Return the templates that have the screens, and where they stand."""
    return ("start.html", f"{tag}/index.html"), ("later.html", f"{tag}/later/index.html")


def _scripts(environment: Environment, tag: str) -> dict[str, str]:
    scripts: dict[str, str] = {}
    for template, path in _screens(tag):
        scripts |= scripts_of(_page(environment, template, path))
    return scripts


def _give_ears(
    environment: Environment, catalogue: Catalogue, content: SiteContent
) -> dict[str, bytes]:
    """Let the screens that have a recording of what they say now have an ear; return the bundle."""
    recordings = read_recordings(content.folder, catalogue.language.code)
    if not recordings:
        return {}
    tag = catalogue.language.tag
    scripts = _scripts(environment, tag) | desk_scripts(content.desks, catalogue)
    sounds = current(recordings, scripts)
    if not sounds:
        return {}
    bundle = make_bundle(sounds)
    desks = {
        desk.id: desk_digest(desk, tag) for desk in content.desks if f"{PREFIX}{desk.id}" in sounds
    }
    environment.globals |= {
        "heard": frozenset(sounds),
        "listening": _listening(catalogue, bundle, desks),
    }
    return bundle.files(tag)


def _listening(
    catalogue: Catalogue, bundle: PaddedBundle, desks: dict[str, str]
) -> dict[str, object]:
    """Return what listen.js needs to know: how much there is, its hash, which desks, its words."""
    return {
        "desks": desks,
        "parts": len(bundle.parts),
        "part": PART_BYTES,
        "sha256": bundle.digest,
        "phrases": listening_phrases(catalogue),
    }


def _page(environment: Environment, template: str, path: str, **more: object) -> bytes:
    text = environment.get_template(template).render(path=path, **more)
    return _squeeze(text).encode()


def _environment(
    catalogue: Catalogue,
    content: SiteContent,
    languages: list[Language],
    today: dt.date,
    compiled: BytecodeCache,
) -> Environment:
    """Return what all pages of a language share; what is ``compiled`` all languages share."""
    language = catalogue.language
    local = content.local[language.code]
    environment = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=compiled,
        optimized=False,  # what a filter makes of a constant may be one language's
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=True
    )
    environment.filters["script_json"] = _script_json
    rtl = language.direction == "rtl"
    environment.filters["day"] = pass_context(
        lambda context, day: _in_words(day, language, _country(context))
    )
    environment.filters["said_in"] = _said_in
    environment.filters["by_country"] = lambda entries: _by_country(entries, language)
    environment.filters["whole"] = lambda value: f"\u2066{value}\u2069" if rtl else value
    environment.globals |= {
        "language": language,
        "languages": languages,
        "line_name": content.line_name,
        "local": local,
        "picture": picture,
        "step_of": lambda step: local.steps.index(step) + 1,
        "countries": countries_of(local, language),
        "exit_url": content.exit_url,
        "heard": frozenset(),
        "listening": None,
        "page_data": _page_data(catalogue, content),
        "late_phrases": late_phrases(catalogue),
        "unreviewed": language.code in content.unreviewed,
        "chapters": local.chapters,
        "today": today,
        "colours": f"/{COLOURS}" if content.colours else None,
        "paper": {scheme: content.colours.paper(scheme) for scheme in SCHEMES},
    }
    return environment


def _page_data(catalogue: Catalogue, content: SiteContent) -> dict[str, object]:
    """Return what the page's script needs to know: a JSON block, not code."""
    language = catalogue.language
    return {
        "line": b64u(content.line_id),
        "lang": language.tag,
        "words": language.word_list,
        "exit": content.exit_url,
        "plain": f"/{language.tag}/measures/",
        "phrases": client_phrases(catalogue),
    }


def _country(context: Context) -> str:
    """Return whose chapter a template tells, empty where it tells none."""
    chapter = context.get("chapter")
    return chapter.country if isinstance(chapter, Chapter) else ""


def _in_words(day: dt.date, language: Language, country: str) -> str:
    """Return a day as people say it, in English with the month first in the United States alone.

    Days end our sentences, which bring the full stop themselves.
    """
    elsewhere = language.code == SOURCE_LANGUAGE and country != MONTH_FIRST
    locale = WORLD_ENGLISH if elsewhere else language.code
    return format_date(day, "long", locale=locale).removesuffix(".")


def _said_in(code: str) -> Markup:
    """Return the attributes of an element whose words are in a language of their own."""
    language = language_of(code)
    return Markup(' lang="{}" dir="{}"').format(language.tag, language.direction)


def _by_country(entries: Iterable[Entry], language: Language) -> list[tuple[str, Entry]]:
    """Numbers with their country's name, in the order in which a reader looks for it."""
    names = Locale.parse(language.code).territories
    named = [(str(names.get(one.country, one.country)), one) for one in entries]
    return sorted(named, key=lambda each: unicodedata.normalize("NFD", each[0]).casefold())


def _for_all(chapters: Iterable[Chapter]) -> Chapter | None:
    """Return the chapter for every country that has none of its own, where the line has one."""
    return next((one for one in chapters if one.country == FOR_ALL), None)


def _script_json(value: object) -> Markup:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # "</script>" and "<!--" inside a text must not end the block; \u003c means the same in JSON.
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 (escaped for its place above)


def _squeeze(text: str) -> str:
    """Drop indentation and empty lines: slow phones pay for every byte. Text keeps its spaces."""
    return "\n".join(line for line in (line.strip() for line in text.splitlines()) if line) + "\n"


def assets(bundle: Path = BUNDLE) -> dict[str, bytes]:
    """Return the files that are the same for every line of this release: code, styles, words.

    Raises MissingPart: a bundle that was not built.
    """
    for name in BUILT:
        if not (bundle / name).is_file():
            raise MissingPart(f"client/dist/{name} is missing: build it with `make bundle`.")
    files = {f"assets/{name}": (PAGES / name).read_bytes() for name in STYLESHEETS}
    files |= {f"assets/{name}": (bundle / name).read_bytes() for name in BUILT}
    licences = bundle / "LICENCES.txt"  # of the scripts' parts: they ask to travel with it
    if licences.is_file():
        files["assets/licences.txt"] = licences.read_bytes()
    for words in sorted(bundle.glob("words-*.txt")):
        files[f"assets/{words.name}"] = words.read_bytes()
    if f"assets/words-{FALLBACK_LIST}.txt" not in files:
        raise MissingPart("client/dist/words-english.txt is missing: build it with `make bundle`.")
    return files
