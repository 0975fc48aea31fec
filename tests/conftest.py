"""What all rooms share: no stopwatch."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from playwright.sync_api import expect

_PATIENCE_MS = 60_000


def pytest_configure() -> None:
    """A property holds however busy the machine is: speed is measured by benchmarks alone."""
    settings.register_profile(
        "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("untimed")
    # A page has as long as it needs on a busy machine to show what it will show.
    expect.set_options(timeout=_PATIENCE_MS)
