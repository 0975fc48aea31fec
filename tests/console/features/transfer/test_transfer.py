"""A case from one agency's line to another's: as far as its reporter agreed, and whole or not."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli.entry import build
from app.client.parcel import Upload
from app.console.desk import snapshots
from app.console.errors import ConsoleError
from app.console.features.letters import held_letters
from app.console.features.transfer import handing_over, invitations, taking_in
from app.console.features.transfer.handing_over import Handover
from app.console.features.transfer.scope import Scope
from app.console.line import trusted_line
from app.console.rules.body import read_body
from app.console.sync import deliver
from app.console.sync import receive as letters
from app.console.vault import Vault
from app.console.vault.attachments import decrypted_files, files
from app.console.vault.custody import audit_log
from app.console.vault.installation import owner
from app.console.vault.records import cases, messages
from app.console.web import case_views
from app.protocol import bodies
from app.protocol.encoding import b64u, json_bytes, unb64u
from app.protocol.errors import BadTransfer
from app.protocol.identities import ReporterIdentity
from app.protocol.transfer import HEAD_BYTES, open_invitation, pack, unpack
from app.protocol.wire import CHUNK_BYTES
from tests.console.browser import opened
from tests.console.running_line import DAY, PASSPHRASE, Line, read

pytestmark = pytest.mark.anyio

REPORT = "They keep my papers at the hotel. Karim has the key."
YES = "Yes, you may tell the other line, but not the name."
SECRET = "My sister knows nothing of this."
PHOTO = os.urandom(300_000)


@pytest.fixture(scope="session")
def made_other(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return Line.make(tmp_path_factory.mktemp("other"))


@pytest.fixture
def other(made_other: Line, tmp_path: Path) -> Line:
    """Another agency's line; nobody serves it."""
    there = made_other.copy(tmp_path / "other")
    directory = (there.folder / "directory.json").read_bytes()
    with there.vault() as vault, vault.write() as tx:
        owner.store_directory(tx, 1, directory, there.now)
    return there


async def told(line: Line, vault: Vault) -> str:
    """Make a case of a report with a file, a secret, and a yes; return its id."""
    await line.ready(vault)
    photo = Upload("door.jpg", "image/jpeg", PHOTO)
    answers = {"danger_now": "yes", "where": "Main street"}
    reporter = await line.send(REPORT, files=(photo,), answers=answers)
    await line.sync(vault)
    for text in (SECRET, YES):
        line.now += DAY
        await line.send(text, reporter=reporter, kind="message")
        await line.sync(vault)
    (case,) = {one.case for one in read(vault)}
    return case


def invite(vault: Vault, now: int) -> invitations.OpenInvitation:
    with vault.write() as tx:
        return invitations.invite(tx, trusted_line.load_in(tx), now, os.urandom)


def scope(**other: object) -> Scope:
    said: dict[str, object] = {
        "consent": 3,
        "messages": frozenset({1, 3}),
        "files": frozenset({1}),
        "phrases": ("Karim",),
        "reason": "She moved to your town.",
    }
    return Scope(**(said | other))  # type: ignore[arg-type]


def sealed(
    line: Line,
    vault: Vault,
    case: str,
    made: invitations.OpenInvitation,
    wanted: Scope | None = None,
) -> bytes:
    known, name = trusted_line.load(vault), case_views.case_name(case)
    handover = Handover(known, case, name, made.invitation, wanted or scope(), line.now)
    going = handing_over.prepare(vault, handover, os.urandom)
    return b"".join(going.pieces())


def take_in(vault: Vault, data: bytes, now: int) -> str:
    known, file = trusted_line.load(vault), io.BytesIO(data)
    sender = taking_in.look(vault, known, file, now)
    file.seek(0)
    return taking_in.take_in(vault, known, sender, file, now, os.urandom)


