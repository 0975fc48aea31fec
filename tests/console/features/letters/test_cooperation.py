"""A cooperation letter: asked for, made after a check, held, released on proof, checked."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.agency import ceremonies
from app.cli.entry import build
from app.console.errors import ConsoleError
from app.console.features.letters import held_letters
from app.console.features.letters.cooperation_letter import open_letter, write
from app.console.line import trusted_line
from app.console.vault import Vault, forgetting
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE
from app.console.vault.installation import owner
from app.protocol.encoding import b64u, json_bytes, unb64u
from app.protocol.identities import ReporterIdentity
from app.protocol.letter import ProofRequest, letter_public, prove
from app.protocol.receipt import new_entropy
from app.protocol.secrets import Secret
from tests.console.browser import opened
from tests.console.running_line import PASSPHRASE, Line, read

pytestmark = pytest.mark.anyio

N = bytes(range(16))


async def asked(line: Line, vault: Vault, *, ask: bool = True) -> tuple[Secret, str]:
    """Return a case whose reporter asks for a letter; gives their code's bytes and the case."""
    entropy = new_entropy(os.urandom)
    kept = Secret(entropy.reveal())
    reporter = ReporterIdentity(entropy)
    await line.ready(vault)
    await line.send("They keep my papers.", reporter=reporter)
    if ask:
        keys = {"n": N.hex(), "pk": letter_public(kept, N).hex()}
        await line.send("", reporter=reporter, kind="letter-request", **keys)
    await line.sync(vault)
    return kept, max(read(vault), key=lambda one: one.id).case


def issue(line: Line, vault: Vault, case: str) -> held_letters.HeldLetter:
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        return held_letters.issue(tx, known, case, "cooperated", line.now, checked=True)


async def test_a_letter_is_made_once_and_only_when_it_was_asked_for_and_checked(
    line: Line,
) -> None:
    with line.vault() as vault:
        _, unasked = await asked(line, vault, ask=False)
        with pytest.raises(ConsoleError, match="None is made unasked"):
            issue(line, vault, unasked)
        _, case = await asked(line, vault)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        assert "The reporter asks for a letter" in page
        # It is to be done: it stands above what the reporter chose, and not on the last tab alone.
        assert page.index('id="letter-request"') < page.index('id="choices"')
        path = f"/cases/{case}/letter"
        assert "only they know" in (await browser.post(path, statement="cooperated")).text
        assert (await browser.post(path, statement="him", checked="yes")).status_code == 400
        with browser.console.vault.read() as tx:
            assert held_letters.held(tx) == []
        assert 'id="letter-language"' in page
        await browser.post(path, statement="cooperated", checked="yes")
        again = await browser.post(path, statement="reported", checked="yes")
        assert "was made already" in again.text
        page = (await browser.get(f"/cases/{case}")).text
        assert "is in this case store" in page
        assert "The reporter asks for a letter" not in page
        assert 'id="letter-request"' not in page
        with browser.console.vault.read() as tx:
            (one,) = held_letters.held(tx)
            assert audit_log.custody(tx, case).broken is None
    # Nothing of the case, of its day, of anybody is in it.
    outer = json.loads(one.file)
    said = json.loads(unb64u(outer["letter"]))
    assert set(said) == {
        *("v", "kind", "line", "agency", "month", "statement", "n", "pk", "signer", "directory")
    }
    assert re.fullmatch(r"\d{4}-\d\d", said["month"])
    assert case not in one.file.decode()


async def test_it_is_released_to_a_proof_once_and_to_nothing_else(line: Line, ana: Vault) -> None:
    entropy, case = await asked(line, ana)
    made = issue(line, ana, case)
    other = new_entropy(os.urandom)
    with ana.write() as tx:
        with pytest.raises(ConsoleError, match="There is no letter of that month"):
            held_letters.ask(tx, "Law office", "1999-01", os.urandom)
        with pytest.raises(ConsoleError):
            held_letters.ask(tx, "two\nlines", "", os.urandom)
        text = held_letters.ask(tx, "Law office", made.month, os.urandom)
    request = ProofRequest.from_text(text)
    assert prove(other, request) is None
    good = prove(entropy, request)
    assert good is not None
    elsewhere = ProofRequest("Somebody else", request.nonce, request.letters)
    replayed = prove(entropy, elsewhere)
    assert replayed is not None
    with ana.write() as tx:
        for bad in (replayed, "nonsense", b64u(b"{}"), text):
            with pytest.raises(ConsoleError, match="Nothing was released"):
                held_letters.release(tx, bad, line.now)
        found, verifier = held_letters.release(tx, good, line.now)
        assert (found, verifier) == (made, "Law office")
        with pytest.raises(ConsoleError, match="Nothing was released"):
            held_letters.release(tx, good, line.now)
        (last, *_) = audit_log.of_case(tx, case)
    assert (last.what, last.detail["to"]) == ("letter-released", "Law office")


