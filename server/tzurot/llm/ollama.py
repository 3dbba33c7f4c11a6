"""Looks for an Ollama on this machine and its newest chat model.

https://docs.ollama.com/api
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import httpx2

PROBE_SECONDS = 0.3  # it is on this machine: one that answers later is too busy to chat with

_EMBEDDING = re.compile(r"embed|minilm|\bbge\b|\be5\b|bert", re.IGNORECASE)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OllamaModel:
    """A chat model that the Ollama holds."""

    name: str
    supports_tools: bool
    supports_vision: bool = False


async def newest_chat_model(url: str, http: httpx2.AsyncClient) -> OllamaModel | None:
    """The chat model that was pulled or changed last; None if there is none or nobody answers."""
    models = (await _ask(http, "GET", f"{url}/api/tags")).get("models")
    entries = cast("list[dict[str, object]]", models) if isinstance(models, list) else []
    for entry in sorted(entries, key=_modified, reverse=True):
        name = str(entry.get("name"))
        # A model with a remote host runs at ollama.com, for people with an account there.
        if entry.get("remote_host") or _EMBEDDING.search(f"{name} {entry.get('details')}"):
            continue
        shown = await _ask(http, "POST", f"{url}/api/show", {"model": name})
        abilities = shown.get("capabilities")  # older servers don't say
        if not isinstance(abilities, list):
            return OllamaModel(name, supports_tools=False)
        if "completion" in abilities:
            return OllamaModel(
                name,
                supports_tools="tools" in abilities,
                supports_vision="vision" in abilities,
            )
    return None


async def _ask(
    http: httpx2.AsyncClient, method: str, url: str, body: dict[str, str] | None = None
) -> dict[str, object]:
    """The JSON object that Ollama answers; an empty one if it does not, or is something else."""
    try:
        response = await http.request(method, url, json=body, timeout=PROBE_SECONDS)
        answer: object = response.raise_for_status().json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return {}
    return cast("dict[str, object]", answer) if isinstance(answer, dict) else {}


def _modified(entry: dict[str, object]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(entry.get("modified_at")))
    except ValueError:
        return _NEVER
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
