"""All checks in order, and what they found together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.protocol.directory import Directory
from app.server.chunks import BlobsAway
from app.server.chunks.stores import NoClient, store_of
from app.server.epochs.signed_directory import Refused, read_directory
from app.server.operations.doctor import (
    clock,
    data_places,
    databases,
    file_rights,
    journals,
    line_checks,
    proxies,
    several_servers,
    tls,
    versions,
)
from app.server.operations.doctor.findings import Finding, Notes, Unchecked
from app.server.operations.doctor.machine import Machine
from app.server.settings import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator said besides the settings."""

    config: Path | None = None
    uds: Path | None = None
    address: str | None = None
    """The clearnet address of the line, if it has one."""
    connect: bool = False
    """Whether that address may be called."""


@dataclass(slots=True)
class Report:
    """What was found, what could not be looked at, and the versions in use."""

    findings: list[Finding] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=versions.versions)

    def take(self, notes: Notes | Iterable[Finding | Unchecked]) -> None:
        """Sort a check's notes in; what is true of several processes is said once."""
        for note in notes:
            if isinstance(note, Finding):
                if note not in self.findings:
                    self.findings.append(note)
            else:
                self.unchecked.append(note)


def examine(settings: Settings, machine: Machine, options: Options) -> Report:
    """Look at everything. Changes nothing."""
    report = Report()
    today = dt.datetime.fromtimestamp(machine.now, dt.UTC).date()
    directory = _directory(settings, report)
    active = [] if directory is None else [directory.investigators[i] for i in directory.active]
    seen, wrong = databases.look(settings, [one.vk for one in active], machine.now)
    report.take(wrong)
    report.take(databases.check_secrets(settings))
    report.take(databases.check_shared(settings))
    if directory is not None:
        report.take(line_checks.check_directory(directory, machine.now))
        report.take(line_checks.check_site(settings, directory))
        if seen is not None:
            report.take(line_checks.check_bundles(directory, seen.newest, seen.begun, machine.now))
    if seen is None or directory is None:
        report.take([Unchecked("bundles", "Whom reporters can write to is not known.")])
    report.take(clock.check(directory, seen.first_start if seen else None, machine))
    report.take(_blobs(settings))
    report.take(data_places.check(settings, machine, seen.slots if seen else 0))
    report.take(journals.check(machine))
    report.take(file_rights.check(settings, machine, options.config, options.uds))
    report.take(proxies.check(settings, machine))
    report.take(several_servers.check(settings, machine))
    if options.address is not None:
        report.take(tls.check(options.address))
        if options.connect:
            report.take(tls.check_connecting(options.address, machine.now))
    report.take(versions.check(report.versions, today))
    return report


def _directory(settings: Settings, report: Report) -> Directory | None:
    try:
        return read_directory(settings.directory_file, settings.line_id_bytes, None).directory
    except Refused as refused:
        report.take([Finding("directory", str(refused))])
        return None


def _blobs(settings: Settings) -> Notes:
    try:
        store = store_of(settings)
    except NoClient as error:
        yield Finding("blobs", str(error))
        return
    try:
        store.days()
    except BlobsAway:
        yield Finding("blobs", "The store of attachments does not answer: check blob_url.")
    finally:
        store.close()
