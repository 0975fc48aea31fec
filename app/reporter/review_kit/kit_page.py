"""One HTML file with a language's screens and sentences, and a form: for whoever reviews it.

    make_kit(content, "fr", sentences, today)      # bytes; make_console_kit: what the console says

It opens from a disk without a network, is read without a script, and keeps nothing: what was
answered leaves it as a file that its reader saves. Its rule (Content-Security-Policy) lets it load
and send nothing.
"""

import datetime as dt
import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.protocol.encoding import b64u, json_bytes
from app.reporter.build import render_site
from app.reporter.catalogue import language_of
from app.reporter.content import SiteContent
from app.reporter.review_kit.reviewed_sentences import (
    ANSWER,
    DESK,
    ENTRY,
    POSTER,
    TITLE,
    Sentence,
)
from app.reporter.review_kit.screen_views import PLACEHOLDER, View, style_of, views_of
from app.reporter.review_kit.sentence_purposes import RISKS

HERE = Path(__file__).parent
_ELSEWHERE = {
    DESK: "What your desks say of themselves",
    ANSWER: "Templates of the desk’s answers",
    POSTER: "Cards, posters and screens",
}
_WHILE_USED = "Said while the page is used"
PAGES, CONSOLE_KIND = "quietline-review", "quietline-console-review"
"""Kinds of files that come back: about a line's pages, about what the console says."""


@dataclass(frozen=True)
class Part:
    """Sentences under a heading, in the reviewer's order; ``view`` is how their screen looks."""

    name: str
    view: str
    sentences: tuple[tuple[int, Sentence], ...]


def make_kit(
    content: SiteContent, code: str, sentences: Sequence[Sentence], today: dt.date
) -> bytes:
    """Return the page for these sentences of a language; screens without one of them are left out.

    ``content`` must hold the language. Raises SiteError: a catalogue that lacks a message.
    """
    language = language_of(code)
    shown = replace(content, languages=(code,), unreviewed=frozenset({code}))
    files = render_site(shown, today)
    style = style_of(files)
    parts = _parts(sentences, views_of(files, language.tag), style)
    return _page(content.line_id, content.line_name, code, parts, today, screens_style=style)


def make_console_kit(
    line_id: bytes, line_name: str, code: str, sentences: Sequence[Sentence], today: dt.date
) -> bytes:
    """Return the page for what the console says in a language: sentences by what they are for."""
    by_purpose: dict[str, list[Sentence]] = {}
    for one in sentences:
        by_purpose.setdefault(one.purpose.text, []).append(one)
    parts = _numbered((name, "", there) for name, there in by_purpose.items())
    return _page(line_id, line_name, code, parts, today)


def _page(
    line_id: bytes,
    line_name: str,
    code: str,
    parts: Sequence[Part],
    today: dt.date,
    *,
    screens_style: str = "",
) -> bytes:
    """Return the page; without a style of screens it is that of the console, which has none."""
    script = (HERE / "kit.js").read_text(encoding="utf-8")
    own_style = (HERE / "kit.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_places"] = _with_places
    kind = PAGES if screens_style else CONSOLE_KIND
    data = json_bytes({"kind": kind, "line": b64u(line_id), "language": code}).decode()
    risks = Counter(one.purpose.risk for part in parts for _, one in part.sentences)
    page = environment.get_template("kit.html").render(
        language=language_of(code),
        line_name=line_name,
        day=today.isoformat(),
        of_console=not screens_style,
        parts=parts,
        counts={risk: risks[risk] for risk in RISKS},
        rule=_rule(script, (own_style, screens_style) if screens_style else (own_style,)),
        style=Markup(own_style),  # noqa: S704 (this package's own file)
        script=Markup(script),  # noqa: S704 (this package's own file)
        data=Markup(data.replace("<", "\\u003c")),  # noqa: S704 (escaped for its place)
    )
    return page.encode()


def _rule(script: str, styles: Iterable[str]) -> str:
    allowed = " ".join(_hash(one) for one in styles)
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {allowed}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _parts(sentences: Sequence[Sentence], views: Iterable[View], style: str) -> list[Part]:
    """Put each sentence under the first screen that says it; the others under what they are for."""
    left = list(sentences)
    found: list[tuple[str, str, list[Sentence]]] = []
    for view in views:
        places = {one.hash: _place_on(view, one) for one in left}
        here = [one for one in left if places[one.hash] is not None]
        if here:
            left = [one for one in left if places[one.hash] is None]
            here.sort(key=lambda one: places[one.hash] or 0)
            found.append((f"Screen: {view.name}", view.document(style), here))
    for one in left:
        name = _ELSEWHERE.get(one.place[0]) or f"{_WHILE_USED}: {one.purpose.text}"
        if not found or found[-1][0] != name:
            found.append((name, "", []))
        found[-1][2].append(one)
    return _numbered(found)


def _numbered(groups: Iterable[tuple[str, str, list[Sentence]]]) -> list[Part]:
    """Return groups (heading, its screen, its sentences) with all sentences numbered from 1."""
    parts, number = [], 1
    for name, document, there in groups:
        parts.append(Part(name, document, tuple(enumerate(there, start=number))))
        number += len(there)
    return parts


def _place_on(view: View, sentence: Sentence) -> int | None:
    """Return where a sentence stands on a screen; entries of the pack stay in their order."""
    kind, *where = sentence.place
    if kind in _ELSEWHERE:
        return None
    if kind in (ENTRY, TITLE):
        return len(view.screen) if view.name == f"info/{where[0]}" else None
    return view.place_of(sentence.text)


def _with_places(text: str) -> Markup:
    """Return a text in which what the page fills in can be read, whichever way the text runs."""
    marked = PLACEHOLDER.sub(lambda found: f"\0{found[0]}\1", text)
    shown = (
        str(escape(marked)).replace("\0", '<bdi dir="ltr"><code>').replace("\1", "</code></bdi>")
    )
    return Markup(shown)  # noqa: S704 (escaped above)
