"""The fields of a character on the command line: what is given of them, and how they are shown."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from tzurot_cli.console import as_json, show_fields, show_json
from tzurot_cli.failing import CommandFailed
from tzurot_client.gen.tzurot.personality.v1 import (
    CustomField,
    Personality,
    PromptRole,
    Visibility,
)

_NAMED = "a name of yours; again for more. NAME= takes one away."


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

CustomFields = Annotated[
    list[str] | None,
    typer.Option(
        "--custom-field", metavar="NAME=TEXT", help=f"A part of its definition with {_NAMED}"
    ),
]
SilentFields = Annotated[
    list[str] | None,
    typer.Option("--silent-field", metavar="NAME=TEXT", help="The same, not told to the model."),
]
AgeRestricted = Annotated[
    bool | None,
    typer.Option("--age-restricted/--no-age-restricted", help="Whether it is only for adults."),
]


def custom(told: Sequence[str] | None, silent: Sequence[str] | None) -> list[CustomField]:
    """What options say of custom fields, each as `NAME=TEXT`.

    Raises:
        CommandFailed: one has no `=` or no name.
    """
    return [_custom_field(it, silent=False) for it in told or ()] + [
        _custom_field(it, silent=True) for it in silent or ()
    ]


def merged(now: Sequence[CustomField], given: Sequence[CustomField]) -> list[CustomField]:
    """The custom fields with those that are given: one without text is taken away."""
    news = {it.name.casefold(): it for it in given}
    fields = {it.name.casefold(): it for it in now} | news
    return [it for key, it in fields.items() if it.text or key not in news]


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
        "for adults": shown.age_restricted,
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
        "group greetings": "\n---\n".join(shown.group_greetings),
        "description": shown.description,
        "system prompt": shown.system_prompt,
        "example dialogues": shown.example_dialogues,
        "note": shown.depth_prompt,
        **({"note's place": _place(shown)} if shown.depth_prompt else {}),
        "custom fields": "\n".join(map(_told, shown.custom_fields)),
        "regex scripts": [it.name or it.find for it in shown.regex_scripts],
    }


def _custom_field(written: str, *, silent: bool) -> CustomField:
    name, parted, text = written.partition("=")
    if not (parted and name.strip()):
        raise CommandFailed(f"{written[:80]}: a custom field is NAME=TEXT, such as Lamp=brass.")
    return CustomField(name=" ".join(name.split()), text=text, silent=silent)


def _told(field: CustomField) -> str:
    return f"{field.name}{' (silent)' if field.silent else ''}: {field.text}"


def _place(shown: Personality) -> str:
    depth = shown.depth_prompt_depth or 0
    after = "after the last message" if depth == 0 else f"{depth} before the end"
    return f"{after}, said by the {str(shown.depth_prompt_role).lower()}"
