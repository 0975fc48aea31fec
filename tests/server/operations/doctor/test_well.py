"""Whatever is well, in one way or another, is no finding; what was not looked at is said."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from app.server.operations.doctor import versions
from tests.server.admission.test_shared import SECRET, Store, store  # noqa: F401
from tests.server.operations.doctor.installation import (
    caddy,
    nginx,
    server_words,
    set_to,
    set_up_units,
    swapped,
)


def test_a_healthy_installation_has_nothing_wrong_and_says_what_was_not_looked_at(installation):
    report = installation.examined()
    assert report.findings == []
    assert [one.about for one in report.unchecked] == ["snapshots"]
    assert set(report.versions) == {
        "Python",
        "OpenSSL",
        "OpenSSL of cryptography",
        "libsodium",
        "SQLite",
    }


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        (lambda i: (i.root / "proc/swaps").unlink(), "swap"),
        (lambda i: (i.root / "proc/self/mountinfo").unlink(), "file-system"),
        (lambda i: (i.root / "proc/4711/cmdline").unlink(), "owner"),
        (lambda i: (i.root / "run/quietline/server.sock").parent.rename(i.root / "x"), "socket"),
        (lambda i: setattr(i, "synchronised", None), "clock"),
        (set_to(site_folder=None), "site"),
        (caddy("header -Server", "import common"), "proxy"),
        (
            lambda i: [
                (i.root / f"etc/{one}").rename(i.root / one) for one in ("caddy", "nginx", "tor")
            ],
            "proxy",
        ),
    ],
)
def test_what_cannot_be_looked_at_is_said_and_is_no_finding(installation, changes, about):
    changes(installation)
    report = installation.examined()
    assert report.findings == []
    assert about in [one.about for one in report.unchecked]


@pytest.mark.parametrize(
    "changes",
    [
        swapped("/dev/zram0"),
        lambda i: (swapped("/dev/dm-1")(i), i.write("sys/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap")),
        lambda i: i.write("proc/sys/kernel/core_pattern", "|/usr/lib/systemd/systemd-coredump %P"),
        lambda i: (
            (i.root / "var/log/journal").mkdir(parents=True),
            i.write("etc/systemd/journald.conf", "[Journal]\n#Storage=auto\nStorage=volatile\n"),
        ),
        caddy("header -Server", "log {\noutput discard\n}"),
        caddy("www.tips.example.org", "http://abc.onion"),
        lambda i: (
            i.write(
                "etc/caddy/Caddyfile",
                "reverse.example.org\nreverse_proxy unix//s {\n\theader_up -X-Forwarded-For\n}\n",
            )
            and caddy("reverse.example", "{\nlog default {\noutput discard\n}\n}\nreverse.example")(
                i
            )
        ),
        nginx("http://unix:/run/quietline/server.sock", "http://line"),
        lambda i: i.options.update(address="https://tips.example.org"),
        lambda i: i.options.update(config=i.write("server.toml", "")),
        lambda i: i.write(
            "proc/self/mountinfo",
            f"9 1 8:2 / {i.line.data} rw - ext4 /dev/b rw\n21 1 8:1 / / rw - btrfs /dev/a rw\n",
        ),
    ],
)
def test_what_is_well_in_another_way_is_no_finding(installation, changes):
    changes(installation)
    text = (installation.root / "etc/nginx/nginx.conf").read_text()
    if "http://line" in text:
        upstream = "upstream line { server unix:/run/quietline/server.sock; }"
        installation.replace("etc/nginx/nginx.conf", "http {", "http { " + upstream)
    installation.secure()
    assert installation.examined().findings == []


def test_what_is_true_of_several_processes_is_said_once(installation):
    server_words("run", "--port", "8000")(installation)
    shutil.copytree(installation.root / "proc/4711", installation.root / "proc/4712")
    about = [found.about for found in installation.examined().findings]
    assert about.count("listening") == 1


def test_nothing_is_wrong_with_what_is_deployed_with_quietline(installation):
    deployed = Path(__file__).parents[4] / "deploy"
    for file, place in (
        ("caddy/Caddyfile", "etc/caddy/Caddyfile"),
        ("nginx/nginx.conf", "etc/nginx/nginx.conf"),
        ("tor/torrc", "etc/tor/torrc"),
    ):
        installation.write(place, (deployed / file).read_text())
    server_words(
        "run",
        "--uds",
        "/run/x.sock",
        "--tor-uds",
        "/run/tor.sock",
        "--desk-uds=/run/quietline-tor/desk.sock",
    )(installation)
    installation.changes["proxy_protocol"] = None
    assert installation.examined().findings == []


def test_a_machine_set_up_as_the_guide_says_has_no_line_of_the_servers_on_its_disk(installation):
    """With the journal on the disk that Debian has: ours is another one, in memory.

    systemd makes a folder for it on the disk all the same (LogsDirectory= of systemd-journald@).
    """
    (installation.root / "var/log/journal/0f1e").mkdir(parents=True)
    (installation.root / "var/log/journal/0f1e.quietline").mkdir()
    set_up_units(installation)
    report = installation.examined()
    assert report.findings == []
    (said,) = [one.sentence for one in report.unchecked if one.about == "journal"]
    assert "no line of the server's" in said


def test_a_packages_units_are_seen_where_a_package_puts_them(installation):
    (installation.root / "var/log/journal/0f1e").mkdir(parents=True)
    set_up_units(installation)
    for unit in (installation.root / "etc/systemd/system").glob("quietline-*"):
        installation.write(f"usr/lib/systemd/system/{unit.name}", unit.read_text())
        unit.unlink()
    report = installation.examined()
    assert report.findings == []
    # What an administrator put into /etc goes before it.
    installation.write("etc/systemd/system/quietline-server.service", "[Service]\n")
    (found,) = installation.examined().findings
    assert "every line of quietline-server.service on the disk" in found.sentence


def test_a_line_that_no_console_has_synced_with_yet_is_told_so_and_nothing_is_wrong(installation):
    for index in range(len(installation.line.people)):
        installation.without_bundles(index)
    report = installation.examined()
    assert report.findings == []
    assert "No console has synced yet" in str(report.unchecked)


def test_versions_that_nobody_mends_any_more_are_found():
    good = versions.versions()
    today = dt.date(2026, 11, 24)
    assert list(versions.check(good, today)) == []
    old = [
        ({"Python": "3.11.2"}, dt.date(2027, 11, 1), "Python 3.11 gets no security fixes"),
        ({"OpenSSL": "1.1.1w"}, today, "OpenSSL 1.1.1w is older than 3.0"),
        ({"libsodium": "1.0.17"}, today, "libsodium 1.0.17 is older than 1.0.18"),
        ({"OpenSSL of cryptography": "3.4.1"}, today, "OpenSSL of cryptography 3.4.1"),
    ]
    for change, day, words in old:
        (found,) = versions.check(good | change, day)
        assert words in found.sentence
