"""``quietline verify``: epochs and directories that are not the same for all, or are over."""

from __future__ import annotations

import os

import pytest

from app.protocol.line import Line as LineFile
from tests.cli.verify.lying_line import DAY, other, seen, sentences

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/api/v1/challenges", "/api/v1/bundles", "/api/v1/directory"])
async def test_bytes_of_an_epoch_made_for_one_visitor_are_found(line, path):
    def change(request, answer):
        if request.url.path == path and "iPhone" in request.headers["user-agent"]:
            body = bytearray(answer.content)
            body[-1] ^= 1
            return other(answer, bytes(body))
        return None

    found = (await seen(line, change)).findings.all()
    assert {one.where for one in found} == {path}
    assert any("given different" in one.sentence for one in found)


async def test_epochs_that_never_agree_are_found(line):
    def change(request, answer):
        if request.url.path == "/api/v1/bundles" and "iPhone" in request.headers["user-agent"]:
            epoch = int.from_bytes(answer.content[:8]) + 1
            return other(answer, epoch.to_bytes(8) + answer.content[8:])
        return None

    assert (
        "/api/v1/bundles",
        "The two were never shown the same epoch at once.",
    ) in sentences(await seen(line, change))


async def test_another_lines_directory_ends_it_with_one_sentence(line, tmp_path):
    stranger = LineFile(os.urandom(32), "Other", "http://line", None)
    ((where, sentence),) = sentences(await seen(line, line=stranger))
    assert where == "/api/v1/directory"
    assert sentence.startswith("The directory does not verify: ")


async def test_an_expired_directory_is_found(line):
    found = dict(sentences(await seen(line, now=int(line.now) + 200 * DAY)))
    assert found.keys() == {"/api/v1/bundles", "/api/v1/directory"}
    assert "shows a time that is over" in found["/api/v1/bundles"]
    assert found["/api/v1/directory"].startswith("The directory has expired:")


async def test_a_line_that_stays_in_the_past_is_found_before_its_directory_ends(line):
    assert not sentences(await seen(line, now=int(line.now) + 40 * DAY))
    ((where, sentence),) = sentences(await seen(line, now=int(line.now) + 60 * DAY))
    assert where == "/api/v1/bundles"
    assert "shows a time that is over" in sentence


async def test_a_clock_that_is_behind_is_told_and_does_not_hide_an_expired_directory(line):
    ((where, sentence),) = sentences(await seen(line, now=int(line.now) - 400 * DAY))
    assert where == "/api/v1/bundles"
    assert "clock behind" in sentence
    line.publish(expires="2026-01-01")
    found = dict(sentences(await seen(line, now=0)))
    assert "the directory has expired" in found["/api/v1/bundles"]
