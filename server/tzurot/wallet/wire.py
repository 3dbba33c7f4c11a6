"""Models as messages."""

from uuid import UUID

from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet.v1 import model_pb2

_PROVIDERS = {
    SpeakerKind.CONFIGURED: model_pb2.MODEL_PROVIDER_CONFIGURED,
    SpeakerKind.OPENROUTER: model_pb2.MODEL_PROVIDER_OPENROUTER,
    SpeakerKind.OPENAI: model_pb2.MODEL_PROVIDER_OPENAI,
    SpeakerKind.MISTRAL: model_pb2.MODEL_PROVIDER_MISTRAL,
    SpeakerKind.GEMINI: model_pb2.MODEL_PROVIDER_GEMINI,
    SpeakerKind.COMPATIBLE: model_pb2.MODEL_PROVIDER_COMPATIBLE,
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


def own_model_to(key_id: UUID, speaker: Speaker) -> model_pb2.Model:
    """The model that the caller's own key pays for."""
    told = model_to(speaker, speaks=True)
    told.api_key_id = str(key_id)
    return told
