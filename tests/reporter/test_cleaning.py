"""Clean copies: real files that tell where, when and with what, and what is left of that."""

from __future__ import annotations

import json
import random
import struct
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, PngImagePlugin

from tests.reporter.films import PICTURES, Track, box, film

CAMERA = "Distinctive Camera 77"
TAKEN = "2031:05:06 07:08:09"
AUTHOR = "Distinctive Author"
XMP = b"<x:xmpmeta>Distinctive Xmp</x:xmpmeta>"
PLACE = [48.8583, -2.2944]
NEEDLES = [CAMERA.encode(), TAKEN.encode(), AUTHOR.encode(), b"Distinctive", b"+48.8583"]


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110], exif[0x013B] = "Distinctive", CAMERA, AUTHOR
    exif.get_ifd(0x8769)[0x9003] = TAKEN
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (48.0, 51.0, 29.88)
    gps[3], gps[4] = "W", (2.0, 17.0, 39.84)
    return exif


def _picture(width: int = 120, height: int = 80) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))


def _saved(form: str, **options: Any) -> bytes:
    file = BytesIO()
    _picture().save(file, form, **options)
    return file.getvalue()


def _png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", AUTHOR)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    return _saved("PNG", exif=_exif(), pnginfo=notes)


def _film(handler: bytes = b"vide", brand: bytes = b"isom") -> bytes:
    """Return a film as phones write it: clocks, a place in the user data, the pictures' bytes."""
    place = b"+48.8583-002.2944/"
    xyz = box(b"\xa9xyz", struct.pack(">HH", len(place), 0) + place)
    udta = box(b"udta", xyz + box(b"auth", AUTHOR.encode()))
    keys = box(b"meta", box(b"keys", CAMERA.encode()))
    track = Track(PICTURES.samples, handler=handler)
    return film(track, brand=brand, moov=udta + keys, tail=box(b"uuid", bytes(16) + XMP))


FILES: dict[str, Callable[[], bytes]] = {
    "photo.jpg": lambda: _saved("JPEG", exif=_exif(), xmp=XMP, comment=AUTHOR.encode()),
    "progressive.jpg": lambda: _saved("JPEG", exif=_exif(), progressive=True, quality=95),
    "picture.png": _png,
    "picture.webp": lambda: _saved("WEBP", exif=_exif(), xmp=XMP, lossless=True),
    "picture.avif": lambda: _saved("AVIF", exif=_exif(), xmp=XMP),
    "film.mp4": _film,
    "film.mov": lambda: _film(brand=b"qt  "),
}


def _examine(data: bytes, folder: Path) -> tuple[dict[str, Any], bytes]:
    source, copy = folder / "source", folder / "copy"
    source.write_bytes(data)
    copy.unlink(missing_ok=True)
    run = subprocess.run(
        ["node", "tests/reporter/examine.mjs", str(source), str(copy)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(run.stdout), copy.read_bytes() if copy.exists() else b""


def _break(data: bytes, folder: Path, *, tries: int, within: int | None = None) -> None:
    """Change bytes, among the first ``within``, or cut, so many times; see broken.mjs."""
    source = folder / "source"
    source.write_bytes(data)
    command = ["node", "tests/reporter/broken.mjs", str(source), str(tries)]
    command += [] if within is None else [str(within)]
    subprocess.run(command, check=True, timeout=240)


@pytest.mark.parametrize("name", FILES)
def test_a_clean_copy_holds_nothing_of_place_time_and_device(name: str, tmp_path: Path) -> None:
    data = FILES[name]()
    assert any(needle in data for needle in NEEDLES), "there is something to take out"
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert found["revealed"]["place"] == pytest.approx(PLACE, abs=0.001)
    assert found["revealed"]["time"]
    assert [needle for needle in NEEDLES if needle in copy] == []
    again, _ = _examine(copy, tmp_path)
    told = again["revealed"]
    assert not any(told[what] for what in ("place", "time", "device", "other"))


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("film")])
def test_the_picture_itself_stays_as_it_was_dot_by_dot(name: str, tmp_path: Path) -> None:
    data = FILES[name]()
    _, copy = _examine(data, tmp_path)
    before, after = Image.open(BytesIO(data)), Image.open(BytesIO(copy))
    assert after.format == before.format
    assert ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox() is None
    assert len(copy) <= len(data)
    assert dict(after.getexif()) in ({}, {0x0112: 1}), "nothing is left in the usual place either"


def test_a_film_behind_a_photo_is_emptied_and_the_photo_stays(tmp_path: Path) -> None:
    """As telephones write a moving photo: the film lies in a box of its own, with its place."""
    photo = _saved("AVIF")
    data = photo + box(b"mpvd", _film()) + box(b"sefd", CAMERA.encode())
    found, copy = _examine(data, tmp_path)
    assert (found["cleaned"], found["revealed"]["other"]) == (True, True)
    assert found["revealed"]["place"] == pytest.approx(PLACE, abs=0.001)
    assert [needle for needle in NEEDLES if needle in copy] == []
    before, after = Image.open(BytesIO(photo)), Image.open(BytesIO(copy))
    assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
    found, copy = _examine(photo + _film()[24:], tmp_path)  # a film instead of a box with one
    assert (found["cleaned"], copy) == (False, b"")


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_a_photo_taken_on_its_side_stays_the_right_way_up(form: str, tmp_path: Path) -> None:
    _, copy = _examine(_saved(form, exif=_exif(orientation=6)), tmp_path)
    assert dict(Image.open(BytesIO(copy)).getexif()) == {0x0112: 6}
    assert [needle for needle in NEEDLES if needle in copy] == []


def test_what_follows_a_pictures_end_is_left_out(tmp_path: Path) -> None:
    for form in ("JPEG", "PNG", "WEBP"):
        found, copy = _examine(_saved(form) + b"Distinctive film after the photo", tmp_path)
        assert found["cleaned"]
        assert b"Distinctive" not in copy


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n/Author (Distinctive Author)",
        b"PK\x03\x04 word/document.xml",
        b"Only words.",
        b"",
        _film(handler=b"meta"),
        _saved("JPEG", exif=_exif())[:900],
        _png()[:-30],
        _film()[:300],
        b"\xff\xd8\xff",
        b"RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff",
    ],
    ids=["pdf", "office", "text", "empty", "track", "jpeg", "png", "film", "marker", "webp"],
)
def test_what_cannot_be_cleaned_is_said_to_be_so(data: bytes, tmp_path: Path) -> None:
    found, copy = _examine(data, tmp_path)
    assert not found["cleaned"]
    assert copy == b""


@pytest.mark.parametrize("name", FILES)
def test_no_broken_file_makes_the_page_stumble(name: str, tmp_path: Path) -> None:
    """Every cut and every changed byte ends in a copy that tells nothing, or in none."""
    _break(FILES[name](), tmp_path, tries=300, within=700)
