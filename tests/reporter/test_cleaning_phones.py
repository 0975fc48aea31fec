"""Files as phones and programs make them, looked into by exiftool before and after.

``files/`` has what no library here writes: HEIC of libheif's (one of tiles, with a small preview),
films and sound of ffmpeg's (x264, x265, VP9, AAC, Opus, LAME), ``phone.*`` with the tags of iPhones
and of Android phones, ``phone.timecode.mov`` with a time code beside its pictures, ``voice.*`` as
Chromium records in the page. The others are made here.
"""

from __future__ import annotations

import json
import re
import struct
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.onion.process import needed
from tests.reporter.test_cleaning import _examine, _picture, _saved
from tests.reporter.test_cleaning_documents import FILES as OFFICE

FILES = Path(__file__).parent / "files"
TAGS = (
    "-GPSLatitude=48.8583", "-GPSLatitudeRef=N", "-GPSLongitude=2.2944", "-GPSLongitudeRef=E",
    "-GPSAltitude=35", "-GPSImgDirection=100", "-Make=Distinctive", "-Model=Distinctive Phone 77",
    "-DateTimeOriginal=2031:05:06 07:08:09", "-OffsetTimeOriginal=+02:00",
    "-Artist=Distinctive Author", "-SerialNumber=Distinctive1", "-ImageUniqueID=Distinctive2",
    "-UserComment=Distinctive comment", "-XMP:CreatorTool=Distinctive",
    "-XMP-dc:Creator=Distinctive", "-XMP-xmpMM:DocumentID=Distinctive3",
)  # fmt: skip
JPEG_TAGS = ("-IPTC:City=Distinctive", "-Photoshop:URL=Distinctive", "-Comment=Distinctive")
PNG_TAGS = ("-PNG:Title=Distinctive", "-PNG:CreationTime=2031:05:06 07:08:09")
FILM = struct.pack(">I4s", 24, b"ftyp") + b"mp42\0\0\0\0isommp42" + b"Distinctive film, moving on"

# All that may be said of a clean copy: what draws it.
GROUPS = re.compile(
    r"File|JFIF|PNG|RIFF|QuickTime|Track\d+|Meta|Composite|ZIP|MPEG|Matroska|Opus|Vorbis"
)
TELLING = re.compile(
    r"GPS|Author|Artist|Creator|Make$|Model|Serial|Software|Comment|Title|Location|UserData|XMP"
    r"|Company|Copyright$|Thumbnail|Preview(Image|\w*Date)|CreateDate|ModifyDate|CreationTime|UniqueID"
    r"|LastModifiedBy|DocumentID|Encoder|App$|Vendor|UID|Language(?!Code)"
)
EMPTY = {"", "0000:00:00 00:00:00", "1980:01:01 00:00:00"}
PROGRAMS = (b"Lavc", b"Lavf", b"x264", b"x265", b"LAME", b"libopus", b"Chrome", b"Handler")
SECRETS = (b"Distinctive", b"2031:05:06", b"2031-05-06", b"48.8583", *PROGRAMS)


@pytest.fixture(scope="module")
def exiftool() -> str:
    """Return where the program is that gives a second opinion."""
    return needed("exiftool")


def _tagged(exiftool: str, form: str, folder: Path, *tags: str, **options: object) -> bytes:
    path = folder / f"tagged.{form.lower()}"
    path.write_bytes(_saved(form, **options))
    subprocess.run(
        [exiftool, "-q", "-q", "-m", "-overwrite_original", *TAGS, *tags, str(path)], check=True
    )
    return path.read_bytes()


def _samsung(photo: bytes) -> bytes:
    """Return the trailer of Samsung's phones: blocks, a directory of them, its length, a mark."""
    name = b"Image_UTC_Data"
    block = struct.pack("<HHI", 0, 0x0A01, len(name)) + name + b"1935903600000 Distinctive"
    head = b"SEFH" + struct.pack("<II", 107, 1)
    head += struct.pack("<HHII", 0, 0x0A01, len(block), len(block))
    return photo + block + head + struct.pack("<I", len(head)) + b"SEFT"


