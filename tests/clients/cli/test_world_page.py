"""The how-to "Give a character a world", command by command, with all that it says they print."""

import json
from pathlib import Path

from tests.clients.cli.pages import Walk, typed
from tests.conftest import a_database, a_server
from tests.fakes.provider import FakeProvider, ollama_model

PAGE = Path(__file__).parents[3] / "docs/how-to/giving-a-character-a-world.md"
ANSWERS = (
    "Ninety days they stood before our gates, and on the last night I rang the northern bell.",
    "I have seen her banners burn. No.",
)


async def test_the_page_shows_what_is_printed(postgres: str, tmp_path: Path) -> None:
    async with a_database(postgres) as url, FakeProvider.start() as ollama:
        ollama.ollama_models = [ollama_model("llama3.2", "2026-01-01T00:00:00Z")]
        async with a_server(url, tmp_path, ollama_url=ollama.url) as server:
            ollama.script(*ANSWERS)
            walk = Walk(server, tmp_path)
            for it in typed(PAGE):
                if "ID" in it.words:
                    (book,) = json.loads(await walk.printed(["lorebook", "list", "--json"]))[
                        "lorebooks"
                    ]
                    walk.names["ID"] = book["id"]
                await walk.follow(it)
            assert ollama.unused == 0
