"""`tzurot memory fact`: what characters know of you, and your say in it."""

from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli.calling import STARTER, Json, Limit, Who, call, collect, personality
from tzurot_cli.console import as_json, moment, show_fields, show_json, show_table
from tzurot_cli.labels import labels
from tzurot_client import Client
from tzurot_client.gen.tzurot.memory.v1 import (
    ConfirmFactRequest,
    CorrectFactRequest,
    CreateFactRequest,
    CreateFactResponse,
    Fact,
    FactState,
    ForgetFactRequest,
    GetFactRequest,
    GetFactResponse,
    ListFactsRequest,
    RevertFactRequest,
)

app = typer.Typer(help="What characters know of you.", no_args_is_help=True)

FactId = Annotated[str, typer.Argument(metavar="FACT_ID", help="As `memory fact list` shows it.")]
Text = Annotated[str, typer.Argument(help="One sentence that needs no context.")]


@app.command("list")
def list_all(
    context: typer.Context,
    who: Annotated[
        str | None,
        typer.Option("--personality", "-p", help="Only of this character (slug, id or name)."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="What is so no more, too.")] = False,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List what characters know of all your personas, newest first."""
    states = [FactState.CURRENT, FactState.PROPOSED, FactState.SUPERSEDED] if every else []

    async def listed(client: Client) -> tuple[list[Fact], dict[str, str]]:
        personality_id = (await personality(client, who, quiet=json)).id if who else ""
        facts = await collect(
            limit,
            lambda size, token: client.fact.list_facts(
                ListFactsRequest(
                    personality_id=personality_id, states=states, page_size=size, page_token=token
                )
            ),
            lambda page: page.facts,
        )
        return facts, {} if json else await labels(client, (it.personality_id for it in facts))

    found, whose = call(context, listed)
    if json:
        show_json({"facts": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "state", "so", "known by", "fact"),
        ((it.id, _state(it), _span(it), whose.get(it.personality_id), it.text) for it in found),
    )


@app.command("show")
def show(context: typer.Context, fact_id: FactId, json: Json = False) -> None:
    """Show a fact: where it is from, and what it took the place of."""

    async def read(client: Client) -> tuple[GetFactResponse, str]:
        response = await client.fact.get_fact(GetFactRequest(fact_id=fact_id))
        if json or response.fact is None:
            return response, ""
        return response, "".join((await labels(client, [response.fact.personality_id])).values())

    response, whose = call(context, read)
    if json:
        show_json(as_json(response))
        return
    fact = response.fact or Fact()
    show_fields(
        {
            "id": fact.id,
            "fact": fact.text,
            "state": _state(fact),
            "so": _span(fact),
            "about": fact.entity,
            "known by": whose,
            "from": (fact.origin.name or "").lower(),
            "said": (fact.venue.name or "").lower().replace("_", " "),
            "learnt from": "\n".join(fact.source_ids),
            "before": "\n".join(f"{it.text} ({_span(it)})" for it in response.superseded),
        }
    )


@app.command("add")
def add(context: typer.Context, text: Text, who: Who = STARTER, json: Json = False) -> None:
    """Tell a character what is so: nothing that is learnt takes its place."""

    async def told(client: Client) -> CreateFactResponse:
        personality_id = (await personality(client, who, quiet=json)).id
        request = CreateFactRequest(
            personality_id=personality_id, text=text, request_id=str(uuid4())
        )
        return await client.fact.create_fact(request)

    response = call(context, told)
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"Known as {response.fact.id if response.fact else ''}.")


@app.command("correct")
def correct(context: typer.Context, fact_id: FactId, text: Text, json: Json = False) -> None:
    """Put other words in a fact's place, for ever; its old ones are not kept."""
    request = CorrectFactRequest(fact_id=fact_id, text=text)
    response = call(context, lambda client: client.fact.correct_fact(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"Corrected: it is known as {response.fact.id if response.fact else ''} now.")


@app.command("confirm")
def confirm(context: typer.Context, fact_id: FactId, json: Json = False) -> None:
    """Say yes to a fact that waits for it."""
    request = ConfirmFactRequest(fact_id=fact_id)
    response = call(context, lambda client: client.fact.confirm_fact(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The fact {fact_id} counts.")


@app.command("revert")
def revert(context: typer.Context, fact_id: FactId, json: Json = False) -> None:
    """Take back that a fact was learnt: what was known before counts again."""
    request = RevertFactRequest(fact_id=fact_id)
    response = call(context, lambda client: client.fact.revert_fact(request))
    if json:
        show_json(as_json(response))
        return
    before = f" Known again: {response.fact.text}" if response.fact else ""
    typer.echo(f"The fact {fact_id} is taken back.{before}")


@app.command("forget")
def forget(context: typer.Context, fact_id: FactId, json: Json = False) -> None:
    """Forget a fact for ever, with what it took the place of: it is not learnt again."""
    request = ForgetFactRequest(fact_id=fact_id)
    call(context, lambda client: client.fact.forget_fact(request))
    if json:
        show_json({})
        return
    typer.echo(f"The fact {fact_id} is forgotten.")


def _state(fact: Fact) -> str:
    """Whether it counts; what was played is marked."""
    state = {FactState.PROPOSED: "waits for yes", FactState.SUPERSEDED: "no more"}
    told = state.get(fact.state, "so")
    return f"{told}, in a story" if fact.fictional else told


def _span(fact: Fact) -> str:
    """Since when, and until when."""
    until = f" until {moment(fact.valid_until)}" if fact.valid_until else ""
    return f"since {moment(fact.valid_from)}{until}"
