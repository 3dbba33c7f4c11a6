"""Making characters, shares and aliases, and asking what names mean, in one line each."""

from typing import Any

from tests.calling import Client, request_for

ROLES = ("blocked", "user", "viewer", "editor")
VISIBILITIES = ("private", "shared", "unlisted", "public")


async def create(client: Client, name: str, visibility: str = "private", **fields: Any) -> Any:
    """A new character."""
    wanted = {"name": name, "visibility": f"VISIBILITY_{visibility.upper()}", **fields}
    request = request_for("CreatePersonality", personality=wanted)
    return (await client.call("CreatePersonality", request)).personality


def sharing(character: Any, subject: str | None, role: str) -> Any:
    """A request to share a character with somebody."""
    return request_for(
        "SharePersonality",
        personality={"id": character.id},
        subject=subject,
        role=f"PERSONALITY_ROLE_{role.upper()}",
    )


async def share(client: Client, character: Any, guest: Client, role: str) -> Any:
    """Share a character with somebody."""
    return (await client.call("SharePersonality", sharing(character, guest.subject, role))).share


def calling(character: Any, alias: str, *, everybody: bool = False, **fields: Any) -> Any:
    """A request to give a character another name."""
    return request_for(
        "CreatePersonalityAlias",
        personality={"id": character.id},
        alias=alias,
        **{"global": everybody},
        **fields,
    )


async def call_it(client: Client, character: Any, alias: str, *, everybody: bool = False) -> Any:
    """Give a character another name."""
    request = calling(character, alias, everybody=everybody)
    return await client.call("CreatePersonalityAlias", request)


async def mentioned(client: Client, text: str) -> list[str]:
    """The ids of the characters that a text mentions."""
    return await _resolved(client, text=text)


async def meant(client: Client, name: str) -> list[str]:
    """The ids of all that a name can mean."""
    return await _resolved(client, name=name)


async def completed(client: Client, prefix: str) -> list[str]:
    """The ids of the characters that begin so."""
    return await _resolved(client, prefix=prefix)


async def _resolved(client: Client, **query: str) -> list[str]:
    request = request_for("ResolvePersonalities", **query)
    found = await client.call("ResolvePersonalities", request)
    return [match.personality.id for match in found.matches]
