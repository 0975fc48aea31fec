"""Pictures: parts that nothing is drawn from, where programs and cameras put their notes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.reporter.films import box
from tests.reporter.test_cleaning import _break, _examine, _picture, _saved

FILES = Path(__file__).parent / "files"
SECRET = b"Distinctive words +48.8583-002.2944/"


def _segment(marker: int, body: bytes = SECRET) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _jpeg(*segments: bytes, **options: object) -> bytes:
    data = _saved("JPEG", **options)
    return data[:2] + b"".join(segments) + data[2:]


def _between_scans(what: bytes) -> bytes:
    data = _saved("JPEG", progressive=True)
    first = data.index(b"\xff\xda")
    at = data.index(b"\xff\xc4", first)
    return data[:at] + what + data[at:]


def _chunk(kind: bytes, body: bytes = SECRET) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(chunk: bytes, *, before: bytes = b"IDAT") -> bytes:
    data = _saved("PNG")
    at = data.index(before) - 4
    return data[:at] + chunk + data[at:]


def _moving(form: str) -> bytes:
    return _saved(form, save_all=True, append_images=[_picture().rotate(90)], duration=90, loop=3)


def _riff(kind: bytes, body: bytes = SECRET) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _webp_frame() -> bytes:
    """Return a moving WebP with a part more in its first picture."""
    data, more = _moving("WEBP"), _riff(b"dstv")
    at = data.index(b"ANMF")
    (size,) = struct.unpack("<I", data[at + 4 : at + 8])
    end = at + 8 + size
    whole = (
        data[: at + 4]
        + struct.pack("<I", size + len(more))
        + data[at + 8 : end]
        + more
        + data[end:]
    )
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def _webp(chunk: bytes) -> bytes:
    data = _moving("WEBP") + chunk
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def _gif(block: bytes) -> bytes:
    data = _moving("GIF")
    at = data.index(b"\x21\xf9")
    return data[:at] + block + data[at:]


def _mdat_more(data: bytes) -> bytes:
    """With bytes behind the last of the items, which nobody names."""
    at = data.index(b"mdat") - 4
    (size,) = struct.unpack(">I", data[at : at + 4])
    assert at + size == len(data)
    return data[:at] + struct.pack(">I", size + len(SECRET)) + data[at + 4 :] + SECRET


HEIC = (FILES / "tiles.heic").read_bytes()
LEAKS: dict[str, Callable[[], bytes]] = {
    **{
        f"jpeg {marker:02x}": lambda marker=marker: _jpeg(_segment(marker))  # type: ignore[misc]
        for marker in (0x02, 0xBF, 0xC8, 0xDE, 0xDF, 0xF0, 0xF7, 0xFD, 0xE3, 0xEF)
    },
    "jpeg, long adobe": lambda: _jpeg(_segment(0xEE, b"Adobe\0\x64\0\0\0\0\1" + SECRET)),
    "jpeg, no adobe": lambda: _jpeg(_segment(0xEE, b"Adobe" + SECRET)),
    "jpeg, many in one": lambda: _jpeg(_segment(0xE2, b"MPF\0" + SECRET)) + _jpeg(_segment(0xFE)),
    "jpeg, not a profile": lambda: _jpeg(_segment(0xE2, b"ICC_PROFILE" + SECRET)),
    "jpeg, a preview": lambda: _jpeg(_segment(0xE0, b"JFXX\0\x10" + SECRET)),
    "jpeg, between scans": lambda: _between_scans(_segment(0xFE) + _segment(0xF3)),
    "jpeg, without a length": lambda: _jpeg(b"\xff\x01", _segment(0xE5)),
    "png, end": lambda: _saved("PNG")[:-12] + _chunk(b"IEND"),
    "png, own": lambda: _png(_chunk(b"dsTv")),
    "png, own and needed": lambda: _png(_chunk(b"CaNv")),
    "png, history": lambda: _png(_chunk(b"hIST")),
    "png, time": lambda: _png(_chunk(b"tIME", struct.pack(">H5B", 2031, 5, 6, 7, 8, 9) + SECRET)),
    "webp, in a frame": _webp_frame,
    "webp, own": lambda: _webp(_riff(b"dstv")),
    "gif, comment": lambda: _gif(b"\x21\xfe" + bytes([len(SECRET)]) + SECRET + b"\0"),
    "gif, xmp": lambda: _gif(b"\x21\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"),
    "gif, behind": lambda: _moving("GIF") + SECRET,
    "heic": lambda: HEIC,
    "heic, of nobody": lambda: _mdat_more(HEIC),
    "heic, a second mdat": lambda: HEIC + box(b"mdat", SECRET),
    "heic, a moving photo": lambda: HEIC + box(b"mpvd", SECRET),
    "avif, of nobody": lambda: _mdat_more(_saved("AVIF")),
}


@pytest.mark.parametrize("name", LEAKS)
def test_only_what_draws_it_is_left_of_a_picture(name: str, tmp_path: Path) -> None:
    data = LEAKS[name]()
    assert b"Distinctive" in data
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert b"Distinctive" not in copy
    assert (
        found["revealed"]["other"]
        or found["revealed"]["place"]
        or name in {"jpeg, a preview", "gif, behind"}
    )
    _, twice = _examine(copy, tmp_path)
    assert twice == copy
    if name.startswith("heic"):  # Pillow does not read it
        return
    plain = _saved("JPEG", progressive=name.endswith("scans")) if name.startswith("jpeg") else data
    with Image.open(BytesIO(plain)) as before, Image.open(BytesIO(copy)) as after:
        assert after.format == before.format
        frames = getattr(before, "n_frames", 1)
        assert getattr(after, "n_frames", 1) == frames
        assert after.info.get("loop") == before.info.get("loop")
        for n in range(frames):
            before.seek(n)
            after.seek(n)
            assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
            assert after.info.get("duration") == before.info.get("duration")


def test_a_heic_keeps_its_tiles_and_loses_its_small_preview(tmp_path: Path) -> None:
    """What is drawn lies where it lay; the preview and its name in the lists are gone."""
    found, copy = _examine(HEIC, tmp_path)
    assert found["ending"] == "heic"
    assert len(copy) == len(HEIC)
    assert (HEIC.count(b"infe"), copy.count(b"infe")) == (10, 7), "six tiles and the whole"
    assert b"thmb" in HEIC
    assert b"thmb" not in copy
    assert b"Exif" not in copy
    same = sum(a == b for a, b in zip(HEIC, copy, strict=True))
    assert same > 700
    mdat = copy[copy.index(b"mdat") :]
    assert sum(byte != 0 for byte in mdat) > 400


@pytest.mark.parametrize(
    "data",
    [
        _jpeg(_segment(0xDD, b"\0\0" + SECRET)),
        _jpeg(_segment(0xDB, b"\0" + bytes([1] * 64) + SECRET)),
        _saved("JPEG").replace(b"\xff\xc0", b"\xff\xf7", 1),
        _png(_chunk(b"gAMA", struct.pack(">I", 45455) + SECRET)),
        _webp(_riff(b"ANIM", bytes(6) + SECRET)),
        HEIC.replace(b"infe\2\0\0\0\0\1\0\0grid", b"infe\2\0\0\0\0\1\0\0dstv"),
        HEIC + box(b"moov", SECRET),
        HEIC.replace(b"hvc1", b"j2k1"),
    ],
    ids=["restarts", "table", "jpeg-ls", "gamma", "anim", "kind", "film", "j2k1"],
)
def test_a_picture_with_more_than_is_understood_stays_as_it_is(data: bytes, tmp_path: Path) -> None:
    found, copy = _examine(data, tmp_path)
    assert (found["cleaned"], copy) == (False, b"")


@pytest.mark.parametrize("name", ["webp, in a frame", "gif, xmp", "heic", "jpeg, between scans"])
def test_no_broken_picture_makes_the_page_stumble(name: str, tmp_path: Path) -> None:
    _break(LEAKS[name](), tmp_path, tries=300, within=2_000)
