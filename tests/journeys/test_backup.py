"""A backup and a move in a browser: what is on the stick is whole, and another takes over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.console import web_application
from app.console.vault import Vault
from app.console.vault.copies import archive
from tests.console.pages.backup.stick import Stick, put_in
from tests.console.running_line import PASSPHRASE
from tests.journeys.axe import violations
from tests.journeys.console_world import World, world

SLOW = 120_000


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stick]:
    with put_in(tmp_path_factory.mktemp("stick")) as one:
        yield one


@pytest.fixture(scope="module")
def desk(stick: Stick, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(web_application, "Disks", lambda: stick.disks)
        with world(tmp_path_factory.mktemp("world"), past=False) as made:
            yield made


def test_a_backup_then_a_move(browser: Browser, desk: World, stick: Stick, tmp_path: Path) -> None:
    page = browser.new_page()
    page.set_default_timeout(SLOW)
    page.goto(desk.login)
    page.goto(f"{desk.home}/machine")
    page.get_by_role("link", name="Make a backup").click()
    assert violations(page) == []
    page.get_by_label("Passphrase").fill(PASSPHRASE.reveal().decode())
    page.get_by_role("button", name="Make the backup").click()
    # Nobody loads the page again: its script says when it is done.
    expect(page.locator(".notice-good")).to_contain_text("it is whole", timeout=SLOW)
    assert violations(page) == []
    (first,) = stick.names()
    page.get_by_label("Download it with the browser").check()
    page.get_by_label("Passphrase").fill(PASSPHRASE.reveal().decode())
    page.get_by_role("button", name="Make the backup").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download it (").click(timeout=SLOW)
    archive.restore(Path(saved.value.path()), tmp_path / "downloaded")
    assert stick.names() == [first]
    page.keyboard.press("Shift+L")
    page.get_by_role("link", name="Move to another computer").click()
    page.wait_for_load_state()  # unstyled, it is as wide as its longest word
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    page.get_by_label("Passphrase").fill(PASSPHRASE.reveal().decode())
    page.get_by_role("button", name="Move it, and end it here").click()
    expect(page.locator(".notice-good")).to_contain_text("it is whole", timeout=SLOW)
    assert violations(page) == []
    page.goto(f"{desk.home}/unlock")
    page.get_by_label("Passphrase").fill(PASSPHRASE.reveal().decode())
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("#wrong")).to_contain_text("moved to another computer")
    (moved,) = set(stick.names()) - {first}
    archive.restore(stick.folder / moved, tmp_path / "there")
    Vault.open(tmp_path / "there", PASSPHRASE).close()
    page.close()
