"""What a line that means harm can put into a case: it signs and seals whatever it likes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.agency import ceremonies
from app.console.errors import ConsoleError
from app.console.evidence.verify import MANIFEST, SIGNATURE
from app.console.features.transfer import handing_over, invitations, taking_in
from app.console.features.transfer.scope import check
from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.installation import owner
from app.console.vault.records import cases, messages
from app.console.vault.records.messages import Message
from app.protocol.encoding import json_bytes
from app.protocol.identities import InvestigatorIdentity, sign
from app.protocol.signatures import TAG_EXPORT
from app.protocol.transfer import pack, seal_head
from tests.console.features.transfer.test_transfer import (
    SECRET,
    invite,
    made_other,
    other,
    scope,
    sealed,
    take_in,
    told,
)
from tests.console.running_line import DAY, Line

__all__ = ["made_other", "other"]
pytestmark = pytest.mark.anyio

DOCUMENT = "messages.json"
Parts = dict[str, bytes]
Edit = Callable[[Any, Any], object]
"""Of the document and the manifest, as objects."""


def whole(parts: Iterable[tuple[str, Iterable[bytes]]]) -> Parts:
    return {path: b"".join(pieces) for path, pieces in parts}


def rewritten(parts: Parts, edit: Edit, identity: InvestigatorIdentity | None) -> Parts:
    """With document and manifest edited, the manifest fitting again, and signed if by somebody."""
    document, manifest = json.loads(parts[DOCUMENT]), json.loads(parts[MANIFEST])
    edit(document, manifest)
    made = parts | {DOCUMENT: json.dumps(document).encode()}
    manifest["files"] = [
        {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for path, data in made.items()
        if path not in (MANIFEST, SIGNATURE)
    ]
    made[MANIFEST] = json_bytes(manifest)
    if identity is not None:
        signature = sign(identity.signing_seed, TAG_EXPORT, made[MANIFEST]).hex()
        made[SIGNATURE] = json_bytes({"signature": signature})
    return made


def photo(document: Any) -> Any:
    return document["messages"][0]["files"][0]


REFUSED: tuple[tuple[Edit, str], ...] = (
    (lambda document, _: document["transfer"].update(invitation="00" * 32), "for somebody else"),
    (lambda _, manifest: manifest.update(line="00" * 32), "signed for another hotline"),
    (lambda _, manifest: manifest["custody"].update(head="00"), "damaged, or no case"),
    (lambda document, _: document["messages"][0].update(at=-1), "damaged, or no case"),
    (lambda document, _: document["messages"][0].update(at=2**40), "damaged, or no case"),
    (lambda document, _: document["messages"][0].update(text=None, answers=None), "damaged"),
    (lambda document, _: photo(document).update(size=299_999), "Nothing was saved"),
    (lambda document, _: photo(document).update(size=300_001), "Nothing was saved"),
    (lambda document, _: photo(document).update(size=-1), "an impossible size"),
    (lambda document, _: photo(document).update(size=2**40), "an impossible size"),
    (lambda document, _: document.update(messages=[]), "damaged, or no case"),
)


def kept_nothing(vault: Vault) -> bool:
    with vault.read() as tx:
        return messages.inbox(tx) == [] and list(vault.files.iterdir()) == []


async def test_what_it_signs_must_still_be_a_case_for_this_invitation(
    line: Line, other: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    with line.vault() as ours, other.vault() as theirs:
        case = await told(line, ours)
        made, identity = invite(theirs, line.now), trusted_line.load(ours).owner.identity

        def sent(change: Callable[[Parts], Iterable[tuple[str, bytes]]]) -> bytes:
            def packed(parts: Iterable[tuple[str, Iterable[bytes]]]) -> Iterable[bytes]:
                return pack((path, [data]) for path, data in change(whole(parts)))

            with monkeypatch.context() as patch:
                patch.setattr(handing_over, "pack", packed)
                # Without words taken out, the file goes along and can be lied about.
                return sealed(line, ours, case, made, scope(phrases=()))

        def refused(data: bytes, why: str) -> None:
            with pytest.raises(ConsoleError, match=why):
                take_in(theirs, data, line.now)
            assert kept_nothing(theirs)

        for edit, why in REFUSED:
            refused(sent(lambda parts, e=edit: rewritten(parts, e, identity).items()), why)  # type: ignore[misc]
        # Fitting parts under a signature of something else.
        nothing: Edit = lambda *_: None  # noqa: E731
        refused(sent(lambda parts: rewritten(parts, nothing, None).items()), "damaged")
        # A part twice: which of the two was signed?
        refused(sent(lambda parts: [*parts.items(), (DOCUMENT, parts[DOCUMENT])]), "damaged")
        refused(sent(lambda parts: list(parts.items())[1:]), "by whose directory")
        huge = ("huge.txt", bytes(1000))
        monkeypatch.setattr(taking_in, "SMALL_BYTES_MAX", 999_999)
        refused(sent(lambda parts: [*parts.items(), (huge[0], huge[1] * 1000)]), "larger than")
        monkeypatch.setattr(taking_in, "PARTS_MAX", 8)
        refused(sent(lambda parts: [*parts.items(), huge]), "damaged")
        monkeypatch.undo()

        def odd(document: Any, _: Any) -> None:
            document["line"]["name"] = "Us\u202e\nand them"
            document["messages"][0]["kind"] = "withdrawal"
            document["messages"][1]["kind"] = "letter-request"
            photo(document)["name"] = "../../door\u202egpj.exe"

        new = take_in(theirs, sent(lambda parts: rewritten(parts, odd, identity).items()), line.now)
        with theirs.read() as tx:
            said, found = messages.messages_of(tx, new), cases.find(tx, new)
            (file,) = files.of_case(tx, new)
        assert [one.body.kind for one in said] == ["message", "message"]
        assert file.name == "....doorgpj.exe"
        assert found is not None
        assert found.labels == ("from Usand them",)


async def test_what_was_not_agreed_to_is_in_no_part_of_the_file(
    line: Line, other: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    with line.vault() as ours, other.vault() as theirs:
        case = await told(line, ours)
        went: Parts = {}

        def packed(parts: Iterable[tuple[str, Iterable[bytes]]]) -> Iterable[bytes]:
            went.update(whole(parts))
            return pack((path, [data]) for path, data in went.items())

        monkeypatch.setattr(handing_over, "pack", packed)
        # The file belongs to the first message, which does not go: nor does the file.
        sealed(line, ours, case, invite(theirs, line.now), scope(messages=frozenset({3})))
        assert not [path for path in went if path.startswith("files/")]
        for word in (SECRET, "hotel", "Karim", "Main street", "door.jpg"):
            assert not [path for path, data in went.items() if word.encode() in data], word
        # Nor does it, if its message goes and it was not ticked.
        went.clear()
        sealed(line, ours, case, invite(theirs, line.now), scope(files=frozenset()))
        assert not [path for path in went if path.startswith("files/")]


def said(kind: str, text: str, at: int, direction: str = "in") -> Message:
    body = SimpleNamespace(kind=kind, text=text)
    return cast(Message, SimpleNamespace(direction=direction, body=body, at=at))


YES = said("message", "Yes.", 50)


@pytest.mark.parametrize(
    ("agreed", "after", "desks", "why"),
    [
        (YES, [], ["support"], ""),
        (YES, [], [], "withdrawn a permission"),
        (YES, [said("withdrawal", "", 60)], ["support"], "withdrawn a permission"),
        # Later in the list or on the clock: what came last is not guessed.
        (YES, [said("withdrawal", "", 40)], ["support"], "withdrawn a permission"),
        (said("message", " ", 50), [], ["support"], "unless the reporter said so"),
        (said("letter-request", "Yes.", 50), [], ["support"], "unless the reporter said so"),
        (said("message", "Yes.", 50, "out"), [], ["support"], "unless the reporter said so"),
    ],
)
def test_a_yes_is_the_reporters_own_and_the_last_word(
    agreed: Message, after: list[Message], desks: list[str], why: str
) -> None:
    case = [said("report", "Help.", 10), agreed, *after]
    wanted = scope(consent=2, messages=frozenset({1}))
    if not why:
        check(case, desks, wanted)
        earlier = said("withdrawal", "", 5)
        check([earlier, *case], desks, scope(consent=3, messages=frozenset({2})))
        with pytest.raises(ConsoleError, match="cannot be passed on"):
            check([earlier, *case], desks, scope(consent=3, messages=frozenset({1})))
        newer = [said("withdrawal", "", 70), *case]
        with pytest.raises(ConsoleError, match="withdrawn a permission"):
            check(newer, desks, scope(consent=3, messages=frozenset({2})))
        return
    with pytest.raises(ConsoleError, match=why):
        check(case, desks, wanted)


async def test_a_directory_that_is_over_vouches_for_nobody(line: Line, other: Line) -> None:
    """Who left since, or was robbed, signs with the directory of a time when they were active."""
    with line.vault() as ours, other.vault() as theirs:
        case = await told(line, ours)
        made = invite(theirs, line.now)
        old = sealed(line, ours, case, made)
        with theirs.write() as tx:  # invitations of 90 days, each by the directory of that day
            known = trusted_line.load_in(tx)
            late = invitations.invite(tx, known, line.now + 150 * DAY, os.urandom, days=90)
        line.now += 195 * DAY
        with pytest.raises(ConsoleError, match="directory that this invitation brings ended"):
            sealed(line, ours, case, late)
        # Sealed by a directory that has ended, to an invitation that is still good.
        line.now -= 195 * DAY
        data = sealed(line, ours, case, late)
        with pytest.raises(ConsoleError, match="directory that this case brings ended"):
            take_in(theirs, data, line.now + 195 * DAY)
        assert kept_nothing(theirs)
        assert take_in(theirs, old, line.now)


async def test_who_sealed_it_must_be_active_and_be_who_signed_it(
    line: Line, other: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    with line.vault() as ours, other.vault() as theirs:
        case = await told(line, ours)
        made, known = invite(theirs, line.now), trusted_line.load(ours)
        with line.vault("chris") as elsewhere:
            chris = trusted_line.load(elsewhere).owner.identity

        def as_ana(identity: InvestigatorIdentity, *rest: Any) -> bytes:
            chris.vk = identity.vk
            return seal_head(chris, *rest)

        with monkeypatch.context() as patch:
            patch.setattr(handing_over, "seal_head", as_ana)
            data = sealed(line, ours, case, made)
        with pytest.raises(ConsoleError, match="not in the directory"):
            take_in(theirs, data, line.now)
        ceremonies.revoke(line.folder / "agency", "ana", "former", today=line.today)
        gone = line.publish()
        late = sealed(line, ours, case, made)  # her console has not heard yet
        with ours.write() as tx:
            owner.store_directory(tx, 2, gone, line.now)
        with pytest.raises(ConsoleError, match="signs nothing"):
            sealed(line, ours, case, made)
        with monkeypatch.context() as patch:
            patch.setattr(trusted_line.TrustedLine, "active", True)
            left = sealed(line, ours, case, made)
        with pytest.raises(ConsoleError, match="no longer active"):
            take_in(theirs, left, line.now)
        assert kept_nothing(theirs)
        # By the directory that her console had, she may: words are compared by voice.
        assert take_in(theirs, late, line.now)
        assert known.active
