"""Files on pages: sheet by sheet, blurred, larger; saved flat; told in the custody log."""

from __future__ import annotations

import hashlib
import io
import re

import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdfium2 import raw as pdfium_c

from app.client.parcel import Upload
from app.console.vault.attachments import files
from app.console.vault.custody import audit_log
from tests.console import samples
from tests.console.browser import opened
from tests.console.drawn import BARE
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio


async def _with_file(line: Line, name: str, type_: str, data: bytes) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("x", files=(Upload(name, type_, data),))
    with line.vault() as vault:
        await line.sync(vault)


async def test_a_pdf_is_shown_page_by_page_blurred_when_asked(line: Line) -> None:
    await _with_file(line, "contract.pdf", "application/pdf", samples.pdf("one", "two"))
    async with opened(line) as browser:
        await browser.sign_in()
        first = (await browser.get("/files/1")).text
        assert 'href="?sheet=2"' in first
        assert "of 2" in first
        last = (await browser.get("/files/1?sheet=2&blurred=true")).text
        assert 'href="?sheet=1&amp;blurred=true"' in last
        assert 'rel="next"' not in last
        (shown,) = re.findall(r'<img src="([^"]+)"', last)
        with Image.open(io.BytesIO((await browser.get(shown.replace("&amp;", "&"))).content)) as at:
            assert max(at.size) == 20
        with Image.open(
            io.BytesIO((await browser.get("/files/1/preview?zoomed=true")).content)
        ) as at:
            assert max(at.size) == 3_200
        beyond = (await browser.get("/files/1?sheet=3")).text
        assert "no such page" in beyond
        assert "Save the original" in beyond


async def test_a_file_says_how_it_is_looked_at_or_that_it_is_not(line: Line) -> None:
    await _with_file(line, "IMG_0001.HEIC", "image/heic", b"\0\0\0\x18ftypheic")
    await _with_file(line, "all.zip", "application/zip", b"PK\3\4")
    async with opened(line) as browser:
        await browser.sign_in()
        browser.console.viewing.machine = BARE
        with browser.console.vault.read() as tx:
            cases = [one.case for number in (1, 2) if (one := files.find(tx, number))]
        photo, archive = [(await browser.get(f"/cases/{case}")).text for case in cases]
        assert "Show picture" in photo
        assert "There is no preview of this file" not in photo
        assert "There is no preview of this file. Save it to open it elsewhere." in archive
        page = (await browser.get("/files/1")).text
        assert "the page “This computer” says what is missing" in page
        assert "libheif-examples" in (await browser.get("/machine")).text


async def test_a_flat_copy_has_nothing_but_pixels_and_the_log_tells_of_it(line: Line) -> None:
    original = samples.pdf("Example Lane", "أعمل في بيت")
    await _with_file(line, "../contract.pdf", "application/pdf", original)
    async with opened(line) as browser:
        await browser.sign_in()
        saved = await browser.post("/files/1/flat")
        assert saved.headers["content-disposition"].endswith("contract%20%28pixels%20only%29.pdf")
        copy = pdfium.PdfDocument(saved.content)
        assert len(copy) == 2
        for page in copy:
            kinds = {one.type for one in page.get_objects()}
            assert kinds == {pdfium_c.FPDF_PAGEOBJ_IMAGE}
            assert page.get_textpage().get_text_range() == ""
        pixels = copy[0].render(scale=0.25).to_pil().convert("RGB")
        corner = pixels.getpixel((4, pixels.height - 4))
        assert max(corner) < 40, "the square at the foot of the page is there"
        with browser.console.vault.read() as tx:
            found = files.find(tx, 1)
            assert found is not None
            case = found.case
            log = audit_log.of_case(tx, case)
        (told,) = [one for one in log if one.what == "flattened"]
        assert told.detail["copy_sha256"] == hashlib.sha256(saved.content).hexdigest()
        assert told.detail["sha256"] == hashlib.sha256(original).hexdigest()
        history = (await browser.get(f"/cases/{case}")).text
        assert "saved a flat copy" in history


async def test_a_flat_copy_of_a_picture_is_a_png_without_its_place(line: Line) -> None:
    exif = Image.Exif()
    exif[0x010E] = "14 Example Lane"
    data = samples.picture(size=(300, 200), exif=exif)
    await _with_file(line, "photo.jpg", "image/jpeg", data)
    async with opened(line) as browser:
        await browser.sign_in()
        copy = (await browser.post("/files/1/flat", sheet="1")).content
        assert b"Example" in data
        assert b"Example" not in copy
        with Image.open(io.BytesIO(copy)) as shown:
            assert (shown.format, shown.size, shown.info) == ("PNG", (300, 200), {})
