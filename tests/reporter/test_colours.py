"""An agency's own colours: on every page, and never such as somebody could not see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.reporter.build import render_site
from app.reporter.colours import COLOURS, Colours, read_colours, sets_only_colours
from app.reporter.content import DEFAULT_FOLDER, load_content
from app.reporter.errors import ContentError
from tests.reporter.conftest import DAY, LINE_ID, LINE_NAME


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "content"))


def rendered(folder: Path) -> dict[str, bytes]:
    return render_site(load_content(LINE_ID, LINE_NAME, folder, ("en",)), DAY)


def test_colours_of_the_content_folder_are_on_every_page_of_the_site(folder: Path) -> None:
    assert COLOURS not in rendered(folder), "who keeps ours loads no file more"
    path = folder / "site.toml"
    # As it stands in the folder, without the marks in front.
    path.write_text(
        path.read_text().replace("# [colours", "[colours").replace("# paper =", "paper =")
    )
    site = rendered(folder)
    assert b"--paper:#f3f6fb;" in site[COLOURS]
    for page in ("index.html", "en/index.html", "en/help/index.html", "en/info/us/index.html"):
        text = site[page].decode()
        assert text.index("/assets/site.css") < text.index(f"/{COLOURS}")
        assert 'content="#f3f6fb" media="(prefers-color-scheme: light)"' in text


def test_the_colours_that_come_with_the_program_can_be_seen() -> None:
    assert read_colours({"light": {"line": "#d8ccb4"}})
    assert not read_colours({})


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"light": {"soft": "#9a9a9a"}}, r"\[colours\.light\]: `soft` \(#9a9a9a\) on `paper`"),
        ({"dark": {"paper": "#f3f6fb"}}, r"\[colours\.dark\]: `ink` .* on `paper`"),
        ({"light": {"accent": "#222222"}}, "`on_accent`"),
        ({"light": {"sheet": "#a02a1b"}}, "`sheet`"),
        ({"light": {"danger": "#00ff00"}}, "`danger` is none of"),
        ({"light": {"ink": "green"}}, "must be a colour such as"),
        ({"light": {"ink": "#000000;}*{display:none"}}, "must be a colour such as"),
        ({"night": {"ink": "#000000"}}, r"under \[colours\.light\] and"),
        ({"light": 3}, "must be a table"),
        (3, r"under \[colours\.light\] and"),
    ],
)
def test_a_colour_that_is_none_or_hard_to_see_is_refused(table: object, complaint: str) -> None:
    with pytest.raises(ContentError, match=complaint):
        read_colours(table)


def test_a_stylesheet_that_does_more_than_set_colours_is_told_from_one_that_does_not() -> None:
    made = Colours({"ink": "#000000", "accent": "#ffaa00"}, {}).stylesheet()
    assert sets_only_colours(made)
    for more in (
        made + b"*{display:none}",
        made.replace(b"#000000", b"url(//x)"),
        made.replace(b"--ink", b"background"),
        made + made,
        b"",
    ):
        assert not sets_only_colours(more)
