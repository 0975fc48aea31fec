"""The real process: stopped gracefully, taken over, searched for traces of a client."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import httpx

from app.protocol import work
from app.protocol.wire import CHUNK_BYTES, EpochBundles
from tests.server.process import CLIENT_ADDRESS, COMMAND, USER_AGENT

SEKRIT = "SEKRIT-OF-SOMEBODY"  # so long that nothing random holds it


def test_sigterm_finishes_what_is_under_way_and_exits_well(line, start, batch):
    process = start()
    with socket.create_connection(("127.0.0.1", process.port)) as connection:
        with process.client() as client:
            epoch = EpochBundles.parse(client.get("/api/v1/bundles").content).epoch
            answer = work.solve(client.get("/api/v1/work").content)
        body = batch()
        head = (
            f"POST /api/v1/messages?epoch={epoch} HTTP/1.1\r\nHost: x\r\n"
            "Expect: 100-continue\r\n"
            f"{work.HEADER}: {answer}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        connection.sendall(head.encode())
        assert connection.recv(25).startswith(b"HTTP/1.1 100 ")  # it is under way
        connection.sendall(body[:30_000])
        process.child.send_signal(signal.SIGTERM)
        connection.sendall(body[30_000:])
        assert connection.recv(64).startswith(b"HTTP/1.1 201")
    assert process.stop(signal.SIGTERM) == 0
    assert "stopped" in process.said[-1]
    assert not line.database.with_name("quietline.db-wal").exists()


def test_a_client_leaves_no_trace_in_data_or_logs(line, start, batch):
    began = dt.datetime.now(dt.UTC)
    process = start()
    with process.client() as client:
        epoch = EpochBundles.parse(client.get("/api/v1/bundles").content).epoch
        assert client.post(f"/api/v1/messages?epoch={epoch}", content=batch()).is_success
        secret_id = os.urandom(16).hex()
        client.put(f"/api/v1/chunks/{secret_id}", content=os.urandom(CHUNK_BYTES))
        forwarded = {"x-forwarded-for": CLIENT_ADDRESS, "forwarded": f"for={CLIENT_ADDRESS}"}
        refused = client.post(
            f"/api/v1/messages?epoch={SEKRIT}",
            content=SEKRIT.encode(),
            headers=forwarded,
        )
        assert refused.status_code == 422
        client.get(f"/{SEKRIT}")
        client.request(SEKRIT, "/")
        longer = client.put(f"/api/v1/chunks/{'0' * 32}", content=bytes(CHUNK_BYTES + 1))
        assert longer.status_code == 413  # heard, although not all was read
    for rubbish in (
        b"\x16\x03" + SEKRIT.encode() + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nSEK",
    ):
        with socket.create_connection(
            ("127.0.0.1", process.port), source_address=(CLIENT_ADDRESS, 0)
        ) as connection:
            connection.sendall(rubbish)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(4_096)
    process.stop(signal.SIGKILL)  # with everything still in the write-ahead log

    logs = "".join(process.said).encode()
    ended = dt.datetime.now(dt.UTC)
    minutes = {
        moment.strftime(form).encode()
        for moment in (began, ended, began.astimezone(), ended.astimezone())
        for form in ("%H:%M", "%Y%m%d%H%M", "T%H%M")
    }
    for name, content in [("logs", logs), *written_by(line.data)]:
        for trace in (
            CLIENT_ADDRESS.encode(),
            socket.inet_aton(CLIENT_ADDRESS),
            SEKRIT.encode(),
        ):
            if len(trace) > 4 or name == "logs":  # 4 bytes may be random among so many
                assert trace not in content, name
        assert USER_AGENT.encode() not in content, name
        assert b"Distinct-Agent" not in content, name
        if name == "logs":
            assert secret_id.encode() not in content
            assert not any(minute in content for minute in minutes)
    seconds = range(int(began.timestamp()), int(ended.timestamp()) + 1)
    database = sqlite3.connect(line.database)
    for row in database.execute("SELECT id, hint, expires_day FROM slots"):
        assert row[2] not in seconds
        assert row[2] < 100_000
    database.close()
    assert all(text.startswith('{"level": ') for text in process.said)


def written_by(folder: Path) -> list[tuple[str, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= 3
    return [(path.name, path.read_bytes()) for path in files]


def test_a_unix_socket_serves_and_is_taken_over_from_a_killed_server(line, start):
    path = line.folder / "line.sock"
    for number in (signal.SIGKILL, signal.SIGTERM):
        process = start("--uds", str(path))
        transport = httpx.HTTPTransport(uds=str(path))
        with httpx.Client(transport=transport, base_url="http://line") as client:
            assert client.get("/healthz").json() == {"status": "ok"}
        second = subprocess.run(
            [*COMMAND, "run", "--uds", str(path)], env=process.environment, capture_output=True
        )
        assert second.returncode == 1
        assert b"Another server writes to these attachments" in second.stderr
        elsewhere = process.environment | {"QUIETLINE_BLOB_FOLDER": str(line.folder / "other")}
        third = subprocess.run(
            [*COMMAND, "run", "--uds", str(path)], env=elsewhere, capture_output=True
        )
        assert third.returncode == 1
        assert b"Is another server running" in third.stderr
        process.stop(number)
    assert not path.exists()
