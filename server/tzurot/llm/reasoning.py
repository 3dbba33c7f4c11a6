"""How much a model is to think, as each family of models is told; pure.

One scale (`Reasoning`) for all. Where a family knows fewer steps, the nearest one is meant; where
it can't be off, off is the least it knows. Nothing is sent where nobody decided, or to models of
which nobody knows how they are told. What a provider refuses all the same is left out
(`openai_compatible.py`), and the turn's trace says so.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import Reasoning

# All that a request can have for it.
FIELDS = frozenset(
    {
        "enable_thinking",
        "extra_body",
        "reasoning",
        "reasoning_effort",
        "thinking",
        "thinking_budget",
    }
)
# Tokens to think with, for those that are told a number; for all, what the reply's limit grows by,
# since thoughts count into it. Claude takes no fewer than 1,024.
BUDGETS: Mapping[Reasoning, int] = {
    Reasoning.OFF: 0,
    Reasoning.MINIMAL: 1_024,
    Reasoning.LOW: 2_048,
    Reasoning.MEDIUM: 8_192,
    Reasoning.HIGH: 16_384,
    Reasoning.MAX: 32_768,
}
_GEMINI_LEAST, _GEMINI_MOST = 128, 24_576  # 2.5 Pro can't be off; 2.5 Flash takes no more

# Models whose template begins their thoughts, so that only the end is in what they write. Behind
# OpenRouter and Ollama thoughts come in a field of their own.
_BEGIN_WITHIN = re.compile(r"\br1\b|qwq|thinking|reasoner|glm-z1|minimax-m")
_SEPARATED = frozenset({SpeakerKind.OPENROUTER, SpeakerKind.OLLAMA, SpeakerKind.BUNDLED})


class Family(StrEnum):
    """Models that are told in the same way."""

    OPENROUTER = "OpenRouter"
    OLLAMA = "Ollama"
    OPENAI = "OpenAI"
    CLAUDE = "Claude"
    GEMINI = "Gemini"
    DEEPSEEK = "DeepSeek"
    GLM = "GLM"
    KIMI = "Kimi"
    QWEN = "Qwen"


_BY_NAME: tuple[tuple[re.Pattern[str], Family], ...] = (
    (re.compile(r"o\d|gpt-(?:oss|[5-9](?!.*chat))"), Family.OPENAI),
    (re.compile(r"claude-(?!2|3-(?:5|opus|sonnet|haiku)|instant)"), Family.CLAUDE),
    (re.compile(r"gemini-(?:2\.5|[3-9])"), Family.GEMINI),
    (re.compile(r"deepseek"), Family.DEEPSEEK),
    (re.compile(r"glm-(?:4\.[5-9]|[5-9])"), Family.GLM),
    (re.compile(r"kimi"), Family.KIMI),
    (re.compile(r"qw(?:en-?3|q)"), Family.QWEN),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request has for a level: `fields`, so many `tokens` more, and none of `without`."""

    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    tokens: int = 0
    without: frozenset[str] = frozenset()


def asked(speaker: Speaker, level: Reasoning | None) -> Asked:
    """What `speaker` is told about a level; nothing if it is None, or nobody knows how."""
    family = family_of(speaker)
    return _TOLD[family](_name(speaker), level) if family and level else Asked()


def family_of(speaker: Speaker) -> Family | None:
    """How a speaker is told; None: nobody knows."""
    host = urlsplit(speaker.base_url or "").hostname or ""
    if speaker.kind is SpeakerKind.OPENROUTER or host.endswith("openrouter.ai"):
        return Family.OPENROUTER
    if speaker.kind is SpeakerKind.OLLAMA:
        return Family.OLLAMA
    if speaker.base_url is None or speaker.kind in (SpeakerKind.GGUF, SpeakerKind.BUNDLED):
        return None
    name = _name(speaker)
    return next((family for pattern, family in _BY_NAME if pattern.match(name)), None)


def starts_within(speaker: Speaker) -> bool:
    """Whether the text of a model may begin with thoughts that no tag announces."""
    if speaker.kind in _SEPARATED or family_of(speaker) in (Family.OPENROUTER, Family.CLAUDE):
        return False
    return _BEGIN_WITHIN.search(_name(speaker)) is not None


def _name(speaker: Speaker) -> str:
    """The model's own name, without whose it is."""
    return speaker.model.lower().rpartition("/")[2]


def _openrouter(_: str, level: Reasoning) -> Asked:
    """https://openrouter.ai/docs/use-cases/reasoning-tokens: it translates by itself."""
    effort = "none" if level is Reasoning.OFF else level.value
    return Asked({"reasoning": {"effort": effort}}, BUDGETS[level])


