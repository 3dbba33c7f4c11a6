"""The fields of a character on the command line: what is given of them, and how they are shown."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from tzurot_cli.console import as_json, show_fields, show_json
from tzurot_client.gen.tzurot.personality.v1 import Personality, PromptRole, Visibility


class VisibleTo(StrEnum):
    """Who may find a character and talk with it."""

    PRIVATE = "private"
    SHARED = "shared"
    UNLISTED = "unlisted"
    PUBLIC = "public"


class SaidBy(StrEnum):
    """Who says a part of the prompt to the model."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


Name = Annotated[str | None, typer.Option(help="The name it goes by.")]
Slug = Annotated[str | None, typer.Option(help="The handle, unique on the server.")]
Description = Annotated[str | None, typer.Option(help="Who the character is.")]
SystemPrompt = Annotated[str | None, typer.Option(help="How the character is to speak.")]
Greeting = Annotated[str | None, typer.Option(help="What it says first.")]
AlternateGreetings = Annotated[
    list[str] | None,
    typer.Option(
        "--alternate-greeting", help="Another greeting; again for more, '' alone for none."
    ),
]
ExampleDialogues = Annotated[
    str | None, typer.Option(help="Lines of {{user}}: … and {{char}}: …, parted by <START>.")
]
DepthPrompt = Annotated[str | None, typer.Option(help="A note between the last messages.")]
Depth = Annotated[
    int | None,
    typer.Option("--depth-prompt-depth", min=0, help="How many messages come after the note."),
]
DepthRole = Annotated[
    SaidBy | None, typer.Option("--depth-prompt-role", help="Who says the note to the model.")
]
VisibleFor = Annotated[
    VisibleTo | None, typer.Option("--visibility", help="Who may find it and talk with it.")
]
DefinitionVisible = Annotated[
    bool | None,
    typer.Option(
        "--definition-visible/--definition-hidden",
        help="Whether all who may talk with it may read its definition.",
    ),
]


def given(**options: Any) -> dict[str, Any]:
    """What options say of fields, by field."""
    fields = {field: value for field, value in options.items() if value is not None}
    if "visibility" in fields:
        fields["visibility"] = Visibility[fields["visibility"].name]
    if "depth_prompt_role" in fields:
        fields["depth_prompt_role"] = PromptRole[fields["depth_prompt_role"].name]
    if "alternate_greetings" in fields:
        fields["alternate_greetings"] = [it for it in fields["alternate_greetings"] if it]
    return fields


def filled(fields: Mapping[str, Any], etag: str = "") -> Personality:
    """A character with these fields."""
    character = Personality(etag=etag)
    for field, value in fields.items():
        setattr(character, field, value)
    return character


def show(shown: Personality | None, *, json: bool) -> None:
    """A character, as its server shows it to the caller."""
    shown = shown or Personality()
    if json:
        show_json({"personality": as_json(shown)})
        return
    show_fields(_head(shown) | ({} if shown.definition_hidden else _definition(shown)))


def word(visibility: Visibility) -> str:
    """Who may find a character, in a word."""
    return str(visibility).lower()


def role(shown: Personality) -> str:
    """What the caller may do with a character, in a word; nothing for nobody in particular."""
    return str(shown.role).lower() if shown.role else ""


def _head(shown: Personality) -> dict[str, object]:
    """What everybody may read who sees it."""
    return {
        "name": shown.name,
        "slug": shown.slug,
        "id": shown.id,
        "visibility": word(shown.visibility),
        "definition": "hidden" if shown.definition_hidden else _seen_by(shown),
        "owner": shown.owner_name,
        "role": role(shown),
        "aliases": shown.aliases,
        "avatar": shown.avatar_sha256,
        "created": shown.create_time,
        "changed": shown.update_time,
        "greeting": shown.greeting,
    }


def _seen_by(shown: Personality) -> str:
    return "for all who see it" if shown.definition_visible else "for co-owners"


def _definition(shown: Personality) -> dict[str, object]:
    return {
        "alternate greetings": "\n---\n".join(shown.alternate_greetings),
        "description": shown.description,
        "system prompt": shown.system_prompt,
        "example dialogues": shown.example_dialogues,
        "note": shown.depth_prompt,
        **({"note's place": _place(shown)} if shown.depth_prompt else {}),
    }


def _place(shown: Personality) -> str:
    depth = shown.depth_prompt_depth or 0
    after = "after the last message" if depth == 0 else f"{depth} before the end"
    return f"{after}, said by the {str(shown.depth_prompt_role).lower()}"
