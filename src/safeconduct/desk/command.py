"""The command `desk`: it starts the local web application. The command line imports it when it is called."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.desk.case.workspace import OWN
from safeconduct.desk.door.sessions import add_person as add
from safeconduct.desk.door.sessions import check_person
from safeconduct.desk.serve import LOOPBACK, Start, serve


@click.command()
@click.argument("folder", default="cases", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; default any free one.")
@click.option("--no-browser", is_flag=True, help="Print the start link and open nothing.")
@click.option("--host", default=LOOPBACK, metavar="ADDRESS", help="Address to listen on; this machine only.")
@click.option("--served-as", multiple=True, metavar="NAME", help="Name under which a proxy with TLS serves it.")
@click.option("--add-person", metavar="NAME:ROLE", help="Add a reader, reporter or checker; asks a password.")
def desk(
    folder: Path, port: int, no_browser: bool, host: str, served_as: tuple[str, ...], add_person: str | None
) -> None:
    """Open the desk on FOLDER, which holds cases: put reports in, see what they change, send answers on.

    FOLDER is made where it is not there; without one it is the folder "cases" here. The desk serves this machine only.
    """
    if add_person:
        name, _, role = add_person.rpartition(":")
        check_person(name, role)
        add(folder / OWN, name, role, click.prompt("Password", hide_input=True, confirmation_prompt=True))
        click.echo(f"{name.strip()} may come in as {role}.")
        return

    def ready(link: str) -> None:
        click.echo(f"Desk on {folder}: {link}")
        click.echo("It serves until you stop it with Ctrl-C.")
        if not no_browser:
            import webbrowser

            webbrowser.open(link)

    serve(Start(folder, port, host, served_as), ready)
