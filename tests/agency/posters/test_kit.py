"""A line's cards, posters and screens, made, scanned, and searched for what they would tell."""

from __future__ import annotations

import contextlib
import getpass
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from app.agency.folder import AgencyFolder
from app.agency.posters import kit
from app.agency.posters.poster_words import read_words
from app.agency.posters.typefaces import typeface_of
from app.cli.agency.agency_commands import app
from app.files.writing import write_whole
from app.reporter import beginning
from tests.agency.conftest import Agency

ONION = f"http://{'abcdefghijklmnopqrstuvwxyz234567' * 2}"[: 7 + 56] + ".onion"
WEB = "https://tips.example.org"
DESK_ONION = f"http://{'z' * 56}.onion"
PAPER = (
    "cards-open",
    "cards-quiet",
    "poster-open",
    "poster-quiet",
    "witness-hospital",
    "witness-hotel",
)
SCREENS = {"upright": (1080, 1920), "wide": (1920, 1080)}


def posters(agency: Agency, out: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["posters", str(agency.folder), "--out", str(out), *more])


@pytest.fixture
def line(agency: Agency) -> Agency:
    """Return a line in English and, unreviewed, Urdu; Hungarian is left out."""
    described = replace(agency.line, server=WEB, onion=ONION, investigators=DESK_ONION)
    write_whole(agency.folder / "line.json", described.serialise())
    beginning.look_after(agency.folder / "site", ["uk"], {"uk": "999"})
    beginning.offer(agency.folder / "site", ["en", "ur", "hu"])
    beginning.admit(agency.folder / "site", ["ur"])
    return agency


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a page, in millimetres."""


def scanned(pictures: Sequence[Image.Image], place: Path) -> list[bytes]:
    """Return what a phone would read of pictures, each held before it alone."""
    zbar = shutil.which("zbarimg")
    assert zbar is not None, ".ci/system-packages test installs zbar-tools"
    paths = [place / f"{number:02}.pgm" for number in range(len(pictures))]
    for path, picture in zip(paths, pictures, strict=True):
        picture.convert("L").save(path)
    command = [zbar, "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", *map(str, paths)]
    said = subprocess.run(command, capture_output=True, check=False, timeout=240).stdout
    return said.split(b"\n")[:-1]


def codes_of(pdf: bytes, page: int, boxes: Sequence[Box], place: Path) -> list[bytes]:
    """Return the codes in parts of a page of paper, seen at 200 dots an inch."""
    document = pypdfium2.PdfDocument(pdf)
    image = document[page].render(scale=200 / 72, grayscale=True).to_pil()
    document.close()
    dots = 200 / 25.4
    return scanned([image.crop(tuple(int(at * dots) for at in box)) for box in boxes], place)


def cards() -> list[Box]:
    """Return where the ten cards of a sheet lie."""
    places = [(19.4 + 85.6 * (n % 2), 13.5 + 53.98 * (n // 2)) for n in range(10)]
    return [(left, top, left + 85.6, top + 53.98) for left, top in places]


def unpacked(pdf: bytes) -> bytes:
    """Return a PDF with what its compressed streams hold."""
    found = [pdf]
    for stream in re.finditer(rb"stream\r?\n", pdf):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(pdf[stream.end() :]))
    return b"\n".join(found)


def pages(pdf: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.get_textpage().get_text_range()
    document.close()


def test_what_is_made_is_whole_is_scanned_as_the_address_and_tells_nothing(
    line: Agency, tmp_path: Path
) -> None:
    out = tmp_path / "posters"
    made = posters(line, out)
    assert made.exit_code == 1, "Hungarian was left out"
    assert "hu was left out" in made.output
    there = files(out)
    names = {f"{name}.pdf" for name in PAPER} | {
        f"screen-{degree}-{form}.png" for degree in ("open", "quiet") for form in SCREENS
    }
    assert set(there) == {"READ-FIRST.txt", *(f"{tag}/{n}" for tag in ("en", "ur") for n in names)}

    sheet = there["READ-FIRST.txt"].decode()
    assert "ur (اردو)" in sheet
    assert "TEXTS ARE UNREVIEWED" in sheet
    assert "hu (Magyar)" in sheet
    assert f"    {WEB}\n    {ONION}\n" in sheet

    both = {WEB.encode(), ONION.encode()}
    for name, data in there.items():
        if name.endswith(".pdf"):
            if "cards" in name:
                assert codes_of(data, 0, cards(), tmp_path) == [WEB.encode()] * 10, name
                assert codes_of(data, 1, cards(), tmp_path) == [ONION.encode()] * 10, name
            elif "poster" in name:
                above = [(0.0, 0.0, 210.0, 225.0)]
                strips = [(5.0 + 25 * n, 225.0, 30.0 + 25 * n, 297.0) for n in range(8)]
                assert sorted(codes_of(data, 0, above, tmp_path)) == sorted(both), name
                assert codes_of(data, 0, strips, tmp_path) == [WEB.encode()] * 8, name
            else:
                halves = [(0.0, 0.0, 148.0, 210.0), (149.0, 0.0, 297.0, 210.0)]
                assert sorted(codes_of(data, 0, halves, tmp_path)) == sorted([*both, *both]), name
        elif name.endswith(".png"):
            assert sorted(scanned([Image.open(io.BytesIO(data))], tmp_path)) == sorted(both), name
            form = SCREENS[name.rpartition("-")[2].removesuffix(".png")]
            assert Image.open(io.BytesIO(data)).size == form
            assert Image.open(io.BytesIO(data)).info == {}

    # Nothing tells of this computer, its user, its clock; or to whom the investigators go.
    telling = [getpass.getuser(), socket.gethostname(), str(tmp_path), "pytest", "WeasyPrint"]
    for name, data in there.items():
        said = [one for one in (*telling, DESK_ONION) if len(one) > 4 and one.encode() in data]
        assert said == [], name
        assert (out / name).stat().st_mtime % 86_400 == 0
        if name.endswith(".pdf"):
            inside = unpacked(data)
            assert b"/BaseFont" in inside
            named = rb"/(CreationDate|ModDate|Author|Creator|Producer|Title|Metadata|ID|Info)\b"
            assert not re.search(named, inside)
            assert pypdfium2.PdfDocument(data).get_metadata_dict(skip_empty=True) == {}

    # Every typeface is one that was looked for: no letter comes from another, and none is a box.
    for tag in ("en", "ur"):
        families = {one.replace(" ", "-") for one in typeface_of(tag).families}
        for name in PAPER:
            fonts = re.findall(rb"/BaseFont /\w+\+([\w-]+)", unpacked(there[f"{tag}/{name}.pdf"]))
            bare = {re.sub("-(Bold|Regular)$", "", one.decode()) for one in fonts}
            assert bare, name
            assert bare <= families | {"Noto-Sans"}, (tag, name, bare)

    # The words are there, once a card.
    words = read_words(line.folder / "site", "en")
    front, back = pages(there["en/cards-quiet.pdf"])
    flat = " ".join(front.split())
    assert flat.count(words["quiet.title"]) == 10
    assert flat.count(words["quiet.ask"]) == 10
    assert "".join(back.split()).count(ONION.removeprefix("http://")) == 10
    (poster,) = pages(there["en/poster-open.pdf"])
    assert "Call 999." in poster
    assert "police" not in poster.casefold()

    # A second time gives the same bytes, in place of the first; and paper as pictures, if wanted.
    assert kit.are_current(line.folder, out)
    assert posters(line, out, "--language", "ur", "--png").exit_code == 0
    again = files(out)
    card = Image.open(io.BytesIO(again["ur/cards-open-2.png"]))
    assert card.size == (2481, 3508), "A4 at 300 dots an inch"
    same = {name: data for name, data in there.items() if name.startswith("ur/")}
    assert same == {name: again[name] for name in same}
    assert set(again) - set(same) == {"READ-FIRST.txt"} | {
        f"ur/{name}-{page}.png" for name in PAPER for page in ((1, 2) if "cards" in name else (1,))
    }

    # What is there is told apart from what the folder says now.
    assert not kit.are_current(line.folder, out), "English is not there"
    beginning.offer(line.folder / "site", ["ur"])
    assert kit.are_current(line.folder, out)
    described = replace(AgencyFolder(line.folder).line(), server="https://other.example.org")
    write_whole(line.folder / "line.json", described.serialise())
    assert not kit.are_current(line.folder, out)
    refused = posters(line, out, "--language", "fr")
    assert refused.exit_code == 2
    assert "not published in fr" in refused.output
    assert files(out) == again


def test_it_is_said_what_is_missing_and_nothing_is_changed(
    line: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "other"
    out.mkdir()
    (out / "letter.txt").write_text("mine")
    refused = posters(line, out)
    assert refused.exit_code == 2
    assert "holds something else" in refused.output
    assert [one.name for one in out.iterdir()] == ["letter.txt"]

    new = tmp_path / "new"
    beginning.offer(line.folder / "site", ["en"])
    own = line.folder / "site" / "en" / "posters.toml"
    own.write_text('[quiet]\ntitle = "ꔀ?"\n', encoding="utf-8")  # Vai: of no typeface of ours
    assert "U+A500" in posters(line, new).output
    own.write_text(f'[quiet]\ntitle = "{"Problems at work? " * 60}"\n', encoding="utf-8")
    assert "too long for their place" in posters(line, new).output.replace("\n", " ")
    own.unlink()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    refused = posters(line, new)
    assert refused.exit_code == 2
    assert "quietline[posters]" in refused.output
    assert not new.exists()
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".new")] == []


def test_a_typeface_that_is_missing_is_named_with_its_package(line: Agency, tmp_path: Path) -> None:
    """On a computer that has Latin letters alone."""
    (latin,) = Path("/usr/share/fonts/truetype/noto").glob("NotoSans-Regular.ttf")
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    (fonts / "NotoSans-Regular.ttf").symlink_to(latin)
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path}/c</cachedir></fontconfig>"
    )
    command = [sys.executable, "-m", "app.cli.entry", "agency", "posters", str(line.folder)]
    made = subprocess.run(
        [*command, "--out", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "FONTCONFIG_FILE": str(settings)},
    )  # fmt: skip
    assert made.returncode == 2
    assert "Noto Nastaliq Urdu is missing" in made.stderr
    assert "fonts-noto-core" in made.stderr
    assert not (tmp_path / "out").exists()
