"""From a bare Debian 13 to a line that was moved to another machine: `make test-vm`.

The stages go on from one another, in this order; `-x` ends the run at the first that fails. It is
not called test_*, so that `make test` does not begin an hour's emulation.
"""

from __future__ import annotations

import re

from tests.vm import line, set_ups, tor_client, web
from tests.vm.field import Field
from tests.vm.people import INVESTIGATOR, OPERATOR

FIRST = "A first report, before anything happened."
KILLED, BOOTED, CUT = "After a kill.", "After a reboot.", "After the power was cut."
UPGRADED, RESTORED = "With the new package.", "Before the machine broke."
LOST = "After the last backup."
BACKUPS = "/var/backups/quietline"
COMMANDS, MINUTES = 12, 30
"""At the most, from a bare machine to an open line, by the machine's own clock."""
OTHER_COMPUTERS = 2
"""The agency's and the investigator's: the package goes onto each of them, too."""


def test_the_package_goes_into_a_bare_machine(field: Field) -> None:
    field.book.type(field.machine, OPERATOR, f"apt-get install -y {field.last}")
    assert re.match(r"(quietline )?\d", field.machine.look("quietline --version"))
    # Nothing of it runs before it was set up, and nothing tries to.
    assert "active" not in field.machine.try_to("systemctl is-active quietline-server").text.split()
    field.machine.look("getent passwd quietline")
    set_ups.be_quick(field.machine)


def test_both_set_ups_lead_to_an_open_line(field: Field) -> None:
    set_ups.server_begins(field)
    set_ups.agency_begins(field)
    set_ups.investigator_asks(field)
    set_ups.agency_enrols(field)
    set_ups.server_ends(field)
    set_ups.investigator_opens_the_desk(field)
    line.reporter_reaches_it(field)
    line.doctor_finds_nothing(field)
    set_ups.keep_apart(field)
    assert len(field.book.typed) + OTHER_COMPUTERS <= COMMANDS
    assert sum(one.seconds for one in field.book.typed) <= MINUTES * 60


def test_a_report_goes_in_at_one_onion_and_is_read_by_the_other(field: Field) -> None:
    line.send(field, FIRST)
    line.read(field, FIRST)
    assert tor_client.is_closed(field.machine, field.known["investigators"])


def test_a_killed_server_is_back_with_what_it_had_acknowledged(field: Field) -> None:
    line.send(field, KILLED)
    before = field.machine.look("systemctl show -P MainPID quietline-server")
    field.machine.look("systemctl kill --signal=KILL quietline-server")
    line.server_answers(field)
    assert field.machine.look("systemctl show -P MainPID quietline-server") != before
    line.read(field, KILLED)
    line.doctor_finds_nothing(field)


def test_a_reboot_brings_everything_back(field: Field) -> None:
    line.send(field, BOOTED)
    field.machine.reboot()
    line.server_answers(field)
    line.reporter_reaches_it(field)
    line.read(field, BOOTED)
    line.doctor_finds_nothing(field)


def test_a_power_cut_loses_nothing_that_was_acknowledged(field: Field) -> None:
    line.send(field, CUT)
    field.machine.cut_the_power()
    line.server_answers(field)
    line.reporter_reaches_it(field)
    line.read(field, CUT)
    line.doctor_finds_nothing(field)


def test_an_upgrade_makes_a_backup_and_keeps_what_waits(field: Field) -> None:
    line.send(field, UPGRADED)
    before = field.machine.look("dpkg-query -W -f '${Version}' quietline")
    field.machine.look(
        "rm -rf /var/backups/quietline/*; echo '# of the operator' >>/etc/quietline/server.toml"
    )
    field.machine.type(f"apt-get install -y {field.package}")
    assert field.machine.look("dpkg-query -W -f '${Version}' quietline") != before
    assert field.machine.look(f"ls {BACKUPS}").strip(), "the upgrade made no backup"
    assert "# of the operator" in field.machine.look("cat /etc/quietline/server.toml")
    line.server_answers(field)
    line.read(field, UPGRADED)
    line.doctor_finds_nothing(field)


def test_caddy_serves_the_line_with_a_local_certificate(field: Field) -> None:
    web.caddy(field)
    web.serves_the_line(field)
    field.machine.look("systemctl disable --now caddy")


def test_nginx_serves_the_line_with_a_local_certificate(field: Field) -> None:
    web.nginx(field)
    web.serves_the_line(field)
    field.machine.look("systemctl disable --now nginx")
    line.doctor_finds_nothing(field)


def test_a_second_machine_goes_on_where_the_first_one_broke(field: Field) -> None:
    line.send(field, RESTORED)
    set_ups.carry_the_newest(field)
    before = set(field.sent)
    line.send(field, LOST)
    field.second_machine()
    set_ups.go_on_after_the_broken_one(field)
    line.server_answers(field)
    line.reporter_reaches_it(field)
    line.read(field, RESTORED)
    texts = set(line.read_texts(field))
    assert {FIRST, UPGRADED, RESTORED} <= before <= texts
    assert LOST not in texts, "the page says that it is lost"
    line.doctor_finds_nothing(field)


def test_removed_it_stops_and_keeps_everything(field: Field) -> None:
    field.machine.type("apt-get remove -y quietline")
    assert field.machine.try_to("systemctl is-active quietline-server").code != 0
    told = "journalctl --no-pager --quiet -u 'quietline-*' -u tor@default --grep=Consumed || true"
    assert field.machine.look(told) == "", "how much was done stays on the disk"
    assert field.machine.look("ls /var/lib/quietline/quietline.db /etc/quietline/server.toml")
    assert field.machine.look(f"ls /home/{INVESTIGATOR}/vault")


def test_purged_it_leaves_nothing_that_was_not_asked_for(field: Field) -> None:
    """Unasked, the data stay; where the question was answered with yes, they do not.

    The onions' keys are Tor's, and what the set-up wrote into Tor's own files stays too: the
    question says so.
    """
    machine = field.machine
    machine.type("DEBIAN_FRONTEND=noninteractive apt-get purge -y quietline")
    machine.look("ls /var/lib/quietline/quietline.db")
    field.go_back(test_removed_it_stops_and_keeps_everything.__name__)
    machine.look("rm -r /etc/systemd/system/quietline-server.service.d")  # the test's own
    machine.look("echo 'quietline quietline/destroy boolean true' | debconf-set-selections")
    machine.type("DEBIAN_FRONTEND=noninteractive apt-get purge -y quietline")
    left = machine.look(
        "find / -xdev -iname '*quietline*' -not -path '/home/*' -not -path '/mnt/*' "
        "-not -path '/var/lib/tor/*' -not -path '/etc/tor/*' "
        "-not -path '/var/lib/mirror/*' -not -path '/var/lib/apt/*'"
    )
    assert left == ""
