"""Previews: pixels from another process, and what files say."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.console.errors import FileProblem
from app.console.viewer.host import Machine
from app.console.viewer.preview import BLURRED_SIDE
from app.console.viewer.previewable import CONVERTED, Kind, kind_of
from tests.console import samples
from tests.console.drawn import BARE, first_sheet, ink, pages_of, seen_on, stand_in, words_of
from tests.onion.process import needed

PHONES = Path(__file__).parents[2] / "reporter" / "files"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_becomes_pixels(machine: Machine, form: str) -> None:
    sheet = first_sheet(machine, Kind.PICTURE, samples.picture(form))
    assert seen_on(sheet).size == (sheet.width, sheet.height) == (200, 150)
    assert sheet.original == (640, 480)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.PICTURE, samples.picture()),
        (Kind.DOCUMENT, samples.pdf("a")),
        (Kind.TEXT, b"Kitchen"),
    ],
)
def test_without_bubblewrap_what_needs_no_converter_is_shown_all_the_same(
    kind: Kind, data: bytes
) -> None:
    assert first_sheet(BARE, kind, data).width > 0


@pytest.mark.parametrize("kind", sorted(CONVERTED))
def test_without_a_converter_or_sandbox_for_it_nothing_is_run(machine: Machine, kind: Kind) -> None:
    for lacking in (
        BARE,
        Machine(machine.bwrap, seccomp=True, proc=True),
        Machine(None, seccomp=True, proc=True, converters={kind: "/usr/bin/true"}),
    ):
        with pytest.raises(FileProblem, match="Nothing here shows"):
            pages_of(lacking, kind, samples.docx("x"))


def test_the_turn_of_a_phone_is_followed_and_the_place_is_left_out(machine: Machine) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "14 Example Lane"
    sheet = first_sheet(machine, Kind.PICTURE, samples.picture(exif=exif))
    assert (sheet.width, sheet.height) == (150, 200)
    assert sheet.original == (480, 640)
    assert b"Example" not in sheet.png()


def test_a_blurred_picture_has_too_few_pixels_to_hurt(machine: Machine) -> None:
    sheet = first_sheet(machine, Kind.PICTURE, samples.picture(size=(3000, 2000)), BLURRED_SIDE)
    assert sheet.width * sheet.height <= BLURRED_SIDE**2


def test_a_pdf_is_paged_through(machine: Machine) -> None:
    data = samples.pdf("one", "two", "three", "four", "five", "six")
    total, sheets = pages_of(machine, Kind.DOCUMENT, data, first=4, count=4)
    assert (total, len(sheets)) == (6, 2)
    page = seen_on(sheets[0])
    assert page.size == (142, 200)
    assert page.getpixel((10, 190)) == (0, 0, 0), "the square at the foot of the page"
    assert page.getpixel((70, 100)) == (255, 255, 255)
    with pytest.raises(FileProblem, match="no such page"):
        pages_of(machine, Kind.DOCUMENT, data, first=6)


@pytest.mark.parametrize("text", ["أعمل في بيت عائلة", "עבודה בבית"])
def test_text_that_runs_to_the_left_begins_at_the_right(machine: Machine, text: str) -> None:
    page = seen_on(first_sheet(machine, Kind.TEXT, text.encode(), 1_600)).convert("L").point(ink)
    left, _, right, _ = page.getbbox() or (0, 0, 0, 0)
    assert right > 1_000
    assert left > 500


@pytest.mark.parametrize("text", ["ยห", "Пж", "حم", "אב"])
def test_letters_of_other_scripts_are_no_boxes(machine: Machine, text: str) -> None:
    # A letter that no font has is the same box each time.
    drawn = [
        first_sheet(machine, Kind.TEXT, f"{letter * 6}".encode(), 1_600).png() for letter in text
    ]
    assert drawn[0] != drawn[1]


def test_signs_that_a_scripts_font_lacks_are_no_boxes(machine: Machine) -> None:
    drawn = [first_sheet(machine, Kind.TEXT, f"ก{sign}".encode(), 1_600).png() for sign in ".,"]
    assert drawn[0] != drawn[1], "a Thai font has neither"


def test_a_long_text_has_pages(machine: Machine) -> None:
    total, sheets = pages_of(machine, Kind.TEXT, b"a line\n" * 100, first=1, count=4)
    assert total == 4
    assert len(sheets) == 3


@pytest.mark.parametrize("kind", [Kind.PICTURE, Kind.DOCUMENT, Kind.TEXT])
@pytest.mark.parametrize("data", [b"\0\1\2", b"\x7fELF\0\0\0", b"PK\3\4\0\0"])
def test_what_is_something_else_is_said_to_be(machine: Machine, kind: Kind, data: bytes) -> None:
    with pytest.raises(FileProblem, match="not what its name says"):
        pages_of(machine, kind, data)


def test_a_broken_picture_costs_a_sentence(machine: Machine) -> None:
    with pytest.raises(FileProblem, match="could not be shown"):
        pages_of(machine, Kind.PICTURE, samples.picture()[:2000])
    with pytest.raises(FileProblem, match="could not be shown"):
        pages_of(machine, Kind.DOCUMENT, samples.pdf("a")[:300])


@pytest.mark.parametrize("text", ["São Paulo 555", "أعمل في بيت", "人口贩运", "หนังสือเดินทาง"])
def test_the_text_of_a_file_is_read(machine: Machine, text: str) -> None:
    assert words_of(machine, Kind.DOCUMENT, samples.pdf("first", text)).split("\n")[1] == text
    assert words_of(machine, Kind.OFFICE, samples.docx("first", text)).strip().split("\n") == [
        "first",
        text,
    ]
    assert words_of(machine, Kind.TEXT, text.encode("utf-16")) == text


def test_an_office_file_is_converted_and_drawn_inside_the_sandbox(tmp_path: Path) -> None:
    ours = stand_in(
        tmp_path, "assert Path(sys.argv[-1]).read_bytes()[:2] == b'PK', 'the file is there'"
    )
    total, sheets = pages_of(ours, Kind.OFFICE, samples.docx("x"), count=4)
    assert total == len(sheets) == 1
    assert seen_on(sheets[0]).getpixel((10, 190)) == (0, 0, 0)


@pytest.mark.parametrize("number", ["", "-1"], ids=["one picture", "several"])
def test_a_phones_picture_is_converted_and_drawn_inside_the_sandbox(
    tmp_path: Path, number: str
) -> None:
    jpeg = samples.picture()
    ours = stand_in(
        tmp_path,
        "assert Path(sys.argv[-2]).read_bytes()[4:8] == b'ftyp', 'the file is there'\n"
        "made = Path(sys.argv[-1])\n"
        f"made.with_name(made.stem + {number!r} + '.jpg').write_bytes({jpeg!r})",
        kind=Kind.PHONE_PICTURE,
    )
    heic = (PHONES / "phone.heic").read_bytes()
    total, sheets = pages_of(ours, Kind.PHONE_PICTURE, heic)
    assert total == 1
    assert seen_on(sheets[0]) == seen_on(first_sheet(ours, Kind.PICTURE, jpeg, sheets[0].width))
    with pytest.raises(FileProblem, match="not what its name says"):
        pages_of(ours, Kind.PHONE_PICTURE, samples.pdf("x"))


@pytest.mark.parametrize(("name", "size"), [("phone.heic", (64, 48)), ("tiles.heic", (160, 120))])
def test_what_phones_write_is_drawn_by_what_debian_has(
    machine: Machine, name: str, size: tuple[int, int]
) -> None:
    program = needed("heif-dec", "heif-convert")
    ours = Machine(machine.bwrap, seccomp=True, converters={Kind.PHONE_PICTURE: program})
    drawn = first_sheet(ours, Kind.PHONE_PICTURE, (PHONES / name).read_bytes())
    assert (drawn.width, drawn.height) == size
    assert len(seen_on(drawn).getcolors(size[0] * size[1]) or ()) > 1, "not a blank"


FRAME = "sys.stdout.buffer.write(b'P6 64 48 255\\n' + b'\\x20\\x40\\x80' * 64 * 48)"
FILM = (
    "told = '  Duration: 00:00:08.00, start\\n  Stream #0: Video: h264, yuv420p, 64x48, 25\\n'\n"
    f"{FRAME} if '-frames:v' in sys.argv else sys.stderr.write(told)\n"
    "sys.exit(0 if '-frames:v' in sys.argv else 1)"
)


def test_a_film_is_frames_spread_over_its_time(tmp_path: Path) -> None:
    ours = stand_in(tmp_path, FILM, kind=Kind.FILM)
    total, sheets = pages_of(ours, Kind.FILM, b"film", first=11)
    assert total == 12
    assert seen_on(sheets[0]).getpixel((5, 5)) == (0x20, 0x40, 0x80)
    assert sheets[0].original == (64, 48)


def test_a_recording_is_its_loudness_over_time(tmp_path: Path) -> None:
    # Two seconds of silence, then two of noise.
    loud = "sys.stdout.buffer.write(bytes(16000) + b'\\xff\\x7f\\x01\\x80' * 4000)\nsys.exit(0)"
    ours = stand_in(tmp_path, loud, kind=Kind.SOUND)
    image = seen_on(first_sheet(ours, Kind.SOUND, samples.sound(), 1_600)).convert("L").point(ink)
    heights = [(image.crop((x, 0, x + 1, 300)).getbbox() or (0, 0, 0, 0))[3] for x in (400, 1_200)]
    assert heights[0] < 170
    assert heights[1] > 280


def test_only_what_has_a_preview_and_a_bearable_size_is_tried() -> None:
    assert kind_of("image/jpeg", "a", 5_000_000) is Kind.PICTURE
    assert kind_of("image/heic", "IMG_0001.HEIC", 500) is Kind.PHONE_PICTURE
    assert kind_of("image/avif", "a", 500) is Kind.PHONE_PICTURE
    assert kind_of("", "IMG_0001.HEIC", 500) is Kind.PHONE_PICTURE
    assert kind_of("image/svg+xml", "a.svg", 500) is None
    assert kind_of("application/pdf", "a", 500) is Kind.DOCUMENT
    assert kind_of("application/octet-stream", "a.DOCX", 500) is Kind.OFFICE
    assert kind_of("application/zip", "a.docx", 500) is None
    assert kind_of("image/jpeg", "a", 2 * 1024**3) is None
