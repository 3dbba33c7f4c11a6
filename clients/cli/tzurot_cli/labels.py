"""How characters are told apart where they are shown: those of a list by their slugs.

A talk shows the name alone, unless the person sees another character of that name.
"""

import asyncio
import unicodedata
from collections.abc import Iterable

from tzurot_cli.calling import ref
from tzurot_cli.console import one_line
from tzurot_client import Client, NotFound
from tzurot_client.gen.tzurot.personality.v1 import (
    GetPersonalityRequest,
    Personality,
    ResolvePersonalitiesRequest,
)


async def labels(client: Client, ids: Iterable[str]) -> dict[str, str]:
    """Names with slugs by id, each asked for once; of a character out of sight the id alone."""
    asked = [id_ for id_ in dict.fromkeys(ids) if id_]
    return dict(
        zip(asked, await asyncio.gather(*(_label(client, it) for it in asked)), strict=True)
    )


async def told(client: Client, who: Personality) -> str:
    """A character's name, with its slug if the caller sees another one of that name."""
    request = ResolvePersonalitiesRequest(name=who.name, limit=2)
    matches = (await client.personality.resolve_personalities(request)).matches
    found = [match.personality for match in matches if match.personality]
    alike = [it for it in found if it.id != who.id and _folded(it.name) == _folded(who.name)]
    return label(who.name, who.slug) if alike else one_line(who.name)


def label(name: str, slug: str) -> str:
    """A name with its slug, as lists show it."""
    return one_line(f"{name} ({slug})")


async def _label(client: Client, personality_id: str) -> str:
    request = GetPersonalityRequest(personality=ref(personality_id))
    try:
        found = (await client.personality.get_personality(request)).personality
    except NotFound:
        return personality_id
    return label(found.name, found.slug) if found else personality_id


def _folded(name: str) -> str:
    """A name as the server compares it."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
