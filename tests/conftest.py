"""What all rooms share: their kinds and order, and no stopwatch."""

from __future__ import annotations

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import HealthCheck, settings
from playwright._impl import timeout_settings
from playwright.sync_api import expect

from tests import compiled, garbage, kinds, seconds

_PATIENCE_MS = 120_000


def pytest_configure(config: pytest.Config) -> None:
    """Let a property hold however busy the machine is: speed is measured by benchmarks alone.

    Its examples are the same in each run: what fails, fails because of what was changed.
    """
    config.pluginmanager.register(compiled)
    config.pluginmanager.register(garbage)
    config.pluginmanager.register(kinds)
    config.pluginmanager.register(seconds)
    settings.register_profile(
        "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("steady")
    # What a click, a form or a page's loading waits for; the library has no setting for all pages.
    timeout_settings.DEFAULT_PLAYWRIGHT_TIMEOUT = _PATIENCE_MS
    # A page has as long as it needs on a busy machine to show what it will show.
    expect.set_options(timeout=_PATIENCE_MS)
    # Nor has httpx one, whose five seconds are too few for a console with ninety days of cases.
    DEFAULT_TIMEOUT_CONFIG.read = _PATIENCE_MS / 1_000