async def test_a_letter_stays_when_its_case_is_destroyed(line: Line, ana: Vault) -> None:
    entropy, case = await asked(line, ana)
    made = issue(line, ana, case)
    with ana.write() as tx:
        forgetting.forget_case(tx, case, HERE, line.now)
    with ana.write() as tx:
        text = held_letters.ask(tx, "Law office", "", os.urandom)
        proof = prove(entropy, ProofRequest.from_text(text)) or ""
        assert held_letters.release(tx, proof, line.now) == (made, "Law office")


async def test_the_page_asks_drops_and_releases_and_says_to_whom(line: Line) -> None:
    with line.vault() as vault:
        entropy, case = await asked(line, vault)
        made = issue(line, vault, case)
    async with opened(line) as browser:
        await browser.sign_in()
        assert "Released to nobody" in (await browser.get("/letters")).text
        assert (await browser.post("/letters/ask", verifier=" ", month="")).status_code == 400
        await browser.post("/letters/ask", verifier="A stranger", month=made.month)
        page = (await browser.post("/letters/ask", verifier="Law <office>", month="")).text
        assert "Law &lt;office&gt;" in page
        with browser.console.vault.read() as tx:
            stranger, request = held_letters.waiting(tx)
        assert request.to_text() in page
        # A request that was dropped releases nothing.
        await browser.post("/letters/forget", nonce=stranger.nonce.hex())
        proof = prove(entropy, stranger)
        assert proof is not None
        assert (await browser.post("/letters/release", proof=proof)).status_code == 400
        proof = prove(entropy, request)
        assert proof is not None
        saved = await browser.post("/letters/release", proof=f" {proof}\n")
        assert saved.content == made.file
        assert saved.headers["content-disposition"].startswith("attachment")
        page = (await browser.get("/letters")).text
        assert "Released to" in page
        assert "Law &lt;office&gt;" in page
        assert (await browser.post("/letters/release", proof=proof)).status_code == 400


async def test_a_changed_letter_or_another_line_is_refused(line: Line, ana: Vault) -> None:
    _, case = await asked(line, ana)
    made = issue(line, ana, case)
    good = open_letter(made.file, line.line_id)
    assert (good.signer, good.directory_day, good.ref) == ("ana", line.today, made.ref)
    outer = json.loads(made.file)
    letter = unb64u(outer["letter"])
    for file in (
        json_bytes(outer | {"letter": b64u(letter.replace(b"has cooperated", b"had cooperated"))}),
        json_bytes(outer | {"signature": "00" * 64}),
        json_bytes(outer | {"directory": b64u(b"{}")}),
        b"[]",
        b"",
    ):
        with pytest.raises(ConsoleError, match="changed"):
            open_letter(file, line.line_id)
    with pytest.raises(ConsoleError, match="changed"):
        open_letter(made.file, bytes(32))


@pytest.mark.parametrize("status", ["former", "compromised"])
async def test_who_has_left_makes_no_letter_in_the_agencys_name(
    line: Line, ana: Vault, status: str
) -> None:
    _, case = await asked(line, ana)
    ceremonies.revoke(line.folder / "agency", "ana", status, today=line.today)
    line.publish()
    await line.turn()
    await line.sync(ana)
    with pytest.raises(ConsoleError, match="signs nothing"):
        issue(line, ana, case)
    with ana.read() as tx:
        known, file = trusted_line.load_in(tx), owner.directory_file(tx)
    assert known.directory is not None
    assert file is not None
    # With a program of their own they sign one all the same.
    forged, _ = write(
        known.owner.identity, known.directory, file, agency="Test line", month="2026-09",
        statement="has cooperated", n=N, pk=bytes(32),
    )  # fmt: skip
    with pytest.raises(ConsoleError, match="not active in it"):
        open_letter(forged, line.line_id)


