"""What a job or a schedule is called from now on: the options of ``label``."""

from typing import Annotated, Any

import typer

from azscraper.errors import Detail, InvalidInputError

NewName = Annotated[str | None, typer.Option("--name", help="Another name; '' takes it away.")]
NewTags = Annotated[
    list[str] | None, typer.Option("--tag", help="A tag to find it by, in place of those it has. Can be repeated.")
]
NoTags = Annotated[bool, typer.Option("--no-tags", help="Take all tags away.")]


def new_label(name: str | None, tags: list[str] | None, *, no_tags: bool) -> dict[str, Any]:
    """The name and the tags as the client takes them. Raises InvalidInputError where nothing is to change, or tags both ways."""
    if tags and no_tags:
        raise InvalidInputError(
            "Give --tag or --no-tags, not both", [Detail("tag", "can't be combined with --no-tags")]
        )
    if name is None and not tags and not no_tags:
        raise InvalidInputError(
            "Say what is to change: give --name, --tag or --no-tags", [Detail("name", "is missing")]
        )
    return {"name": name, "tags": [] if no_tags else tags or None}
