"""Each screen as it looks: cut out of the rendered pages, to be put into another page.

    for view in views_of(render_site(content, today), "fr"): view.document("body { … }")

A view is a page of its own without scripts: the site's header, one screen, its icons. What a screen
hides at first stays hidden, as for a reporter.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser

# Shown, not used: a link would lead out of the page, a button does nothing.
_ASLEEP = "body { pointer-events: none; }"
_HREF = re.compile(r'(<a\b[^>]*?) href="[^"]*"')
PLACEHOLDER = re.compile(r"%\([a-z_]+\)s|\{[a-z_]+\}")
"""What the page fills in."""
_SYMBOL = re.compile(r'<symbol id="(i-[^"]+)".*?</symbol>', re.DOTALL)
_STYLESHEETS = ("assets/site.css", "assets/colours.css")


@dataclass(frozen=True)
class View:
    """A screen: ``name`` is stable, ``language`` and ``direction`` are its page's attributes."""

    name: str
    language: str
    direction: str
    header: str
    screen: str
    icons: str

    def document(self, style: str) -> str:
        """Return it as a whole HTML document with these styles."""
        return (
            f'<!doctype html><html lang="{self.language}" dir="{self.direction}"><head>'
            '<meta charset="utf-8"><meta name="color-scheme" content="light dark">'
            f"<title>{html.escape(self.name)}</title><style>{style}</style></head><body inert>"
            f"{self.header}<main>{self.screen}</main>{self.icons}</body></html>"
        )

    @cached_property
    def _words(self) -> str:
        return " ".join(html.unescape(self.header + self.screen).split())

    def place_of(self, text: str) -> int | None:
        """Return where these words stand on it, whatever is filled in; None where they do not."""
        parts = [re.escape(" ".join(part.split())) for part in PLACEHOLDER.split(text)]
        pattern = r"(?<!\w)" + r"[^<>]{0,200}?".join(parts) + r"(?!\w)"
        found = re.search(pattern, self._words)
        return found.start() if found else None


def style_of(files: Mapping[str, bytes]) -> str:
    """Return the site's own styles, for ``View.document``: one text, the same for every view."""
    there = [files[name].decode() for name in _STYLESHEETS if name in files]
    return "\n".join([*there, _ASLEEP])


def views_of(files: Mapping[str, bytes], tag: str) -> list[View]:
    """Return a language's screens, in the order of the pages: the way, what comes later, the rest.

    ``files`` are those of the site.
    """
    first = files[f"{tag}/index.html"].decode()
    whole = _Page(first)
    symbols = {
        name: symbol
        for page in (first, files[f"{tag}/later/index.html"].decode())
        for name, symbol in ((each[1], each[0]) for each in _SYMBOL.finditer(page))
    }
    views = []
    for path in _paths(files, tag):
        for number, (name, screen) in enumerate(_Page(files[path].decode()).screens):
            views.append(
                View(
                    name=name or _name(path, tag, number),
                    language=tag,
                    direction=whole.direction,
                    header=_still(whole.header),
                    screen=_still(screen),
                    icons=_icons(whole.header + screen, symbols),
                )
            )
    return views


def _paths(files: Mapping[str, bytes], tag: str) -> list[str]:
    first = [f"{tag}/{name}index.html" for name in ("", "later/", "help/", "measures/")]
    pages = [path for path in files if path.startswith(f"{tag}/") and path.endswith(".html")]
    return first + [path for path in pages if path not in first]


def _name(path: str, tag: str, number: int) -> str:
    name = path.removeprefix(f"{tag}/").removesuffix("/index.html")
    return f"{name}-{number}" if number else name


def _still(markup: str) -> str:
    """Return markup without what leads anywhere, and a screen that is shown."""
    without = _HREF.sub(r"\1", markup)
    opening, end, rest = without.partition(">")
    return opening.replace(" hidden", "") + end + rest


def _icons(markup: str, symbols: Mapping[str, str]) -> str:
    used = [symbol for name, symbol in symbols.items() if f'"#{name}"' in markup]
    return f'<svg width="0" height="0" aria-hidden="true">{"".join(used)}</svg>'


class _Page(HTMLParser):
    """Cuts a page's header and its outermost sections out, by where they begin and end."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.direction = "ltr"
        self.header = ""
        self.screens: list[tuple[str, str]] = []
        self._page = page
        self._lines = [0]
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._deep = 0
        self._began = 0
        self._step = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "html":
            self.direction = names.get("dir") or "ltr"
        elif tag == "header":
            self._began = self._here()
        elif tag == "section":
            if not self._deep:
                self._began, self._step = self._here(), names.get("data-step") or ""
            self._deep += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "header":
            self.header = self._page[self._began : self._here()] + "</header>"
        elif tag == "section":
            self._deep -= 1
            if not self._deep:
                self.screens.append(
                    (self._step, self._page[self._began : self._here()] + "</section>")
                )

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
