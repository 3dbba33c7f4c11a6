"""The how-to "Bring your own key": its evening with two keys, with all that it says is printed.

Two providers are scripted: on one nothing is left after the first answer, the other one wants a
break after its first.
"""

from pathlib import Path

from tests.clients.cli.pages import Walk, typed
from tests.conftest import a_database, a_server
from tests.fakes.keys import FakeInternet, Standing
from tests.fakes.provider import FakeProvider, Refusal, Reply, ollama_model

PAGE = Path(__file__).parents[3] / "docs/how-to/bring-your-own-key.md"
SECTIONS = ("In the terminal", "What is wrong with it", "An evening with two keys")
OPENROUTER, OPENAI = f"sk-or-v1-{'bees' * 8}6877", f"sk-proj-{'bees' * 8}0c4e"
UNKNOWN = "sk-or-v1-wasps"
RATE_LIMIT = Refusal(429, "rate_limit_exceeded", retry_after="180")


async def test_the_page_shows_what_is_printed(postgres: str, tmp_path: Path) -> None:
    async with (
        a_database(postgres) as url,
        FakeProvider.start() as ollama,
        FakeInternet.open(tmp_path) as internet,
    ):
        ollama.ollama_models = [ollama_model("llama3.2", "2026-01-01T00:00:00Z")]
        ollama.script("Three came by, and one of them waved.", "It is dark, and I keep the lamp.")
        good_evening = Reply("Good evening! What shall we talk about?", cost=0.000044)
        internet.model.script(good_evening, "One was blue, with a yellow funnel.", RATE_LIMIT)
        for key in (OPENROUTER, OPENAI):
            internet.knows(key)
        async with a_server(url, tmp_path, internet.fetcher, ollama_url=ollama.url) as server:
            walk = Walk(server, tmp_path, secrets=[OPENROUTER, UNKNOWN, OPENAI])
            for it in typed(PAGE, *SECTIONS):
                if "--resume" in it.words:
                    internet.knows(OPENROUTER, Standing.SPENT)
                if "check" in it.words:
                    internet.knows(OPENROUTER, Standing.GOOD)
                await walk.follow(it)
        assert (internet.model.unused, ollama.unused, walk.secrets) == (0, 0, [])
