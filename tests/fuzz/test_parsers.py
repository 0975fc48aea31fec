"""No parser of what comes from outside fails at anything, hangs at it or says it back."""

from __future__ import annotations

import os
import platform
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz import targets
from tests.fuzz.seeds import CORPUS, seeds

SECONDS = int(os.environ.get("FUZZ_SECONDS", "0"))
HOW_LONG = [f"-max_total_time={SECONDS}"] if SECONDS else ["-runs=3000", "-seed=4711"]
"""Without a time the same inputs each time, however fast the machine is."""
MUTATIONS = 40
"""Of each seed, where nothing guides them."""
TAKEN = ("-00", "code-", "proxy-line-")
"""Seeds that their parser takes: a fuzzer that begins behind every check sees more."""


def test_the_seeds_are_those_of_the_vectors_and_begin_behind_every_check():
    made = dict(seeds())
    kept = {path.name: path.read_bytes() for path in CORPUS.iterdir()}
    assert made.keys() == kept.keys()
    assert {content[0] for content in kept.values()} == set(range(len(targets.TARGETS)))
    for name, content in kept.items():
        assert content == made[name], name
        taken = any(part in name for part in TAKEN) and name != "directory-00"
        assert (targets.refusal(content) is None) or not taken, name


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda target: target.__name__)
def test_what_is_nearly_right_is_taken_or_refused_in_words(target):
    """Where atheris does not run, this is all; where it does, this is quicker."""
    drawn = random.Random(4711)
    for path in sorted(CORPUS.glob(f"{target.__name__.replace('_', '-')}-*")):
        seed = path.read_bytes()
        for _ in range(MUTATIONS):
            mutated = bytearray(seed)
            for _ in range(drawn.randrange(4)):
                at = drawn.randrange(1, max(2, len(mutated)))
                cut = drawn.choice([0, 0, 1, 7, len(seed)])
                mutated[at : at + cut] = drawn.randbytes(drawn.choice([0, 1, 1, 40]))
            targets.one_input(bytes([seed[0]]) + bytes(mutated[1:]))


def test_a_parser_that_fails_or_echoes_is_found(monkeypatch):
    def fails(data: bytes) -> None:
        raise KeyError(data)

    def echoes(data: bytes) -> None:
        raise targets.ProtocolError(f"Not understood: {data.decode()}")

    monkeypatch.setattr(targets, "TARGETS", (fails, echoes))
    with pytest.raises(KeyError):
        targets.one_input(b"\0x")
    with pytest.raises(AssertionError, match="echoes echoes b'this is what somebody wr'"):
        targets.one_input(b"\1this is what somebody wrote")
    targets.one_input(b"\1short")


def test_guided_by_coverage_nothing_is_found(tmp_path: Path):
    if NO_WHEEL:
        pytest.skip(WITHOUT)
    options = [
        *HOW_LONG,
        "-timeout=300",
        "-rss_limit_mb=2048",
        "-max_len=60000",
        "-verbosity=0",
        "-print_final_stats=1",
        f"-artifact_prefix={tmp_path}/",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", str(tmp_path), str(CORPUS), *options],
        capture_output=True,
        text=True,
        timeout=SECONDS * 10 + 600,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    runs = re.search(r"number_of_executed_units: ([0-9]+)", done.stderr)
    assert runs is not None, done.stderr[-4_000:]
    assert int(runs[1]) > 300
    found = re.search(r"new_units_added: +([0-9]+)", done.stderr)
    assert found is not None
    assert int(found[1]) > 10  # the parsers are seen from inside: coverage grew


NO_WHEEL = (sys.platform, platform.machine()) != ("linux", "x86_64")
WITHOUT = "atheris has no wheel for this machine: the parsers are fuzzed without its guidance"