def _thumbnail(folder: Path) -> str:
    path = folder / "small.jpg"
    _picture(16, 12).save(path)
    return f"-ThumbnailImage<={path}"


def _as_it_is(path: Path) -> Callable[[str, Path], bytes]:
    return lambda exiftool, folder: path.read_bytes()


DOCUMENTS = {".docx", ".xlsx", ".pptx", ".pdf"}
"""Looked into where they are cleaned: test_cleaning_documents, test_cleaning_pdf."""
MAKERS: dict[str, Callable[[str, Path], bytes]] = {
    "photo.jpg": lambda e, d: _tagged(e, "JPEG", d, *JPEG_TAGS, _thumbnail(d)),
    "motion.jpg": lambda e, d: _tagged(e, "JPEG", d, "-XMP-GCamera:MotionPhoto=1") + FILM,
    "samsung.jpg": lambda e, d: _samsung(_tagged(e, "JPEG", d)),
    "two-in-one.jpg": lambda e, d: 2 * _tagged(e, "JPEG", d, *JPEG_TAGS),
    "screenshot.png": lambda e, d: _tagged(e, "PNG", d, *PNG_TAGS),
    "picture.webp": lambda e, d: _tagged(e, "WEBP", d),
    "moving.webp": lambda e, d: _tagged(e, "WEBP", d, save_all=True, append_images=[_picture()]),
    "picture.avif": lambda e, d: _tagged(e, "AVIF", d),
    **{
        each.name: _as_it_is(each)
        for each in sorted(FILES.iterdir())
        if each.suffix not in DOCUMENTS
    },
    **{f"letter.{end}": lambda e, d, data=data: data for end, data in OFFICE.items()},  # type: ignore[misc]
}


def _told(exiftool: str, data: bytes, folder: Path) -> dict[str, str]:
    """Everything that exiftool finds in a file, by "Group:Tag", embedded things too."""
    path = folder / "looked-at"
    path.write_bytes(data)
    said = subprocess.run(
        [exiftool, "-j", "-a", "-G1", "-s", "-u", "-U", "-ee3", str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    (found,) = json.loads(said.stdout)
    return {name: str(value) for name, value in found.items()}


@pytest.mark.parametrize("name", MAKERS)
def test_exiftool_finds_nothing_in_a_clean_copy(name: str, exiftool: str, tmp_path: Path) -> None:
    data = MAKERS[name](exiftool, tmp_path)
    before = _told(exiftool, data, tmp_path)
    assert any(TELLING.search(tag.partition(":")[2]) for tag in before), before
    assert any(secret in data for secret in SECRETS) or name.startswith("letter")

    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert found["revealed"], "the page says that there was something"
    after = _told(exiftool, copy, tmp_path)
    assert after["File:MIMEType"] == before["File:MIMEType"]
    for tag, value in after.items():
        group, _, what = tag.partition(":")
        if (
            group in {"SourceFile", "System", "ExifTool"}
            or value.strip() in EMPTY
            or tag == "IFD0:Orientation"
        ):
            continue
        assert "Error" not in what, value
        assert name.startswith("letter") or GROUPS.fullmatch(group), f"{tag}: {value}"
        assert not TELLING.search(what), f"{tag}: {value}"
    left = {secret for secret in SECRETS if secret in copy}
    # LAME fills the unused bits of its frames with its name: docs/threat-model.md says so.
    assert left == ({b"LAME"} if name == "notes.mp3" else set())


@pytest.mark.parametrize("name", [name for name in MAKERS if Path(name).suffix in {".jpg", ".png"}])
def test_a_clean_photo_opens_and_is_the_same_picture(
    name: str, exiftool: str, tmp_path: Path
) -> None:
    data = MAKERS[name](exiftool, tmp_path)
    _, copy = _examine(data, tmp_path)
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(copy)) as after:
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
