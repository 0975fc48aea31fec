"""What the tests of the site share: one site, rendered once, and its pages taken apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from app.reporter.build import render_site
from app.reporter.catalogue import language_of
from app.reporter.content import SiteContent, load_content

LINE_ID = bytes(range(32))
LINE_NAME = "Harbour Line"
DAY = dt.date(2026, 11, 24)


@dataclass
class Element:
    """A start tag with what stands in it directly."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page:
    """A page's elements, in the order of the document."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def only(self, tag: str) -> Element:
        (element,) = self.all(tag)
        return element


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.page.elements:
            self.page.elements[-1].text += data


def read_page(data: bytes) -> Page:
    reader = _Reader()
    reader.feed(data.decode())
    return reader.page


def tags(content: SiteContent) -> dict[str, str]:
    """Language code → tag, which is the language's folder in the site (zh_Hans → zh-Hans)."""
    return {code: language_of(code).tag for code in content.languages}


@pytest.fixture(scope="session")
def content() -> SiteContent:
    return load_content(LINE_ID, LINE_NAME)


@pytest.fixture(scope="session")
def site(content: SiteContent) -> dict[str, bytes]:
    return render_site(content, DAY)


@pytest.fixture(scope="session")
def pages(site: dict[str, bytes]) -> dict[str, Page]:
    return {path: read_page(data) for path, data in site.items() if path.endswith(".html")}
