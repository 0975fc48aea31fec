"""Nothing is stored without work; an answer buys what it says, once."""

from __future__ import annotations

import base64
import json
import os

import altcha
import pytest

from app.protocol import work
from app.protocol.errors import BadWork
from app.protocol.wire import CHUNK_BYTES
from app.server.admission.difficulty import batch_steps, by_load, by_room, doubled
from app.server.admission.proof_of_work import BadProof, Issuer, Terms

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

NONE = {work.HEADER: ""}
TERMS = Terms(work.BATCH, 1, 3)


@pytest.fixture
def post(server, batch):
    async def send(header: str | None, body: bytes | None = None):
        number = (await server.epoch()).epoch
        return await server.client.post(
            f"/api/v1/messages?epoch={number}",
            content=body or batch(),
            headers={work.HEADER: header or ""},
        )

    return send


@pytest.fixture
def put(server):
    async def send(number: int, header: str):
        return await server.client.put(
            f"/api/v1/chunks/{number:032x}",
            content=bytes(CHUNK_BYTES),
            headers={work.HEADER: header},
        )

    return send


async def answer(server, what: str = work.BATCH) -> str:
    return work.solve((await server.client.get(work.CHALLENGE_PATHS[what])).content)


def changed(header: str, **changes: object) -> str:
    payload = json.loads(base64.b64decode(header))
    payload["challenge"]["parameters"] |= changes
    return base64.b64encode(json.dumps(payload).encode()).decode()


async def test_an_answer_buys_one_message_and_no_more(server, post, refusal):
    header = await answer(server)
    assert (await post(header)).status_code == 201
    refusal(await post(header), 403, "work-replayed", header.encode())
    assert server.services.messages.storage.used == 3
    assert (await post(await answer(server))).status_code == 201


async def test_an_answer_for_files_buys_32_chunks_and_no_more(server, put, refusal):
    header = await answer(server, work.FILES)
    for number in range(32):
        assert (await put(number % 2, header)).status_code == (201 if number < 2 else 204)
    refusal(await put(0, header), 403, "work-replayed")


async def test_without_work_nothing_is_taken(server, post, put, refusal):
    for sent in (None, "x", "e30=", base64.b64encode(b"[" * 1_500).decode(), "A" * 8_000):
        refusal(await post(sent), 401, "work-needed")
        refused = await put(0, sent or "")
        refusal(refused, 401, "work-needed")
        assert refused.headers["www-authenticate"] == "Quietline-Work"
    assert server.services.messages.storage.used == 0


async def test_work_made_easier_or_longer_lived_or_for_another_server_is_none(
    server, line, post, refusal, tmp_path
):
    header = await answer(server)
    data = json.loads(base64.b64decode(header))["challenge"]["parameters"]["data"]
    for change in (
        {"cost": 1},
        {"keyPrefix": "00"},
        {"nonce": "0" * 32},
        {"data": data | {"expires": 2**40}},
        {"data": {}},
        {"keySignature": None},
        {"keySignature": ""},
        {"algorithm": "SHA-256"},
        {"expiresAt": 2**40},
    ):
        refusal(await post(changed(header, **change)), 401, "work-needed")
    wrong = json.loads(base64.b64decode(header))
    wrong["solution"]["derivedKey"] = "00" * 32
    refusal(await post(base64.b64encode(json.dumps(wrong).encode()).decode()), 401, "work-needed")
    assert (await post(header)).status_code == 201
    async with line.serve(blob_folder=tmp_path / "other") as restarted:
        number = (await restarted.epoch()).epoch
        kept = {work.HEADER: await answer(server)}
        refused = await restarted.client.post(f"/api/v1/messages?epoch={number}", headers=kept)
        refusal(refused, 401, "work-needed")


def test_the_check_of_work_says_what_the_librarys_says():
    """Ours does not go through the library, which is slower: what it refuses we refuse too."""
    issuer = Issuer(b"k" * 32, os.urandom)
    header = work.solve(issuer.issue(TERMS, expires=2**40, seconds=60, keeper="äb"))
    whole = json.loads(base64.b64decode(header))
    tampered = [header]
    for parts in (whole["challenge"]["parameters"], whole["challenge"]["parameters"]["data"]):
        for name, value in list(parts.items()):
            for other in (f"{value}0", 7, None, float("nan"), [], {"a": [1]}, "\ud800"):
                parts[name] = other
                tampered.append(base64.b64encode(json.dumps(whole).encode()).decode())
            parts[name] = value
    for name in ("signature", "derivedKey"):
        part = whole["challenge" if name == "signature" else "solution"]
        right = part[name]
        for other in (right[:-1] + "g", "00" * 32, "", None, 7, "ä", "\ud800", []):
            part[name] = other
            tampered.append(base64.b64encode(json.dumps(whole).encode()).decode())
        part[name] = right
    verdicts = [(library_takes(one), ours_takes(issuer, one)) for one in tampered]
    assert verdicts[0] == (True, True)
    assert set(verdicts[1:]) == {(False, False)}


def library_takes(header: str) -> bool:
    keys = {"hmac_secret": b"challenge" + b"k" * 32, "hmac_key_secret": b"answer" + b"k" * 32}
    return altcha.verify_solution(header, **keys).verified


def ours_takes(issuer: Issuer, header: str) -> bool:
    try:
        issuer.check(header, 0)
    except BadProof:
        return False
    return True


async def test_an_answer_expires(server, line, post, refusal):
    header = await answer(server)
    line.now += server.services.settings.work_seconds - 1
    await server.tick(0)
    assert (await post(await answer(server))).status_code == 201
    line.now += 1
    refusal(await post(header), 403, "work-expired")


