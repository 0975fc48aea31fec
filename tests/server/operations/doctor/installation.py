"""An installation on a machine that is made of files, and ways to break it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.protocol.wire import BundleUpload
from app.server.operations.doctor.examination import Options, Report, examine
from app.server.operations.doctor.machine import Machine
from app.server.settings import Settings
from app.server.storage import migrations
from app.server.storage.database import Storage
from tests.server.admission.test_shared import SECRET, Store, store  # noqa: F401
from tests.server.conftest import DAY, Line

SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
MOUNTS = (
    "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n22 21 0:5 / /proc rw - proc proc rw\n"
)
LIMITS = "Limit                     Soft Limit           Hard Limit           Units\n"
CORES = "Max core file size        {}                    unlimited            bytes\n"
CADDYFILE = """{
	# {$COMMENT} with a brace {
	log {
		exclude http.log.error
	}
}
tips.example.org, www.tips.example.org {
	header -Server
	reverse_proxy unix//run/quietline/server.sock {
		header_up -X-Forwarded-For
	}
}
http://tips.example.org {
	redir https://tips.example.org{uri}
}
"""
NGINX = """user www-data; # and so on
http {
    access_log /var/log/nginx/access.log;
    error_log /dev/null crit;
    proxy_request_buffering off;
    server { listen 80; return 301 https://$host$request_uri; }
    server {
        listen 443 ssl;
        server_name tips.example.org;
        access_log off;
        location / {
            proxy_set_header X-Forwarded-For "";
            proxy_pass http://unix:/run/quietline/server.sock;
        }
    }
}
"""
TORRC = """SafeLogging 1
HiddenServiceDir /var/lib/tor/quietline # ours
HiddenServicePort 80 unix:/run/quietline/server.sock
HiddenServiceExportCircuitID haproxy
"""


@dataclass
class Installation:
    """A line with its server's data, on a machine that is made of files."""

    line: Line
    root: Path
    changes: dict[str, object] = field(default_factory=lambda: {"proxy_protocol": "tor"})
    options: dict[str, object] = field(default_factory=dict)
    free: int = 2**40
    synchronised: str | None = "yes\n"
    user: int = field(default_factory=lambda: os.getuid() or 4_711)

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def prepare(self) -> None:
        line = self.line
        line.data.mkdir(mode=0o700)
        migrations.upgrade(line.settings().database)
        self.upload({0: range(0, 600, 20), 1: range(0, 600, 20), 3: range(0, 600, 20)})
        self.secure()
        self.write("proc/swaps", SWAPS)
        self.write("proc/self/mountinfo", MOUNTS)
        self.write("proc/sys/kernel/core_pattern", "core\n")
        self.write("proc/99/cmdline", "sh\0-c\0true\0")
        words = ["python", "/usr/bin/quietline", "server", "run", "--uds", "/run/x.sock", ""]
        self.write("proc/4711/cmdline", "\0".join(words))
        self.write("proc/4711/status", f"Name:\tquietline\nUid:\t{self.user}\t0\t0\t0\n")
        self.write("proc/4711/limits", LIMITS + CORES.format(0))
        self.write("etc/caddy/Caddyfile", CADDYFILE)
        self.write("etc/nginx/nginx.conf", NGINX)
        self.write("etc/tor/torrc", TORRC)
        self.write("run/quietline/server.sock", "").parent.chmod(0o750)
        self.changes["site_folder"] = line.publish_site({"index.html": b"x", "en/index.html": b"y"})

    def secure(self) -> None:
        for path in [self.line.data, *self.line.data.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
            if os.getuid() == 0:
                os.chown(path, self.user, -1)

    def upload(self, hours: dict[int, range]) -> None:
        storage = Storage(self.line.settings().database, os.urandom)
        for index, windows in hours.items():
            parsed = BundleUpload.parse(self.line.upload(index, windows))
            vk = self.line.people[index].vk
            storage.commit([lambda writer, v=vk, b=parsed.bundles: writer.add_bundles(v, b)])
        storage.close()

    def without_bundles(self, index: int) -> None:
        self.line.sql("DELETE FROM bundles WHERE vk = :vk", vk=self.line.people[index].vk)

    @property
    def machine(self) -> Machine:
        said = {"timedatectl": self.synchronised}
        return Machine(
            self.line.now, self.root, lambda words: said[words[0]], lambda path: self.free
        )

    def settings(self) -> Settings:
        return self.line.settings(blob_quota_bytes=2**30, **self.changes)

    def examined(self) -> Report:
        return examine(self.settings(), self.machine, Options(**self.options))


def set_up_units(installation: Installation) -> None:
    """Put every file of ``deploy/systemd`` where the guide's own lines for it put it."""
    repository = Path(__file__).parents[4]
    for line in (repository / "docs/by-hand.md").read_text().splitlines():
        if not line.startswith("install -m 0644 ") or "systemd/" not in line:
            continue
        *files, place = line.split()[3:]
        for file in files:
            source = repository / "deploy/systemd" / Path(file).name
            if source.exists():
                into = place + source.name if place.endswith("/") else place
                installation.write(into.lstrip("/"), source.read_text())


Break = Callable[[Installation], object]


def caddy(old: str, new: str) -> Break:
    return lambda i: i.replace("etc/caddy/Caddyfile", old, new)


def nginx(old: str, new: str) -> Break:
    return lambda i: i.replace("etc/nginx/nginx.conf", old, new)


def torrc(old: str, new: str) -> Break:
    return lambda i: i.replace("etc/tor/torrc", old, new)


def mounted(kind: str) -> Break:
    return lambda i: i.replace("proc/self/mountinfo", "ext4", kind)


def swapped(device: str) -> Break:
    return lambda i: i.write("proc/swaps", f"{SWAPS}{device}  partition 1 0 -2\n")


def server_words(*words: str) -> Break:
    return lambda i: i.write("proc/4711/cmdline", "\0".join(["quietline", "server", *words, ""]))


def set_to(**changes: object) -> Break:
    return lambda i: i.changes.update(changes)


def config(text: str, mode: int) -> Break:
    def make(i: Installation) -> None:
        i.options["config"] = i.write("server.toml", text)
        i.options["config"].chmod(mode)
        i.changes |= {"shared_secret": SECRET}

    return make


def published(**changes: object) -> Break:
    return lambda i: i.line.publish(version=2, **changes)


def later(days: float) -> Break:
    def move(i: Installation) -> None:
        i.line.now += days * DAY

    return move


def desk(members: list[int]) -> Break:
    one = {"id": "south", "members": members, "name": {"en": "S"}, "about": {"en": ""}}
    return lambda i: i.line.publish(version=2, desks=[one])


def miscounted(i: Installation) -> None:
    """Let the file's head name more free pages than there are."""
    with i.line.database.open("r+b") as file:
        file.seek(36)
        file.write((5).to_bytes(4))


def damaged(i: Installation) -> None:
    size = i.line.database.stat().st_size
    with i.line.database.open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(size // 2 - 4_096))