async def test_the_commands_make_ask_release_and_verify(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with line.vault() as vault:
        entropy, case = await asked(line, vault)
    (tmp_path / "secret").write_bytes(PASSPHRASE.reveal())
    vault_folder, given = str(line.folder_of("ana")), ["--passphrase-file", f"{tmp_path}/secret"]

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(build(words[0]), list(words))
        return done.exit_code, done.output

    make = ["console", "letter", "make", vault_folder, case, "--statement", "willing", *given]
    assert run(*make)[0] == 2
    assert run(*make, "--i-asked-what-only-they-know")[0] == 0
    code, text = run("console", "letter", "ask", vault_folder, "--verifier", "Law office", *given)
    assert code == 0
    proof = prove(entropy, ProofRequest.from_text(text))
    assert proof is not None
    (tmp_path / "proof").write_text(proof)
    out = str(tmp_path / "letter.json")
    release = ["console", "letter", "release", vault_folder, "--proof", f"{tmp_path}/proof"]
    assert run(*release, "--out", out, *given)[0] == 0
    assert run(*release, "--out", f"{out}2", *given)[0] == 2
    code, said = run("verify-letter", out, "--line", str(line.line_file))
    assert (code, "is willing to cooperate" in said, "was not checked" in said) == (0, True, True)

    # A verifier's own nonce: what was proved to the agency proves nothing to them.
    verify = ["verify-letter", out, "--line", str(line.line_file), "--verifier", "Me"]
    done = CliRunner().invoke(build("verify-letter"), verify, input=f"{proof}\n\n")
    assert (done.exit_code, "does not fit" in done.output) == (1, True)

    class Person(io.StringIO):
        """Reads the request from the screen, and answers it."""

        def readline(self, *_: int) -> str:  # type: ignore[override]
            if self.tell():
                return "\n"
            self.seek(1)
            shown = capture.getvalue().split("\n\n")[2]
            return prove(entropy, ProofRequest.from_text(shown)) or ""

    capture = io.StringIO()
    monkeypatch.setattr(sys, "stdin", Person(" "))
    monkeypatch.setattr(sys, "stdout", capture)
    from app.cli.console.letters import verify_letter

    verify_letter(Path(out), line.line_file, "Me")
    assert "The proof is good" in capture.getvalue()


async def test_a_letter_is_read_in_a_language_and_counts_in_english(
    line: Line, tmp_path: Path
) -> None:
    with line.vault() as vault:
        _, case = await asked(line, vault)
    async with opened(line) as browser:
        await browser.sign_in()
        form = {"statement": "willing", "checked": "yes", "language": "th"}
        await browser.post(f"/cases/{case}/letter", **form)
        page = (await browser.get("/letters")).text
        with browser.console.vault.read() as tx:
            (one,) = held_letters.held(tx)
    opened_letter = open_letter(one.file, line.line_id)
    assert opened_letter.statement == held_letters.statements()["willing"]
    assert opened_letter.translation is not None
    assert opened_letter.translation.language == "th"
    assert "ผู้ถือรหัส" in opened_letter.translation.statement
    for text in (opened_letter.statement, opened_letter.translation.statement):
        assert text in page
    (tmp_path / "letter").write_bytes(one.file)
    verify = ["verify-letter", str(tmp_path / "letter"), "--line", str(line.line_file)]
    shown = CliRunner().invoke(build("verify-letter"), verify).output
    assert "In Thai, to be read; the English counts: ผู้ถือรหัส" in shown
    changed = json.loads(one.file)
    said = json.loads(unb64u(changed["letter"]))
    said["translation"]["statement"] = "ผู้ถือรหัสไม่ได้แจ้งเรื่อง"
    changed["letter"] = b64u(json_bytes(said))
    with pytest.raises(ConsoleError, match="it was changed"):
        open_letter(json_bytes(changed), line.line_id)
