"""Which models see, by their names; and how one that sees describes a picture."""

from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest
from openai.types.chat import ChatCompletionUserMessageParam
from pydantic import SecretStr, TypeAdapter

from tests.fakes.provider import Ending, FakeProvider, Refusal, Reply, ollama_model
from tzurot.errors import ApiKeyRejected, ProviderTimeout, ProviderUnavailable
from tzurot.llm import eyes, tokens, vision
from tzurot.llm.openai_compatible import OpenAICompatibleModel
from tzurot.llm.providers import ModelSources, discover
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import ChatMessage, ModelRequest, Role, SeenPicture

PICTURE = SeenPicture("image/png", b"\x89PNG bees")
Making = Callable[..., OpenAICompatibleModel]


@pytest.fixture
def model(provider: FakeProvider, http: httpx2.AsyncClient) -> Making:
    def make(name: str = "fake-model", **fields: object) -> OpenAICompatibleModel:
        kind = fields.pop("kind", SpeakerKind.CONFIGURED)
        assert isinstance(kind, SpeakerKind)
        key = SecretStr("sk-secret")
        seen: object = fields.pop("sees", None)
        assert seen is None or isinstance(seen, bool)
        speaker = Speaker(kind, "Fake", name, provider.base_url, key, supports_vision=seen)
        return OpenAICompatibleModel(speaker, http, first_wait=timedelta(milliseconds=1))

    return make


@pytest.mark.parametrize(
    "name",
    [
        *("gpt-4.1-mini", "openai/gpt-4.1-mini", "gpt-4o", "gpt-4o-mini", "gpt-5-nano", "o4-mini"),
        *("o3", "o1", "anthropic/claude-sonnet-4.5", "claude-3-haiku", "google/gemini-2.5-flash"),
        *("meta-llama/llama-3.2-11b-vision-instruct", "llama3.2-vision", "llava:7b", "moondream"),
        *("qwen2.5vl:7b", "qwen/qwen2.5-vl-72b-instruct", "qwen3-vl", "mistralai/pixtral-12b"),
        *("gemma3:4b", "google/gemma-3-27b-it", "meta-llama/llama-4-scout", "x-ai/grok-4"),
    ],
)
def test_these_names_say_that_a_model_sees(name: str) -> None:
    assert eyes.by_name(name) is True


@pytest.mark.parametrize(
    "name",
    [
        *("gpt-3.5-turbo", "gpt-4", "o3-mini", "o1-mini", "llama3.2:3b", "qwen3:8b", "some/model"),
        *("anthropic/claude-2.1", "gemma:2b", "gemma3:1b", "deepseek/deepseek-chat", "vlad", ""),
        *("mistral-small", "revision-7b-text"),
    ],
)
def test_these_names_say_nothing_of_it(name: str) -> None:
    assert eyes.by_name(name) is not True


class TestDiscovery:
    async def test_ollama_says_which_of_its_models_see(
        self, provider: FakeProvider, http: httpx2.AsyncClient
    ) -> None:
        provider.ollama_models = [ollama_model("own:3b", "2026-01-01T00:00:00Z")]
        for abilities, sees in ((["completion", "vision"], True), (["completion"], False)):
            provider.ollama_capabilities = {"own:3b": abilities}
            speaker, *_ = await discover(ModelSources(ollama_url=provider.url), http)
            assert speaker.supports_vision is sees

    async def test_the_usual_hosted_models_see_and_the_bundled_one_does_not(
        self, http: httpx2.AsyncClient
    ) -> None:
        key = SecretStr("sk-secret")
        sources = ModelSources(
            openrouter_api_key=key, openai_api_key=key, ollama_url="http://127.0.0.1:1"
        )
        found = await discover(sources, http)
        assert [it.supports_vision for it in found] == [True, True, False]

    async def test_a_model_that_the_settings_name_sees_as_its_name_says(
        self, http: httpx2.AsyncClient
    ) -> None:
        for name, sees in (("gpt-4o", True), ("some/model", None)):
            sources = ModelSources(name, "http://127.0.0.1:1/v1", ollama_url="http://127.0.0.1:1")
            assert (await discover(sources, http))[0].supports_vision is sees


class TestSent:
    async def test_pictures_are_parts_of_their_message_by_the_vendors_own_types(
        self, provider: FakeProvider, model: Making
    ) -> None:
        message = ChatMessage(Role.USER, "Look!", pictures=(PICTURE, PICTURE))
        request = ModelRequest((ChatMessage(Role.SYSTEM, "Be."), message))
        async for _ in model().stream(request, timeout=10):
            pass
        (asked,) = provider.requests
        assert (asked.last_user_text, asked.pictures) == ("Look!", [PICTURE.content] * 2)
        sent = asked.messages[-1]
        TypeAdapter(ChatCompletionUserMessageParam).validate_python(sent, strict=True)
        assert asked.messages[0]["content"] == "Be."

    def test_a_picture_counts_as_a_thousand_tokens(self) -> None:
        bare, with_one = (
            ChatMessage(Role.USER, "Hi"),
            ChatMessage(Role.USER, "Hi", pictures=(PICTURE,)),
        )
        costs = [tokens.of_prompt(ModelRequest((it,))) for it in (bare, with_one)]
        assert costs[1] - costs[0] == 1_000

    def test_a_pictures_bytes_are_not_shown_by_accident(self) -> None:
        assert "bees" not in repr(ChatMessage(Role.USER, "Hi", pictures=(PICTURE,)))


class TestDescribing:
    async def test_one_call_with_the_picture_gives_its_words(
        self, provider: FakeProvider, model: Making
    ) -> None:
        provider.script(Reply(" A hive\x00", " of bees.\n"))
        described = await vision.describe(model(), PICTURE, seconds=10)
        assert described.text == "A hive of bees."
        assert described.usage.completion_tokens == 4
        (asked,) = provider.requests
        assert asked.pictures == [PICTURE.content]
        assert asked.body["max_tokens"] == vision.MAX_TOKENS

    async def test_a_provider_that_refuses_says_so(
        self, provider: FakeProvider, model: Making
    ) -> None:
        provider.script(Refusal(401))
        with pytest.raises(ApiKeyRejected):
            await vision.describe(model(), PICTURE, seconds=10)

    async def test_no_words_are_no_description(self, provider: FakeProvider, model: Making) -> None:
        provider.script(Reply(" \n"))
        with pytest.raises(ProviderUnavailable):
            await vision.describe(model(), PICTURE, seconds=10)

    async def test_it_has_a_time_limit(self, provider: FakeProvider, model: Making) -> None:
        provider.script(Reply("A", ending=Ending.HANG))
        with pytest.raises(ProviderTimeout):
            await vision.describe(model(), PICTURE, seconds=0.2)
        await provider.until(lambda it: it.open_streams == 0)
