"""Passphrase and recovery: changed or won back, never neither; no more than the agency allows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.agency import texts
from app.agency.errors import AgencyError
from app.cli.console.console_commands import app
from app.console.errors import ConsoleError, WeakPassphrase, WrongCode, WrongPassphrase
from app.console.pages.sheet_check import SheetCheck
from app.console.vault import Kdf, Vault, passphrase_opens, recovery, unlocking
from app.console.vault.installation import machine_log, owner
from app.console.vault.keys.header import Header
from app.console.vault.recovery import Policy
from app.console.vault.setup import init_vault
from app.protocol.directory import open_directory
from app.protocol.encoding import b64u
from app.protocol.receipt import read_code
from app.protocol.secrets import Secret
from tests.console.browser import Browser, opened
from tests.console.running_line import NOW, PASSPHRASE, Line
from tests.console.vault.test_vault import LINE

OLD, NEW = PASSPHRASE, Secret(b"lantern orchard copper seventy")
CODE, SHARES = Policy(1, 1, said=True), Policy(2, 3, said=True)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("made") / "vault"
    init_vault(where, LINE, "Ana", OLD, Kdf.SYNTHETIC)
    return where


@pytest.fixture
def folder(made_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_folder, tmp_path / "vault"))


def label(vault: Vault) -> str:
    with vault.read() as tx:
        return owner.load_owner(tx).label


def test_a_new_passphrase_takes_the_place_of_the_old(folder: Path) -> None:
    database = (folder / "vault.db").read_bytes()[4096:]
    with Vault.open(folder, OLD) as vault:
        unlocking.change_passphrase(vault, OLD, NEW, os.urandom)
        assert passphrase_opens(folder, NEW)
        assert not passphrase_opens(folder, OLD)
    with pytest.raises(WrongPassphrase):
        Vault.open(folder, OLD)
    with Vault.open(folder, NEW) as vault:
        assert label(vault) == "Ana"
    assert (folder / "vault.db").read_bytes()[4096:] == database, "it was encrypted anew"
    assert {one.name for one in folder.iterdir()} >= {"vault.json", "vault.db"}
    assert not list(folder.glob("vault.json.*"))


def test_nothing_changes_without_the_old_passphrase_or_for_a_weak_one(folder: Path) -> None:
    before = (folder / "vault.json").read_bytes()
    with Vault.open(folder, OLD) as vault:
        with pytest.raises(WrongPassphrase, match="Nothing was changed"):
            unlocking.change_passphrase(vault, NEW, NEW, os.urandom)
        with pytest.raises(WeakPassphrase):
            unlocking.change_passphrase(vault, OLD, Secret(b"short"), os.urandom)
        with pytest.raises(WrongPassphrase):
            recovery.make(vault, NEW, CODE, NOW, os.urandom)
        with pytest.raises(WrongPassphrase):
            recovery.end(vault, NEW, NOW)
    assert (folder / "vault.json").read_bytes() == before


def test_killed_at_any_line_one_of_the_two_passphrases_opens_it(folder: Path) -> None:
    """A child for each line that runs while the header is replaced, killed there."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.console.killed_between", str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert len(outcomes) > 30
    assert set(outcomes) == {"old", "new"}
    assert outcomes == sorted(outcomes, reverse=True), "it went back"


def test_the_old_header_is_overwritten_where_it_lay(folder: Path) -> None:
    path = folder / "vault.json"
    second_name = folder.parent / "watched"
    os.link(path, second_name)
    with Vault.open(folder, OLD) as vault:
        unlocking.change_passphrase(vault, OLD, NEW, os.urandom)
    assert set(second_name.read_bytes()) == {0}


def test_a_code_opens_it_once_and_gives_a_new_passphrase(folder: Path) -> None:
    with Vault.open(folder, OLD) as vault:
        (piece,) = recovery.make(vault, OLD, CODE, NOW, os.urandom)
        unlocking.change_passphrase(vault, OLD, Secret(b"something that gets lost"), os.urandom)
    typed = " - ".join(piece.words.upper().split())
    recovery.use(folder, [typed], NEW, NOW, os.urandom).close()
    with Vault.open(folder, NEW) as vault, vault.read() as tx:
        said = [one.what for one in machine_log.entries(tx)]
        assert [one.what for one in machine_log.unread(tx)] == [machine_log.RECOVERED]
    assert said == [machine_log.RECOVERED, machine_log.RECOVERY_MADE]
    with pytest.raises(WrongCode, match="has been used"):
        recovery.use(folder, [piece.words], OLD, NOW, os.urandom)


