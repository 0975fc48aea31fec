"""``python -m deploy.package.manual FOLDER``: manual pages and completion, under FOLDER/usr/share.

All is read from the commands themselves, so that a page cannot say what a command does not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup

from app.cli.entry import build
from deploy.release.source import run

Command = TyperCommand | TyperGroup
_KINDS = (TyperCommand, TyperGroup)

_COMPLETION = {
    "bash": "bash-completion/completions/quietline",
    "zsh": "zsh/vendor-completions/_quietline",
    "fish": "fish/vendor_completions.d/quietline.fish",
}
_PAGES = "man/man1"


def write(folder: Path) -> None:
    """Write a manual page for quietline and each of its groups, and completion for three shells."""
    share = folder / "usr" / "share"
    root = typer.main.get_command(build(None))
    if not isinstance(root, TyperGroup):
        raise TypeError("quietline has commands")
    (share / _PAGES).mkdir(parents=True, exist_ok=True)
    own = {name: command for name, command in root.commands.items() if isinstance(command, _KINDS)}
    (share / _PAGES / "quietline.1").write_text(page("quietline", root, own))
    for name, command in own.items():
        (share / _PAGES / f"quietline-{name}.1").write_text(page(f"quietline-{name}", command, {}))
    for shell, place in _COMPLETION.items():
        (share / place).parent.mkdir(parents=True, exist_ok=True)
        script = run(
            sys.executable, "-P", "-m", "app.cli.entry", _QUIETLINE_COMPLETE=f"source_{shell}"
        )
        (share / place).write_text(script.strip() + "\n")


def page(name: str, command: Command, others: dict[str, Command]) -> str:
    """Return a manual page; ``others`` are the groups that have pages of their own."""
    words = name.replace("-", " ", 1)
    lines = [f'.TH {name.upper()} 1 "" Quietline Quietline', ".SH NAME"]
    lines.append(_text(f"{name} \\- {_first(command)}", keep=True))
    lines += [".SH SYNOPSIS", f".B {_text(words)}", _text(_usage(command, words))]
    lines += [".SH DESCRIPTION", *_paragraphs(command.help or "")]
    lines += _options(command, words, ".SH OPTIONS")
    if isinstance(command, TyperGroup) and not others:
        lines.append(".SH COMMANDS")
        for path, one in _leaves(command, words):
            lines += [
                f'.SS "{_text(path)} {_text(_usage(one, path))}"',
                *_paragraphs(one.help or ""),
            ]
            lines += _options(one, path, "")
    if others:
        lines.append(".SH COMMANDS")
        for other, one in others.items():
            lines += [".TP", f".BR quietline-{_text(other)} (1)", _text(_first(one))]
    else:
        lines += [".SH SEE ALSO", ".BR quietline (1)"]
    return "\n".join(lines) + "\n"


def _leaves(group: TyperGroup, path: str) -> Iterator[tuple[str, Command]]:
    for name, command in group.commands.items():
        if command.hidden or not isinstance(command, _KINDS):
            continue
        if isinstance(command, TyperGroup):
            yield from _leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _first(command: Command) -> str:
    said = (command.help or command.short_help or "").strip()
    return re.split(r"(?<=\.) |\n\n", " ".join(said.split()), maxsplit=1)[0].rstrip(".")


def _usage(command: Command, path: str) -> str:
    return " ".join(command.collect_usage_pieces(typer.Context(command, info_name=path)))


def _options(command: Command, path: str, heading: str) -> list[str]:
    context = typer.Context(command, info_name=path)
    rows = [
        row
        for parameter in command.get_params(context)
        if (row := parameter.get_help_record(context)) is not None
    ]
    lines = [heading] if heading and rows else []
    for term, said in rows:
        lines += [".TP", f".B {_text(term)}", _text(said) or "\\&"]
    return lines


def _paragraphs(said: str) -> list[str]:
    return [line for part in re.split(r"\n\s*\n", said.strip()) for line in (".PP", _text(part))]


def _text(said: str, *, keep: bool = False) -> str:
    """Return text in roff: one line, nothing in it a request."""
    line = " ".join(said.split())
    if not keep:
        line = line.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{line}" if line.startswith((".", "'")) else line


if __name__ == "__main__":
    write(Path(sys.argv[1]))
