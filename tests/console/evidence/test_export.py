"""An export of a case: whole, checkable with Python alone, and telling what was done to it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.agency import ceremonies
from app.cli.entry import build
from app.console.errors import ConsoleError
from app.console.evidence import bundle, case_document, export_writer, rendering
from app.console.evidence.checking import check_export
from app.console.evidence.redaction import MARK, Redaction
from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.vault.custody import audit_log
from app.console.web.case_views import case_name
from app.console.web.reader_languages import Languages
from app.protocol.line import Line as LineFile
from tests.console.browser import Browser, opened
from tests.console.evidence.exports import (
    FILES,
    NAMES,
    a_case,
    made,
    made_names,
    verified,
    words_of,
)
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio


async def test_an_export_says_answers_in_the_case_data_standard(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    out = made(ana, await a_case(line, ana), tmp_path / "out")
    document = json.loads((out / "messages.json").read_text())
    answers = {one["id"]: one["standard"] for one in document["answers"]}
    assert answers["signs"] == [
        {
            "name": "HTCDS 2.0",
            "field": "MethodsOfControl",
            "value": "DebtBondage",
            "confirmed": True,
        }
    ]
    assert answers["where"] == []
    assert list(answers) == ["danger_now", "where", "signs"], "in the order in which they are asked"
    assert document["messages"][0]["answers"] == document["answers"]


async def test_an_export_by_a_console_that_had_left_says_so(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    case = await a_case(line, ana)
    ceremonies.revoke(line.folder / "agency", "ana", "former", today=line.today)
    line.publish()
    await line.turn()
    await line.sync(ana)
    folder = made(ana, case, tmp_path / "late")
    agency = LineFile.parse(line.line_file.read_bytes())
    (found,) = check_export(folder, agency).found
    assert found == f"signature: by a console that left the hotline on {line.today}"
    code, said = verified(folder, line.line_file)
    assert (code, found in said) == (1, True)


async def test_a_copy_has_nothing_left_of_what_was_taken_out(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    case = await a_case(line, ana)
    reason = "For the shelter; Yusuf Aydin is not named"
    keeps = Redaction(reason, phrases=("Yusuf Aydin",))
    with pytest.raises(ConsoleError, match="Leave that file out"):
        made(ana, case, tmp_path / "never", keeps)
    with pytest.raises(ConsoleError, match="public directory"):
        made(ana, case, tmp_path / "never", Redaction("why", phrases=("ana",)))
    with pytest.raises(ConsoleError, match="no file 9"):
        made(ana, case, tmp_path / "never", Redaction("why", files=frozenset((9,))))
    with pytest.raises(ConsoleError, match="Say why"):
        Redaction("  ")
    assert made_names(tmp_path) == []
    with ana.read() as tx:
        assert "copied" not in [one.what for one in audit_log.of_case(tx, case)]

    taking_out = Redaction(
        reason,
        files=frozenset((1, 2, 3, 4, 5)),
        answers=frozenset(("danger_now",)),
        phrases=("yusuf aydin", "KAR\u00c1\u00d1 Mill", "447700900123", "passwd"),
    )
    copy = made(ana, case, tmp_path / "copy", taking_out)
    assert verified(copy)[0] == 0
    known = trusted_line.load(ana)
    zipped = b"".join(
        export_writer.to_zip(bundle.prepare(ana, known, case, case_name(case), 1, taking_out))
    )
    with zipfile.ZipFile(io.BytesIO(zipped)) as opened_zip:
        assert opened_zip.testzip() is None
        inside = b"".join(opened_zip.read(name) for name in opened_zip.namelist())
    raw = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    hashes = [hashlib.sha256(one.data).hexdigest().encode() for one in FILES]
    with zipfile.ZipFile(io.BytesIO(zipped)) as opened_zip:
        names = "\n".join(opened_zip.namelist()).encode()
    for data in (raw, names, inside):
        low = words_of(data)
        for gone in ("yusuf", "aydin", "mill", "7700", "900 123", "passwd", "bashrc"):
            assert gone not in low, gone
        assert case.encode() not in data
        assert not any(one in data for one in hashes), "a hash would tell a known file"
    document = json.loads((copy / "messages.json").read_text())
    assert document["messages"][1]["text"] == f"{MARK} took our papers. Call {MARK}."
    assert {"mid", "original"} & document["messages"][1].keys() == set()
    assert [one["answer"] for one in document["answers"]].count(MARK) == 1
    assert not any(one["standard"] for one in document["answers"]), "it would tell what was said"
    assert "This is a copy" in (copy / "reader.html").read_text()
    with ana.read() as tx:
        told = audit_log.of_case(tx, case)[0]
    assert (told.what, told.detail["reason"], told.detail["phrases"]) == ("copied", reason, 4)

    whole = made(ana, case, tmp_path / "less", Redaction("why", messages=frozenset((1,))))
    less = b"".join(path.read_bytes() for path in whole.rglob("*") if path.is_file())
    assert b"gpj.exe" not in less
    assert "mill" not in words_of(less), (
        "what was answered in it is gone from the case's answers, too"
    )
    assert list((whole / "files").glob("*") if (whole / "files").exists() else ()) == []


@pytest.mark.parametrize("name", [*NAMES, "", "a" * 500 + ".jpg", "x.exe. ", "\x00", "-rf"])
def test_names_are_safe_anywhere(name: str) -> None:
    path = case_document.file_path(1, name)
    assert export_writer._checked(path) == path
    assert ".." not in path
    assert not path.endswith(".exe")
    assert path.endswith(".jpg") == name.endswith(".jpg")


async def in_arabic(browser: Browser, case: str, folder: Path) -> None:
    """Look at an export that is read in Arabic: English beside it, and none of it in JSON."""
    answer = await browser.post(f"/cases/{case}/export", language="ar")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as got:
        got.extractall(folder)
    out = folder / f"case-{case_name(case)}"
    assert verified(out)[0] == 0
    reader = (out / "reader.html").read_text()
    assert '<html lang="ar" dir="rtl">' in reader
    for said, source in (
        ("من المبلِّغ", "From the reporter"),
        ("في خطر الآن", "In danger now"),
        ("عمل لسداد دَين لا ينتهي", "Working to pay a debt that never ends"),
        ("تصدير القضية بلا تشفير", "exported the case, decrypted"),
    ):
        assert f'{said}<span class="beside" lang="en" dir="ltr">{source}</span>' in reader
    certificate = (out / "certificate.html").read_text()
    assert "الخط الساخن" in certificate
    assert "I declare under penalty of perjury" in certificate
    assert certificate.count('class="gap"') == 6, "to be filled in once, not in both languages"
    for name in ("README.txt", "messages.txt"):
        text = (out / name).read_text()
        assert "القضية" in text
        assert "export of " in text
    # What programs read is as it was: no word of Arabic but what the reporter sent.
    for name in ("messages.json", "manifest.json", "custody.jsonl", "keys.json"):
        assert "القضية" not in (out / name).read_text()
    document = json.loads((out / "messages.json").read_text())
    assert document["answers"][0]["question"] == "In danger now"
    assert document["messages"][0]["kind"] == "report"
    nothing = await browser.post(f"/cases/{case}/export", language="xx")
    assert b'<html lang="en" dir="ltr">' in nothing.content, "none on offer: the page's own"


async def test_the_console_gives_a_zip_and_refuses_nonsense(line: Line, tmp_path: Path) -> None:
    with line.vault() as vault:
        case = await a_case(line, vault)
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.get(f"/cases/{case}")
        answer = await browser.post(f"/cases/{case}/export")
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as got:
            assert got.testzip() is None
            names = got.namelist()
        assert all(name.startswith(f"case-{case_name(case)}/") for name in names)
        assert f"case-{case_name(case)}/verify.py" in names
        await in_arabic(browser, case, tmp_path)
        path = f"/cases/{case}/copy"
        assert "made a copy" not in (await browser.get(f"/cases/{case}")).text
        assert "Say why" in (await browser.post(path, reason=" ")).text
        assert (await browser.post(path, reason="x", file="../1")).status_code == 400
        copied = await browser.post(path, reason="For a lawyer", file="1", phrases="papers\r\n")
        assert b"papers" not in copied.content
        assert "For a lawyer" in (await browser.get(f"/cases/{case}")).text
        assert (await browser.post("/cases/nobody/export")).status_code == 400
        browser.csrf = "wrong"
        assert "too old" in (await browser.post(f"/cases/{case}/export")).text


async def test_the_commands_export_copy_and_verify(line: Line, tmp_path: Path) -> None:
    with line.vault() as vault:
        case = await a_case(line, vault)
    (tmp_path / "secret").write_bytes(PASSPHRASE.reveal())
    (tmp_path / "redact.toml").write_text('reason = "For a lawyer"\nfiles = [1, 2]\n')
    given = ["--passphrase-file", str(tmp_path / "secret")]

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(build(words[0]), list(words))
        return done.exit_code, done.output

    vault_folder, name = str(line.folder_of("ana")), case_name(case)
    out, copy = str(tmp_path / "out"), str(tmp_path / "copy")
    command = ["console", "export", vault_folder, name, "--out"]
    assert run(*command, out, *given)[0] == 0
    assert "there already" in run(*command, out, *given)[1]
    assert run(*command, copy, "--redact", str(tmp_path / "redact.toml"), *given)[0] == 0
    (tmp_path / "redact.toml").write_text('reason = "x"\nmassages = [1]\n')
    assert "massages" in run(*command, copy, "--redact", str(tmp_path / "redact.toml"), *given)[1]
    assert run("console", "export", vault_folder, "no-such", "--out", copy, *given)[0] == 2
    code, said = run("verify-export", out, "--line", str(line.line_file))
    assert (code, "console “ana”" in said) == (0, True)
    assert "not checked" in run("verify-export", copy)[1]
    (Path(out) / "messages.txt").unlink()
    code, said = run("verify-export", out)
    assert (code, "missing: messages.txt" in said) == (1, True)


async def test_a_word_that_goes_does_not_stand_in_the_other_language(
    line: Line, ana: Vault
) -> None:
    case, known = await a_case(line, ana), trusted_line.load(ana)
    french = Languages().find("fr")
    assert french is not None
    said = {}
    for phrase in ("debt that never ends", "dette sans fin", "dette"):
        taking_out = Redaction("For a lawyer", phrases=(phrase,), language=french)
        content = bundle.preview(ana, known, case, case_name(case), 1, taking_out)
        page = rendering.as_page(content.document, french).decode()
        assert phrase not in page, phrase
        answers = {one["id"]: one["answer"] for one in content.document["answers"]}
        said[phrase] = answers["signs"]
    assert said["debt that never ends"] == f"Working to pay a {MARK}"
    assert said["dette"] == MARK, "where it stands in the English, nobody here can tell"
