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
        "output_config",
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
_SEPARATED = frozenset(
    {SpeakerKind.OPENROUTER, SpeakerKind.OLLAMA, SpeakerKind.BUNDLED, SpeakerKind.ANTHROPIC}
)

# Generations of Claude: the first one that thinks, by a budget, and that decides itself how much.
_FIRST_THINKING, _FIRST_ADAPTIVE, _FIRST_UNASKED = (3, 7), (4, 6), (5, 0)
_NEWEST = (99, 0)  # what a name that says nothing is taken for
_CLAUDE = re.compile(r"claude-(?:(\d)(?:-(\d))?-[a-z]|[a-z]+-(\d{1,2})(?:-(\d{1,2}))?(?!\d))")
_NEVER_OFF = re.compile(r"claude-(?:fable|mythos|opus-5-[5-9])")
_OFF_BETWEEN_TOOLS = re.compile(r"claude-sonnet-5-[5-9]")


class Family(StrEnum):
    """Models that are told in the same way."""

    OPENROUTER = "OpenRouter"
    ANTHROPIC = "Anthropic"
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


_SEPARATING = (Family.OPENROUTER, Family.CLAUDE)


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
    if speaker.kind is SpeakerKind.ANTHROPIC:
        return Family.ANTHROPIC if _generation(_name(speaker)) >= _FIRST_THINKING else None
    if speaker.kind is SpeakerKind.OLLAMA:
        return Family.OLLAMA
    if speaker.base_url is None or speaker.kind in (SpeakerKind.GGUF, SpeakerKind.BUNDLED):
        return None
    name = _name(speaker)
    return next((family for pattern, family in _BY_NAME if pattern.match(name)), None)


def starts_within(speaker: Speaker) -> bool:
    """Whether the text of a model may begin with thoughts that no tag announces."""
    if speaker.kind in _SEPARATED or family_of(speaker) in _SEPARATING:
        return False
    return _BEGIN_WITHIN.search(_name(speaker)) is not None


def thinks_unasked(speaker: Speaker) -> bool:
    """Whether a model of Anthropic's thinks where nobody decided whether it is to."""
    name = _name(speaker)
    return _generation(name) >= _FIRST_UNASKED or _NEVER_OFF.match(name) is not None


def _generation(name: str) -> tuple[int, int]:
    """Of Claude, as its name says: `claude-3-7-sonnet-20250219`, `claude-haiku-4-5`."""
    found = _CLAUDE.match(name)
    if not found:
        return _NEWEST
    return int(found[1] or found[3]), int(found[2] or found[4] or 0)


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


def _anthropic(name: str, level: Reasoning) -> Asked:
    """https://platform.claude.com/docs/en/build-with-claude/thinking: what generations know."""
    if _generation(name) < _FIRST_ADAPTIVE:
        return _claude(name, level)
    if level is Reasoning.OFF and _NEVER_OFF.match(name):
        return Asked({"output_config": {"effort": "low"}}, BUDGETS[Reasoning.LOW])
    if level is Reasoning.OFF:
        off = "between_tools" if _OFF_BETWEEN_TOOLS.match(name) else "disabled"
        return Asked({"thinking": {"type": off}})
    effort = "low" if level is Reasoning.MINIMAL else level.value
    # Newer models keep their thoughts to themselves unless they are asked for them.
    thinking = {"type": "adaptive", "display": "summarized"}
    return Asked({"thinking": thinking, "output_config": {"effort": effort}}, BUDGETS[level])


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
    Family.ANTHROPIC: _anthropic,
    Family.CLAUDE: _claude,
    Family.GEMINI: _gemini,
    Family.DEEPSEEK: _deepseek,
    Family.GLM: _glm,
    Family.KIMI: _kimi,
    Family.QWEN: _qwen,
}
