"""The examples in docs/spec: every value is in the vectors, or follows from them by the pages."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.protocol.receipt import LANGUAGES
from app.server.responses import headers, problem_details
from tests.spec import ristretto, stranger

SPEC = Path(__file__).parents[2] / "docs" / "spec"
PAGES = sorted(SPEC.glob("*.md"))
VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "ql1.json").read_text()
)
LINE_ID = bytes.fromhex(VECTORS["newsroom"]["vk"])


def unhex(text: str) -> bytes:
    return bytes.fromhex(text)


def in_vectors(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [hexes for one in value.values() for hexes in in_vectors(one)]
    if isinstance(value, list):
        return [hexes for one in value for hexes in in_vectors(one)]
    return [value] if isinstance(value, str) else []


def derived() -> list[str]:
    """Return what the pages show of intermediate values, computed by the stranger's code."""
    reporter, bundle = VECTORS["reporters"][0], VECTORS["bundle"]
    mk, investigator = unhex(reporter["entropy"]), VECTORS["investigator"]
    fetch_sk = unhex(reporter["fetch_sk"])
    envelope = unhex(VECTORS["envelopes"][1]["envelope"])
    trace: stranger.Trace = {}
    xwing_trace: stranger.Trace = {}
    stranger.open_envelope(
        envelope, unhex(bundle["dh_sk"]), unhex(bundle["mlkem_seed"]), unhex(bundle["pke_seed"]),
        unhex(investigator["fetch_pk"]), LINE_ID, trace, xwing_trace,
    )  # fmt: skip
    row_trace: stranger.Trace = {}
    stranger.solve(unhex(VECTORS["challenges"]["set"]), fetch_sk, LINE_ID, row_trace)
    keys = tuple(unhex(investigator[name]) for name in ("vk", "dh_pk", "mlkem_pk", "fetch_pk"))
    salt = "securedrop-source-v1"
    values = [
        *trace.values(),
        *xwing_trace.values(),
        *row_trace.values(),
        hashlib.sha256(envelope).digest(),
        hashlib.sha256(trace["plaintext"]).digest(),
        stranger.hkdf(mk, salt, b"sourcefetchkey", 64),
        stranger.hkdf(mk, salt, b"sourceAPKEkey-dh", 32),
        hashlib.shake_256(unhex(reporter["pke_seed"])).digest(96),
        stranger.hkdf(mk, "quietline-letter-v1", unhex(VECTORS["letter"]["n"]), 32),
        stranger.fingerprint(keys, "Ana", line_of_the_first_page()),
        b"\x09j-sig-ltk",
        b"\x0cj-sig-eph-w1",
        bundle["not_before"].to_bytes(8),
        bundle["not_after"].to_bytes(8),
        b"HPKE\x00\x20\x00\x01\x00\x03",
        b"HPKE\x64\x7a\x00\x01\x00\x03",
    ]
    solution = solved_example()["solution"]
    assert solution["counter"] == 17
    return [*(value.hex() for value in values), str(ristretto.L - 2**252), solution["derivedKey"]]


def line_of_the_first_page() -> dict[str, Any]:
    """Return the line.json that the first page shows."""
    block = re.search(r"```json\n(.+?)```", (SPEC / "README.md").read_text(), re.DOTALL)
    assert block is not None
    shown: dict[str, Any] = json.loads(block[1])
    return shown


def solved_example() -> dict[str, Any]:
    """Return the answer to the challenge that the page on work shows."""
    block = re.search(r"```json\n(.+?)```", (SPEC / "work.md").read_text(), re.DOTALL)
    assert block is not None
    answer: dict[str, Any] = json.loads(base64.b64decode(stranger.answer_to(block[1].encode())))
    return answer


def hex_in(text: str) -> list[str]:
    """Values of at least 8 bytes; a value that goes on in the next line of a block is joined."""
    joined = re.sub(r"(?<=[0-9a-f]{64})\n +(?=[0-9a-f]{32})", "", text)
    return re.findall(r"(?<![0-9A-Za-z])[0-9a-f]{16,}(?![0-9A-Za-z])", joined)


INVENTED = {
    "5f0c9a3b7de14c2e8a6b1d0f9e8c7b6a",  # the mid of an example body
    # what the server of an example challenge drew and signed (work)
    "2f8e61c3a0b9d574",
    "315091142414cc4c41ee2a693f0ea3bc",
    "ebfc34908b831e533c06f91795c4bd51",
    "1ff1d0bba28229b486fa121a38927d783f94d2ee61d4c711f2943e59c7ff896a",
    "674f8d493165341c4721d479f97ecdd6e382ed3bb4ae1da7f29424c52fb52f45",
}


@pytest.fixture(scope="module")
def known() -> str:
    lists = [
        hashlib.sha256(("\n".join(words(name)) + "\n").encode()).hexdigest() for name in LANGUAGES
    ]
    refused = json.loads((Path(__file__).parents[1] / "vectors" / "quietline.json").read_text())
    points = in_vectors(refused["points"])
    return " ".join([*in_vectors(VECTORS), *points, *derived(), *lists])


