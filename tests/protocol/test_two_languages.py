"""Python and JavaScript speak the same QL1: what one writes the other reads, in both directions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.protocol import attachments, bodies, challenges, group, wire
from app.protocol.answers import is_for, solve
from app.protocol.batch import seal_batch
from app.protocol.envelope import open_envelope, seal
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import LANGUAGES, numbers_of, read_code, words_of
from app.protocol.secrets import Secret
from tests.protocol.javascript import JavaScript, Refused
from tests.protocol.line import TestLine

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ENTROPY = st.binary(min_size=16, max_size=16)
BODY = st.one_of(st.binary(max_size=300), st.binary(min_size=15_000, max_size=wire.BODY_MAX))

LINE = TestLine(2)
DIRECTORY = LINE.directory()
RECIPIENT = DIRECTORY.investigators[0].recipient(LINE.bundles().bundles[0])
BUNDLE_PARTY = {"bundle": LINE.keys[0].secret().reveal(), "fetch": LINE.identities[0].fetch}


@pytest.fixture(scope="module")
def js() -> Iterator[JavaScript]:
    bridge = JavaScript()
    yield bridge
    bridge.close()


@FEW
@given(ENTROPY)
def test_the_same_code_gives_the_same_keys(js: JavaScript, entropy: bytes) -> None:
    public = ReporterIdentity(Secret(entropy)).public
    expected = {
        "fetch": public.fetch.hex(),
        "dh": public.dh.hex(),
        "mlkem": public.mlkem.hex(),
        "xwing": public.xwing.hex(),
    }
    assert js("public", party={"mk": entropy}) == expected


@FEW
@given(ENTROPY, BODY)
def test_javascript_seals_and_python_opens(js: JavaScript, entropy: bytes, body: bytes) -> None:
    recipient = {name: getattr(RECIPIENT, name) for name in ("fetch", "dh", "mlkem", "xwing")}
    data = js("seal", party={"mk": entropy}, recipient=recipient, body=body, line=LINE.line_id)
    envelope = bytes.fromhex(data)
    opened = open_envelope(envelope, LINE.keys[0].opener(LINE.identities[0].fetch), LINE.line_id)
    assert opened.body == body
    assert opened.sender == ReporterIdentity(Secret(entropy)).public
    assert is_for(envelope, LINE.identities[0].fetch_sk)


@FEW
@given(ENTROPY, BODY)
def test_python_seals_and_javascript_opens(js: JavaScript, entropy: bytes, body: bytes) -> None:
    reporter = ReporterIdentity(Secret(entropy))
    envelope = seal(LINE.identities[0].sender(), reporter.public, body, LINE.line_id, os.urandom)
    opened = js("open", party={"mk": entropy}, envelope=envelope, line=LINE.line_id)
    assert opened["body"] == body.hex()
    assert opened["dh"] == LINE.identities[0].dh.hex()
    assert js("isFor", envelope=envelope, fetchSk=reporter.fetch_sk.reveal())


@FEW
@given(st.integers(0, wire.ENVELOPE_BYTES * 8 - 1))
def test_random_corruption_never_opens_in_javascript(js: JavaScript, bit: int) -> None:
    reporter = ReporterIdentity(Secret(bytes(16)))
    envelope = bytearray(
        seal(LINE.identities[0].sender(), reporter.public, b"body", LINE.line_id, os.urandom)
    )
    envelope[bit // 8] ^= 1 << bit % 8
    changed = bytes(envelope)
    if bit < wire.HINT_BYTES * 8:
        assert not js("isFor", envelope=changed, fetchSk=reporter.fetch_sk.reveal())
    else:
        with pytest.raises(Refused, match="cannot-open"):
            js("open", party={"mk": bytes(16)}, envelope=changed, line=LINE.line_id)


@settings(FEW, max_examples=10)
@given(st.integers(1, 10), st.data())
def test_a_javascript_batch_reaches_exactly_the_chosen(
    js: JavaScript, count: int, data: st.DataObject
) -> None:
    line = TestLine(count)
    chosen = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    body = bodies.write_body("report", bodies.new_mid(os.urandom), {"text": "Help"})
    batch = bytes.fromhex(
        js(
            "sealBatch",
            party={"mk": bytes(16)},
            directory=line.signed().decode(),
            bundles=line.bundles().serialise(),
            chosen=sorted(chosen),
            body=body,
            line=line.line_id,
        )
    )
    kinds = {}
    for envelope in wire.split_batch(batch, count):
        wire.check_envelope(envelope)
        for index, identity in enumerate(line.identities):
            if is_for(envelope, identity.fetch_sk):
                opener = line.keys[index].opener(identity.fetch)
                opened = open_envelope(envelope, opener, line.line_id)
                kinds[index] = bodies.read_body(opened.body)["kind"]
    assert kinds == {i: "report" if i in chosen else "cover" for i in range(count)}


def test_javascript_opens_a_python_batch_and_reads_the_same_directory(js: JavaScript) -> None:
    text = LINE.signed().decode()
    read = js("openDirectory", directory=text, line=LINE.line_id)
    assert read["hash"] == DIRECTORY.hash.hex()
    assert read["active"] == [0, 1]
    bundles = LINE.bundles()
    opened = js("openBundles", bundles=bundles.serialise(), directory=text, line=LINE.line_id)
    assert opened["epoch"] in (bundles.epoch, str(bundles.epoch))
    sender = ReporterIdentity(Secret(bytes(16))).sender()
    body = bodies.write_body("report", bodies.new_mid(os.urandom), {"text": "Help"})
    batch = seal_batch(DIRECTORY, bundles, sender, {0}, body, os.urandom)
    found = []
    for envelope in js("splitBatch", batch=batch, count=2):
        try:
            found.append(js("open", party=BUNDLE_PARTY, envelope=envelope, line=LINE.line_id))
        except Refused:
            continue
    assert [one["body"] for one in found] == [body.hex()]


@settings(FEW, max_examples=5)
@given(st.integers(0, 8))
def test_both_solve_the_same_set(js: JavaScript, mine: int) -> None:
    reporter = ReporterIdentity.throwaway(os.urandom)
    entries = []
    for _ in range(mine):
        x = group.random_scalar(os.urandom)
        hint = wire.Hint(group.base(x), group.multiply(x, reporter.public.fetch))
        entries.append((os.urandom(16), hint))
    ids = sorted(message_id.hex() for message_id, _ in entries)
    nobody = challenges.decoy_hint(os.urandom)
    entries += [(os.urandom(16), nobody) for _ in range(64 - mine)]
    rows = [
        challenges.build_row(*entry, LINE.line_id, group.random_scalar(os.urandom))
        for entry in entries
    ]
    whole = b"".join(rows)
    fetch_sk = reporter.fetch_sk
    assert sorted(js("solve", set=whole, fetchSk=fetch_sk.reveal(), line=LINE.line_id)) == ids
    assert sorted(found.hex() for found in solve(whole, fetch_sk, LINE.line_id)) == ids


@settings(FEW, max_examples=8)
@given(st.integers(0, 3 * wire.PIECE_BYTES), st.booleans())
def test_both_make_the_same_chunks(js: JavaScript, size: int, subtle: bool) -> None:
    data, key = os.urandom(size), Secret(os.urandom(32))
    parts = list(attachments.encrypt_chunks(BytesIO(data), size, key))
    tree = attachments.TreeHash()
    tree.update(data)
    sealed = js("encryptFile", plaintext=data, key=key.reveal(), subtle=subtle)
    assert sealed["ids"] == [chunk_id.hex() for chunk_id, _ in parts]
    assert sealed["chunks"] == [chunk.hex() for _, chunk in parts]
    assert sealed["tree"] == tree.digest().hex()


@FEW
@given(ENTROPY, st.sampled_from(LANGUAGES))
def test_both_write_and_read_the_same_codes(js: JavaScript, entropy: bytes, language: str) -> None:
    words = js("toWords", entropy=entropy, list=language)
    assert words.split() == words_of(entropy, language).split()
    assert js("toNumbers", entropy=entropy) == numbers_of(entropy)
    readings = sorted(secret.reveal().hex() for secret in read_code(words))
    assert sorted(js("readCode", text=words)) == readings
    assert entropy.hex() in readings