async def test_what_the_server_refuses_for_its_own_reasons_costs_no_work(
    server, post, batch, refusal
):
    header = await answer(server)
    stale = await server.client.post(
        "/api/v1/messages?epoch=1", content=batch(), headers={work.HEADER: header}
    )
    refusal(stale, 409, "stale-bundles")
    assert (await post(header)).status_code == 201
    for _ in range(19):  # 64 slots hold 21 batches
        assert (await server.post(batch())).status_code == 201
    header = await answer(server)
    assert (await server.post(batch())).status_code == 201
    refusal(await post(header), 503, "full")
    refusal(await post(header), 503, "full")
    server.services.messages.storage.used -= 3  # as if somebody had deleted
    refusal(await post(header, b"short"), 400, "wrong-length")
    refusal(await post(header), 403, "work-replayed")


async def test_above_the_budget_messages_wait_and_files_do_not_stop_text(line, batch, refusal):
    async with line.serve(reports_per_second=0.5, chunks_per_second=0.5) as server:
        assert (await server.post(batch())).status_code == 201
        header = {work.HEADER: await answer(server)}
        number = (await server.epoch()).epoch
        path = f"/api/v1/messages?epoch={number}"
        refused = await server.client.post(path, content=batch(), headers=header)
        refusal(refused, 503, "busy")
        assert int(refused.headers["retry-after"]) >= 1
        assert server.services.messages.storage.used == 3
    async with line.serve(chunks_per_second=0.5) as server:
        chunk = bytes(CHUNK_BYTES)
        statuses = [
            (await server.client.put(f"/api/v1/chunks/{n:032x}", content=chunk)).status_code
            for n in range(3)
        ]
        assert statuses == [201, 503, 503]
        assert (await server.post(batch())).status_code == 201


def test_the_work_doubles_with_the_rate_and_with_the_room_in_use():
    assert [by_load(rate, 20) for rate in (0, 4.9, 5, 10, 20, 40)] == [0, 0, 1, 2, 3, 4]
    quarter = [by_room(used, 160) for used in (0, 39, 40, 49, 50, 80, 119, 120, 160, 200)]
    assert quarter == [0, 0, 1, 1, 2, 5, 8, 8, 8, 8]
    assert by_room(0, 0) == 8  # no room at all
    assert [doubled(5, by, 8) for by in (0, 3, 8, 20)] == [5, 40, 1_280, 1_280]
    assert doubled(5, 8, 0) == 5
    assert doubled(100_000, 8, 8) == work.MOST_MAX  # what clients still do
    assert [batch_steps(5_000, count) for count in (0, 3, 25, 26, 40)] == [
        5_000, 5_000, 5_000, 5_200, 8_000,
    ]  # fmt: skip


async def test_a_flood_of_files_makes_no_message_harder(server, put):
    settings = server.services.settings
    for number in range(40):
        await put(number, await answer(server, work.FILES))
    challenge = (await server.client.get("/api/v1/work")).json()
    assert challenge["parameters"]["data"]["most"] == settings.work_steps


async def test_nothing_of_the_work_is_remembered_longer_than_it_is_good(server, line, post):
    spent_work = server.services.gate._spent_work
    for _ in range(3):
        await post(await answer(server))
    assert len(spent_work) == 3
    line.now += 2_000
    await server.tick(0)
    await post(await answer(server))
    assert len(spent_work) == 1


async def test_altchas_own_solver_finds_the_same_answer(server):
    challenge = (await server.client.get("/api/v1/work")).content
    ours = json.loads(base64.b64decode(work.solve(challenge)))["solution"]
    theirs = altcha.solve_challenge(altcha.Challenge.from_dict(json.loads(challenge)))
    assert (ours["counter"], ours["derivedKey"]) == (theirs.counter, theirs.derived_key)


async def test_a_credit_holds_what_an_answer_buys_and_says_how_far_its_work_is(line):
    async with line.serve(work_steps=200) as server:
        credit, told = work.WorkCredit(), []
        assert credit.take() is None
        challenge = (await server.client.get(work.CHALLENGE_PATHS[work.FILES])).content
        credit.earn(challenge, progress=lambda done, most: told.append((done, most)))
        assert told[0] == (0, 200)
        headers = [credit.take() for _ in range(work.CHUNKS)]
        assert len(set(headers)) == 1
        assert headers[0] == work.solve(challenge)
        assert credit.take() is None
        credit.give_back()
        assert credit.take() == headers[0]
        credit.earn(challenge)
        credit.empty()
        assert credit.take() is None


async def test_a_client_refuses_work_that_nobody_should_do(server):
    challenge = (await server.client.get("/api/v1/work")).json()
    for path, value in (
        (("cost",), 10**6),
        (("cost",), True),
        (("data", "most"), 10**9),
        (("algorithm",), "SCRYPT"),
        (("keyLength",), 64),
        (("nonce",), "00"),
        (("keyPrefix",), "zz"),
        (("keyPrefix",), "00"),
        (("data", "uses"), 0),
        (("data", "uses"), 4_097),
        (("data", "uses"), "1"),
    ):
        asked = json.loads(json.dumps(challenge))
        place = asked["parameters"]
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        with pytest.raises(BadWork):
            work.solve(json.dumps(asked).encode())
    for text in (b"", b"[]", b"{}", b"null", b"\xff"):
        with pytest.raises(BadWork):
            work.solve(text)
    with pytest.raises(BadWork, match="stopped"):
        work.solve(json.dumps(challenge).encode(), stopped=lambda: True)
