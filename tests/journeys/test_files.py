"""Files as people send them: clean unless they choose otherwise, from anywhere, with a pause."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect

from app.console.vault import Vault
from app.console.vault.attachments import decrypted_files, files
from app.console.vault.attachments.files import File, FileState
from tests.journeys import interception, reporter
from tests.journeys.line import RunningLine
from tests.journeys.pictures import CAMERA, photograph
from tests.onion.process import until
from tests.reporter.pdfs import pdf, same, simple


def _arrived(line: RunningLine, count: int) -> list[tuple[File, bytes]]:
    """Sync until the files are there; return what the console knows of each, and its bytes."""

    def look() -> list[tuple[File, bytes]] | None:
        line.sync("ana")
        with Vault.open(line.world.vault("ana"), line.world.passphrase) as vault:
            with vault.read() as tx:
                folder = [f for row in range(1, 9) if (f := files.find(tx, row)) is not None]
            here = [file for file in folder if file.state == FileState.HERE]
            if len(here) != count:
                return None
            return [(file, b"".join(decrypted_files.plain(vault, file))) for file in here]

    return until(reporter.SLOW / 1_000, "the files did not arrive", look)


def _contract() -> bytes:
    objects = simple("You work until it is paid.") | {8: b"<</Author(Distinctive Author)>>"}
    return pdf(objects, b"/Root 1 0 R/Info 8 0 R")


def _to_files(page: Page, line: RunningLine) -> None:
    reporter.begin(page, line.url)
    reporter.press(page, "text", "files")
    reporter.screen(page, "files")


def test_a_photo_chosen_without_a_network_is_looked_into_before_it_goes(
    browser: Browser, shared_line: RunningLine, tmp_path: Path
) -> None:
    photograph(tmp_path / "IMG_20310506_home.jpg", width=600, height=400)
    page = browser.new_page()
    interception.from_the_start(page)
    _to_files(page, shared_line)
    page.route("**/assets/clean.js*", lambda route: route.abort())
    page.locator("[data-choose]").set_input_files(tmp_path / "IMG_20310506_home.jpg")
    row = page.locator("[data-files] > li")
    expect(row).to_contain_text("We cannot be reached now.", timeout=reporter.SLOW)
    expect(row).not_to_contain_text("It goes as it is")
    reporter.press(page, "files", "next")
    problem = reporter.screen(page, "files").locator("[data-problem]")
    expect(problem).to_contain_text("We cannot be reached now.", timeout=reporter.SLOW)
    page.unroute("**/assets/clean.js*")
    row.locator('[data-action="look-again"]').click()
    expect(row.locator('[value="clean"]')).to_be_checked(timeout=reporter.SLOW)
    expect(row).to_contain_text(f"Phone or camera: {CAMERA}")
    expect(problem).to_have_text("")
    page.close()


def test_a_photo_goes_clean_and_the_original_only_if_chosen(
    browser: Browser, line: RunningLine, tmp_path: Path
) -> None:
    line.open_desks()
    photo = photograph(tmp_path / "IMG_20310506_home.jpg", width=600, height=400)
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7 a letter")
    (tmp_path / "contract by me.pdf").write_bytes(_contract())
    page = browser.new_page()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url.removeprefix(line.url)))
    _to_files(page, line)
    assert "/assets/clean.js" not in loaded, "who adds no file does not load it"
    pictures = [tmp_path / "IMG_20310506_home.jpg"] * 2
    page.locator("[data-choose]").set_input_files(pictures)
    reporter.looked_into(page, 2)
    assert "/assets/clean.js" in loaded
    assert not {"/assets/pdf.js", "/assets/office.js"} & set(loaded), "nor what cleans papers"
    papers = [tmp_path / "letter.pdf", tmp_path / "contract by me.pdf"]
    page.locator("[data-choose]").set_input_files(papers)
    reporter.looked_into(page, 4)
    rows = page.locator("[data-files] > li")
    expect(rows.nth(0)).to_contain_text(f"Phone or camera: {CAMERA}")
    expect(rows.nth(0).locator('[value="clean"]')).to_be_checked()
    expect(rows.nth(2)).to_contain_text("We cannot clean this PDF.")
    expect(rows.nth(3)).to_contain_text("Name in it: Distinctive Author")
    expect(rows.nth(3)).to_contain_text("Writers’ names and dates are taken out")
    rows.nth(1).locator('[value="original"]').check()
    reporter.press(page, "files", "next")
    reporter.press(page, "text", "send-now")
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "look")
    expect(reporter.screen(page, "review")).to_contain_text("Clean copy")
    reporter.press(page, "review", "send")
    reporter.receipt(page)
    page.close()

    (clean, clean_bytes), (original, original_bytes), (letter, _), (contract, paper) = _arrived(
        line, 4
    )
    chosen = (clean.metadata, original.metadata, letter.metadata, contract.metadata)
    assert chosen == ("clean", "original", "original", "clean")
    assert contract.name == "file.pdf"
    assert b"Distinctive" not in paper
    assert same(_contract(), paper)
    assert (clean.name, original.name) == ("file.jpg", "IMG_20310506_home.jpg")
    assert original_bytes == photo, "byte for byte"
    assert CAMERA.encode() not in clean_bytes
    before, after = (Image.open(BytesIO(data)).convert("RGB") for data in (photo, clean_bytes))
    assert ImageChops.difference(before, after).getbbox() is None


def test_dropped_files_are_taken_and_do_not_open_in_place_of_the_page(
    browser: Browser, shared_line: RunningLine, tmp_path: Path
) -> None:
    data = base64.b64encode(photograph(tmp_path / "p.jpg", width=60, height=40)).decode()
    page = browser.new_page()
    _to_files(page, shared_line)
    dropped = page.evaluate(
        """(data) => {
          const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], 'dropped.jpg', {type: 'image/jpeg'}));
          const how = {dataTransfer: transfer, bubbles: true, cancelable: true};
          const drop = new DragEvent('drop', how);
          document.querySelector('section[data-step="files"] h1').dispatchEvent(drop);
          return drop.defaultPrevented;
        }""",
        data,
    )  # fmt: skip
    assert dropped
    reporter.looked_into(page, 1)
    expect(page.locator("[data-files]")).to_contain_text("dropped.jpg")
    page.close()


def test_the_camera_is_asked_for_where_the_phone_has_one(
    browser: Browser, shared_line: RunningLine
) -> None:
    page = browser.new_page()
    page.goto(f"{shared_line.url}/en/")
    camera = page.locator("[data-camera]")
    expect(camera).to_have_attribute("capture", "environment")
    expect(camera).to_have_attribute("accept", "image/*")
    page.close()


def test_an_upload_can_be_paused_and_goes_on_where_it_was(
    browser: Browser, shared_line: RunningLine, tmp_path: Path
) -> None:
    photo = photograph(tmp_path / "photo.jpg")
    page = browser.new_page()
    interception.from_the_start(page)
    reporter.begin(page, shared_line.url)
    reporter.write(page, ["support"], "With a pause.", [tmp_path / "photo.jpg"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    held = []
    page.route(
        "**/api/v1/chunks/*",
        lambda route: route.continue_() if sent.count("PUT") < 5 else held.append(route),
    )
    reporter.press(page, "review", "send")
    expect(page.locator("[data-sending-detail]")).to_contain_text("of 3", timeout=reporter.SLOW)
    while len(held) < 3:
        page.wait_for_timeout(50)
    reporter.press(page, "sending", "pause")
    expect(reporter.screen(page, "sending")).to_contain_text("Paused.")
    page.unroute("**/api/v1/chunks/*")
    before = sent.count("PUT")
    reporter.screen(page, "sending").get_by_role("button", name="Go on").click()
    reporter.receipt(page)
    chunks = -(-(len(photo) + 8) // 262_128)
    assert sent.count("PUT") - before < chunks, "what had arrived is not sent again"
    page.close()
