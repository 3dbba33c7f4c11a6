"""`tzurot wallet`: who pays for one's turns, and one's own keys at providers of models.

A key is typed unseen, or comes from a file or a pipe: never as an argument, which the shell's
history and everybody's list of processes would show.
"""

import sys
from enum import StrEnum
from getpass import getpass
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli import places, wallet_budget, wallet_sponsor, wallet_usage
from tzurot_cli.calling import Json, call, refer
from tzurot_cli.console import as_json, clean, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import Place
from tzurot_client.gen.tzurot.wallet.v1 import (
    ApiKey,
    ApiKeyFailureKind,
    ApiKeyProvider,
    CheckApiKeyRequest,
    CreateApiKeyRequest,
    DeleteApiKeyRequest,
    ExplainPaymentRequest,
    ExplainPaymentResponse,
    ListApiKeysRequest,
    PaymentRoute,
    UpdateApiKeyRequest,
)

app = typer.Typer(help="What pays for your turns.", no_args_is_help=True)
key_app = typer.Typer(help="Your own keys at providers of models.", no_args_is_help=True)
app.add_typer(key_app, name="key")
app.add_typer(wallet_budget.app, name="budget")
app.add_typer(wallet_sponsor.app, name="sponsor")
app.command("usage")(wallet_usage.usage)

_CALLED = {
    ApiKeyProvider.OPENROUTER: "OpenRouter",
    ApiKeyProvider.OPENAI: "OpenAI",
    ApiKeyProvider.ANTHROPIC: "Anthropic",
    ApiKeyProvider.GEMINI: "Gemini",
    ApiKeyProvider.ELEVENLABS: "ElevenLabs",
    ApiKeyProvider.MISTRAL: "Mistral",
}
_WRONG = {
    ApiKeyFailureKind.REJECTED: "refused",
    ApiKeyFailureKind.LACKS_PERMISSION: "lacks a permission",
    ApiKeyFailureKind.LACKS_CREDIT: "nothing left on it",
}
_UNKNOWN = "not usable"
_ROUTES = {
    PaymentRoute.OWN_KEY: "your own key",
    PaymentRoute.SPONSOR: "sponsor",
    PaymentRoute.OPERATORS_KEY: "operator's key",
    PaymentRoute.FREE_MODEL: "free model",
    PaymentRoute.OPEN_ADDRESS: "open address",
    PaymentRoute.LOCAL: "local model",
}


class Provider(StrEnum):
    """Whose key it is, as it is typed."""

    OPENROUTER = "openrouter"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    ELEVENLABS = "elevenlabs"
    MISTRAL = "mistral"
    COMPATIBLE = "compatible"


Which = Annotated[str, typer.Argument(metavar="KEY", help="Its name, `provider/name`, or its id.")]


@app.command("explain")
def explain(
    context: typer.Context,
    who: Annotated[
        str, typer.Option("--personality", "-p", help="With this character: slug, id or name.")
    ] = "",
    where: Annotated[
        str, typer.Option("--in", metavar="PLACE", help="There: PLATFORM:SPACE/CHANNEL.")
    ] = "",
    json: Json = False,
) -> None:
    """Say who pays for your turns, and why nobody else does."""
    place = places.parsed(where) if where else Place()

    async def explained(client: Client) -> ExplainPaymentResponse:
        whom = (await refer(client, who, quiet=json)).id or "" if who else ""
        request = ExplainPaymentRequest(
            personality_id=whom,
            platform=place.platform,
            channel_id=place.channel_id,
            space_id=place.space_id,
        )
        return await client.wallet.explain_payment(request)

    found = call(context, explained)
    if json:
        show_json(as_json(found))
        return
    show_table(
        ("answers", "who pays", "model", "why"),
        (
            (
                it.taken,
                _ROUTES.get(it.route, "somebody else"),
                it.model,
                it.explanation,
            )
            for it in found.alternatives
        ),
    )
    if found.refusal:
        typer.echo(clean(found.refusal.message))


@key_app.command("add")
def add(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    provider: Annotated[Provider, typer.Argument(help="Whose key it is.")],
    name: Annotated[str, typer.Option(help="What to call it.")] = "default",
    base_url: Annotated[
        str, typer.Option(help="The OpenAI-compatible address, for `compatible`.")
    ] = "",
    model: Annotated[str, typer.Option(help="The model that is to speak with it.")] = "",
    from_file: Annotated[
        Path | None, typer.Option(help="A file that has the key and nothing else.")
    ] = None,
    json: Json = False,
) -> None:
    """Store a key, once its provider lets it in. It is typed unseen, or read from stdin."""
    request = CreateApiKeyRequest(
        provider=ApiKeyProvider[provider.name],
        name=name,
        secret=_secret(from_file),
        base_url=base_url,
        model=model,
        request_id=str(uuid4()),
    )
    response = call(context, lambda client: client.wallet.create_api_key(request))
    if json:
        show_json(as_json(response))
        return
    stored = response.api_key or ApiKey()
    told = f"{clean(stored.model)} answers you from now on" if stored.model else "It is kept"
    typer.echo(f"{_called(stored)} lets you in. {told}{_last(stored)}.")


