"""Models as messages."""

from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet.v1 import model_pb2

_PROVIDERS = {
    SpeakerKind.CONFIGURED: model_pb2.MODEL_PROVIDER_CONFIGURED,
    SpeakerKind.OPENROUTER: model_pb2.MODEL_PROVIDER_OPENROUTER,
    SpeakerKind.OPENAI: model_pb2.MODEL_PROVIDER_OPENAI,
    SpeakerKind.OLLAMA: model_pb2.MODEL_PROVIDER_OLLAMA,
    SpeakerKind.GGUF: model_pb2.MODEL_PROVIDER_GGUF,
    SpeakerKind.BUNDLED: model_pb2.MODEL_PROVIDER_BUNDLED,
}


def model_to(speaker: Speaker, *, speaks: bool) -> model_pb2.Model:
    """A model; `speaks` if it may answer the caller."""
    return model_pb2.Model(
        id=speaker.model,
        provider=_PROVIDERS[speaker.kind],
        context_window_tokens=speaker.context_tokens,
        supports_tools=speaker.supports_tools,
        speaks=speaks,
    )
