"""An export of a case: whole, checkable with Python alone, and telling what was done to it."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.agency import ceremonies
from app.cli.entry import build
from app.client.parcel import Upload
from app.console.errors import ConsoleError
from app.console.evidence import bundle, case_document, export_writer, rendering, verify
from app.console.evidence.checking import check_export
from app.console.evidence.redaction import MARK, Redaction
from app.console.line import trusted_line
from app.console.vault import Vault, audit_log
from app.console.web.reader_languages import Languages
from app.console.web.view_models import case_name
from app.protocol.encoding import json_bytes
from app.protocol.identities import InvestigatorIdentity, sign
from app.protocol.line import Line as LineFile
from app.protocol.signatures import TAG_EXPORT
from tests.console.browser import Browser, opened
from tests.console.running_line import PASSPHRASE, Line, read

pytestmark = pytest.mark.anyio

EVIL = "<script>alert('x')</script>\u2028</pre> \u202egpj.exe"
NAMES = (
    "../../../etc/passwd",
    "..\\..\\boot.exe",
    "C:\\CON",
    ".bashrc",
    "\u0635\u0648\u0631\u0629.jpg",
)
FILES = tuple(
    Upload(name, "image/jpeg", f"{place} Yusuf Aydin, plain".encode() * 900)
    for place, name in enumerate(NAMES)
)


async def a_case(line: Line, vault: Vault) -> str:
    await line.ready(vault)
    said = {
        "where": "Behind Kara\u0301n\u0303 mill",
        "danger_now": "yes",
        "signs": ["debt_bondage"],
    }
    reporter = await line.send(EVIL, files=FILES, answers=said)
    await line.send(
        "Yusuf  AYDIN took our papers. Call +44 7700-900 123.", reporter=reporter, kind="message"
    )
    await line.sync(vault)
    return read(vault)[0].case


def made(vault: Vault, case: str, out: Path, taking_out: Redaction | None = None) -> Path:
    known = trusted_line.load(vault)
    export_writer.to_folder(
        bundle.prepare(vault, known, case, case_name(case), 1_790_000_000, taking_out), out
    )
    return out


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


def made_names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith("never")]


def verified(folder: Path, line: Path | None = None) -> tuple[int, str]:
    """As a court's expert would: that file alone, without this program, in isolation."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder)]
        + (["--line", str(line)] if line else []),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def typed(folder: Path, python_path: str | None) -> subprocess.CompletedProcess[str]:
    """As somebody types it in the folder, without -I, or as a double click does."""
    return subprocess.run(
        [sys.executable, "verify.py"],
        cwd=folder,
        env={"PATH": os.environ["PATH"]} | ({"PYTHONPATH": python_path} if python_path else {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


LYING = """
import os, sys
open(os.path.join(os.path.dirname(__file__), "it-ran"), "w").close()
print("Nothing found: every file is as the manifest says, and the custody log is whole.")
sys.exit(0)
"""


@pytest.mark.parametrize("module", ["hashlib", "__future__", "json", "pathlib", "base64", "re"])
async def test_a_module_that_lies_beside_the_verifier_is_never_run(
    line: Line, ana: Vault, tmp_path: Path, module: str
) -> None:
    folder = made(ana, await a_case(line, ana), tmp_path / "good")
    edit(folder / "messages.txt", lambda data: data.replace(b"papers", b"flower"))
    (folder / f"{module}.py").write_text(LYING)
    for python_path in (None, str(folder), "."):
        done = typed(folder, python_path)
        assert not (folder / "it-ran").exists(), module
        assert "changed: messages.txt" in done.stdout, done.stderr
        assert f"added: {module}.py" in done.stdout
        assert done.returncode == 1


def edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def resealed(folder: Path) -> None:
    """Write the manifest's files as they now are, but not the signature, as a forger can."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for one in manifest["files"]:
        data = (folder / one["path"]).read_bytes()
        one |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    signed = json.loads((folder / "manifest.sig.json").read_bytes())
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (folder / "manifest.sig.json").write_text(json.dumps(signed | {"manifest_sha256": digest}))


async def test_an_export_holds_everything_and_each_tampering_is_named(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    case = await a_case(line, ana)
    good = made(ana, case, tmp_path / "good")
    agency = LineFile.parse(line.line_file.read_bytes())

    code, said = verified(good)
    assert (code, "Nothing found" in said) == (0, True), said
    assert hashlib.sha256((good / "manifest.json").read_bytes()).hexdigest() in said
    code, said = verified(good, line.line_file)
    assert (code, 'the console "ana"' in said) == (0, True), said
    checked = check_export(good, agency)
    assert (checked.found, checked.signer and checked.signer.label) == ([], "ana")

    # To the byte, under names that lead nowhere.
    document = json.loads((good / "messages.json").read_text())
    files = [file for one in document["messages"] for file in one["files"]]
    assert [(good / file["path"]).read_bytes() for file in files] == [one.data for one in FILES]
    assert all("/" not in file["path"].removeprefix("files/") for file in files)
    assert not any(file["path"].endswith((".exe", ".bashrc")) for file in files)
    assert {path.parent for path in good.rglob("*") if path.is_file()} == {
        good, good / "files", good / "messages"
    }  # fmt: skip
    assert [path.stat().st_mode & 0o077 for path in good.rglob("*") if path.is_file()] != []
    assert not any(path.stat().st_mode & 0o077 for path in good.rglob("*"))
    bodies = [(good / one["original"]).read_bytes() for one in document["messages"]]
    assert bodies == [one.raw for one in read(ana)]
    # What a reporter wrote is text, never markup.
    page = (good / "reader.html").read_text()
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "http" not in words_of(page.encode()).replace("http-equiv", "")
    with ana.read() as tx:
        assert audit_log.of_case(tx, case)[0].what == "exported"

    photo = files[0]["path"]

    def flip(data: bytes) -> bytes:
        return bytes([data[0] ^ 1]) + data[1:]

    def entry(number: int, change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
        def tamper(folder: Path) -> None:
            lines = (folder / "custody.jsonl").read_bytes().splitlines()
            one = json.loads(lines[number - 1])
            change(one)
            lines[number - 1] = json_bytes(one)
            (folder / "custody.jsonl").write_bytes(b"\n".join(lines) + b"\n")
            resealed(folder)

        return tamper

    def without(number: int) -> Callable[[Path], None]:
        def tamper(folder: Path) -> None:
            lines = (folder / "custody.jsonl").read_bytes().splitlines(keepends=True)
            del lines[number]
            (folder / "custody.jsonl").write_bytes(b"".join(lines))
            resealed(folder)

        return tamper

    def link(folder: Path) -> None:
        (folder / photo).unlink()
        (folder / photo).symlink_to(good / photo)

    def escape(folder: Path) -> None:
        edit(folder / "manifest.json", lambda m: m.replace(photo.encode(), b"../good/README.txt"))

    tamperings: list[tuple[Callable[[Path], object], str]] = [
        (lambda f: edit(f / photo, flip), f"changed: {photo}"),
        (lambda f: edit(f / photo, lambda data: data + b"x"), f"changed: {photo}"),
        (lambda f: edit(f / "messages.txt", flip), "changed: messages.txt"),
        (lambda f: (f / photo).unlink(), f"missing: {photo}"),
        (lambda f: (f / "files" / "more\x1b[2J").write_bytes(b""), "added: files/more\\u001b[2J"),
        (link, f"changed: {photo} is a link"),
        (escape, "missing: ../good/README.txt"),
        (lambda f: edit(f / "manifest.json", lambda m: m + b" "), "not the one that was signed"),
        (lambda f: (f / "manifest.json").write_bytes(b"["), "manifest.json cannot be read"),
        (lambda f: (f / "manifest.json").unlink(), "missing: manifest.json"),
        (lambda f: (f / "manifest.sig.json").unlink(), "missing or damaged: manifest.sig.json"),
        (entry(2, lambda one: one["entry"].update(at=1)), "broken at entry 2"),  # type: ignore[attr-defined]
        (entry(1, lambda one: one.update(hash="00" * 32)), "broken at entry 1"),
        (without(0), "broken at entry 1"),
        (without(-1), "it ends at entry"),
    ]
    for number, (tamper, named) in enumerate(tamperings):
        folder = tmp_path / f"bad{number}"
        shutil.copytree(good, folder)
        tamper(folder)
        code, said = verified(folder)
        assert (code, named in said) == (1, True), f"{named}: {said}"
        assert check_export(folder, agency).found, named


async def test_who_forges_the_manifest_as_well_has_no_signature(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    case = await a_case(line, ana)
    folder = made(ana, case, tmp_path / "forged")
    agency = LineFile.parse(line.line_file.read_bytes())
    edit(folder / "messages.txt", lambda data: data.replace(b"papers", b"flower"))
    resealed(folder)
    code, said = verified(folder)
    assert (code, "signature: it is not the manifest's" in said) == (1, True), said
    assert check_export(folder, agency).found == ["signature: it is not the manifest's"]
    # A key of one's own makes a good signature that no agency vouches for.
    forger = InvestigatorIdentity.generate(os.urandom)
    signed = json.loads((folder / "manifest.sig.json").read_bytes())
    data = (folder / "manifest.json").read_bytes()
    data = data.replace(signed["vk"].encode(), forger.vk.hex().encode())
    (folder / "manifest.json").write_bytes(data)
    signed |= {"vk": forger.vk.hex(), "manifest_sha256": hashlib.sha256(data).hexdigest()}
    signed["signature"] = sign(forger.signing_seed, TAG_EXPORT, data).hex()
    (folder / "manifest.sig.json").write_bytes(json_bytes(signed))
    assert check_export(folder, None).found == []
    assert "in no directory" in check_export(folder, agency).found[0]
    code, said = verified(folder)
    assert (code, f"Signed by the key {forger.vk.hex()}" in said) == (0, True), said
    code, said = verified(folder, line.line_file)
    assert (code, "in no directory" in said) == (1, True), said


async def test_what_is_no_part_of_an_export_is_told_even_where_a_signed_manifest_lists_it(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    folder = made(ana, await a_case(line, ana), tmp_path / "more")
    for path in ("hashlib.py", "files/0009-start.py/x", "pyvenv.cfg"):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("import os")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"] += [
        {"path": path, "size": 9, "sha256": hashlib.sha256(b"import os").hexdigest()}
        for path in ("hashlib.py", "files/0009-start.py/x", "pyvenv.cfg")
    ]
    data = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(data)
    identity = trusted_line.load(ana).owner.identity
    (folder / "manifest.sig.json").write_bytes(
        json_bytes(
            {
                "v": 1,
                "vk": identity.vk.hex(),
                "manifest_sha256": hashlib.sha256(data).hexdigest(),
                "signature": sign(identity.signing_seed, TAG_EXPORT, data).hex(),
            }
        )
    )
    code, said = verified(folder, line.line_file)
    assert code == 1
    for path in ("hashlib.py", "files/0009-start.py/x", "pyvenv.cfg"):
        assert f"no part of an export: {path}" in said


def test_the_verifiers_signatures_are_those_of_the_library() -> None:
    for number in range(40):
        identity = InvestigatorIdentity.generate(os.urandom)
        message = os.urandom(number * 7)
        good = sign(identity.signing_seed, TAG_EXPORT, message)
        bad = bytearray(good)
        bad[number % 64] ^= 1 << number % 8
        assert verify.signature_fits(TAG_EXPORT, identity.vk, message, good)
        assert not verify.signature_fits(TAG_EXPORT, identity.vk, message, bytes(bad))
        assert not verify.signature_fits(b"j-sig-op-v1", identity.vk, message, good)
        assert not verify.signature_fits(TAG_EXPORT, identity.vk, message + b"x", good)
        assert not verify.signature_fits(TAG_EXPORT, identity.vk[1:], message, good)
        late = int.from_bytes(good[32:], "little") + verify._ORDER
        malleable = good[:32] + late.to_bytes(32, "little")
        assert not verify.signature_fits(TAG_EXPORT, identity.vk, message, malleable)


@pytest.mark.parametrize(
    "key",
    [
        "01" + "00" * 31,  # of order 1: anything is signed by it
        "ec" + "ff" * 30 + "7f",  # of order 2
        "00" * 32,  # of order 4
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  # of order 8
        "ee" + "ff" * 30 + "7f",  # not canonical: p + 1
        "02" + "00" * 31,  # no point of the curve
    ],
)
def test_the_verifier_believes_no_key_that_anybody_could_sign_by(key: str) -> None:
    identity_point, nothing = bytes([1]) + bytes(31), bytes(32)
    assert not verify.signature_fits(
        TAG_EXPORT, bytes.fromhex(key), b"any", identity_point + nothing
    )


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


def words_of(data: bytes) -> str:
    """Return what is written, in small letters, without what is random.

    That is keys, hashes and names in hex and base64: in so many random letters any short word turns
    up by chance.
    """
    low = data.decode("utf-8", "replace").lower()
    return re.sub(r"[0-9a-f]{16,}|[0-9a-z+/_-]{40,}=*", "", low)


def test_the_verifier_is_python_3_9_and_imports_nothing_else() -> None:
    source = Path(verify.__file__).read_text()
    tree = ast.parse(source, feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


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
