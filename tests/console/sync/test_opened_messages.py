"""What strangers write, kept: no letter can stop an inbox, and none is lost."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.console.cases import speakers
from app.console.line import trusted_line
from app.console.rules import body as bodies_read
from app.console.rules.body import DescribedFile
from app.console.sync import receive
from app.console.sync.receive import OpenedMessage
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.records import cases, messages
from app.console.web import case_views, message_views
from app.protocol.encoding import b64u
from app.protocol.envelope import Opened
from app.protocol.recipients import Recipient
from tests.console.running_line import NOW, read, texts

FIELDS = ("kind", "v", "mid", "lang", "text", "desks", "desk", "answers", "files")
REF = {
    "key": b64u(bytes(32)), "chunks": 1, "name": "x", "type": "t", "size": 1,
    "metadata": "clean", "tree": "00" * 32,
}  # fmt: skip

# Any code point, lone surrogates too, and every number that JSON may hold here.
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=1 - 2**53, max_value=2**53 - 1)
    | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
references = st.fixed_dictionaries({}, optional=dict.fromkeys(REF, anything)).map(
    lambda given: REF | given
)


def whole() -> dict[str, Any]:
    return {"kind": "report", "v": 1, "mid": os.urandom(16).hex(), "text": "x", "files": []}


def sender() -> Recipient:
    return Recipient(os.urandom(32), os.urandom(32), os.urandom(1184), os.urandom(1216))


def letter(raw: bytes, who: Recipient | None = None) -> OpenedMessage:
    return OpenedMessage(os.urandom(16), os.urandom(32), Opened(raw, who or sender()))


def keep(vault: Vault, *given: OpenedMessage) -> int:
    known = trusted_line.load(vault)
    return receive.keep(vault, known, list(given), delete_at_once=False, now=NOW, rng=os.urandom)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"kind":"\\ud800","v":1,"mid":"%s"}' % (b"00" * 16),
        b'{"kind":"a\\u0000b","v":1,"mid":"%s"}' % (b"00" * 16),
        json.dumps(whole() | {"files": [REF | {"size": 10**22}]}).encode(),
        json.dumps(whole() | {"files": [REF | {"chunks": 10**22}]}).encode(),
        json.dumps(whole() | {"files": [REF | {"chunks": 0}]}).encode(),
        json.dumps(whole() | {"answers": {"\ud800": {"\ud800": "\udfff"}}}).encode(),
    ],
)
def test_one_hostile_letter_costs_the_others_nothing(ana: Vault, raw: bytes) -> None:
    good = json.dumps(whole() | {"text": "Help us."}).encode()
    assert keep(ana, letter(raw), letter(good)) == 2
    assert "Help us." in texts(ana)
    assert raw in [one.raw for one in read(ana)], "saved as it came"


def test_one_number_with_other_words_is_a_message_of_its_own(ana: Vault) -> None:
    who, first = sender(), whole() | {"text": "They lock us in."}
    more = first | {"text": "They lock us in. 12 Mill Lane, tonight."}
    both = [json.dumps(one).encode() for one in (first, more)]
    assert keep(ana, letter(both[0], who), letter(both[1], who)) == 2
    assert keep(ana, *(letter(raw, who) for raw in both)) == 0, "each is known now"
    one, other = read(ana)
    assert (one.raw, other.raw) == tuple(both)
    assert one.problem is None
    assert "sent twice" in (other.problem or "")
    view = message_views.message(other, [], trusted_line.load(ana), NOW)
    assert view.problem == other.problem


def test_a_kind_that_only_resembles_a_cover_is_shown(ana: Vault) -> None:
    raw = json.dumps(whole() | {"kind": "cover\x00"}).encode()
    assert keep(ana, letter(raw)) == 1
    assert [one.raw for one in read(ana)] == [raw]


def test_what_nobody_foresaw_costs_only_itself(ana: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_body(raw: bytes) -> bodies_read.Body:
        found = bodies_read.read_body(raw)
        ref = DescribedFile(b"", 2**70, "", "", 0, "", "")
        return found if b"Help" in raw else replace(found, files=(ref,))

    monkeypatch.setattr(receive, "read_body", read_body)
    strange = json.dumps(whole() | {"text": "strange"}).encode()
    good = json.dumps(whole() | {"text": "Help us."}).encode()
    assert keep(ana, letter(strange), letter(good)) == 2
    assert texts(ana) == ["", "Help us."]
    (kept,) = (one for one in read(ana) if one.raw == strange)
    assert kept.body.kind == "unreadable"


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    changed=st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, anything)),
    named=st.lists(references, max_size=3),
)
def test_any_body_is_kept_and_can_be_shown(
    ana: Vault, changed: dict[str, Any], named: list[dict[str, Any]]
) -> None:
    raw = json.dumps(whole() | {"files": named} | changed).encode()
    who = sender()
    case = messages.case_id(who)
    new = keep(ana, letter(raw, who))
    if changed.get("kind") == "cover" and not new:
        return
    with ana.read() as tx:
        (kept,) = messages.messages_of(tx, case)
        attached = files.of_case(tx, case)
        found = cases.find(tx, case)
    assert kept.raw == raw
    assert found is not None
    with ana.read() as tx:
        spoken = speakers.load(tx, trusted_line.load(ana))
    case_views.line(found, NOW, set(), trusted_line.load(ana), spoken)
    message_views.message(kept, attached, trusted_line.load(ana), NOW)