async def test_a_case_goes_as_far_as_was_agreed_and_is_a_case_there(
    line: Line, other: Line
) -> None:
    with line.vault() as ours:
        case = await told(line, ours)
        with other.vault() as theirs:
            made = invite(theirs, line.now)
            data = sealed(line, ours, case, made)
            # One size a chunk; nothing of it can be read on its way.
            assert (len(data) - HEAD_BYTES) % CHUNK_BYTES == 0
            said = (REPORT.encode(), SECRET.encode(), b"Main street")
            for word in (*said, PHOTO[:64], line.line_id):
                assert word not in data
            known = trusted_line.load(theirs)
            sender = taking_in.look(theirs, known, io.BytesIO(data), line.now)
            assert (sender.investigator.label, sender.line_id) == ("ana", line.line_id)
            new = take_in(theirs, data, line.now)
            with theirs.read() as tx:
                said = messages.messages_of(tx, new)
                (file,) = files.of_case(tx, new)
                listed = cases.find(tx, new)
                (first, *_) = reversed(audit_log.of_case(tx, new))
                custody = audit_log.custody(tx, new)
                assert invitations.all_open(tx, line.now) == []
            assert [one.body.text for one in said] == [REPORT.replace("Karim", "[taken out]"), YES]
            assert b"".join(decrypted_files.plain(theirs, file)) == PHOTO
            assert listed is not None
            assert listed.answers["danger_now"] == "yes", "so it stands where it must in the list"
            assert listed.labels == ("from Test line",)
            assert SECRET not in json.dumps(first.detail)
            assert custody.broken is None
            # The custody goes on: where ours ended is what theirs begins with.
            with ours.read() as tx:
                (last, *_) = audit_log.of_case(tx, case)
                ended = audit_log.custody(tx, case)
            assert (last.what, last.detail["messages"]) == ("transferred", [1, 3])
            assert first.detail["head"] == ended.head.hex()
            assert first.detail["consent"] == 3
            # It works once.
            with pytest.raises(ConsoleError, match="used already"):
                take_in(theirs, data, line.now)
            # Nobody is answered from here, and no letter made.
            with pytest.raises(ConsoleError, match="came from another hotline"):
                deliver.queue_reply(
                    theirs, new, "Hello", desk="support", lang="en", now=line.now, rng=os.urandom
                )
            with theirs.write() as tx, pytest.raises(ConsoleError, match="None is made unasked"):
                held_letters.issue(tx, known, new, "reported", line.now, checked=True)
            with theirs.read() as tx:
                assert snapshots._of_desk(tx, "support", "all") == []
            again = invite(ours, line.now)
            with pytest.raises(ConsoleError, match="Only that hotline can pass it on"):
                sealed(line, theirs, new, again)
    async with opened(other) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{new}")).text
        for word in ("This case was passed on by", "She moved to your town.", "door.jpg"):
            assert word in page
        assert 'id="reply-text"' not in page
        assert "[taken out] has the key" in page


async def test_what_the_reporter_did_not_agree_to_stays(line: Line, other: Line) -> None:
    with line.vault() as ours, other.vault() as theirs:
        case = await told(line, ours)
        made = invite(theirs, line.now)
        with ours.read() as tx:
            before = audit_log.custody(tx, case)
        for wrong, why in (
            (scope(consent=0), "unless the reporter said so"),
            (scope(consent=9), "unless the reporter said so"),
            (scope(messages=frozenset()), "Select what the reporter agreed to"),
            (scope(messages=frozenset({7})), "cannot be passed on"),
            (scope(reason=" "), "Say why"),
        ):
            with pytest.raises(ConsoleError, match=why):
                sealed(line, ours, case, made, wrong)
        with pytest.raises(ConsoleError, match="your own hotline"):
            sealed(line, ours, case, invite(ours, line.now))
        line.now += 40 * DAY
        with pytest.raises(ConsoleError, match="last day is over"):
            sealed(line, ours, case, made)
        line.now -= 40 * DAY
        # A permission that was taken back afterwards is none.
        (reporter,) = {one.case for one in read(ours)}
        raw = bodies.write_body("withdrawal", "ab" * 16, {"desks": ["police"]})
        with ours.write() as tx:
            known, keys = trusted_line.load_in(tx), messages.reporter(tx, reporter)
            letters.store_message(tx, known, keys, raw, read_body(raw), line.now, os.urandom)
        with pytest.raises(ConsoleError, match="withdrawn a permission"):
            sealed(line, ours, case, made)
        with ours.read() as tx:
            assert audit_log.custody(tx, case).count == before.count + 1, "only the withdrawal"


async def test_a_file_that_was_changed_or_is_for_others_leaves_nothing(
    line: Line, other: Line, tmp_path: Path
) -> None:
    with line.vault() as ours:
        case = await told(line, ours)
        with other.vault() as theirs:
            made = invite(theirs, line.now)
            data = sealed(line, ours, case, made)
            at = HEAD_BYTES + CHUNK_BYTES + 99
            for bad in (
                data[:-1],
                data[: HEAD_BYTES + CHUNK_BYTES],
                data[:100],
                b"",
                data + b"x",
                data[:200] + bytes([data[200] ^ 1]) + data[201:],
                data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :],
            ):
                with pytest.raises(ConsoleError):
                    take_in(theirs, bad, line.now)
            with theirs.read() as tx:
                assert messages.inbox(tx) == []
            assert list(theirs.files.iterdir()) == []
            assert take_in(theirs, data, line.now)
        with other.vault("chris") as elsewhere, pytest.raises(ConsoleError, match="no open invit"):
            take_in(elsewhere, data, line.now)


Parts = Iterable[tuple[str, Iterable[bytes]]]


def other_words(parts: Parts) -> Parts:
    for path, pieces in parts:
        whole = b"".join(pieces)
        yield path, [whole.replace(b"hotel", b"motel") if path == "messages.json" else whole]


def one_less(parts: Parts) -> Parts:
    for path, pieces in parts:
        whole = b"".join(pieces)
        if path != "certificate.html":
            yield path, [whole]


def one_more(parts: Parts) -> Parts:
    yield from parts
    yield "more.txt", [b"It was he."]


