"""Each thing that is broken has its sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.server.admission.test_shared import SECRET, Store, store  # noqa: F401
from tests.server.conftest import Line
from tests.server.operations.doctor.installation import (
    CORES,
    LIMITS,
    Break,
    caddy,
    config,
    damaged,
    desk,
    later,
    miscounted,
    mounted,
    nginx,
    server_words,
    set_to,
    set_up_units,
    swapped,
    torrc,
)

BROKEN: dict[str, tuple[Break, str, str]] = {
    "caddy-access-log": (
        caddy("header -Server", "log {\n output file /var/log/a\n }"),
        "access-log",
        "Caddy logs who calls (/etc/caddy/Caddyfile): take out the log directive",
    ),
    "caddy-error-log": (caddy("exclude http.log.error", ""), "error-log", "log { exclude http.log"),
    "caddy-forwarding": (
        caddy("header_up -X-Forwarded-For", ""),
        "forwarding",
        "header_up -X-Forwarded-For",
    ),
    "caddy-real-ip": (
        caddy("header_up -X-Forwarded-For", "header_up -X-Forwarded-For\nheader_up X-Real-IP {h}"),
        "forwarding",
        "no header of the like",
    ),
    "caddy-proxy-protocol": (
        caddy("header_up", "transport http {\nproxy_protocol v2\n}\nheader_up"),
        "forwarding",
        "take out proxy_protocol",
    ),
    "caddy-tcp": (
        caddy("unix//run/quietline/server.sock", "127.0.0.1:8000"),
        "listening",
        "Caddy reaches the server by an address",
    ),
    "caddy-clear": (
        caddy("tips.example.org, www", "http://tips.example.org, www"),
        "tls",
        "Caddy serves http://tips.example.org, without TLS",
    ),
    "nginx-access-log": (nginx("access_log off;", ""), "access-log", 'put "access_log off;"'),
    "nginx-location-log": (
        nginx("proxy_pass", "access_log /l;\nproxy_pass"),
        "access-log",
        "nginx logs who calls",
    ),
    "nginx-error-log": (
        nginx("error_log /dev/null crit;", ""),
        "error-log",
        'put "error_log /dev/null crit;"',
    ),
    "nginx-buffering": (
        nginx("proxy_request_buffering off;", ""),
        "buffering",
        "temporary files with times",
    ),
    "nginx-forwarding": (
        nginx('X-Forwarded-For ""', "X-Forwarded-For $proxy_add_x_forwarded_for"),
        "forwarding",
        "take out proxy_set_header X-Forwarded-For",
    ),
    "nginx-tcp": (
        nginx("http://unix:/run/quietline/server.sock", "http://127.0.0.1:8000"),
        "listening",
        "nginx reaches the server by an address",
    ),
    "nginx-clear": (nginx("listen 443 ssl", "listen 80"), "tls", "nginx serves the line without"),
    "tor-safe-logging": (
        torrc("SafeLogging 1", "SafeLogging 0"),
        "safe-logging",
        'take out "SafeLogging 0"',
    ),
    "tor-info": (
        torrc("SafeLogging 1", "Log info file /l"),
        "safe-logging",
        '"Log notice" is enough',
    ),
    "tor-single-hop": (
        torrc("SafeLogging 1", "HiddenServiceSingleHopMode 1"),
        "onion",
        "not anonymous",
    ),
    "tor-tcp": (
        torrc("unix:/run/quietline/server.sock", "127.0.0.1:8000"),
        "listening",
        "Tor reaches the server by an address",
    ),
    "tor-gives-no-circuit": (
        torrc("HiddenServiceExportCircuitID haproxy", ""),
        "circuits",
        "HiddenServiceExportCircuitID haproxy",
    ),
    "tor-gives-circuits": (set_to(proxy_protocol=None), "circuits", "with --tor-uds"),
    "desk-without-onion": (
        server_words("run", "--uds", "/run/x.sock", "--desk-uds", "/run/desk.sock"),
        "onion",
        'put "HiddenServicePort 80 unix:/run/desk.sock"',
    ),
    "on-tcp": (server_words("run", "--port", "8000"), "listening", "run it with --uds"),
    "as-root": (
        lambda i: i.replace("proc/4711/status", f"Uid:\t{i.user}", "Uid:\t0"),
        "root",
        "give it a user of its own",
    ),
    "stranger": (
        lambda i: i.replace("proc/4711/status", f"Uid:\t{i.user}", "Uid:\t4712"),
        "owner",
        "chown -R 4712",
    ),
    "readable-database": (
        lambda i: i.line.database.chmod(0o644),
        "readable",
        "quietline.db: chmod -R go-rwx",
    ),
    "readable-folder": (lambda i: i.line.data.chmod(0o755), "readable", "Others can read"),
    "readable-settings": (config("", 0o640), "readable", "which holds secrets: chmod 600"),
    "writable-directory": (
        lambda i: i.line.directory_file.chmod(0o666),
        "writable",
        "directory.json: take their right away",
    ),
    "writable-site": (
        lambda i: (i.line.folder / "site").chmod(0o777),
        "writable",
        "Others can change",
    ),
    "open-socket": (
        lambda i: (i.root / "run/quietline").chmod(0o755),
        "socket",
        "chmod 750",
    ),
    "open-socket-of-another": (
        lambda i: i.write("run/quietline-2/server.sock", "").parent.chmod(0o755),
        "socket",
        "quietline-2 and speak to the server: chmod 750",
    ),
    "no-data": (set_to(data_folder=Path("/nonexistent/data")), "data", "quietline server migrate"),
    "clock-behind": (later(-3), "clock", "the directory was signed on"),
    "clock-before-bundles": (
        lambda i: (i.line.publish(version=2, issued="2020-01-01"), later(-3)(i)),
        "clock",
        "begins later than the clock says",
    ),
    "clock-alone": (
        lambda i: setattr(i, "synchronised", "no\n"),
        "clock",
        "timedatectl set-ntp true",
    ),
    "no-room": (lambda i: setattr(i, "free", 2**29), "room", "0.5 GiB free, and the settings"),
    "btrfs": (mounted("btrfs"), "file-system", "keeps what is overwritten"),
    "zfs": (mounted("zfs"), "file-system", "keeps what is overwritten"),
    "nfs": (mounted("nfs4"), "file-system", "over a network"),
    "tmpfs": (mounted("tmpfs"), "file-system", "lost when the machine stops"),
    "container": (mounted("overlay"), "file-system", "use a volume"),
    "swap-partition": (swapped("/dev/sda2"), "swap", "swapped to /dev/sda2"),
    "swap-file": (swapped("/swapfile"), "swap", "swapped to /swapfile"),
    "core-handler": (
        lambda i: i.write("proc/sys/kernel/core_pattern", "|/opt/collect %p"),
        "core-dumps",
        "handed to /opt/collect",
    ),
    "core-limit": (
        lambda i: i.write("proc/4711/limits", LIMITS + CORES.format("unlimited")),
        "core-dumps",
        "LimitCORE=0",
    ),
    "journal": (
        lambda i: (i.root / "var/log/journal").mkdir(parents=True),
        "journal",
        "Storage=volatile",
    ),
    "own-journal-on-disk": (
        # What journald.conf says is not what another journal does.
        lambda i: (
            (i.root / "var/log/journal").mkdir(parents=True),
            set_up_units(i),
            i.write("etc/systemd/journald.conf", "[Journal]\nStorage=volatile\n"),
            (i.root / "etc/systemd/journald@quietline.conf").unlink(),
        ),
        "journal",
        "Storage=volatile in /etc/systemd/journald@quietline.conf",
    ),
    "own-journal-from-before": (
        lambda i: (
            i.write("var/log/journal/0f1e.quietline/system.journal", "-- the second of a start"),
            set_up_units(i),
        ),
        "journal",
        "remove /var/log/journal/0f1e.quietline",
    ),
    "drop-in-without-a-journal-of-its-own": (
        lambda i: (
            (i.root / "var/log/journal").mkdir(parents=True),
            set_up_units(i),
            i.write(
                "etc/systemd/system/quietline-server.service.d/ours.conf",
                "[Service]\nLogNamespace=\n",
            ),
        ),
        "journal",
        "Storage=volatile in /etc/systemd/journald.conf",
    ),
    "tor-in-the-journal": (
        lambda i: (
            (i.root / "var/log/journal").mkdir(parents=True),
            set_up_units(i),
            (i.root / "etc/systemd/system/tor@default.service.d/quietline.conf").unlink(),
        ),
        "journal",
        "tor@default.service",
    ),
    "expiring": (later(150), "directory", "ask the agency for a new one"),
    "expired": (later(200), "directory", "The agency must sign a new one"),
    "no-directory": (lambda i: i.line.directory_file.unlink(), "directory", "cannot be read"),
    "forged-directory": (
        lambda i: i.line.publish(root=Line(i.root).root),
        "directory",
        "The directory file is refused",
    ),
    "changed-site": (
        lambda i: (i.line.folder / "site/index.html").write_bytes(b"other"),
        "site",
        "index.html is not the file that was signed",
    ),
    "unsigned-file": (
        lambda i: (i.line.folder / "site/extra.js").write_bytes(b"x"),
        "site",
        "extra.js, which was not signed",
    ),
    "no-bundle": (lambda i: i.without_bundles(1), "bundles", 'Investigator 1 ("person 1") has no'),
    "old-bundles": (later(60), "bundles", "has no bundle, so nobody can write to them"),
    "few-bundles": (later(23), "bundles", "bundles for less than 3 days"),
    "nobody": (
        lambda i: (setattr(i.line, "statuses", ["former"] * 4), i.line.publish(version=2)),
        "bundles",
        "No investigator is active",
    ),
    "empty-desk": (desk([2]), "desks", 'Desk "south" has nobody who can receive'),
    "silent-desk": (lambda i: i.without_bundles(0), "desks", 'Desk "support" has nobody'),
    "not-migrated": (
        lambda i: i.line.sql("DELETE FROM alembic_version"),
        "database",
        'run "quietline server migrate"',
    ),
    "another-version": (
        lambda i: i.line.sql("UPDATE alembic_version SET version_num = '0003'"),
        "database",
        "of another version of Quietline (revision 0003)",
    ),
    "no-database": (lambda i: i.line.database.unlink(), "database", "quietline server migrate"),
    "damaged": (damaged, "database", "is damaged: stop the server"),
    "miscounted": (miscounted, "database", "is damaged: stop the server"),
    "weak-secret": (
        set_to(shared_url="unix:///nonexistent", shared_secret="ab" * 16),
        "secrets",
        "shared_secret is no random value",
    ),
    "no-store": (
        set_to(shared_url="unix:///nonexistent", shared_secret=SECRET),
        "shared",
        "The shared store does not answer",
    ),
    "more-servers-than-said": (
        lambda i: shutil.copytree(i.root / "proc/4711", i.root / "proc/4712"),
        "servers",
        "2 servers run here, and the setting servers is 1",
    ),
    "several-on-sqlite": (
        set_to(servers=2, shared_url="unix:///nonexistent", shared_secret=SECRET),
        "servers",
        "set database_url to one PostgreSQL database",
    ),
    "several-with-a-folder": (
        set_to(servers=2, shared_url="unix:///nonexistent", shared_secret=SECRET),
        "servers",
        "set blob_url to a bucket",
    ),
    "clear-address": (
        lambda i: i.options.update(address="http://tips.example.org"),
        "tls",
        "http://tips.example.org is not https",
    ),
}


ALSO = {
    "no-data": {"database"},
    "no-database": {"owner"},
    "weak-secret": {"shared"},
    "expiring": {"bundles", "desks"},
    "expired": {"bundles", "desks"},
    "old-bundles": {"desks"},
    "nobody": {"desks"},
    "silent-desk": {"bundles"},
    "clock-before-bundles": {"bundles", "desks"},
    "clock-behind": {"bundles", "desks"},
    "several-on-sqlite": {"shared"},
    "several-with-a-folder": {"shared"},
}
"""What goes with it."""


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_has_its_sentence(installation, name):
    breaks, about, words = BROKEN[name]
    breaks(installation)
    found = installation.examined().findings
    assert [one for one in found if one.about == about and words in one.sentence], found
    assert {one.about for one in found} - {about} <= ALSO.get(name, set())
    for one in found:
        assert one.sentence[-1] not in " :,"
        assert SECRET not in one.sentence
