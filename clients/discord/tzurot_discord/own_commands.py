"""The bot's own commands, beside the server's flows: as Discord and as people are told of them."""

from dataclasses import dataclass

from tzurot_client.gen.tzurot.flow.v1 import ClientCommand
from tzurot_discord.catalogue import EVERYWHERE, Json

SLASH, ON_A_MESSAGE = 1, 3  # Discord "Application Command Types"
_IN_A_MENU = "in a message's menu, under Apps"


@dataclass(frozen=True, slots=True)
class OwnCommand:
    """A command that the bot itself answers, or begins a flow for."""

    declared: Json
    told: ClientCommand


def slash(name: str, summary: str, *options: Json, where: Json = EVERYWHERE) -> OwnCommand:
    """One that is typed."""
    declared = {"type": SLASH, "name": name, "description": summary, "options": list(options)}
    return OwnCommand(where | declared, ClientCommand(name=f"/{name}", description=summary))


def on_a_message(name: str, summary: str) -> OwnCommand:
    """One in a message's menu, where Discord has no room for what it does."""
    told = ClientCommand(name=name, description=f"{summary} ({_IN_A_MENU})")
    return OwnCommand(EVERYWHERE | {"type": ON_A_MESSAGE, "name": name}, told)
