"""`tzurot model`: which models there are, what they cost and can."""

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated

import typer

from tzurot_cli.calling import Json, call
from tzurot_cli.console import as_json, clean, console, moment, show_fields, show_json, show_table
from tzurot_client import Client
from tzurot_client.gen.tzurot.wallet.v1 import (
    GetModelRequest,
    ListModelsRequest,
    ListModelsResponse,
    Model,
    ModelModality,
    ModelOrder,
    ModelPrice,
    ModelProvider,
    ModelSource,
)

app = typer.Typer(help="The models: what they cost and can.", no_args_is_help=True)

_MILLION = 1_000_000
_PAGE = 200


class Order(StrEnum):
    """How models are sorted, as it is typed."""

    PRICE = "price"
    CONTEXT = "context"
    NAME = "name"


class Provider(StrEnum):
    """Where a model runs, as it is typed."""

    CONFIGURED = "configured"
    OPENROUTER = "openrouter"
    OPENAI = "openai"
    MISTRAL = "mistral"
    GEMINI = "gemini"
    ANTHROPIC = "anthropic"
    COMPATIBLE = "compatible"
    OLLAMA = "ollama"
    GGUF = "gguf"
    BUNDLED = "bundled"


def _dollars(typed: str) -> int:
    """Micro-dollars of an amount like `1.50` or `$1.50`.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        micros = Decimal(typed.strip().removeprefix("$")) * _MILLION
        if micros.is_finite() and 0 <= micros <= 10**15:
            return int(micros)
    except InvalidOperation:
        pass
    raise typer.BadParameter(f"{typed} is no amount of dollars, such as 1.50.")


@app.command("list")
def list_models(  # noqa: PLR0913, PLR0917  one option for each filter of the contract
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Words of its name, or nearly so.")] = "",
    free: Annotated[bool, typer.Option("--free", help="Only those that cost nothing.")] = False,
    vision: Annotated[bool, typer.Option("--vision", help="Only those that see.")] = False,
    tools: Annotated[bool, typer.Option("--tools", help="Only those that call skills.")] = False,
    speaking: Annotated[
        bool, typer.Option("--speaking", help="Only those that may answer you.")
    ] = False,
    max_price: Annotated[
        int | None,
        typer.Option(
            parser=_dollars, metavar="$", help="Only if a million tokens cost no more dollars."
        ),
    ] = None,
    min_context: Annotated[
        int, typer.Option(min=0, help="Only if it takes so many tokens at least.")
    ] = 0,
    provider: Annotated[Provider | None, typer.Option(help="Only where this runs it.")] = None,
    order: Annotated[Order | None, typer.Option(help="How to sort them.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    json: Json = False,
) -> None:
    """List the models: first those that are asked, in their order, then all others."""
    request = ListModelsRequest(
        query=text,
        provider=ModelProvider[provider.name] if provider else ModelProvider.UNSPECIFIED,
        max_price_micros=max_price,
        min_context_tokens=min_context,
        input_modality=ModelModality.IMAGE if vision else ModelModality.UNSPECIFIED,
        free_only=free,
        tools_only=tools,
        speaking_only=speaking,
        order=ModelOrder[order.name] if order else ModelOrder.UNSPECIFIED,
    )
    response = call(context, lambda client: _pages(client, request, limit))
    if json:
        show_json(as_json(response))
        return
    show_table(
        ("model", "from", "context", "$ in", "$ out", "sees", "calls skills", "speaks"),
        (_row(it) for it in response.models),
    )
    if response.next_page_token:
        console().print(f"\nThere are more: --limit {limit * 2} shows them.", soft_wrap=True)
    if response.advice:
        console().print(f"\n{clean(response.advice)}", soft_wrap=True)


@app.command("show")
def show(
    context: typer.Context,
    model_id: Annotated[str, typer.Argument(metavar="ID", help="As `model list` shows it.")],
    provider: Annotated[Provider | None, typer.Option(help="Where it runs.")] = None,
    json: Json = False,
) -> None:
    """Show what a model costs and can, and who says so."""
    request = GetModelRequest(
        model_id=model_id,
        provider=ModelProvider[provider.name] if provider else ModelProvider.UNSPECIFIED,
    )
    response = call(context, lambda client: client.wallet.get_model(request))
    if json:
        show_json(as_json(response))
        return
    it = response.model or Model()
    price = it.price or ModelPrice()
    show_fields(
        {
            "id": it.id,
            "name": it.name,
            "from": it.provider_name or _provider(it),
            "context": it.context_window_tokens or None,
            "longest reply": it.max_output_tokens or None,
            "takes": [_lower(one) for one in it.input_modalities],
            "gives": [_lower(one) for one in it.output_modalities],
            "calls skills": it.supports_tools,
            "thinks": it.supports_reasoning,
            "keeps to a schema": it.supports_structured_output,
            "parameters": list(it.supported_parameters),
            "$ per million in": _amount(price.input_micros) if it.price else None,
            "$ per million cached": _amount(price.cached_input_micros) if it.price else None,
            "$ per million out": _amount(price.output_micros) if it.price else None,
            "$ per request": _amount(price.request_micros) if price.request_micros else None,
            "speaks": it.speaks,
            "said by": _source(it),
        }
    )


async def _pages(client: Client, request: ListModelsRequest, limit: int) -> ListModelsResponse:
    """The first `limit` models, over as many pages as it takes."""
    found = ListModelsResponse()
    while True:
        request.page_size = min(limit - len(found.models), _PAGE)
        page = await client.wallet.list_models(request)
        found.models += page.models
        found.advice, found.next_page_token = page.advice, page.next_page_token
        request.page_token = page.next_page_token
        if not page.next_page_token or len(found.models) >= limit:
            return found


def _row(it: Model) -> tuple[object, ...]:
    price = it.price
    return (
        it.id,
        _provider(it),
        it.context_window_tokens or None,
        _amount(price.input_micros) if price else None,
        _amount(price.output_micros) if price else None,
        ModelModality.IMAGE in it.input_modalities if it.input_modalities else None,
        it.supports_tools,
        it.speaks,
    )


def _amount(micros: int) -> str:
    """Dollars, with as many digits as it has and at least two."""
    whole, part = divmod(micros, _MILLION)
    return f"{whole}.{f'{part:06d}'.rstrip('0').ljust(2, '0')}"


def _provider(it: Model) -> str:
    return str(it.provider).lower()


def _lower(modality: ModelModality) -> str:
    return str(modality).lower()


def _source(it: Model) -> str:
    when = moment(it.as_of_time) if it.as_of_time else "some day"
    match it.source:
        case ModelSource.LIST:
            return f"its provider, {when}"
        case ModelSource.SNAPSHOT:
            return f"what came with Tzurot, of {when}: prices may have changed"
        case _:
            return "the server"