def test_a_new_code_ends_the_one_before_and_ending_it_ends_all(folder: Path) -> None:
    with Vault.open(folder, OLD) as vault:
        (first,) = recovery.make(vault, OLD, CODE, NOW, os.urandom)
        (second,) = recovery.make(vault, OLD, CODE, NOW, os.urandom)
    with pytest.raises(WrongCode, match="replaced since"):
        recovery.use(folder, [first.words], NEW, NOW, os.urandom)
    with Vault.open(folder, OLD) as vault:
        recovery.end(vault, OLD, NOW)
    with pytest.raises(WrongCode):
        recovery.use(folder, [second.words], NEW, NOW, os.urandom)
    Vault.open(folder, OLD).close()


@pytest.mark.parametrize("chosen", [(0, 1), (2, 0), (1, 2)])
def test_any_so_many_pieces_open_it(folder: Path, chosen: tuple[int, int]) -> None:
    with Vault.open(folder, OLD) as vault:
        pieces = recovery.make(vault, OLD, SHARES, NOW, os.urandom)
    given = [f"{pieces[i].number}. {pieces[i].words}" for i in chosen]
    with recovery.use(folder, given, NEW, NOW, os.urandom) as vault:
        assert label(vault) == "Ana"


def test_fewer_pieces_the_same_twice_or_another_vaults_open_nothing(folder: Path) -> None:
    with Vault.open(folder, OLD) as vault:
        earlier = recovery.make(vault, OLD, SHARES, NOW, os.urandom)
        pieces = recovery.make(vault, OLD, SHARES, NOW, os.urandom)
    one, two = (f"{piece.number} {piece.words}" for piece in pieces[:2])
    other = f"{earlier[1].number} {earlier[1].words}"
    for given, said in (
        ([one], "wants 2 different pieces; 1 were given"),
        ([one, one], "one and the same"),
        ([one, other], "does not open the case store"),
        ([one, two.replace("2 ", "3 ", 1)], "does not open the case store"),
        ([pieces[0].words, two], "does not begin with its number"),
        ([one, "2 " + " ".join(["abandon"] * 12)], "Piece 2"),
    ):
        with pytest.raises(WrongCode, match=said):
            recovery.use(folder, given, NEW, NOW, os.urandom)
    Vault.open(folder, OLD).close()


def test_a_piece_is_no_code_and_a_code_is_no_passphrase(folder: Path) -> None:
    with Vault.open(folder, OLD) as vault:
        (piece,) = recovery.make(vault, OLD, CODE, NOW, os.urandom)
    with pytest.raises(WrongPassphrase):
        Vault.open(folder, Secret(piece.words.encode()))
    (code,) = read_code(piece.words)
    header = (folder / "vault.json").read_text()
    assert not [form for form in (piece.words, b64u(code.reveal())) if form in header]


def test_the_header_is_bound_to_its_purpose() -> None:
    """What the passphrase wraps is not taken for what a recovery code wraps."""
    key = Secret(bytes(32))
    header = Header.new(Kdf.SYNTHETIC, OLD, key, os.urandom)
    assert header.key(OLD) == key
    assert header.key(NEW) is None


@pytest.mark.parametrize(
    ("said", "needed", "of"),
    [
        *((None, 1, 1), ("none", 0, 0), ("code", 1, 1), ("2 of 3", 2, 3), ("3 of 16", 3, 16)),
        *(("4 of 3", 0, 0), (7, 0, 0), ("1 of 3", 0, 0), ("2 of 17", 0, 0)),
    ],
)
def test_the_policy_is_the_directorys(made: Line, said: object, needed: int, of: int) -> None:
    directory = open_directory((made.folder / "directory.json").read_bytes(), made.line_id)
    params = directory.params | ({} if said is None else {"recovery": said})
    found = recovery.policy(replace(directory, params=params))
    assert (found.needed, found.of) == (needed, of)


def test_the_agency_decides_in_its_file() -> None:
    def parsed(line: str) -> str | None:
        text = texts.example().replace("[directory]", f"[directory]\n{line}", 1)
        return texts.parse(text).recovery

    assert parsed("") is None
    assert [parsed(f'recovery = "{one}"') for one in ("none", "code", "2 of 3")] == [
        *("none", "code", "2 of 3")
    ]
    for wrong in ('"3 of 2"', "3", '"1 of 2"', '"2 of 20"'):
        with pytest.raises(AgencyError, match="recovery must be"):
            parsed(f"recovery = {wrong}")


def test_where_the_agency_allows_none_none_is_made(folder: Path) -> None:
    with Vault.open(folder, OLD) as vault, pytest.raises(ConsoleError, match="allows no recovery"):
        recovery.make(vault, OLD, Policy(0, 0, said=True), NOW, os.urandom)