def _openai(name: str, level: Reasoning) -> Asked:
    """https://platform.openai.com/docs/guides/reasoning: what each generation knows."""
    version = re.match(r"gpt-(\d+)(?:\.(\d+))?", name)
    if not version:  # o1, o3, o4, gpt-oss
        return _effort(_nearest(level, "low", "low", "high"), level)
    match int(version[1]), int(version[2] or 0):
        case 5, 0:
            return _effort(_nearest(level, "minimal", "minimal", "high"), level)
        case 5, 1:
            return _effort(_nearest(level, "none", "low", "high"), level)
        case _:
            return _effort(_nearest(level, "none", "low", "xhigh"), level)


def _claude(_: str, level: Reasoning) -> Asked:
    """https://docs.claude.com/en/docs/build-with-claude/extended-thinking: no sampling with it."""
    if level is Reasoning.OFF:
        return Asked({"thinking": {"type": "disabled"}})
    thinking = {"type": "enabled", "budget_tokens": BUDGETS[level]}
    return Asked(
        {"thinking": thinking}, BUDGETS[level], frozenset({"temperature", "top_p", "top_k"})
    )


def _gemini(name: str, level: Reasoning) -> Asked:
    """https://ai.google.dev/gemini-api/docs/openai: 2.5 takes a budget, later ones a level."""
    is_pro = "pro" in name
    if name.startswith("gemini-2.5"):
        least = _GEMINI_LEAST if is_pro else 0
        budget = min(max(BUDGETS[level], least), _GEMINI_MOST)
        config: dict[str, object] = {"thinking_budget": budget}
    else:
        budget = max(BUDGETS[level], BUDGETS[Reasoning.MINIMAL])
        least_level = "low" if is_pro else "minimal"
        config = {"thinking_level": _nearest(level, least_level, least_level, "high")}
    if level is not Reasoning.OFF:
        config["include_thoughts"] = True
    return Asked({"extra_body": {"google": {"thinking_config": config}}}, budget)


def _ollama(_: str, level: Reasoning) -> Asked:
    """https://docs.ollama.com/api/openai-compatibility: it refuses models that don't think."""
    return _effort(_nearest(level, "none", "low", "high"), level)


def _deepseek(_: str, level: Reasoning) -> Asked:
    """https://api-docs.deepseek.com/guides/thinking_mode: a switch and an effort."""
    return _switched(level, _nearest(level, "none", "low", "max"))


def _glm(_: str, level: Reasoning) -> Asked:
    """https://docs.z.ai/guides/capabilities/thinking: the same with more steps."""
    return _switched(level, level.value)


def _kimi(name: str, level: Reasoning) -> Asked:
    """https://platform.moonshot.ai/docs: K2 is switched, K3 always thinks and knows three steps."""
    if not re.match(r"kimi-k[3-9]", name):
        return _switched(level)
    match level:
        case Reasoning.OFF | Reasoning.MINIMAL | Reasoning.LOW:
            return _effort("low", level)
        case Reasoning.MEDIUM | Reasoning.HIGH:
            return _effort("high", level)
        case _:
            return _effort("max", level)


def _qwen(_: str, level: Reasoning) -> Asked:
    """https://help.aliyun.com/zh/model-studio/deep-thinking: a switch and a budget."""
    if level is Reasoning.OFF:
        return Asked({"enable_thinking": False})
    return Asked({"enable_thinking": True, "thinking_budget": BUDGETS[level]}, BUDGETS[level])


def _nearest(level: Reasoning, off: str, least: str, most: str) -> str:
    """The level's own name between the least and the most."""
    match level:
        case Reasoning.OFF:
            return off
        case Reasoning.MINIMAL:
            return least
        case Reasoning.MAX:
            return most
        case _:
            return level.value


def _effort(effort: str, level: Reasoning) -> Asked:
    """One that can't be off thinks a little all the same: that, too, needs room."""
    least = BUDGETS[Reasoning.MINIMAL] if effort != "none" else 0
    return Asked({"reasoning_effort": effort}, max(BUDGETS[level], least))


def _switched(level: Reasoning, effort: str = "") -> Asked:
    """One that is switched on or off, and when on is told how much, if there is an effort."""
    if level is Reasoning.OFF:
        return Asked({"thinking": {"type": "disabled"}})
    fields: dict[str, object] = {"thinking": {"type": "enabled"}}
    if effort:
        fields["reasoning_effort"] = effort
    return Asked(fields, BUDGETS[level])


_TOLD: Mapping[Family, Callable[[str, Reasoning], Asked]] = {
    Family.OPENROUTER: _openrouter,
    Family.OLLAMA: _ollama,
    Family.OPENAI: _openai,
    Family.CLAUDE: _claude,
    Family.GEMINI: _gemini,
    Family.DEEPSEEK: _deepseek,
    Family.GLM: _glm,
    Family.KIMI: _kimi,
    Family.QWEN: _qwen,
}
