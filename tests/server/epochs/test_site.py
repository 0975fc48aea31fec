"""The signed static site: what its manifest lists, as it was signed, and nothing else."""

from __future__ import annotations

import gzip
import os

import brotli
import pytest

from app.protocol.encoding import b64u
from app.protocol.secrets import Secret
from app.server.epochs.signed_directory import Refused
from app.server.epochs.signed_site import Site, read_site
from app.server.operations import preflight
from app.server.storage import migrations

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

PAGE = b"<!doctype html><title>Step 1</title>" + b"<p>hello</p>" * 50
FILES = {
    "index.html": PAGE,
    "en/index.html": PAGE + b"en",
    "assets/app.js": b"'use strict';" * 20,
    "assets/mark.png": b"\x89PNG" + bytes(range(256)),
}


async def test_listed_files_are_served_with_their_types_and_strict_headers(line):
    site = line.publish_site(FILES)
    async with line.serve(site_folder=site) as server:
        expected = {
            "/": (PAGE, "text/html; charset=utf-8"),
            "/index.html": (PAGE, "text/html; charset=utf-8"),
            "/en/": (PAGE + b"en", "text/html; charset=utf-8"),
            "/assets/app.js": (FILES["assets/app.js"], "text/javascript; charset=utf-8"),
            "/assets/mark.png": (FILES["assets/mark.png"], "image/png"),
            "/manifest.json": ((site / "manifest.json").read_bytes(), "application/json"),
        }
        for path, (body, media_type) in expected.items():
            answer = await server.client.get(path)
            assert (answer.status_code, answer.content) == (200, body)
            assert answer.headers["content-type"] == media_type
            head = await server.client.head(path)
            assert (head.status_code, head.headers) == (200, answer.headers)
        folder = await server.client.get("/en")
        assert (folder.status_code, folder.headers["location"]) == (308, "/en/")


async def test_every_page_but_the_one_after_leaving_asks_for_a_process_of_its_own(line):
    site = line.publish_site(FILES | {"en/measures/index.html": PAGE})
    asked = {
        "/": "require-corp",
        "/en/": "require-corp",
        "/assets/app.js": "require-corp",
        "/api/v1/challenges": "require-corp",
        "/en/measures": "require-corp",
        "/en/measures/": "unsafe-none",
        "/en/measures/index.html": "unsafe-none",
    }
    async with line.serve(site_folder=site) as server:
        for path, value in asked.items():
            answer = await server.client.get(path)
            assert answer.headers.get_list("cross-origin-embedder-policy") == [value], path
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"


async def test_unknown_paths_give_the_same_bytes(line):
    site = line.publish_site(FILES)
    (site / "unlisted.html").write_bytes(b"SEKRIT")
    async with line.serve(site_folder=site) as server:
        paths = ("/unlisted.html", "/nope", "/assets/", "/../directory.json", "/%2e%2e/data")
        answers = [await server.client.get(path) for path in paths]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert b"SEKRIT" not in answers[0].content


BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
NOTHING = b"<p>Nothing here.</p>"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nope", 404),
        ("GET", "/en/nope/", 404),
        ("GET", "/api/v1/nope", 404),
        ("GET", "/api/v1/messages/zz", 422),
        ("GET", "/api/v1/messages", 405),
    ],
)
async def test_a_browser_gets_the_sites_own_page_and_a_client_of_the_api_json(
    line, method, path, status
):
    site = line.publish_site(FILES | {"404.html": NOTHING})
    async with line.serve(site_folder=site) as server:
        page = await server.client.request(method, path, headers=BROWSER)
        assert (page.status_code, page.content) == (status, NOTHING)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["vary"] == "Accept, Accept-Encoding"
        answer = await server.client.request(method, path)
        assert answer.json()["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert page.headers.get("allow") == answer.headers.get("allow")


async def test_a_failure_of_the_server_is_a_page_for_a_browser_too(line, monkeypatch):
    site = line.publish_site(FILES | {"404.html": NOTHING})
    async with line.serve(site_folder=site) as server:
        monkeypatch.setattr(Site, "is_folder", lambda *_: 1 / 0)
        page = await server.client.get("/nope", headers=BROWSER)
        assert (page.status_code, page.content) == (500, NOTHING)
        assert (await server.client.get("/nope")).json()["status"] == 500


async def test_a_site_without_such_a_page_gives_problem_details_to_everybody(line):
    async with line.serve(site_folder=line.publish_site(FILES)) as server:
        answer = await server.client.get("/nope", headers=BROWSER)
        assert (answer.status_code, answer.json()["status"]) == (404, 404)


@pytest.mark.parametrize(
    ("accepted", "encoding", "decompress"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br;q=1.0, zstd", "br", brotli.decompress),
        ("identity", None, bytes),
        ("vibrant", None, bytes),
        ("br;q=0", None, bytes),
        ("br; q=0.000, gzip;q=0.5", "gzip", gzip.decompress),
        ("gzip;Q=0, BR;q=0.001", "br", brotli.decompress),
        ("br;q=much", None, bytes),
    ],
)
async def test_texts_are_sent_compressed_if_asked(line, accepted, encoding, decompress):
    site = line.publish_site(FILES)
    async with line.serve(site_folder=site) as server:
        request = server.client.build_request("GET", "/", headers={"accept-encoding": accepted})
        answer = await server.client.send(request, stream=True)
        raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert decompress(raw) == PAGE
        assert (len(raw) < len(PAGE)) is (encoding is not None)


async def test_a_new_site_is_taken_whole_with_the_next_epoch_or_not_at_all(line, logged):
    site = line.publish_site(FILES)
    async with line.serve(site_folder=site) as server:
        line.publish_site({"index.html": b"new", "assets/app.js": b"new"}, version=2)
        (site / "assets" / "app.js").write_bytes(b"half copied")
        await server.tick()
        assert (await server.client.get("/")).content == PAGE
        (site / "assets" / "app.js").write_bytes(b"new")
        await server.tick()
        assert (await server.client.get("/")).content == b"new"
        assert (await server.client.get("/en/")).status_code == 404
    assert logged().count("assets/app.js is not the file that was signed") == 1


def test_a_site_that_was_not_signed_so_is_refused_in_words(line):
    def refuses(words: str, site, root: Secret = line.root) -> None:
        key = line.line_id if root is line.root else os.urandom(32)
        with pytest.raises(Refused, match=words):
            read_site(site, line.line_id, key, Site())

    site = line.publish_site(FILES)
    refuses("does not verify", site, Secret(os.urandom(32)))
    (site / "index.html").write_bytes(b"changed")
    refuses("index.html is not the file that was signed", site)
    (site / "index.html").unlink()
    refuses("index.html file cannot be read", site)
    refuses("another line", line.publish_site(FILES, line_id=b64u(bytes(32))))
    refuses("version", line.publish_site(FILES, v=2))
    refuses("wrong form", line.publish_site(FILES, listed=[1]))
    refuses("outside the site", line.publish_site(FILES, listed={"../x": "00"}))
    refuses("outside the site", line.publish_site(FILES, listed={"/etc/passwd": "00"}))
    (site / "manifest.json").write_bytes(b"[]")
    refuses("wrong form", site)


def test_a_server_does_not_start_with_a_site_that_does_not_verify(line):
    site = line.publish_site(FILES, v=2)
    settings = line.settings(site_folder=site)
    line.data.mkdir()
    migrations.upgrade(settings.database)
    with pytest.raises(preflight.CannotStart, match="version this program does not know"):
        preflight.check(settings)