def test_at_a_terminal(still: Line, tmp_path: Path) -> None:
    run, folder = CliRunner(), str(still.folder_of("ana"))
    old, new, lost = tmp_path / "old", tmp_path / "new", tmp_path / "lost"
    old.write_bytes(OLD.reveal())
    new.write_bytes(NEW.reveal())
    made = run.invoke(app, ["recovery", "make", folder, "--passphrase-file", str(old)])
    assert made.exit_code == 0, made.output
    words = re.findall(r"\d+ ([a-z]+)", made.output)
    assert len(words) == 12
    options = ["--passphrase-file", str(old), "--new-passphrase-file", str(new)]
    done = run.invoke(app, ["passphrase", folder, *options])
    assert done.exit_code == 0, done.output
    assert "old one opens this case store no more" in done.output
    again = run.invoke(app, ["passphrase", folder, *options])
    assert (again.exit_code, "does not open" in again.output) == (2, True)
    lost.write_text(" ".join(words))
    options = ["--pieces-file", str(lost), "--new-passphrase-file", str(old)]
    used = run.invoke(app, ["recovery", "use", folder, *options])
    assert used.exit_code == 0, used.output
    still.vault("ana").close()


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    async with opened(still) as one:
        await one.sign_in()
        yield one


@pytest.mark.anyio
async def test_on_the_page(browser: Browser, still: Line) -> None:
    old, new = OLD.reveal().decode(), NEW.reveal().decode()
    wrong = await browser.post("/machine/passphrase", old=new, new=new, again=new)
    assert (wrong.status_code, "not the case store" in wrong.text) == (403, True)
    differs = await browser.post("/machine/passphrase", old=old, new=new, again=old)
    assert "differ" in differs.text
    assert old not in differs.text
    done = await browser.post("/machine/passphrase", old=old, new=new, again=new)
    assert done.headers["location"] == "/machine"
    sheet = await browser.post("/machine/recovery", passphrase=new)
    words = re.findall(r"<li>([a-z]+)</li>", sheet.text)
    assert (sheet.status_code, len(words)) == (200, 12)
    assert sheet.headers["cache-control"] == "no-store"
    page = (await browser.get("/machine")).text
    assert words[0] + "</li>" not in page
    assert "The passphrase was changed." in page
    assert "A recovery code was made." in page
    await browser.console.lock()
    folder = still.folder_of("ana")
    recovery.use(folder, [" ".join(words)], OLD, NOW, os.urandom).close()
    browser.console.unlock(OLD)
    await browser.sign_in()
    assert "opened by its recovery code" in (await browser.get("/machine")).text
    await browser.post("/machine/read")
    assert "I know of this" not in (await browser.get("/machine")).text


@pytest.mark.anyio
async def test_two_words_of_the_sheet_are_asked_back(browser: Browser, still: Line) -> None:
    check = "/machine/recovery/check"
    assert (await browser.get(check)).headers["location"] == "/machine", "nothing is asked yet"
    sheet = await browser.post("/machine/recovery", passphrase=OLD.reveal().decode())
    assert f'href="{check}"' in sheet.text
    words = re.findall(r"<li>([a-z]+)</li>", sheet.text)
    page = (await browser.get(check)).text
    fields = re.findall(r'name="(word-1-(\d+))"', page)
    assert len(fields) == 2
    assert not [word for word in words if f">{word}<" in page]
    right = {name: words[int(place) - 1] for name, place in fields}
    (first, _), (second, _) = fields
    wrong = await browser.post(check, **(right | {second: "abandonx"}))
    assert (wrong.status_code, "Look at the paper again" in wrong.text) == (400, True)
    assert "abandonx" not in wrong.text
    assert f'id="{first}"' in wrong.text
    done = await browser.post(check, **{name: f" {word.upper()} " for name, word in right.items()})
    assert done.headers["location"] == "/machine"
    assert "The words are on paper." in (await browser.get("/machine")).text
    assert (await browser.get(check)).headers["location"] == "/machine", "asked once"
    # A lock forgets what was asked.
    await browser.post("/machine/recovery", passphrase=OLD.reveal().decode())
    await browser.console.lock()
    browser.console.unlock(OLD)
    await browser.sign_in()
    assert (await browser.get(check)).headers["location"] == "/machine"


def test_of_several_sheets_one_word_of_each_is_asked(folder: Path) -> None:
    with Vault.open(folder, OLD) as vault:
        pieces = recovery.make(vault, OLD, Policy(2, 3, said=True), NOW, os.urandom)
    check = SheetCheck()
    check.begin(pieces, os.urandom)
    assert [one.piece for one in check.questions] == [1, 2, 3]
    for one, piece in zip(check.questions, pieces, strict=True):
        assert piece.words.split()[one.place - 1] == one.word
