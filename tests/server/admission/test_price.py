"""What room costs: by envelope, by chunk, and by how much of it is in use."""

from __future__ import annotations

import base64
import json
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import pytest

from app.protocol import work
from app.protocol.wire import CHUNK_BYTES, ENVELOPE_BYTES
from app.server.admission.gate import Gate
from app.server.admission.room import HeldBody
from app.server.responses.problem_details import Problem

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

SLOTS = 64
CHUNKS = 64
AT_REST = 2
MESSAGES, FILES = "/api/v1/work", "/api/v1/work?for=chunks"


async def challenge(server, path: str) -> tuple[int, bytes]:
    """Return the most steps that a fresh challenge takes, and the challenge."""
    content = (await server.client.get(path)).content
    return json.loads(content)["parameters"]["data"]["most"], content


async def most(server, path: str) -> int:
    return (await challenge(server, path))[0]


def header(bought: bytes) -> dict[str, str]:
    return {work.HEADER: work.solve(bought)}


async def put(server, number: int, bought: dict[str, str] | None = None):
    path = f"/api/v1/chunks/{number:032x}"
    return await server.client.put(path, content=bytes(CHUNK_BYTES), headers=bought)


@pytest.mark.parametrize(("active", "times"), [(1, 1), (10, 1), (25, 1), (30, 1.2), (40, 1.6)])
async def test_a_batch_for_many_costs_more(line, active, times):
    people = type(line.people[0])
    line.people = [people.generate(bytes([n]).__mul__) for n in range(1, 1 + active)]
    line.statuses = ["active"] * active
    line.publish()
    async with line.serve(work_steps=1_000) as server:
        assert await most(server, MESSAGES) == 1_000 * times
        assert await most(server, FILES) == 1_000


async def test_work_that_was_asked_for_cheaply_does_not_fill_the_line(line, batch, refusal):
    """Challenges cost nothing to fetch: what counts is what the room costs when it is taken."""
    async with line.serve(work_steps=20) as server:
        cheap = [header((await challenge(server, MESSAGES))[1]) for _ in range(21)]
        path = f"/api/v1/messages?epoch={(await server.epoch()).epoch}"
        taken = 0
        for one in cheap:
            answer = await server.client.post(path, content=batch(), headers=one)
            taken += answer.status_code == 201
        assert taken * 3 <= SLOTS // 4 + 3
        refusal(answer, 403, "work-expired")


async def test_filling_the_line_costs_many_times_the_work_at_rest(line, batch):
    async with line.serve(work_steps=AT_REST, reports_per_second=10_000) as server:
        paid = 0
        while (used := server.services.messages.storage.used) + 3 <= SLOTS:
            asked = await most(server, MESSAGES)
            paid += asked
            assert asked == AT_REST if used < SLOTS // 4 else asked > AT_REST
            assert asked == AT_REST << 8 or used < SLOTS * 11 // 16
            assert (await server.post(batch())).status_code == 201
        assert paid >= 80 * AT_REST * SLOTS / 3


