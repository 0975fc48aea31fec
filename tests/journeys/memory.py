"""Looking into a page's memory: a heap snapshot, after everything that nobody holds was let go."""

from __future__ import annotations

from playwright.sync_api import CDPSession


def heap_of(session: CDPSession) -> str:
    """Return the page's JavaScript heap as a snapshot, strings among it."""
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    session.send("HeapProfiler.disable")
    return "".join(parts)
