"""The verifier that lies in an export: what it finds, what it believes, and what it needs."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.console.evidence import verify
from app.console.evidence.checking import check_export
from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.vault.custody import audit_log
from app.protocol.encoding import json_bytes
from app.protocol.identities import InvestigatorIdentity, sign
from app.protocol.line import Line as LineFile
from app.protocol.signatures import TAG_EXPORT
from tests.console.evidence.exports import (
    FILES,
    a_case,
    edit,
    made,
    verified,
    words_of,
)
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio


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
