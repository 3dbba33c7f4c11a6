"""`tzurot claim`: getting back memories that came here under an old id."""

from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli.calling import Json, Limit, call, collect, personality
from tzurot_cli.console import as_json, moment, show_json, show_table
from tzurot_cli.labels import labels
from tzurot_client import Client
from tzurot_client.gen.tzurot.memory.v1 import (
    CreateMemoryClaimRequest,
    DecideMemoryClaimRequest,
    ListMemoryClaimsRequest,
    ListUnclaimedMemoriesRequest,
    MemoryClaim,
    UnclaimedMemories,
)

app = typer.Typer(help="Memories that wait for their people.", no_args_is_help=True)

Character = Annotated[str, typer.Argument(metavar="PERSONALITY", help="Slug, id or name.")]
OldId = Annotated[str, typer.Argument(metavar="OLD_ID", help="Your id at the source.")]
ClaimId = Annotated[str, typer.Argument(metavar="CLAIM_ID", help="As `claim list` shows it.")]


@app.command("waiting")
def waiting(
    context: typer.Context,
    character: Character,
    old_id: Annotated[str, typer.Option("--id", help="Only of this old id.")] = "",
    json: Json = False,
) -> None:
    """Show how much waits for whom; never what. Who may edit the character sees all old ids."""

    async def asked(client: Client) -> list[UnclaimedMemories]:
        who = await personality(client, character, quiet=json)
        request = ListUnclaimedMemoriesRequest(personality_id=who.id, sender_id=old_id)
        return (await client.claim.list_unclaimed_memories(request)).unclaimed

    found = call(context, asked)
    if json:
        show_json({"unclaimed": [as_json(each) for each in found]})
        return
    show_table(
        ("old id", "alone", "with others", "from", "to"),
        (
            (
                u.sender_id,
                u.memory_count,
                u.group_memory_count,
                moment(u.first_time),
                moment(u.last_time),
            )
            for u in found
        ),
    )


@app.command("create")
def create(context: typer.Context, character: Character, old_id: OldId, json: Json = False) -> None:
    """Claim an old id as yours: an editor of the character is to confirm it."""

    async def claimed(client: Client) -> MemoryClaim | None:
        who = await personality(client, character, quiet=json)
        request = CreateMemoryClaimRequest(
            personality_id=who.id, sender_id=old_id, request_id=str(uuid4())
        )
        return (await client.claim.create_memory_claim(request)).claim

    claim = call(context, claimed) or MemoryClaim()
    if json:
        show_json({"claim": as_json(claim)})
        return
    memories = claim.memories or UnclaimedMemories()
    typer.echo(
        f"Claimed: {memories.memory_count} memories and {memories.group_memory_count} with others."
        " They are yours once somebody who may edit the character has confirmed it."
    )


@app.command("list")
def list_all(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    """List your claims, and those that you may decide, newest first."""

    async def listed(client: Client) -> tuple[list[MemoryClaim], dict[str, str]]:
        claims = await collect(
            limit,
            lambda size, token: client.claim.list_memory_claims(
                ListMemoryClaimsRequest(page_size=size, page_token=token)
            ),
            lambda page: page.claims,
        )
        ids = (claim.memories.personality_id for claim in claims if claim.memories)
        return claims, {} if json else await labels(client, ids)

    found, whose = call(context, listed)
    if json:
        show_json({"claims": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "who", "old id", "character", "memories", "state"),
        (
            (
                c.id,
                c.subject,
                m.sender_id,
                whose.get(m.personality_id),
                m.memory_count + m.group_memory_count,
                str(c.state).lower(),
            )
            for c in found
            if (m := c.memories or UnclaimedMemories())
        ),
    )


@app.command("confirm")
def confirm(context: typer.Context, claim: ClaimId, json: Json = False) -> None:
    """Confirm a claim: the memories become the claimant's at once."""
    _decide(context, claim, confirmed=True)
    if json:
        show_json({})
        return
    typer.echo("Confirmed: the memories are theirs.")


@app.command("reject")
def reject(context: typer.Context, claim: ClaimId, json: Json = False) -> None:
    """Reject a claim."""
    _decide(context, claim, confirmed=False)
    if json:
        show_json({})
        return
    typer.echo("Rejected: nobody got anything.")


def _decide(context: typer.Context, claim: str, *, confirmed: bool) -> None:
    request = DecideMemoryClaimRequest(claim_id=claim, confirmed=confirmed)
    call(context, lambda client: client.claim.decide_memory_claim(request))
