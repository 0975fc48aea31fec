"""Make the seeds in ``corpus/`` from the vectors: ``python -m tests.fuzz.seeds`` writes them anew.

A file is one byte for the target and then what it gets. All come out the same each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.agency.enrolment import KIND, VERSION
from app.protocol import work
from app.protocol.encoding import b64u, json_bytes, unb64u
from app.protocol.identities import verify_key
from app.server.admission.proof_of_work import Issuer, Terms
from tests.fuzz import targets
from tests.fuzz.targets import ROOT, TARGETS, WORK_KEY

VECTORS = Path(__file__).parents[1] / "vectors"
CORPUS = Path(__file__).parent / "corpus"


def seeds() -> Iterator[tuple[str, bytes]]:
    """Yield names and contents."""
    ql1 = json.loads((VECTORS / "ql1.json").read_text())
    ours = json.loads((VECTORS / "quietline.json").read_text())
    for target, number, content in _contents(ql1, ours):
        name = target.__name__.replace("_", "-")
        yield f"{name}-{number:02d}", bytes([TARGETS.index(target)]) + content


def _contents(ql1: Any, ours: Any) -> Iterator[tuple[Any, int, bytes]]:
    yield targets.batch, 0, bytes.fromhex(ql1["envelopes"][0]["envelope"])
    yield targets.epoch_bundles, 0, bytes.fromhex(ours["bundles"][0]["file"])
    bundle = ql1["bundle"]
    parts = [bundle[name] for name in ("dh_pk", "mlkem_pk", "pke_pk")]
    window = b"".join(bundle[name].to_bytes(8) for name in ("not_before", "not_after"))
    one = bytes.fromhex("".join(parts)) + window + bytes.fromhex(bundle["j-sig-eph-w1"])
    yield targets.upload, 0, bytes(2) + (1).to_bytes(2) + one
    file = ours["directory"]["file"].encode()
    yield targets.directory, 0, file
    for number, (_, bad) in enumerate(ours["bad_directories"][:4], 1):
        yield targets.directory, number, bad.encode()
    inner = json.loads(unb64u(json.loads(file)["directory"]))
    inner["line_id"] = b64u(verify_key(ROOT))  # the fuzzer's root signs
    yield targets.signed_directory, 0, json_bytes(inner)
    yield targets.challenge_set, 0, bytes.fromhex(ql1["challenges"]["set"])
    reporter = ql1["reporters"][0]
    for number, name in enumerate(("words_en", "words_es", "words_zh_hans", "numbers")):
        yield targets.code, number, reporter[name].encode()
    for number, (_, text) in enumerate([*ours["bodies"]["good"], *ours["bodies"]["bad"]]):
        yield targets.body, number, text.encode()
    issuer = Issuer(WORK_KEY, lambda count: bytes(count))
    challenge = issuer.issue(Terms(work.BATCH, 1, 1), expires=1, seconds=1, keeper="line")
    yield targets.work_header, 0, work.solve(challenge).encode()
    yield targets.proxy_line, 0, b"PROXY TCP6 fc00:dead:beef:4dad::0:f6 ::1 246 80\r\nGET /"
    yield targets.proxy_line, 1, b"PROXY UNKNOWN\r\n"
    keys = ql1["investigator"]
    named = {"vk": "vk", "dh": "dh_pk", "mlkem": "mlkem_pk", "fetch": "fetch_pk"}
    asked = {name: b64u(bytes.fromhex(keys[key])) for name, key in named.items()}
    asked |= {"sig": b64u(bytes.fromhex(keys["j-sig-ltk"])), "label": "Ana"}
    asked |= {"line": b64u(targets.ASKED.line_id)}
    yield targets.enrolment, 0, json_bytes({"v": VERSION, "kind": KIND} | asked)


def write() -> None:
    """Write them all."""
    CORPUS.mkdir(exist_ok=True)
    for path in CORPUS.iterdir():
        path.unlink()
    for name, content in seeds():
        (CORPUS / name).write_bytes(content)


if __name__ == "__main__":
    write()
