"""What is marked "never export" leaves by no way, for the whole team, until it is unmarked."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from app.console.errors import ConsoleError
from app.console.evidence import interpreting
from app.console.evidence.redaction import Redaction
from app.console.features.all_features import FEATURES
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.rules.never_export import NEVER_EXPORT, WHOLE_CASE
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.custody import export_marks
from app.console.vault.records import cases
from tests.console.browser import Browser, opened
from tests.console.evidence.exports import FILES, a_case, made, made_names
from tests.console.features.transfer.test_transfer import invite, made_other, other, sealed, told
from tests.console.left_out import needs
from tests.console.running_desk import both_have_a_case, do, pass_on
from tests.console.running_line import Line, read

__all__ = ["made_other", "other"]
pytestmark = pytest.mark.anyio


def tree_of(vault: Vault, case: str, place: int = 0) -> str:
    with vault.read() as tx:
        return files.of_case(tx, case)[place].tree


def mark(vault: Vault, case: str, value: str, now: int = 1_790_000_000) -> None:
    do(vault, now, changes.add(case, NEVER_EXPORT, value))


async def test_a_marked_file_is_in_no_export_and_copies_leave_it_out(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    case = await a_case(line, ana)
    mark(ana, case, tree_of(ana, case))
    first = FILES[0].data
    with pytest.raises(ConsoleError, match="Make a copy instead"):
        made(ana, case, tmp_path / "never")
    copy = made(ana, case, tmp_path / "copy", Redaction("For a lawyer"))
    written = [path for path in copy.rglob("*") if path.is_file()]
    assert not any(first in path.read_bytes() for path in written)
    assert any(FILES[1].data in path.read_bytes() for path in written)
    (report, *_) = json.loads((copy / "messages.json").read_text())["messages"]
    left_out, kept, *_ = report["files"]
    assert (left_out["path"], left_out["sha256"]) == (None, None)
    assert "never export" in left_out["problem"]
    assert kept["path"]


async def test_the_same_file_of_another_case_stays_here_too(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    case = await a_case(line, ana)
    await line.send("Seen elsewhere.", files=FILES[:1])
    await line.sync(ana)
    (other_case,) = {one.case for one in read(ana)} - {case}
    tree = tree_of(ana, case)
    assert tree_of(ana, other_case) == tree
    for value in (tree, WHOLE_CASE):
        mark(ana, other_case, value)
        with pytest.raises(ConsoleError, match="Make a copy instead"):
            made(ana, case, tmp_path / "never")
        copy = made(ana, case, tmp_path / f"copy-{value}", Redaction("For a lawyer"))
        written = [path.read_bytes() for path in copy.rglob("*") if path.is_file()]
        assert not any(FILES[0].data in one for one in written)
        assert any(FILES[1].data in one for one in written)
        with ana.read() as tx:
            first, second, *_ = files.of_case(tx, case)
            with pytest.raises(ConsoleError, match="another case that has the same file"):
                export_marks.check_file(tx, first)
            export_marks.check_file(tx, second)
            tags = cases.state(tx, other_case, "support").tags(NEVER_EXPORT, value)
        do(ana, line.now, changes.drop(other_case, NEVER_EXPORT, value, tags))
    made(ana, case, tmp_path / "whole")


async def test_of_a_marked_case_nothing_leaves(line: Line, ana: Vault, tmp_path: Path) -> None:
    case = await a_case(line, ana)
    mark(ana, case, WHOLE_CASE)
    for taking_out in (None, Redaction("For a lawyer")):
        with pytest.raises(ConsoleError, match="nothing of it leaves"):
            made(ana, case, tmp_path / "never", taking_out)
    asked = interpreting.InterpreterRequest(frozenset({1}), (), "an interpreter")
    with pytest.raises(ConsoleError, match="nothing of it leaves"):
        interpreting.copy(ana, trusted_line.load(ana), case, asked, line.now)
    assert made_names(tmp_path) == []


@needs("transfer")
async def test_a_transfer_leaves_a_marked_file_out_and_a_marked_case_does_not_go(
    line: Line, other: Line
) -> None:
    with line.vault() as ours, other.vault() as theirs:
        case = await told(line, ours)
        invitation = invite(theirs, line.now)
        whole = len(sealed(line, ours, case, invitation))
        mark(ours, case, tree_of(ours, case))
        assert len(sealed(line, ours, case, invitation)) <= whole
        mark(ours, case, WHOLE_CASE)
        with pytest.raises(ConsoleError, match="nothing of it leaves"):
            sealed(line, ours, case, invitation)


async def test_a_colleagues_mark_holds_here(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    mark(ben, case, WHOLE_CASE, line.now)
    await pass_on(line, ben, ana)
    with ana.read() as tx, pytest.raises(ConsoleError, match="nothing of it leaves"):
        export_marks.check_case(tx, case)


def shown(page: str) -> str:
    (found,) = re.findall(r'<(?:section|details)[^>]*id="never-export".*?</ul>', page, re.DOTALL)
    return str(found)


async def section(browser: Browser, case: str) -> str:
    return shown((await browser.get(f"/cases/{case}")).text)


async def test_a_file_is_marked_in_its_case_cannot_be_saved_and_the_mark_is_undone(
    line: Line,
) -> None:
    with line.vault() as vault:
        case = await a_case(line, vault)
        tree = tree_of(vault, case)
        with vault.read() as tx:
            number = files.of_case(tx, case)[0].id
    async with opened(line) as browser:
        await browser.sign_in()
        assert "Remove the mark" not in await section(browser, case)
        path = f"/cases/{case}/never-export"
        await browser.post(path, what=tree)
        assert (await section(browser, case)).count("Remove the mark") == 1
        assert "marked a file “never export”" in (await browser.get(f"/cases/{case}")).text
        for way in ("save", "flat"):
            refused = await browser.post(f"/files/{number}/{way}")
            assert refused.status_code == 400
            assert "marked “never export”" in refused.text
        refused = await browser.post(f"/cases/{case}/export")
        assert "Make a copy instead" in refused.text
        await browser.post("/undo")
        assert "Remove the mark" not in await section(browser, case)
        exported = await browser.post(f"/cases/{case}/export")
        assert zipfile.ZipFile(io.BytesIO(exported.content)).testzip() is None
        await browser.post(path, what=WHOLE_CASE)
        assert "nothing of it leaves" in (await browser.post(f"/cases/{case}/export")).text
        await browser.post(path, what=WHOLE_CASE, off="yes")
        assert (await browser.post(f"/files/{number}/save")).content == FILES[0].data
        for nonsense in ("", "0" * 64, "everything"):
            assert (await browser.post(path, what=nonsense)).status_code == 400
        browser.csrf = "wrong"
        assert "too old" in (await browser.post(path, what=WHOLE_CASE)).text


async def test_the_page_says_what_to_do_and_that_the_law_differs(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get("/child-abuse-material")).text
        for said in ("The law differs by country", "Do not copy it", "inhope.org", "999 or 101"):
            assert said in page
    assert "abuse_material" in [one.name for one in FEATURES]
