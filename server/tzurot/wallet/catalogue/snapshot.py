"""The models that everybody should know, as they were on the days that the file says."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources

from tzurot.wallet.catalogue.entry import Entry, Source


@cache
def models() -> Mapping[str, Mapping[str, Entry]]:
    """By provider and id."""
    file = resources.files(__package__ or "").joinpath("snapshot.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    found: dict[str, Mapping[str, Entry]] = {}
    for provider, listed in document["models"].items():
        day = document["dates"].get(provider, document["date"])
        known = datetime.fromisoformat(day).replace(tzinfo=UTC)
        found[provider] = {
            it["id"]: Entry.read(it, provider, Source.SNAPSHOT, known) for it in listed
        }
    return found
