"""Tor Browser's preferences for Debian's Firefox ESR, the closest stand-in that a package has.

What Tor Browser has beyond preferences (its own patches, letterboxing, first-party circuits) is
not here.
"""

from __future__ import annotations

Preferences = dict[str, bool | int | str]

_TOR_BROWSER: Preferences = {
    # The onions of Tor Browser are secure contexts; names are resolved by Tor alone.
    "dom.securecontext.allowlist_onions": True,
    "network.dns.blockDotOnion": False,
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_version": 5,
    "network.proxy.socks_remote_dns": True,
    "network.proxy.socks5_remote_dns": True,
    "network.proxy.failover_direct": False,
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": True,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "network.http.speculative-parallel-limit": 0,
    "network.predictor.enabled": False,
    "media.peerconnection.enabled": False,
    # Nothing stays.
    "browser.privatebrowsing.autostart": True,
    "browser.cache.disk.enable": False,
    "dom.indexedDB.privateBrowsing.enabled": False,
    # Everyone looks alike: coarse clocks, one window, one language.
    "privacy.resistFingerprinting": True,
    "privacy.firstparty.isolate": True,
    "intl.accept_languages": "en-US, en",
    "javascript.use_us_english_locale": True,
    "dom.event.clipboardevents.enabled": True,
    "webgl.disabled": True,
    "dom.security.https_only_mode": True,
}
_SAFER: Preferences = {  # the second of its three security levels
    "javascript.options.wasm": False,
    "javascript.options.ion": False,
    "javascript.options.baselinejit": False,
    "javascript.options.native_regexp": False,
    "javascript.options.asmjs": False,
    "mathml.disabled": True,
    "gfx.font_rendering.graphite.enabled": False,
    "gfx.font_rendering.opentype_svg.enabled": False,
}
_QUIET: Preferences = {  # what a browser would do by itself, which a test has no use for
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "extensions.update.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": True,
}


def preferences(socks_port: int) -> Preferences:
    """Return the preferences of Tor Browser at "Safer", going through the Tor at a port."""
    return {**_QUIET, **_TOR_BROWSER, **_SAFER, "network.proxy.socks_port": socks_port}
