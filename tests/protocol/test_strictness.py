"""What is refused, although it is signed or sealed: the same in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.protocol import bodies
from app.protocol.directory import open_directory
from app.protocol.encoding import b64u, json_bytes, read_json
from app.protocol.errors import BadBody, NewerBody, ProtocolError
from tests.protocol.javascript import JavaScript, Refused
from tests.protocol.line import TestLine

LINE = TestLine(3)
MID = "5f0c9a3b7de14c2e8a6b1d0f9e8c7b6a"
DESK = {"id": "d", "members": [0], "name": {"en": "D"}, "about": {"en": "d"}}


@pytest.fixture(scope="module")
def js() -> Iterator[JavaScript]:
    bridge = JavaScript()
    yield bridge
    bridge.close()


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":[1,-2,0,9007199254740991],"b":{"a":null}}',
        b"[" * 32 + b"]" * 32,
        b' {"a" : "\\"a\\": 1.5"}\n',
        '"\N{ARABIC LETTER ALEF} {}"'.encode(),
    ],
)
def test_json_that_all_read_alike_is_read(js: JavaScript, data: bytes) -> None:
    assert js("readJson", data=data) == read_json(data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[1,]", b"\xff", b"\xef\xbb\xbf{}", b'"\xed\xa0\x80"', "{}".encode("utf-16"),
        b'{"a":1,"a":1}', b'{"a":1,"\\u0061":2}', b'[{"b":{"c":0,"c":0}}]',
        b"1.0", b"1e3", b"1E400", b"-0", b"01", b"9007199254740992", b"-9007199254740992",
        b"1" * 5000, b"NaN", b"Infinity", b"-Infinity", b"[" * 33 + b"]" * 33, b"[" * 100_000,
        b'{"a":' * 33 + b"1" + b"}" * 33,
    ],
    ids=lambda data: data[:24].decode("latin-1"),
)  # fmt: skip
def test_json_that_readers_see_otherwise_is_refused(js: JavaScript, data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_json(data)
    with pytest.raises(Refused, match="bad-encoding"):
        js("readJson", data=data)


Change = Callable[[dict[str, Any]], None]


def _set(field: str, value: Any) -> Change:
    return lambda inner: inner.__setitem__(field, value)


def _member(field: str, value: Any) -> Change:
    return lambda inner: inner["investigators"][0].__setitem__(field, value)


def _desk(**fields: Any) -> Change:
    return _set("desks", [{**DESK, **fields}])


def _left(day: Any) -> Change:
    return lambda inner: inner["investigators"][0].update(status="former", left=day)


def _same_keys(inner: dict[str, Any]) -> None:
    first, second = inner["investigators"][:2]
    second.update(dh=first["dh"], mlkem=first["mlkem"])


@pytest.mark.parametrize(
    "change", [_desk(), _desk(members=[]), _desk(later=[]), _member("label", "Ana ✓"),
               _left("2026-09-01"), _set("later", {"x": None})]
)  # fmt: skip
def test_a_directory_in_good_form_is_read(js: JavaScript, change: Change) -> None:
    inner = LINE.inner()
    change(inner)
    signed = LINE.signed(inner)
    assert open_directory(signed, LINE.line_id).version == 1
    assert js("openDirectory", directory=signed.decode(), line=LINE.line_id)["version"] == 1


@pytest.mark.parametrize(
    "change",
    [
        _set("v", 1), _set("v", 3), _set("v", True), _set("v", "2"), lambda inner: inner.pop("v"),
        _set("version", 0), _set("version", True), _set("version", "1"),
        _set("issued", "20260901"), _set("issued", "0000-01-01"), _set("issued", 20260901),
        _set("expires", "soon"), _set("expires", "2027-02-29"), _set("expires", "9999-12-31"),
        _set("roots", {}), _set("roots", ""), lambda inner: inner.pop("roots"),
        _set("line_id", b64u(bytes(32))), _set("line_id", "!"),
        _set("investigators", None), _set("investigators", {}), _set("desks", {}),
        lambda inner: inner["investigators"].append(inner["investigators"][0]), _same_keys,
        lambda inner: inner["desks"].append(inner["desks"][0]),
        _member("status", "on leave"), _member("status", ["active"]), _member("vk", "!"),
        _member("fetch", b64u(bytes(32))), _member("dh", b64u(bytes(32))),
        _member("mlkem", b64u(bytes(1183))), _member("label", ""), _member("label", 7),
        _member("label", "a\nb"), _member("label", "a" * 65),
        _member("status", "former"), _member("left", "2026-08-15"), _left(None), _left(20260815),
        _left("2026-08-32"), _left("2026-09-02"), _left("26-08-15"),
        _desk(id=""), _desk(id="D"), _desk(id="d\n"), _desk(id=7), _desk(members=[3]),
        _desk(members=[-1]), _desk(members=[0, 0]), _desk(members="01"), _desk(members=[True]),
        _desk(name={}), _desk(name=[]), _desk(name="D"), _desk(name={"en": 7}), _desk(about={}),
        _desk(about=None), _set("desks", [None]), _set("params", []), _set("params", {}),
        lambda inner: inner.pop("params"),
        _set("params", {"message_days": 0, "window_seconds": 3600}),
        _set("params", {"message_days": 3651, "window_seconds": 3600}),
        _set("params", {"message_days": 90, "window_seconds": 1800}),
        _set("params", {"message_days": 90, "window_seconds": 0}),
    ],
)  # fmt: skip
def test_a_malformed_directory_is_refused_though_it_is_signed(
    js: JavaScript, change: Change
) -> None:
    inner = LINE.inner()
    change(inner)
    _refused_in_both(js, LINE.signed(inner))


def test_a_label_with_half_a_letter_is_refused(js: JavaScript) -> None:
    inner = LINE.inner()
    _member("label", "HALF")(inner)
    _refused_in_both(js, LINE.sign(json_bytes(inner).replace(b"HALF", b"\\ud800")))


def _refused_in_both(js: JavaScript, data: bytes) -> None:
    with pytest.raises(ProtocolError):
        open_directory(data, LINE.line_id)
    with pytest.raises(Refused, match=r"^(?!.*internal)"):
        js("openDirectory", directory=data.decode(), line=LINE.line_id)


@pytest.mark.parametrize("v", [0, 2, 2**53 - 1])
def test_a_body_of_another_version_is_not_guessed(js: JavaScript, v: int) -> None:
    data = json_bytes({"kind": "reply", "v": v, "mid": MID, "text": "No."})
    with pytest.raises(NewerBody):
        bodies.read_body(data)
    with pytest.raises(Refused, match="newer"):
        js("readBody", data=data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"null", b"{}", b'{"kind":"reply","v":1}',
        json_bytes({"kind": "reply", "mid": MID}), json_bytes({"kind": 1, "v": 1, "mid": MID}),
        json_bytes({"kind": "reply", "v": True, "mid": MID}),
        json_bytes({"kind": "reply", "v": "1", "mid": MID}),
        json_bytes({"kind": "reply", "v": 1, "mid": MID.upper()}),
        f'{{"kind":"reply","v":1.0,"mid":"{MID}"}}'.encode(),
        f'{{"kind":"reply","v":1,"mid":"{MID}","mid":"{MID}"}}'.encode(),
        b"\xef\xbb\xbf" + json_bytes({"kind": "reply", "v": 1, "mid": MID}),
    ],
)  # fmt: skip
def test_what_is_no_body_is_refused(js: JavaScript, data: bytes) -> None:
    with pytest.raises(BadBody) as refused:
        bodies.read_body(data)
    assert not isinstance(refused.value, NewerBody)
    with pytest.raises(Refused, match="bad-body"):
        js("readBody", data=data)


def test_an_empty_report_is_well_formed(js: JavaScript) -> None:
    data = json_bytes({"kind": "report", "v": 1, "mid": MID})
    assert js("readBody", data=data) == bodies.read_body(data)


@pytest.mark.parametrize(
    "wrong",
    [{"size": 2**31 + 1, "chunks": 9216}, {"chunks": 2}, {"size": -1}, {"size": True}, {"key": ""}],
)
def test_a_file_that_cannot_be_is_refused_before_any_of_it_is_fetched(
    wrong: dict[str, Any],
) -> None:
    entry = {
        "key": b64u(bytes(32)), "chunks": 1, "name": "", "type": "", "size": 9,
        "metadata": "clean", "tree": "00" * 32,
    }  # fmt: skip
    assert bodies.FileRef.from_json(entry).size == 9
    assert bodies.FileRef.from_json({**entry, "size": 2**31, "chunks": 9216}).chunks == 9216
    with pytest.raises(ProtocolError):
        bodies.FileRef.from_json({**entry, **wrong})