async def test_many_at_once_do_not_come_at_the_price_of_one(line):
    async with line.serve(work_steps=20) as server, AsyncExitStack() as under_way:
        gate: Gate = server.services.gate
        for _ in range(SLOTS // 4):  # a quarter of the room, by heads alone
            bought = work.solve((await challenge(server, MESSAGES))[1])
            await under_way.enter_async_context(gate.report(bought, ENVELOPE_BYTES))
        assert await most(server, MESSAGES) == 40
        await under_way.aclose()
        assert await most(server, MESSAGES) == 20


async def test_without_attachments_nobody_works_for_them(line, refusal):
    async with line.serve(blob_quota_bytes=0) as server:
        refusal(await server.client.get(FILES), 507, "storage-full")
        refusal(await put(server, 1), 507, "storage-full")


async def test_the_work_for_files_grows_with_the_room_that_files_take(line):
    # Of room alone: so many a second that what comes never makes the line look busy, and every slot
    # is made before: whoever is faster than new slots is told to come again.
    settings = {
        "work_steps": AT_REST,
        "blob_quota_bytes": CHUNKS * CHUNK_BYTES,
        "chunk_slots_initial": CHUNKS,
    }
    async with line.serve(**settings, chunks_per_second=10_000) as server:
        cheap = header((await challenge(server, FILES))[1])
        number, seen = 0, []
        while number < CHUNKS - 1:
            seen.append(await most(server, FILES))
            assert (await put(server, number)).status_code == 201
            number += 1
        assert seen[0] == seen[CHUNKS // 4 - 1] == AT_REST
        assert seen[CHUNKS // 2] == AT_REST << 5
        assert seen[-1] == AT_REST << 8
        assert (await put(server, number, cheap)).status_code == 403
        assert await most(server, MESSAGES) == AT_REST  # text costs what it did


async def test_an_answer_for_files_buys_no_message_and_one_for_a_message_no_files(
    server, batch, refusal
):
    path = f"/api/v1/messages?epoch={(await server.epoch()).epoch}"
    files = header((await challenge(server, FILES))[1])
    refusal(await server.client.post(path, content=batch(), headers=files), 401, "work-needed")
    message = header((await challenge(server, MESSAGES))[1])
    refusal(await put(server, 1, message), 401, "work-needed")
    assert (await put(server, 1, files)).status_code == 201
    assert (await server.client.post(path, content=batch(), headers=message)).status_code == 201


@pytest.mark.parametrize("query", ["for=batch", "for=", "for=chunks&for=chunks", "for=Chunks"])
async def test_work_is_asked_for_in_one_way_only(server, refusal, query):
    refusal(await server.client.get(f"/api/v1/work?{query}"), 422, "bad-request")


async def test_a_hard_challenge_stays_good_for_longer(line, batch):
    async with line.serve(work_steps=5_000) as server:
        easy = json.loads((await challenge(server, MESSAGES))[1])["parameters"]["data"]
        server.services.messages.storage.used = SLOTS - 3  # as if the line were nearly full
        hard = json.loads((await challenge(server, MESSAGES))[1])["parameters"]["data"]
        assert hard["seconds"] - easy["seconds"] >= (hard["most"] - easy["most"]) / 200
        assert hard["expires"] - easy["expires"] == hard["seconds"] - easy["seconds"]


async def test_a_chunk_that_is_refused_for_its_answers_sake_takes_none_of_the_budget(line):
    """Eight of one answer are under way at the most; the ninth must not keep others out."""
    async with line.serve(chunks_per_second=4.5) as server, AsyncExitStack() as under_way:
        gate: Gate = server.services.gate
        one, other = [work.solve((await challenge(server, FILES))[1]) for _ in range(2)]
        for _ in range(8):
            await under_way.enter_async_context(gate.chunk(one))
        for _ in range(50):
            with pytest.raises(Problem, match="busy"):
                async with gate.chunk(one):
                    pass
        async with gate.chunk(other):  # the ninth of nine
            pass


@pytest.mark.parametrize(
    ("path", "size", "room"), [(MESSAGES, 20 * ENVELOPE_BYTES, 5), (FILES, CHUNK_BYTES, 8)]
)
async def test_a_body_for_which_there_is_no_memory_takes_none_of_the_budget(line, path, size, room):
    rate = (room + 1) / 2  # twice as many at once
    settings = {"reports_per_second": rate, "chunks_per_second": rate, "intake_bytes": 2 * 2**20}
    async with line.serve(**settings, slots_cap=1_024) as server, AsyncExitStack() as under_way:
        gate: Gate = server.services.gate

        def way(one: str) -> AbstractAsyncContextManager[HeldBody]:
            return gate.report(one, size) if path == MESSAGES else gate.chunk(one)

        bought = [work.solve((await challenge(server, path))[1]) for _ in range(room + 1)]
        for one in bought[:-1]:
            held = await under_way.enter_async_context(way(one))
            held.take(size)
            held.is_whole = True
        for _ in range(50):
            with pytest.raises(Problem, match="busy"):
                async with way(bought[-1]) as held:
                    held.take(size)
        await under_way.aclose()
        async with way(bought[-1]):  # the last of the budget
            pass


async def test_when_memory_is_short_two_chunks_of_an_answer_are_under_way_at_the_most(line):
    async with line.serve(intake_bytes=2 * 2**20) as server, AsyncExitStack() as under_way:
        gate: Gate = server.services.gate
        bought = [work.solve((await challenge(server, FILES))[1]) for _ in range(3)]
        for _ in range(5):  # more than half of the eight that there is memory for
            held = await under_way.enter_async_context(gate.chunk(bought[0]))
            held.take(CHUNK_BYTES)
        for one, more in zip(bought, (0, 2, 0), strict=True):
            for _ in range(more):
                await under_way.enter_async_context(gate.chunk(one))
            if one is not bought[2]:
                with pytest.raises(Problem, match="busy"):
                    await under_way.enter_async_context(gate.chunk(one))
        # There is memory for one more, of another answer.
        await under_way.enter_async_context(gate.chunk(bought[2]))


@pytest.mark.parametrize(
    "change",
    [
        {"counter": -1},
        {"counter": 1.0},
        {"counter": True},
        {"counter": None},
        {"counter": "0"},
        {"counter": 10**30},
        {"counter": "other"},
        {"derivedKey": "upper"},
    ],
)
async def test_every_part_of_an_answer_is_checked(line, batch, refusal, change):
    async with line.serve(work_steps=20) as server:
        payload = json.loads(base64.b64decode(work.solve((await challenge(server, MESSAGES))[1])))
        solution = payload["solution"]
        right = dict(solution)
        solution |= change
        if change.get("counter") == "other":
            solution["counter"] = (right["counter"] + 1) % 20
        if "derivedKey" in change:
            solution["derivedKey"] = right["derivedKey"].upper()
        path = f"/api/v1/messages?epoch={(await server.epoch()).epoch}"

        async def post() -> object:
            said = base64.b64encode(json.dumps(payload).encode()).decode()
            return await server.client.post(path, content=batch(), headers={work.HEADER: said})

        refusal(await post(), 401, "work-needed")
        payload["solution"] = right
        # The challenge goes back as a value: how it is spelt does not matter.
        challenge_ = payload["challenge"]
        payload["challenge"] = dict(reversed(list(challenge_.items())))
        assert (await post()).status_code == 201


async def test_what_uses_an_answer_up(line, batch, refusal):
    """Whatever was read to be checked: stored, there already, or refused for what it was."""
    async with line.serve(work_steps=1) as server:
        path = f"/api/v1/messages?epoch={(await server.epoch()).epoch}"
        whole = batch()
        bad = ((b"short", 400), (whole + b"x", 413), (bytes(len(whole)), 422))
        for body, status in ((whole, 201), *bad):
            bought = header((await challenge(server, MESSAGES))[1])
            first = await server.client.post(path, content=body, headers=bought)
            assert first.status_code == status
            again = await server.client.post(path, content=batch(), headers=bought)
            refusal(again, 403, "work-replayed")
        kind = (await server.client.get(FILES)).json()["parameters"]["data"]
        assert (kind["buys"], kind["uses"]) == ("chunks", work.CHUNKS)
        bought = header((await challenge(server, FILES))[1])
        statuses = [(await put(server, 1, bought)).status_code for _ in range(work.CHUNKS)]
        assert statuses == [201] + [204] * (work.CHUNKS - 1)
        refusal(await put(server, 1, bought), 403, "work-replayed")
