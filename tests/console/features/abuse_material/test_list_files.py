"""Files of hashes as people are given them: read in three forms, refused in any other, bounded."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection
from pathlib import Path

import pytest

from app.console.errors import ConsoleError
from app.console.features.abuse_material import gathered_hashes, list_files, media_lists
from app.console.features.abuse_material.gathered_hashes import Read

MD5 = hashlib.md5(b"one", usedforsecurity=False).hexdigest()
SHA1 = hashlib.sha1(b"one", usedforsecurity=False).hexdigest()
SHA256 = hashlib.sha256(b"one").hexdigest()
CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media"


def media(*entries: dict[str, object]) -> bytes:
    return json.dumps({"@odata.context": CONTEXT, "value": entries}, ensure_ascii=False).encode()


def read(folder: Path, data: bytes, categories: Collection[int] = ()) -> Read:
    path = folder / "list"
    path.write_bytes(data)
    return list_files.read(path, categories)


def hashes(found: Read) -> set[str]:
    """Return what was gathered, in hexadecimal digits."""
    return {
        packed[at : at + length].hex()
        for length, _, packed in found.gathered.rows()
        for at in range(0, len(packed), length)
    }


ENTRY: dict[str, object] = {
    "MediaID": 1,
    "Category": 1,
    "MD5": MD5.upper(),
    "SHA1": SHA1.upper(),
    "MediaSize": 2835,
    "Series": 'Kärnten ] } "',
    "MediaFiles": [{"FileName": "a]b.jpg", "MD5": "0" * 32}],
}


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (f"{MD5}\n{SHA1.upper()}\r\n\n# said so\n{SHA256}", {MD5, SHA1, SHA256}),
        (f"{SHA256}  ./a picture.jpg\n{MD5} *b.jpg\n", {SHA256, MD5}),
        (f"{MD5},a name,12\n", {MD5}),
        (f'"SHA-1","MD5","CRC32","FileName"\n"{SHA1}","{MD5}","0","x, y"\n', {SHA1}),
        (f"\ufeffName;Hash Value\na;{SHA256}\n", {SHA256}),
        (f"id\tmd5\n{'a' * 32}\t{MD5}\n", {MD5}),
        (f"{MD5}\n{hashlib.sha256(b'').hexdigest()}\n{'0' * 40}\n", {MD5}),
    ],
    ids=("lines", "sha256sum", "first", "nsrl", "bom", "another-column", "of-nothing"),
)
def test_lists_of_text_are_read(tmp_path: Path, data: str, wanted: set[str]) -> None:
    assert hashes(read(tmp_path, data.encode())) == wanted


def test_of_a_json_list_the_categories_that_were_named_count(tmp_path: Path) -> None:
    other = ENTRY | {"Category": 0, "SHA1": "f" * 40}
    found = read(tmp_path, b"\xef\xbb\xbf" + media(ENTRY, other, other), {1})
    assert hashes(found) == {SHA1}
    assert found.left_out == {0: 2}
    assert found.sha256 == hashlib.sha256((tmp_path / "list").read_bytes()).hexdigest()


def test_without_a_category_it_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConsoleError, match=re.escape("0 (1), 1 (2)")):
        read(tmp_path, media(ENTRY, ENTRY, ENTRY | {"Category": 0}))


def test_a_json_list_longer_than_what_is_held_of_it_is_read_to_its_end(tmp_path: Path) -> None:
    many = [ENTRY | {"SHA1": f"{number:040x}", "Series": "x" * 300} for number in range(1, 20_001)]
    data = media(*many)
    assert len(data) > 4 * media_lists.ENTRY_MAX
    found = read(tmp_path, data, {1})
    assert found.gathered.count == 20_000
    assert found.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no hash"),
        (b"name\n", "Line 1"),
        (f"{MD5}\nnot a hash\n".encode(), "Line 2"),
        (f"{MD5}\n{MD5[:-1]}\n".encode(), "Line 2"),
        (f"{MD5}\n{'g' * 40}\n".encode(), "Line 2"),
        (f"{MD5}\n".encode() + b"\x00" * 70_000, "Line 2"),
        (f"{MD5}\n".encode("utf-16"), "UTF-16"),
        (b"filename,PhotoDNA\nx.jpg,AAAA\n", "perceptual"),
        (b"pdq,quality\n" + b"a" * 64 + b",100\n", "perceptual"),
        (b"md5,name\n" + b'"' * 9_000, "Line 2"),
        (b"\x89PNG\r\n\x1a\n" + os.urandom(2_000), "Line 1"),
        (b'{"value": 7}', "no form"),
        (b"[" * 200_000, "no form"),
        (b'{"value": [' + b"[" * 200_000, "Entry 1"),
        (b'{"value": [7]}', "Entry 1"),
        (b'{"value": [{"Category": true}]}', "Entry 1 has no category"),
        (b'{"value": [{"Category": 1, "MD5": 7}]}', "Entry 1 has no MD5"),
        (media(ENTRY)[:-9], "Entry 1"),
        (media(ENTRY, ENTRY).replace(b"}, {", b"} {"), "Entry 2"),
        (media(ENTRY | {"Series": "x" * 1_100_000}), "Entry 1"),
        (b'{"value": [' + b" " * 3_000_000, "Entry 1"),
    ],
    ids=range(21),
)
def test_what_is_no_list_is_refused_with_its_place(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(ConsoleError, match=re.escape(said)) as refused:
        read(tmp_path, data, {1})
    assert str(refused.value).endswith("Nothing was added.")


def test_more_hashes_than_may_be_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathered_hashes, "HASHES_MAX", 3)
    rows = "\n".join(f"{number:032x}" for number in range(1, 6))
    with pytest.raises(ConsoleError, match="more than 3 hashes"):
        read(tmp_path, rows.encode())


def test_a_pipe_or_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(ConsoleError, match="is no file"):
            list_files.read(tmp_path / name, ())