def words(name: str) -> list[str]:
    from mnemonic import Mnemonic

    return list(Mnemonic(name).wordlist)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_value_on_a_page_is_right(page: Path, known: str) -> None:
    found = set(hex_in(page.read_text())) - INVENTED
    assert {value for value in found if value not in known} == set()


def test_the_check_above_reads_the_pages() -> None:
    assert sum(len(hex_in(page.read_text())) for page in PAGES) > 60


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https:)([^)#]+)\)", page.read_text()):
        assert (SPEC / target).is_file(), target


def test_the_index_names_every_page() -> None:
    index = (SPEC / "README.md").read_text()
    assert {page.name for page in PAGES} - {"README.md"} == set(re.findall(r"\((\w+\.md)\)", index))


def test_the_base_point_is_the_rfcs() -> None:
    # RFC 9496, A.1: the first multiples of the generator.
    assert ristretto.BASE.hex() == (
        "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"
    )


@pytest.mark.parametrize("reporter", VECTORS["reporters"], ids=["0", "1", "2", "3"])
def test_the_pages_lead_to_the_vectors_reporters(reporter: dict[str, str]) -> None:
    assert stranger.numbers(unhex(reporter["entropy"])) == reporter["numbers"]
    keys = stranger.Keys(stranger.read_numbers(reporter["numbers"]))
    assert keys.fetch_sk.hex() == reporter["fetch_sk"]
    assert keys.dh_sk.hex() == reporter["dh_sk"]
    public = {name: key.hex() for name, key in keys.public().items()}
    assert public == {
        "fetch": reporter["fetch_pk"],
        "dh": reporter["dh_pk"],
        "mlkem": reporter["mlkem_pk"],
        "xwing": reporter["pke_pk"],
    }


def open_for_bundle(envelope: str) -> tuple[bytes, bytes]:
    bundle = VECTORS["bundle"]
    return stranger.open_envelope(
        unhex(envelope), unhex(bundle["dh_sk"]), unhex(bundle["mlkem_seed"]),
        unhex(bundle["pke_seed"]), unhex(VECTORS["investigator"]["fetch_pk"]), LINE_ID,
    )  # fmt: skip


def test_the_pages_lead_to_the_vectors_envelopes() -> None:
    for one in VECTORS["envelopes"]:
        if one["direction"] == "reporter0->bundle":
            sender, body = open_for_bundle(one["envelope"])
            assert sender.hex()[:64] == VECTORS["reporters"][0]["dh_pk"]
            assert hashlib.sha256(body).hexdigest() == one["body_sha256"]


@pytest.mark.parametrize("bad", VECTORS["bad_envelopes"], ids=lambda bad: bad["why"])
def test_the_pages_refuse_the_vectors_bad_envelopes(bad: dict[str, str]) -> None:
    with pytest.raises((stranger.Refused, ValueError)):
        open_for_bundle(bad["envelope"])


@pytest.mark.parametrize(
    "file", VECTORS["attachments"], ids=lambda file: str(file["plaintext_len"])
)
def test_the_pages_lead_to_the_vectors_attachments(file: dict[str, Any]) -> None:
    label = file["plaintext"].split("'")[1]
    data = hashlib.shake_256(label.encode()).digest(file["plaintext_len"])
    chunks = list(stranger.encrypt_file(data, unhex(file["key"])))
    assert [one.hex() for one, _ in chunks] == file["chunk_ids"]
    joined = b"".join(chunk for _, chunk in chunks)
    assert hashlib.sha256(joined).hexdigest() == file["ciphertext_sha256"]
    assert stranger.tree_of(data).hex() == file["tree"]


def test_the_line_id_on_the_first_page_is_the_vectors() -> None:
    line = re.search(r'"line_id": "([\w-]+)"', (SPEC / "README.md").read_text())
    assert line is not None
    assert stranger.unb64u(line[1]) == LINE_ID


def test_the_http_page_has_every_problem_and_the_headers_that_the_server_sends() -> None:
    page = (SPEC / "http.md").read_text()
    for kind in vars(problem_details).values():
        if isinstance(kind, problem_details.Kind):
            assert re.search(rf"^\| `{kind.name}` \|[^|]*\b{kind.status}\b", page, re.MULTILINE), (
                kind
            )
    for name, value in headers.HEADERS:
        assert f"\n{name}: {value}\n" in page


def test_rounding_is_as_the_table_says() -> None:
    table = re.search(
        r"\| n \|(.+)\|\n\|[-|]+\n\| padded \|(.+)\|", (SPEC / "attachments.md").read_text()
    )
    assert table is not None
    numbers, padded = (
        [int(cell.replace(",", "")) for cell in row.split("|")] for row in table.groups()
    )
    for n, expected in [*zip(numbers, padded, strict=True), *VECTORS["padded_chunks"].items()]:
        assert stranger.chunks_of(int(n) * stranger.PIECE - 8) == expected
