"""What a typed name means where it is neither an id nor a slug: the server says, and it is told.

The server's order decides, never an error. Whoever meant another one of that name learns from a
note how to name it.
"""

from rich.text import Text

from tzurot_cli.console import console, one_line
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import (
    Personality,
    PersonalityRole,
    ResolvePersonalitiesRequest,
)

_TOLD = 5  # others of a name


async def meant(client: Client, name: str) -> list[Personality]:
    """All that a name can mean; what it does mean comes first."""
    request = ResolvePersonalitiesRequest(name=name)
    matches = (await client.personality.resolve_personalities(request)).matches
    return [match.personality for match in matches if match.personality]


def tell(name: str, found: list[Personality]) -> None:
    """Say on stderr which one a name means, if it can mean several."""
    first, *others = found
    if not others:
        return
    also = ", ".join(map(_told_apart, others[:_TOLD]))
    more = f", and {len(others) - _TOLD} more" if len(others) > _TOLD else ""
    note = f"{one_line(name, 60)} means {_which(first)}; also: {also}{more}"
    console(stderr=True).print(Text(note), soft_wrap=True)


def whose(character: Personality) -> str:
    """Whose it is: "yours", or by whom; the server's own is nobody's."""
    if character.role == PersonalityRole.OWNER:
        return "yours"
    owner = one_line(character.owner_name, 60)
    return f"by {owner}" if owner else ""


def _which(character: Personality) -> str:
    owner = whose(character)
    return f"{character.slug} ({owner})" if owner else character.slug


def _told_apart(character: Personality) -> str:
    owner = whose(character)
    return _which(character) if owner == "yours" else f"{character.slug} {owner}".strip()