@key_app.command("list")
def list_all(context: typer.Context, json: Json = False) -> None:
    """List your keys, newest first. The first with a model pays for your turns."""
    response = call(context, lambda client: client.wallet.list_api_keys(ListApiKeysRequest()))
    if json:
        show_json(as_json(response))
        return
    show_table(
        ("name", "provider", "ends in", "sha-256", "model", "checked", "last used", "wrong", "id"),
        (
            (
                it.name,
                _provider(it),
                it.last_four,
                it.fingerprint,
                it.model,
                it.check_time,
                it.last_use_time,
                _wrong(it),
                it.id,
            )
            for it in response.api_keys
        ),
    )


@key_app.command("check")
def check(context: typer.Context, key: Which, json: Json = False) -> None:
    """Ask a key's provider once more whether it lets it in."""

    async def checked(client: Client) -> ApiKey:
        request = CheckApiKeyRequest(api_key_id=(await _meant(client, key)).id)
        return (await client.wallet.check_api_key(request)).api_key or ApiKey()

    found = call(context, checked)
    if json:
        show_json({"api_key": as_json(found)})
        return
    typer.echo(f"{_called(found)} lets you in.")


@key_app.command("use")
def use(
    context: typer.Context,
    key: Which,
    model: Annotated[str, typer.Argument(help="A model of the key's provider: its id.")],
    json: Json = False,
) -> None:
    """Have another model speak where a key pays. `tzurot model list` shows which there are."""

    async def chosen(client: Client) -> ApiKey:
        request = UpdateApiKeyRequest(api_key_id=(await _meant(client, key)).id, model=model)
        return (await client.wallet.update_api_key(request)).api_key or ApiKey()

    found = call(context, chosen)
    if json:
        show_json({"api_key": as_json(found)})
        return
    typer.echo(f"{clean(found.model)} speaks with the key `{clean(found.name)}` from now on.")


@key_app.command("remove")
def remove(context: typer.Context, key: Which, json: Json = False) -> None:
    """Delete a key here for good. At its provider it stays: revoke it there."""

    async def removed(client: Client) -> ApiKey:
        found = await _meant(client, key)
        await client.wallet.delete_api_key(DeleteApiKeyRequest(api_key_id=found.id))
        return found

    found = call(context, removed)
    if json:
        show_json({})
        return
    typer.echo(f"The key `{clean(found.name)}` of {_called(found)} is deleted.")


def _secret(from_file: Path | None) -> str:
    """The key, which nobody sees.

    Raises:
        CommandFailed: there is none.
    """
    try:
        if from_file:
            secret = from_file.read_text(encoding="utf-8").strip()
        elif sys.stdin.isatty():
            secret = getpass("Key (not shown): ").strip()
        else:
            secret = sys.stdin.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise CommandFailed(f"The key can't be read from {from_file}: {reason}.") from None
    except (EOFError, KeyboardInterrupt):
        secret = ""
    if not secret:
        raise CommandFailed("No key was given: type it, pipe it in, or name a file (--from-file).")
    return secret


async def _meant(client: Client, named: str) -> ApiKey:
    """The key that somebody names.

    Raises:
        CommandFailed: none, or several.
    """
    keys = (await client.wallet.list_api_keys(ListApiKeysRequest())).api_keys
    found = [it for it in keys if named in (it.id, it.name, f"{_provider(it)}/{it.name}")]
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(f"`{_provider(it)}/{clean(it.name)}`" for it in found)
        raise CommandFailed(f"You have several keys of this name: {names}.")
    raise CommandFailed(f"You have no key `{clean(named)}`: `tzurot wallet key list` shows yours.")


def _provider(key: ApiKey) -> str:
    return str(key.provider).lower()


def _called(key: ApiKey) -> str:
    return clean(key.base_url) or _CALLED.get(key.provider, _provider(key))


def _last(key: ApiKey) -> str:
    return f", paid with the key that ends in {clean(key.last_four)}" if key.last_four else ""


def _wrong(key: ApiKey) -> str:
    return _WRONG.get(key.last_failure.kind, _UNKNOWN) if key.last_failure else ""
