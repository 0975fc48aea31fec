"""Commands: one Typer app per machine (server, agency, console), joined lazily by ``entry``."""