@pytest.mark.parametrize("lie", [other_words, one_less, one_more])
async def test_what_its_sender_sealed_but_did_not_sign_is_refused(
    line: Line, other: Line, monkeypatch: pytest.MonkeyPatch, lie: Callable[[Parts], Parts]
) -> None:
    with line.vault() as ours:
        case = await told(line, ours)
        with other.vault() as theirs:
            made = invite(theirs, line.now)
            monkeypatch.setattr(handing_over, "pack", lambda parts: pack(lie(parts)))
            data = sealed(line, ours, case, made)
            with pytest.raises(ConsoleError, match="not as its sender signed them"):
                take_in(theirs, data, line.now)
            with theirs.read() as tx:
                assert messages.inbox(tx) == []
            assert list(theirs.files.iterdir()) == []


async def test_an_invitation_that_was_changed_is_refused_and_its_words_cover_all_of_it(
    line: Line, other: Line
) -> None:
    with other.vault() as theirs:
        made = invite(theirs, line.now)
        second = invite(theirs, line.now)
    assert made.invitation.fingerprint != second.invitation.fingerprint
    outer = json.loads(made.file)
    inner = json.loads(unb64u(outer["invitation"]))
    small_order = {"dh": b64u(bytes(32))}
    for change in ({"name": "Us"}, {"line": line.line_id.hex()}, {"v": 2}, small_order):
        bad = json_bytes(outer | {"invitation": b64u(json_bytes(inner | change))})
        with pytest.raises(BadTransfer):
            open_invitation(bad)
    for bad in (b"", b"[]", b"{}", json_bytes(outer | {"directory": b64u(b"{}")})):
        with pytest.raises(BadTransfer):
            open_invitation(bad)


def test_the_commands_of_two_lines_end_to_end(
    still: Line, other: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, text = still, "I agree that you tell them."
    raw = bodies.write_body("report", "ab" * 16, {"text": text, "desks": ["support"]})
    with line.vault() as ours, ours.write() as tx:
        owner.store_directory(tx, 1, (line.folder / "directory.json").read_bytes(), line.now)
        keys = ReporterIdentity.throwaway(os.urandom).public
        known = trusted_line.load_in(tx)
        letters.store_message(tx, known, keys, raw, read_body(raw), line.now, os.urandom)
    (tmp_path / "secret").write_bytes(PASSPHRASE.reveal())
    given = ["--passphrase-file", str(tmp_path / "secret")]
    monkeypatch.setattr("time.time", lambda: float(line.now))

    def run(*words: str, said: str = "") -> tuple[int, str]:
        command = ["console", "transfer", *words, *given]
        done = CliRunner().invoke(build("console"), command, input=said)
        return done.exit_code, done.output

    invitation = str(tmp_path / "invitation.json")
    code, shown = run("invite", str(other.folder_of("ana")), "--out", invitation)
    assert code == 0
    words = shown.split("ask:")[1].split("3. With")[0].split()
    with line.vault() as ours:
        case = read(ours)[0].case
    sealed_file = str(tmp_path / "case.sealed")
    write = ["write", str(line.folder_of("ana")), case, "--to", invitation, "--out", sealed_file]
    write += ["--reason", "She moved."]
    agreed = ["--consent", "1", "--message", "1"]
    code, shown = run(*write, *agreed, said="n\n")
    assert code == 2
    assert shown.split("compare:")[1].split("They will")[0].split() == words
    assert not Path(sealed_file).exists(), "nothing before the words were compared"
    code, shown = run(*write, "--words-compared")
    assert (code, "unless the reporter said so" in shown) == (2, True)
    assert not Path(sealed_file).exists()
    code, shown = run(*write, *agreed, said="y\n")
    assert code == 0
    own = shown.split("which are yours:")[1].split("Did you")[0].split()
    receive = ["receive", str(other.folder_of("ana")), sealed_file]
    code, shown = run(*receive, said="y\n")
    assert code == 0
    assert shown.split("theirs:")[1].split("Did you")[0].split() == own
    code, shown = run(*receive, "--words-compared")
    assert (code, "used already" in shown) == (2, True)
    with other.vault() as theirs:
        assert [one.body.text for one in read(theirs)] == ["I agree that you tell them."]


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
parts = st.lists(st.tuples(names, st.lists(st.binary(max_size=300), max_size=4)), max_size=5)


@settings(max_examples=80, deadline=None)
@given(parts, st.integers(1, 97), st.data())
def test_parts_come_out_as_they_went_in_and_never_whole_from_a_cut_stream(
    wanted: list[tuple[str, list[bytes]]], step: int, data: st.DataObject
) -> None:
    stream = b"".join(pack(wanted))

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size if size and size > 0 else step, step))

    found = [(path, b"".join(pieces)) for path, pieces in unpack(Slow(stream))]
    assert found == [(path, b"".join(pieces)) for path, pieces in wanted]
    cut = data.draw(st.integers(0, len(stream) - 1))
    for bad in (stream[:cut], stream + b"x"):
        with pytest.raises(BadTransfer):
            drained(bad)


def drained(stream: bytes) -> None:
    for _, pieces in unpack(io.BytesIO(stream)):
        b"".join(pieces)
