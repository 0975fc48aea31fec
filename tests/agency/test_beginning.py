"""Which languages a new line offers: English alone."""

import tomllib
from pathlib import Path

from app.agency.site import render_reporter_site
from app.reporter import beginning
from app.reporter.content import load_content
from tests.agency.conftest import DAY, Agency


def offered(folder: Path) -> list[str]:
    return list(tomllib.loads((folder / "site.toml").read_text())["languages"])


def test_a_new_line_offers_no_language_that_nobody_has_read(agency: Agency) -> None:
    folder = agency.folder / "site"
    assert offered(folder) == ["en"]
    pages = render_reporter_site(agency.line, folder, DAY)
    assert "en/index.html" in pages
    assert not [path for path in pages if path.startswith("vi/")]


def test_what_is_not_offered_is_there_and_named_beside_the_line_to_change(agency: Agency) -> None:
    folder = agency.folder / "site"
    text = (folder / "site.toml").read_text()
    above = text[: text.index("languages = [")].splitlines()[-2]
    assert '"vi" (Tiếng Việt)' in above
    assert (folder / "vi" / "texts.toml").is_file()
    changed = text.replace('languages = ["en"]', 'languages = ["en", "vi"]')
    (folder / "site.toml").write_text(changed)
    assert load_content(bytes(32), "A line", folder).languages == ("en", "vi")


def test_offering_them_all_leaves_nothing_named_as_left_out(agency: Agency) -> None:
    folder = agency.folder / "site"
    beginning.offer(folder, beginning.all_languages())
    assert offered(folder) == beginning.all_languages()
    assert "not offered" not in (folder / "site.toml").read_text()
