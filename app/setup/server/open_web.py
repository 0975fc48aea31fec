"""The line on the open web: Caddy before the server, with a certificate that comes by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from app.setup.dialogue import Dialogue, Question, WrongAnswer, yes_or_no
from app.setup.server.laid_files import USER, deploy_folder
from app.setup.server.server_host import Host
from app.setup.steps import NotRight

_CADDYFILE = "/etc/caddy/Caddyfile"
_BEFORE = "/etc/caddy/Caddyfile.before-quietline"
_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_DEBIANS = "root * /usr/share/caddy"
_HEADING = f"# {_CADDYFILE}, by `quietline setup server`.\n"
_EXAMPLE, _EXAMPLE_ONION = (
    "tips.example.org",
    "http://onionaddressonionaddressonionaddressonionaddressonionadd.onion",
)


def read_name(text: str) -> str | None:
    """Read a name on the open web such as tips.example.org; nothing is None. Raises WrongAnswer."""
    name = text.strip().casefold().removeprefix("https://").rstrip("/")
    if not name:
        return None
    if not _NAME.fullmatch(name) or len(name) > 253 or name.endswith(".onion"):
        raise WrongAnswer(
            "A name such as tips.example.org, or nothing where the hotline is an onion alone."
        )
    return name


class OpenWeb:
    """The step that puts Caddy before the server under a name."""

    def __init__(self, host: Host, dialogue: Dialogue, name: str, onion: Callable[[], str]) -> None:
        self._host = host
        self._dialogue = dialogue
        self._name = name
        self._onion = onion

    def done(self) -> bool:
        """Say whether Caddy runs with our file."""
        return (
            self._host.has("caddy")
            and self._host.text(_CADDYFILE) == self._wanted()
            and self._host.succeeds("systemctl", "is-active", "--quiet", "caddy")
        )

    def do(self) -> None:
        """Install Caddy where it is missing, write its file, start it."""
        host = self._host
        if not host.has("caddy"):
            host.run("apt-get", "update")
            host.run("apt-get", "install", "-y", "caddy")
        there = host.text(_CADDYFILE)
        if there != self._wanted():
            known = there is None or any(one in there for one in (_DEBIANS, _HEADING, _EXAMPLE))
            if not known:
                self._ask_to_replace()
            if there is not None:
                host.write(_BEFORE, there)
            host.write(_CADDYFILE, self._wanted())
        host.run(
            "caddy", "validate", "--adapter", "caddyfile", "--config", str(host.at(_CADDYFILE))
        )
        host.run("usermod", "--append", "--groups", USER, "caddy")  # for the server's socket
        host.run("systemctl", "enable", "caddy")
        host.run("systemctl", "restart", "caddy")

    def found(self) -> str:
        """Say what runs. Raises NotRight."""
        if not self.done():
            raise NotRight("Caddy does not run. What it says: journalctl -u caddy")
        return (
            f"Caddy runs for https://{self._name}: it gets a certificate as soon as the name leads "
            "to this machine."
        )

    def _wanted(self) -> str:
        ours = (deploy_folder() / "caddy/Caddyfile").read_text()
        text = _HEADING + ours[ours.index("{\n") :]  # without the remarks for who edits it
        return text.replace(f"{_EXAMPLE} {{", f"{self._name} {{").replace(
            _EXAMPLE_ONION, f"http://{urlsplit(self._onion()).hostname}"
        )

    def _ask_to_replace(self) -> None:
        words = (
            f"{_CADDYFILE} is somebody's own: other pages of this machine may go away. Replace it? "
            f"(It is kept as {_BEFORE}.)"
        )
        if not self._dialogue.ask(
            Question("replace_caddyfile", words, yes_or_no, "no", kept=False)
        ):
            raise NotRight(
                f"{_CADDYFILE} was left as it is: the hotline is not on the open web. A machine "
                "of its own is safer; else add our part by hand (deploy/caddy/Caddyfile)."
            )
