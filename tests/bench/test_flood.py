"""A thousand offers a second without work neither keep anybody out nor grow the server."""

from __future__ import annotations

import time
from pathlib import Path

from tests.bench import flood
from tests.server.conftest import Line
from tests.server.process import Process


def test_an_honest_report_gets_through_a_flood_without_work(tmp_path: Path) -> None:
    line = Line(tmp_path, now=time.time())
    line.publish()
    process = Process(line, **flood.DEFAULTS)
    offered = 0
    try:
        while offered <= 500:  # a busy machine needs several goes to offer so many
            seen = flood.phase(process, 5, [(flood.without_work, 1_000)])
            offered += seen.statuses.total()
            assert seen.waits  # each of them has got through
            assert set(seen.statuses) <= {401}
            assert seen.steps == flood.DEFAULTS["work_steps"]  # it is no harder for anybody
            assert max(seen.memory) - min(seen.memory) < 20 * 2**20
    finally:
        process.stop(9)
