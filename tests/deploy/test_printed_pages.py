"""The operator's, the agency's and the investigator's page: each fits on two sides of A4."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, sync_playwright

from deploy import documents
from tests.deploy.conftest import ROOT
from tests.journeys.conftest import launch

PAGES = documents.CONTENTS["To print"]
SIDES = 2


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_on_two_sides(name: str, browser: Browser, tmp_path: Path) -> None:
    text = MarkdownIt("commonmark").enable("table").render((ROOT / name).read_text())
    page = browser.new_page()
    page.set_content(f"<meta charset=utf-8><style>{documents.PRINTED}</style><body>{text}")
    printed = tmp_path / "printed.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    page.close()
    with pypdfium2.PdfDocument(printed) as paper:
        assert 1 <= len(paper) <= SIDES
        width, height = paper.get_page_size(0)
        assert (round(width), round(height)) == (595, 842), "no A4"
        first = paper[0].get_textpage().get_text_range()
    assert "page" in first.splitlines()[0], "the heading stands on top"
