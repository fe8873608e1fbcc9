"""What is typed about the texts of messages: its part of the command line.

A command imports what it calls, as in the others.
"""

from pathlib import Path
from typing import Annotated

import typer

from settings import load_place

templates = typer.Typer(no_args_is_help=True, help="The texts of messages, ours and your own.")

Folder = Annotated[
    Path | None, typer.Option("--own", help="A folder of texts; else RAPPEL_TEMPLATES_DIR.")
]


@templates.command()
def check(own: Folder = None) -> None:
    """Say what is wrong with your own texts, and where."""
    from templates.own_texts import checked_templates, read_texts

    folder = own or load_place().templates_dir
    checked_templates(folder)
    found = f"{folder}: no fault ({len(read_texts(folder))} texts)" if folder else "All are ours"
    typer.echo(f"{found}.")


@templates.command()
def preview(
    *,
    language: Annotated[str | None, typer.Option(help="As in fr; else all.")] = None,
    message: Annotated[str | None, typer.Option(help="As in ask; else all.")] = None,
    own: Folder = None,
    html: Annotated[Path | None, typer.Option(help="Write one page for a browser there.")] = None,
) -> None:
    """Show the messages with invented people, and how many segments each takes as an SMS."""
    from machine.previewing import previews
    from templates.own_texts import checked_templates
    from templates.preview import as_page, as_text

    texts = checked_templates(own or load_place().templates_dir)
    shown = tuple(previews(texts, language, message))
    if html is None:
        typer.echo("\n\n".join(map(as_text, shown)))
        return
    html.write_text(as_page(shown), encoding="utf-8")
    typer.echo(f"{html}: {len(shown)} messages.")
