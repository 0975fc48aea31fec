"""The documents as a site: all of them are in it, once, and nothing of it comes from elsewhere.

That no link is dead is tried where the site is built: ``make docs``, part of ``make check``.
"""

from __future__ import annotations

import re
import shutil
import stat
import sys
from pathlib import Path

import pytest

from deploy import documents
from tests.deploy.conftest import ROOT


def test_every_document_stands_once_in_the_table_of_contents() -> None:
    listed = [page for pages in documents.contents().values() for page in pages]
    assert len(set(listed)) == len(listed)
    here = {str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")}
    root = {path.name for path in ROOT.glob("*.md")}
    assert here | root <= set(listed)


def test_a_section_begins_with_its_readme() -> None:
    contents = documents.contents()
    assert contents["Protocol"][0] == "docs/spec/README.md"
    assert contents["Decisions"][:2] == [
        "docs/adr/README.md",
        "docs/adr/0001-securedrop-protocol-as-a-profile.md",
    ]


def test_pages_keep_their_places_with_their_pictures(tmp_path: Path) -> None:
    documents.stage(ROOT, tmp_path)
    assert (tmp_path / "docs" / "pictures" / "reporter.png").is_file()
    page = Path("docs", "threat-model.md")
    assert (tmp_path / page).read_bytes() == (ROOT / page).read_bytes()
    assert not list(tmp_path.rglob("*.py"))


def test_a_page_that_the_contents_name_and_that_is_gone_is_said(tmp_path: Path) -> None:
    shutil.copyfile(ROOT / "README.md", tmp_path / "README.md")
    with pytest.raises(documents.Broken, match=r"docs/investigating\.md, which is not there"):
        documents.contents(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/a.js"></script>',
        "<script async src=//cdn.example/a.js></script>",
        '<link rel="stylesheet" href="http://fonts.example/a.css">',
        '<img alt="" src="https://pixel.example/">',
        "@import 'https://fonts.example/a.css';",
        "src:url(//fonts.example/a.woff2)",
    ],
)
def test_what_would_be_loaded_from_elsewhere_is_seen(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.html").write_text(text)
    assert len(list(documents.loaded_from_elsewhere(tmp_path))) == 1


def test_a_link_that_somebody_may_follow_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<a href="https://age-encryption.org">age</a><script src="../js/theme.js"></script>'
        '<link rel="canonical" href="https://docs.example/"><img src="pictures/a.png">'
    )
    assert list(documents.loaded_from_elsewhere(tmp_path)) == []


def _program(folder: Path, body: str) -> Path:
    """Stand in for ProperDocs: it gets ``build --config-file FILE``."""
    program = folder / "program"
    program.write_text(f"#!{sys.executable}\nimport json, pathlib, sys\n{body}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


_SITE = "site = pathlib.Path(json.load(open(sys.argv[3]))['site_dir'])\nsite.mkdir()\n"


def test_what_the_builder_complains_of_is_said_and_the_old_site_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    program = _program(tmp_path, "sys.exit('WARNING - docs/a.md contains a link b.md')")
    assert documents.main([str(program), str(out)]) == 1
    assert "contains a link b.md" in capsys.readouterr().err
    assert out.is_dir()


def test_a_site_that_loads_from_elsewhere_is_not_put_in_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "(site / 'index.html').write_text('<script src=\"https://cdn.example/a.js\">')\n"
    assert documents.main([str(_program(tmp_path, _SITE + page)), str(tmp_path / "out")]) == 1
    assert "index.html" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_stood_there_before_goes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.html").touch()
    page = "(site / 'index.html').write_text('<p>New.</p>')\n"
    assert documents.main([str(_program(tmp_path, _SITE + page)), str(out)]) == 0
    assert [path.name for path in out.iterdir()] == ["index.html"]


def test_a_block_of_code_is_named_by_one_word() -> None:
    """With two, the site's builder takes the block's end for a beginning, down the whole page."""
    for page in (page for pages in documents.contents().values() for page in pages):
        named = re.findall(r"^```(.+)$", (ROOT / page).read_text(), re.MULTILINE)
        assert [name for name in named if not re.fullmatch(r"[\w#.+-]+", name)] == [], page
