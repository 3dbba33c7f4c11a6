"""`tzurot personality clone`: a copy of a character that is yours."""

from uuid import uuid4

import typer

from tzurot_cli import personality_fields
from tzurot_cli.calling import Json, Named, call, refer
from tzurot_cli.personality_fields import Name, Slug
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import ClonePersonalityRequest, Personality


def clone(
    context: typer.Context,
    which: Named,
    name: Name = None,
    slug: Slug = None,
    json: Json = False,
) -> None:
    """Copy a character that you may read, with books and documents; the copy is private."""

    async def cloned(client: Client) -> Personality | None:
        request = ClonePersonalityRequest(
            personality=await refer(client, which, quiet=json),
            name=name or "",
            slug=slug or "",
            request_id=str(uuid4()),
        )
        return (await client.personality.clone_personality(request)).personality

    personality_fields.show(call(context, cloned), json=json)
