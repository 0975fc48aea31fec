"""A desk is heard as its directory says it, and no other way."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.protocol.directory import Desk, Hours
from app.reporter.build import render_site, screen_scripts
from app.reporter.catalogue import open_catalogue
from app.reporter.content import DEFAULT_FOLDER, SiteContent, load_content
from app.reporter.listening.desk_scripts import desk_digest, desk_scripts
from app.reporter.listening.recordings import Recording, list_bytes
from tests.reporter.conftest import DAY, LINE_ID, LINE_NAME
from tests.reporter.listening.sounds import silence

# tests/client/desk-sounds.test.mjs has the same desk and the same hash.
DESK = Desk(
    "support",
    (0,),
    {"en": "Support workers", "es": "Equipo de apoyo"},
    {"en": "They listen."},
    (Hours((1, 2, 3), "09:00", "17:30"),),
    ("en", "zh-Hans"),
    "no",
)
SHA256 = "0f706807637f64bc6115e6a2a449fad4b4c5a8691a5a90a9bb9f77f9863aed05"


@pytest.fixture
def own(tmp_path: Path) -> SiteContent:
    folder = tmp_path / "site"
    shutil.copytree(DEFAULT_FOLDER, folder)
    return replace(load_content(LINE_ID, LINE_NAME, folder, ("en",)), desks=(DESK,))


def _listening(site: dict[str, bytes]) -> dict[str, object]:
    found = re.search(r'id="listening">(.*?)</script>', site["en/index.html"].decode(), re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def test_a_desk_is_read_out_as_it_stands_on_its_card() -> None:
    said = desk_scripts([DESK], open_catalogue("es", DEFAULT_FOLDER))["desk-support"].splitlines()
    assert said[:2] == ["Equipo de apoyo", "They listen."]
    assert "lunes – miércoles 09:00–17:30" in said[2]
    assert "inglés, chino (simplificado)" in said[3]
    assert len(said) == 5


def test_the_page_knows_of_what_a_desk_was_recorded_and_a_changed_desk_is_silent(
    own: SiteContent,
) -> None:
    said = screen_scripts(own, "en", DAY)
    taken = own.folder / "listen" / "en" / "taken"
    taken.mkdir(parents=True)
    made = {one: Recording.of(said[one], "0" * 64, silence(3)) for one in ("desks", "desk-support")}
    for name, recording in made.items():
        (taken / f"{name}.mp3").write_bytes(recording.sound)
    (taken / "recordings.json").write_bytes(list_bytes(made))
    assert _listening(render_site(own, DAY))["desks"] == {"support": desk_digest(DESK, "en")}
    for other in (
        replace(DESK, name={"en": "Police"}),
        replace(DESK, tells_immigration="yes"),
        replace(DESK, hours=()),
    ):
        assert _listening(render_site(replace(own, desks=(other,)), DAY))["desks"] == {}


def test_what_it_is_tied_to_is_what_the_page_compares() -> None:
    assert desk_digest(DESK, "es") == SHA256
    assert desk_digest(replace(DESK, tells_immigration="yes"), "es") != SHA256
