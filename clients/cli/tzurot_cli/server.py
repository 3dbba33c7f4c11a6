"""`tzurot server`, `tzurot skill`: what a server is and has."""

import typer

from tzurot_cli.calling import Json, call, target
from tzurot_cli.console import as_json, clean, console, show_fields, show_json, show_table
from tzurot_client.gen.tzurot.account.v1 import GetServerInfoRequest
from tzurot_client.gen.tzurot.skill.v1 import ListSkillsRequest

server_app = typer.Typer(help="The server itself.", no_args_is_help=True)
skill_app = typer.Typer(help="The skills that characters can use.", no_args_is_help=True)


@server_app.command("info")
def info(context: typer.Context, json: Json = False) -> None:
    """Tell what runs. Needs a token with the scope `admin`."""
    response = call(context, lambda client: client.admin.get_server_info(GetServerInfoRequest()))
    if json:
        show_json(as_json(response))
        return
    show_fields(
        {
            "address": target(context).address,
            "version": response.version,
            "database": response.database_version,
            "schema": response.schema_revision,
            "memory index": response.index_engine,
            "waiting for it": response.index_backlog_count,
            "running turns": response.running_turn_count,
            "memories read by": response.embedding_model,
        }
    )
    if not response.index_complete:
        console().print("The memory index is being filled; until then the database searches.")
    if response.next_embedding_model:
        console().print(
            f"{clean(response.next_embedding_model)} takes over when it has read all that is"
            f" remembered: {response.unread_count} to go.",
            soft_wrap=True,
        )


@skill_app.command("list")
def list_skills(context: typer.Context, json: Json = False) -> None:
    """List the skills by name."""
    response = call(context, lambda client: client.skill.list_skills(ListSkillsRequest()))
    if json:
        show_json(as_json(response))
        return
    show_table(("name", "what it does"), ((s.name, s.description) for s in response.skills))
