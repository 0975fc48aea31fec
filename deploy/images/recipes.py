"""What is in each image: Debian's packages by name, the user, the folders that are its own.

A package that stands here is unpacked whole, and no script of it is run. Of those that only
installing needs (``adduser``, ``debconf`` and Perl with it) nothing gets in; when Debian gives a
program another library, ``debian.check`` says that it is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_ALWAYS = ("libc6", "libgcc-s1", "zlib1g")
_TLS = ("libssl3t64", "libzstd1")
_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Recipe:
    """One image."""

    name: str
    packages: tuple[str, ...]
    user: str
    uid: int
    programs: tuple[str, ...]
    """What is started in it, by its own command or by compose.yaml."""
    folders: dict[str, int] = field(default_factory=dict)
    """The user's own, with their modes: a volume put there takes both over."""

    @property
    def tag(self) -> str:
        """Return the image's name, without a version. No registry is called localhost."""
        return f"localhost/quietline-{self.name}"


SERVER = Recipe(
    name="server",
    # Nothing of the server's calls a shell: dash is for podman-compose, which puts one around
    # every health check.
    packages=(
        *_ALWAYS, *_TLS, "ca-certificates", "dash", "libbz2-1.0", "libdb5.3t64",
        "libexpat1", "libffi8", "liblzma5", "libncursesw6", "libpython3.13-minimal",
        "libpython3.13-stdlib", "libreadline8t64", "libsqlite3-0", "libstdc++6", "libtinfo6",
        "libuuid1", "media-types", "netbase", "python3.13", "python3.13-minimal", "tzdata",
    ),
    user="quietline",
    uid=10_001,
    programs=("usr/bin/python3.13", "usr/bin/sh"),
    folders={"var/lib/quietline": _PRIVATE},
)  # fmt: skip

TOR = Recipe(
    name="tor",
    # dash, coreutils, grep: desk-keys is a script, and decides who reaches the desk.
    packages=(
        *_ALWAYS, *_TLS, "coreutils", "dash", "grep", "libacl1", "libattr1", "libcap2",
        "libevent-2.1-7t64", "libgmp10", "liblzma5", "libpcre2-8-0", "libseccomp2", "libselinux1",
        "libsystemd0", "tor",
    ),
    user="tor",
    uid=10_002,
    programs=("usr/bin/tor", "usr/bin/sh", "usr/bin/grep", "usr/bin/stat"),
    folders={"var/lib/tor": _PRIVATE},
)  # fmt: skip

CADDY = Recipe(
    name="caddy",
    packages=(*_ALWAYS, "ca-certificates", "caddy", "libzstd1", "media-types", "tzdata"),
    user="caddy",
    uid=10_003,
    programs=("usr/bin/caddy",),
    folders={"data": _PRIVATE},
)

POSTGRES = Recipe(
    name="postgres",
    # Without LLVM: postgresql/begin turns compiled queries off.
    packages=(
        *_ALWAYS, *_TLS, "coreutils", "dash", "libacl1", "libattr1", "libaudit1", "libbsd0",
        "libcap-ng0", "libcap2", "libcom-err2", "libedit2", "libffi8", "libgcrypt20", "libgmp10",
        "libgpg-error0", "libgssapi-krb5-2", "libicu76", "libk5crypto3", "libkeyutils1",
        "libkrb5-3", "libkrb5support0", "libldap2", "liblz4-1", "liblzma5", "libmd0", "libpam0g",
        "libpcre2-8-0", "libpq5", "libreadline8t64", "libsasl2-2", "libselinux1", "libstdc++6",
        "libsystemd0", "libtinfo6", "libxml2", "libxxhash0", "netbase", "postgresql-17",
        "postgresql-client-17", "tzdata",
    ),
    user="postgres",
    uid=10_004,
    programs=(
        "usr/lib/postgresql/17/bin/postgres", "usr/lib/postgresql/17/bin/initdb",
        "usr/lib/postgresql/17/bin/pg_isready", "usr/bin/sh", "usr/bin/sleep",
    ),
    folders={"var/lib/postgresql": _PRIVATE},
)  # fmt: skip

VALKEY = Recipe(
    name="valkey",
    packages=(
        *_ALWAYS, *_TLS, "libatomic1", "libcap2", "libjemalloc2", "liblzf1", "libstdc++6",
        "libsystemd0", "valkey-server", "valkey-tools",
    ),
    user="valkey",
    uid=10_005,
    programs=("usr/bin/valkey-server",),
)  # fmt: skip

RECIPES = {one.name: one for one in (SERVER, TOR, CADDY, POSTGRES, VALKEY)}
