"""A file that is in a list of hashes is opened by nothing; its case is marked, and says why."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from app.cli.console.console_commands import app
from app.console.errors import ConsoleError, ListedFile
from app.console.feature import bring_tables
from app.console.features.abuse_material import hash_matching, list_files
from app.console.features.all_features import FEATURES
from app.console.previews.picture_reading import PictureReader
from app.console.vault import Vault
from app.console.vault.attachments import decrypted_files, files, hash_lists, previews
from app.console.vault.attachments.files import File
from app.console.vault.attachments.previews import Form
from app.console.vault.custody import export_marks
from app.console.vault.database.schema import files as table
from tests.console.browser import opened
from tests.console.evidence.exports import FILES, a_case, made, made_names
from tests.console.features.abuse_material.test_never_export import section
from tests.console.previews.test_picture_reading import SENT
from tests.console.previews.test_picture_reading import send as send_pictures
from tests.console.previews.test_reading import _console, _walled
from tests.console.running_desk import both_have_a_case, pass_on
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio

LISTED = FILES[0].data


def of_case(vault: Vault, case: str) -> list[File]:
    with vault.read() as tx:
        return files.of_case(tx, case)


def a_list(folder: Path, *data: bytes, by: str = "sha1") -> Path:
    path = folder / "police.txt"
    path.write_text("".join(hashlib.new(by, one).hexdigest() + "\n" for one in data))
    return path


def put_in(vault: Vault, path: Path, now: int) -> hash_matching.Added:
    bring_tables(vault, FEATURES)
    return hash_matching.add(vault, path.stem, list_files.read(path, ()), now)


@pytest.mark.parametrize("by", ["md5", "sha1", "sha256"])
async def test_what_is_in_a_list_is_decrypted_for_nobody_and_its_case_stays(
    line: Line, ana: Vault, tmp_path: Path, by: str
) -> None:
    case = await a_case(line, ana)
    added = put_in(ana, a_list(tmp_path, LISTED, b"another", by=by), line.now)
    assert (added.hashes, added.cases) == (2, (case,))
    first, second, *_ = of_case(ana, case)
    with pytest.raises(ListedFile, match="in the list “police”"):
        list(decrypted_files.plain(ana, first))
    assert b"".join(decrypted_files.plain(ana, second)) == FILES[1].data
    with ana.read() as tx, pytest.raises(ConsoleError, match="nothing of it leaves"):
        export_marks.check_case(tx, case)
    with pytest.raises(ConsoleError, match="nothing of it leaves"):
        made(ana, case, tmp_path / "never")
    assert made_names(tmp_path) == []


async def test_what_comes_later_is_refused_before_it_was_compared_and_marked_by_the_sync(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    put_in(ana, a_list(tmp_path, LISTED), line.now)
    case = await a_case(line, ana)
    assert of_case(ana, case)[0].listed == "police", "the sync has compared it"
    assert hash_matching.compare(ana, line.now) == 0
    with ana.write() as tx:
        # As it was between its coming and that.
        tx.execute(update(table).values(md5=None, sha1=None, compared=0, listed=""))
    first, second, *_ = of_case(ana, case)
    with pytest.raises(ListedFile):
        list(decrypted_files.plain(ana, first))
    assert b"".join(decrypted_files.plain(ana, second)) == FILES[1].data
    with ana.read() as tx, pytest.raises(ConsoleError, match="nothing of it leaves"):
        export_marks.check_case(tx, case)


async def test_a_picture_that_was_shown_before_is_forgotten(line: Line, tmp_path: Path) -> None:
    cases = await send_pictures(line, "room")
    console = _console(line, _walled())
    vault, reader = console.vault, PictureReader(console)
    assert await reader.look_on() == 1
    file = of_case(vault, cases["room"])[0]

    def looked() -> previews.SheetOutcome | None:
        with vault.read() as tx:
            return previews.find(tx, file, Form.LIKENESS, 0)

    before = looked()
    assert before is not None
    assert before.png
    put_in(vault, a_list(tmp_path, SENT["room"].data), line.now)
    assert looked() is None
    await PictureReader(console).look_on()
    after = looked()
    assert after is not None
    assert (after.png, "in the list" in (after.problem or "")) == (None, True)
    hash_matching.remove(vault, "police", line.now)
    assert looked() is None, "it is looked at again"
    await console.lock()


async def test_a_colleagues_console_honours_the_mark_without_the_list(
    line: Line, ana: Vault, ben: Vault, tmp_path: Path
) -> None:
    case = await both_have_a_case(line, ana, ben)
    await line.send("more", files=(FILES[0],))
    await line.sync(ana)
    await line.sync(ben)
    added = put_in(ana, a_list(tmp_path, LISTED), line.now)
    assert added.cases
    assert case not in added.cases
    await pass_on(line, ana, ben)
    with ben.read() as tx, pytest.raises(ConsoleError, match="nothing of it leaves"):
        export_marks.check_case(tx, added.cases[0])


async def test_where_nobody_may_mark_for_the_team_the_case_stays_all_the_same(
    line: Line, ana: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await a_case(line, ana)

    def refuse(*_: object) -> None:
        raise ConsoleError("This console reads for no team of this case.")

    with monkeypatch.context() as patched:
        patched.setattr(hash_matching.casework, "act", refuse)
        put_in(ana, a_list(tmp_path, LISTED), line.now)
    with ana.read() as tx, pytest.raises(ConsoleError, match="nothing of it leaves"):
        export_marks.check_case(tx, case)
    hash_matching.compare(ana, line.now)
    hash_matching.remove(ana, "police", line.now)
    with ana.read() as tx, pytest.raises(ConsoleError, match="nothing of it leaves"):
        export_marks.check_case(tx, case)


async def test_by_command_it_is_added_listed_encrypted_told_and_removed(
    line: Line, tmp_path: Path
) -> None:
    with line.vault() as vault:
        case = await a_case(line, vault)
        number = of_case(vault, case)[0].id
        folder = vault.folder
    secret = tmp_path / "passphrase.txt"
    secret.write_text(PASSPHRASE.reveal().decode() + "\n")
    run = CliRunner()
    path = a_list(tmp_path, LISTED, *(f"{n}".encode() for n in range(2_000)))

    def command(*words: str) -> tuple[int, str]:
        done = run.invoke(app, ["hashlist", *words, "--passphrase-file", str(secret)])
        return done.exit_code, done.output

    code, said = command("add", str(folder), str(path), "--name", "Police 2026")
    assert code == 1, said
    assert "2,001 hashes (2,001 SHA-1)" in said
    assert "Files that are here are in it" in said
    code, said = command("add", str(folder), str(path), "--name", "Police 2026")
    assert (code, "Remove it first" in said) == (2, True)
    code, said = command("list", str(folder), "--json")
    (row,) = json.loads(said)["lists"]
    assert (row["name"], row["hashes"]) == ("Police 2026", 2_001)
    assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha1(LISTED, usedforsecurity=False).digest()
    for one in folder.rglob("*"):
        if one.is_file():
            assert digest not in one.read_bytes()
            assert digest.hex().encode() not in one.read_bytes()

    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        assert "it is in the list “Police 2026”" in page
        assert f"/files/{number}/preview" not in page
        assert "found a file in the list “Police 2026”" in page
        assert "marked the case “never export”" in page
        assert "In the list “Police 2026”" in await section(browser, case)
        for address in (f"/files/{number}", f"/files/{number}?blurred=true"):
            sheet = await browser.get(address)
            assert "it is in the list “Police 2026”" in sheet.text
            assert "/child-abuse-material" in sheet.text
            assert "/save" not in sheet.text
        assert (await browser.get(f"/files/{number}/preview")).status_code == 400
        assert (await browser.post(f"/files/{number}/save")).status_code == 400
        assert (await browser.post(f"/files/{number}/flat")).status_code == 400
        assert "Police 2026" in (await browser.get("/child-abuse-material")).text

    assert command("remove", str(folder), "Police 2025")[0] == 2
    code, said = command("remove", str(folder), "Police 2026")
    assert (code, "Marks “never export” stay" in said) == (0, True)
    with line.vault() as vault:
        first = of_case(vault, case)[0]
        assert b"".join(decrypted_files.plain(vault, first)) == LISTED
        with vault.read() as tx:
            assert hash_lists.every(tx) == []
            with pytest.raises(ConsoleError, match="nothing of it leaves"):
                export_marks.check_case(tx, case)
