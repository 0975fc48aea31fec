"""What all rooms share: no stopwatch."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from playwright._impl import timeout_settings
from playwright.sync_api import expect

_PATIENCE_MS = 120_000


def pytest_configure() -> None:
    """A property holds however busy the machine is: speed is measured by benchmarks alone.

    Its examples are the same in each run: what fails, fails because of what was changed.
    """
    settings.register_profile(
        "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("steady")
    # What a click, a form or a page's loading waits for; the library has no setting for all pages.
    timeout_settings.DEFAULT_PLAYWRIGHT_TIMEOUT = _PATIENCE_MS
    # A page has as long as it needs on a busy machine to show what it will show.
    expect.set_options(timeout=_PATIENCE_MS)
