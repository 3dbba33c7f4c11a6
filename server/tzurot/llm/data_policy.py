"""What a person, a character, a channel or a server demands of where words go. Pure.

Each demand includes those before it. A provider that is not known to keep to one is not asked.
"""

from enum import IntEnum
from urllib.parse import urlsplit

from tzurot.llm.speaker import Speaker, SpeakerKind

_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


class DataPolicy(IntEnum):
    """Of two the higher one is stricter."""

    NONE = 0
    NO_TRAINING = 1
    NO_RETENTION = 2
    LOCAL_ONLY = 3

    @classmethod
    def of(cls, *, no_training: bool, no_retention: bool, local_only: bool) -> "DataPolicy":
        """The strictest of what is demanded."""
        if local_only:
            return cls.LOCAL_ONLY
        if no_retention:
            return cls.NO_RETENTION
        return cls.NO_TRAINING if no_training else cls.NONE

    @property
    def in_words(self) -> str:
        """As it goes on after "that your words are"."""
        match self:
            case DataPolicy.NONE:
                return "sent wherever a model answers"
            case DataPolicy.NO_TRAINING:
                return "not trained on"
            case DataPolicy.NO_RETENTION:
                return "not kept by a provider"
            case DataPolicy.LOCAL_ONLY:
                return "not sent to another machine"


def kept_by(speaker: Speaker, policy: DataPolicy) -> bool:
    """Whether asking `speaker` keeps to a policy.

    OpenRouter routes to those alone who keep to what a request demands. OpenAI and Anthropic do not
    train on what comes through their APIs: https://platform.openai.com/docs/guides/your-data,
    https://www.anthropic.com/legal/commercial-terms
    """
    if policy is DataPolicy.NONE or is_local(speaker):
        return True
    match speaker.kind:
        case SpeakerKind.OPENROUTER:
            return policy <= DataPolicy.NO_RETENTION
        case SpeakerKind.OPENAI | SpeakerKind.ANTHROPIC:
            return policy <= DataPolicy.NO_TRAINING
        case _:
            return False


def is_local(speaker: Speaker) -> bool:
    """Whether it runs on the server's own machine.

    An address there that wants a key may be a proxy, and an Ollama passes some models on:
    https://docs.ollama.com/cloud
    """
    if speaker.weights is not None:
        return True
    here = urlsplit(speaker.base_url or "").hostname in _THIS_MACHINE
    passed_on = speaker.kind is SpeakerKind.OLLAMA and speaker.model.endswith("cloud")
    return here and speaker.api_key is None and not passed_on


def demanded(speaker: Speaker, policy: DataPolicy) -> dict[str, object]:
    """What goes into a request, so that a provider which passes it on keeps to the policy.

    https://openrouter.ai/docs/features/provider-routing: `data_collection`, `zdr`
    """
    if speaker.kind is not SpeakerKind.OPENROUTER or policy is DataPolicy.NONE:
        return {}
    wanted: dict[str, object] = {"data_collection": "deny"}
    if policy >= DataPolicy.NO_RETENTION:
        wanted["zdr"] = True
    return {"provider": wanted}
