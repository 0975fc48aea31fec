"""The same picture is found again in another case, seen in the sandbox alone and once."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from app.client.parcel import Upload
from app.console.feature import bring_tables
from app.console.features.all_features import FEATURES
from app.console.features.links import link_views, linking
from app.console.features.links.linking import Rules
from app.console.features.links.storage import link_index
from app.console.line import trusted_line
from app.console.previews.picture_reading import PictureReader
from app.console.vault import Vault
from app.console.vault.attachments import files, previews
from app.console.vault.attachments.previews import Form
from app.console.viewer.host import Machine
from app.console.viewer.previewable import Kind
from tests.console.browser import opened
from tests.console.left_out import needs
from tests.console.previews.test_reading import _console, _walled
from tests.console.running_line import Line
from tests.console.viewer.test_likeness import scene
from tests.onion.process import needed

pytestmark = [pytest.mark.anyio, needs("links")]


def photo(picture: Image.Image, quality: int = 90, form: str = "JPEG") -> bytes:
    held = io.BytesIO()
    picture.save(held, form, quality=quality)
    return held.getvalue()


ROOM = scene(1)
SENT = {
    "room": Upload("IMG_2031.jpg", "image/jpeg", photo(ROOM)),
    "again": Upload("ad.jpg", "image/jpeg", photo(ROOM.resize((360, 270)), 40)),
    "phone": Upload("IMG_0007.avif", "image/avif", photo(ROOM, 80, "AVIF")),
    "other": Upload("gate.jpg", "image/jpeg", photo(scene(2))),
    "hostile": Upload("x.jpg", "image/jpeg", b"\xff\xd8\xff" + bytes(range(256)) * 20),
}


async def send(line: Line, *names: str) -> dict[str, str]:
    """Send a report with each file; return their cases by its name."""
    with line.vault() as vault:
        await line.ready(vault)
    for name in names:
        await line.send(f"see {name}", files=(SENT[name],))
    with line.vault() as vault:
        bring_tables(vault, FEATURES)
        await line.sync(vault)
        with vault.read() as tx:
            found = [one for one in (files.find(tx, n) for n in range(1, 9)) if one is not None]
    return {name: one.case for name in names for one in found if one.name == SENT[name].name}


def linked(vault: Vault, case: str) -> list[tuple[str, str, str]]:
    """Return the kind, sureness and case of each link, and read what is new before."""
    link_index.read_on(vault, 1_790_000_000)
    known = trusted_line.load(vault)
    with vault.read() as tx:
        found = linking.of_case(tx, Rules(tx, known), case)
    return [
        (value.kind, link_views.SURE[link.sure], link.other)
        for value, some in found.links
        for link in some
    ]


async def test_a_smaller_copy_saved_anew_links_two_cases_as_likely(line: Line) -> None:
    cases = await send(line, "room", "again", "other", "hostile")
    console = _console(line, _walled())
    reader = PictureReader(console)
    assert await reader.look_on() == 4
    assert await reader.look_on() == 0
    assert await PictureReader(console).look_on() == 0, "a hostile one costs one attempt"
    vault, likely = console.vault, link_views.SURE[2]
    assert linked(vault, cases["room"]) == [("picture", likely, cases["again"])]
    assert linked(vault, cases["again"]) == [("picture", likely, cases["room"])]
    assert linked(vault, cases["other"]) == linked(vault, cases["hostile"]) == []
    with vault.read() as tx:
        view = link_views.of_case(tx, trusted_line.load(vault), cases["room"])
    ((one,), (theirs,)) = view.linked[0].evidence, view.linked[0].others[0].evidence
    assert (one.hit, theirs.hit) == ("IMG_2031.jpg", "ad.jpg")
    # With the file goes what was kept of it, and the link.
    with vault.write() as tx:
        assert previews.find(tx, files.find(tx, int(theirs.file)), Form.LIKENESS, 0)
        files.remove(tx, int(theirs.file))
    assert linked(vault, cases["room"]) == []
    await console.lock()


async def test_a_picture_in_a_phones_own_format_is_found_again_where_it_can_be_shown(
    line: Line,
) -> None:
    cases = await send(line, "room", "phone")
    console = _console(line, _walled())
    assert await PictureReader(console).look_on() == 1, "what has no converter waits for one"
    await console.lock()
    program = needed("heif-dec", "heif-convert")
    machine = replace(_walled(), converters={Kind.PHONE_PICTURE: program})
    console = _console(line, machine)
    assert await PictureReader(console).look_on() == 1
    likely = link_views.SURE[2]
    assert linked(console.vault, cases["phone"]) == [("picture", likely, cases["room"])]
    await console.lock()


async def test_nothing_is_looked_at_outside_the_sandbox(line: Line) -> None:
    await send(line, "room", "again")
    console = _console(line, Machine(None, seccomp=True))
    assert await PictureReader(console).look_on() == 0
    await console.lock()
    console = _console(line, _walled(), read_files=False)
    assert await PictureReader(console).look_on() == 0
    await console.lock()


async def test_the_case_shows_both_pictures_blurred(line: Line) -> None:
    cases = await send(line, "room", "again")
    console = _console(line, _walled())
    await PictureReader(console).look_on()
    link_index.read_on(console.vault, line.now)
    await console.lock()
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{cases['room']}")).text
        section = page.partition('id="links"')[2]
        assert f'href="/cases/{cases["again"]}"' in section
        assert section.count("?blurred=true") >= 2
        assert "<mark>ad.jpg</mark>" in section
