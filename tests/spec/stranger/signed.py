"""Pages directory, bundles."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from tests.spec import ristretto
from tests.spec.stranger.basics import need, unb64u
from tests.spec.stranger.keys import verify

DAY = 86_400

# directory


def open_directory(file: bytes, line_id: bytes) -> dict[str, Any]:
    outer = json.loads(file)
    signed = unb64u(outer["directory"])
    inner: dict[str, Any] = json.loads(signed)
    key = line_id
    for link in inner["roots"]:
        verify("nr-root-v1", key, unb64u(link["root"]), unb64u(link["signature"]))
        key = unb64u(link["root"])
    need(key.hex() == outer["root"], "another root")
    verify("nr-directory-v1", key, signed, bytes.fromhex(outer["signature"]))
    need(inner["v"] == 2 and unb64u(inner["line_id"]) == line_id, "another version or line")
    for one in inner["investigators"]:
        dh, kem, fetch = unb64u(one["dh"]), unb64u(one["mlkem"]), unb64u(one["fetch"])
        need((len(dh), len(kem), len(fetch)) == (32, 1184, 32), "lengths")
        need(any(fetch), "the identity")
        ristretto.decode(fetch)
        need((one["status"] == "former") == ("left" in one), "who left has a day")
        if "left" in one:
            need(date.fromisoformat(one["left"]) <= date.fromisoformat(inner["issued"]), "left")
        verify("j-sig-ltk", unb64u(one["vk"]), dh + kem + fetch, unb64u(one["sig"]))
    return {**inner, "hash": hashlib.sha256(signed).digest()}


def active(directory: dict[str, Any]) -> list[int]:
    return [i for i, one in enumerate(directory["investigators"]) if one["status"] == "active"]


def name_for(directory: dict[str, Any], sender: bytes, body: dict[str, Any]) -> str | None:
    """Answers: in whose name one by these 1,216 bytes is shown; None if it is not."""
    for index, one in enumerate(directory["investigators"]):
        if unb64u(one["dh"]) + unb64u(one["mlkem"]) != sender or one["status"] == "compromised":
            continue
        if one["status"] == "former":
            return f"who left on {one['left']}"
        desks = [desk["id"] for desk in directory["desks"] if index in desk["members"]]
        return body.get("desk") if body.get("desk") in desks else "the line"
    return None


# bundles


def open_bundles(data: bytes, directory: dict[str, Any]) -> tuple[int, dict[int, dict[str, bytes]]]:
    epoch, count = int.from_bytes(data[:8]), int.from_bytes(data[40:42])
    need(data[8:40] == directory["hash"], "another directory")
    need(len(data) == 42 + count * 2514, "length")
    bundles: dict[int, dict[str, bytes]] = {}
    begins, ends = [], []
    for at in range(42, len(data), 2514):
        index, record = int.from_bytes(data[at : at + 2]), data[at + 2 : at + 2514]
        need(index > max(bundles, default=-1), "order")
        need(index in active(directory), "not active")
        vk = unb64u(directory["investigators"][index]["vk"])
        verify("j-sig-eph-w1", vk, record[:2448], record[2448:])
        begins.append(int.from_bytes(record[2432:2440]))
        ends.append(int.from_bytes(record[2440:2448]))
        bundles[index] = {
            "dh": record[:32],
            "mlkem": record[32:1216],
            "xwing": record[1216:2432],
            "fetch": unb64u(directory["investigators"][index]["fetch"]),
        }
    need(all(end + 30 * DAY > max(begins) for end in ends), "no one moment")
    reference = reference_of(begins, directory)
    need(reference is None or state_at(directory, reference) != "expired", "expired")
    return epoch, bundles


def reference_of(begins: list[int], directory: dict[str, Any]) -> int | None:
    """Return the reference time, by the beginnings of the records that count."""
    needed = len(active(directory)) // 2 + 1
    return sorted(begins)[-needed] if len(begins) >= needed else None


def state_at(directory: dict[str, Any], seconds: int) -> str:
    """How the directory stands on the day of a time."""
    day = datetime.fromtimestamp(seconds, UTC).date()
    left = (date.fromisoformat(directory["expires"]) - day).days
    if left < -14:
        return "expired"
    return "grace" if left < 0 else "expiring" if left < 45 else "ok"


def looks_old(directory: dict[str, Any], reference: int | None, clock: int) -> bool:
    """Whether a device's clock is plainly later."""
    if state_at(directory, clock) == "expired":
        return True
    return reference is not None and clock > reference + 45 * DAY


def must_ask(m: int, n: int) -> bool:
    """Few readers: is the person asked, of m active members of whom n are live?"""
    return (n == 1 and n < m) or 2 * n < m
