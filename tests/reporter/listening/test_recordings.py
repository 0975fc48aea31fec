"""A recording is heard where its screen says what was read out, and nowhere else."""

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.protocol.encoding import b64u
from app.reporter.build import render_site, screen_scripts
from app.reporter.content import DEFAULT_FOLDER, SiteContent, load_content
from app.reporter.errors import ContentError
from app.reporter.listening.recordings import Recording, list_bytes
from app.reporter.listening.scripts import scripts_of
from tests.reporter.conftest import DAY, LINE_ID, LINE_NAME
from tests.reporter.listening.sounds import silence

LATER = DAY + dt.timedelta(days=900)


@pytest.fixture
def own(tmp_path: Path) -> SiteContent:
    """Return a line's own material, English alone."""
    folder = tmp_path / "site"
    shutil.copytree(DEFAULT_FOLDER, folder)
    return load_content(LINE_ID, LINE_NAME, folder, ("en",))


def _record(content: SiteContent, *screens: str) -> Path:
    """Take recordings in of what these screens say now; return the folder they are in."""
    said = screen_scripts(content, "en", DAY)
    taken = content.folder / "listen" / "en" / "taken"
    taken.mkdir(parents=True)
    made = {one: Recording.of(said[one], "0" * 64, silence(3 + len(one))) for one in screens}
    for screen, recording in made.items():
        (taken / f"{screen}.mp3").write_bytes(recording.sound)
    (taken / "recordings.json").write_bytes(list_bytes(made))
    return taken


def _ears(site: dict[str, bytes]) -> set[str]:
    pages = site["en/index.html"] + site["en/later/index.html"]
    return {part.split('"')[0] for part in pages.decode().split('data-ear="')[1:]}


def test_without_recordings_there_is_no_ear_and_nothing_to_load(own: SiteContent) -> None:
    site = render_site(own, DAY)
    assert not _ears(site)
    assert not [path for path in site if "/listen/" in path]
    for word in (b"hear.", b"listening", b"Others may hear it"):
        assert word not in site["en/index.html"]


def test_screens_with_a_recording_have_an_ear_and_their_bundle_is_in_the_site(
    own: SiteContent,
) -> None:
    before = render_site(own, DAY)
    _record(own, "safety", "text", "voice")
    site = render_site(own, DAY)
    assert _ears(site) == {"safety", "text", "voice"}
    assert site.keys() - before.keys() == {"en/listen/00.bin"}
    assert site == render_site(own, DAY), "the same input, the same bytes"


def test_words_that_change_take_the_ear_away(own: SiteContent) -> None:
    _record(own, "safety", "text", "question-under_18")
    texts = own.folder / "en" / "texts.toml"
    words = "Is the person who needs help under 18?"
    assert words in texts.read_text()
    texts.write_text(texts.read_text().replace(words, "Is the person who needs help under 21?"))
    changed = load_content(LINE_ID, LINE_NAME, own.folder, ("en",))
    assert _ears(render_site(changed, DAY)) == {"safety", "text"}
    renamed = replace(own, line_name="Another Line")
    assert "safety" not in _ears(render_site(renamed, DAY)), "it says the line's name"


def test_a_language_nothing_of_which_is_up_to_date_has_no_bundle(own: SiteContent) -> None:
    _record(own, "safety")
    site = render_site(replace(own, line_name="Another Line"), DAY)
    assert not [path for path in site if "/listen/" in path]
    assert b"hear." not in site["en/index.html"]


def test_the_day_and_who_checked_the_pack_change_no_script(own: SiteContent) -> None:
    assert screen_scripts(own, "en", DAY) == screen_scripts(own, "en", LATER)


def test_no_number_to_call_is_read_out(own: SiteContent) -> None:
    """It depends on the country that somebody chooses, or runs out on a day."""
    said = screen_scripts(own, "en", DAY)
    numbers = {one.number for one in own.local["en"].emergency}
    numbers |= {one.entry.phone for one in own.local["en"].helplines}
    assert numbers
    for screen, script in said.items():
        for number in numbers:
            assert number not in script.split(), screen


def test_a_script_is_what_stands_on_the_screen() -> None:
    page = """<main>Before<section data-step="one" hidden><div><p class="where"></p>
      <h1>A  <b>bold</b> heading</h1><p>Call<br>now. <small>Small.</small></p>
      <p hidden>hidden</p><div data-aloud hidden><label><input>Card</label></div>
      <p role="status">passing</p><label class="unseen big">for the blind</label>
      <ul data-numbers><li>112</ul><svg><title>x</title></svg><span aria-hidden="true">Abc</span>
      <button data-ear="one">Listen</button><button>Next</button></div></section>After
      <section data-step="two"><h1>Two</h1></section><section data-step="none"></section></main>"""
    assert scripts_of(page.encode()) == {
        "one": "A bold heading\nCall\nnow. Small.\nCard\nNext",
        "two": "Two",
    }


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda taken: (taken / "safety.mp3").write_bytes(silence(11)), "not the file"),
        (lambda taken: (taken / "safety.mp3").write_bytes(b"ID3"), "not MP3"),
        (lambda taken: (taken / "safety.mp3").unlink(), "missing"),
        (lambda taken: (taken / "recordings.json").unlink(), "recordings.json cannot be read"),
        (lambda taken: (taken / "recordings.json").write_bytes(b"[]"), "cannot be read"),
        (lambda taken: _rewrite(taken, {"../../site": {}}), "cannot be read"),
        (lambda taken: _rewrite(taken, {"safety": {"text": "0"}}), "its line"),
        (lambda taken: _rewrite(taken, []), "cannot be read"),
    ],
)
def test_a_recording_that_nobody_took_in_stops_the_site(
    own: SiteContent, spoil: object, why: str
) -> None:
    taken = _record(own, "safety")
    assert callable(spoil)
    spoil(taken)
    with pytest.raises(ContentError, match=why):
        render_site(own, DAY)


def _rewrite(taken: Path, screens: object) -> None:
    (taken / "recordings.json").write_text(json.dumps({"v": 1, "screens": screens}))


def test_the_page_knows_the_bundle_by_its_hash(own: SiteContent) -> None:
    """So a page of yesterday plays nothing of today."""
    _record(own, "safety")
    page = render_site(own, DAY)["en/index.html"].decode()
    there = json.loads(page.split('id="listening">')[1].split("</script>")[0])
    assert (there["parts"], there["part"], len(there["sha256"])) == (1, 262_144, 64)
    assert b64u(LINE_ID) in page
