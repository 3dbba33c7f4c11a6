"""Parameters: what each can be, and what is sent of them to whom."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.llm import parameters
from tzurot.llm.parameters import BY_NAME, PARAMETERS
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet.v1 import preset_pb2

HERE = "http://127.0.0.1:1/v1"
KNOWN_TO_CLAUDE = ("max_tokens", "reasoning", "stop")
OPEN = Speaker(SpeakerKind.CONFIGURED, "x", "m", HERE)


def at(kind: SpeakerKind, model: str = "m", **more: Any) -> Speaker:
    return Speaker(kind, "x", model, HERE, **more)


def test_the_contract_has_each_of_them_by_its_name() -> None:
    fields = preset_pb2.AdvancedParameters.DESCRIPTOR.fields_by_name
    assert set(fields) == {*BY_NAME, "off"}


@pytest.mark.parametrize("it", PARAMETERS, ids=lambda it: it.name)
def test_what_it_can_be_has_two_ends(it: parameters.Parameter) -> None:
    match it.kind:
        case parameters.Kind.RATIO | parameters.Kind.WHOLE:
            assert [it.fitted(end) for end in (it.minimum, it.maximum)] == [it.minimum, it.maximum]
            assert it.fitted(it.minimum - 1) is None
            assert it.fitted(it.maximum + 1) is None
        case parameters.Kind.CHOICE:
            assert [it.fitted(choice) for choice in it.choices] == list(it.choices)
            assert it.fitted("nothing like it") is None
        case parameters.Kind.TEXTS:
            assert it.fitted(["a"]) == ("a",)
            assert it.fitted([]) is it.fitted(["a"] * 5) is it.fitted(["a" * 65]) is None
        case parameters.Kind.BIASES:
            assert it.fitted({"1": 100}) == {"1": 100}
            assert it.fitted({"1": 101}) is it.fitted({"one": 1}) is it.fitted({}) is None


@given(
    st.sampled_from(PARAMETERS),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    ),
)
def test_nothing_that_was_stored_breaks_a_turn(it: parameters.Parameter, stored: object) -> None:
    read = parameters.read({it.name: stored, "unheard_of": stored})
    assert set(read) <= {it.name}
    value = read.get(it.name)
    assert value is None or it.fitted(value) == value


USUAL = {"temperature": 0.7, "top_p": 0.9, "repeat_penalty": 1.1, "max_tokens": 512}


@pytest.mark.parametrize(
    ("speaker", "wanted", "sent"),
    [
        (OPEN, {}, USUAL),
        (OPEN, {"temperature": 0.0}, USUAL | {"temperature": 0.0}),
        (OPEN, {"temperature": None}, {k: v for k, v in USUAL.items() if k != "temperature"}),
        (OPEN, {"min_p": None}, USUAL),
        (OPEN, {"max_tokens": 5, "reasoning": "low"}, USUAL),  # settled before
        (at(SpeakerKind.GGUF), {"repetition_penalty": 1.3}, USUAL | {"repeat_penalty": 1.3}),
        (
            at(SpeakerKind.BUNDLED),
            {"repetition_penalty": None},
            {k: v for k, v in USUAL.items() if k != "repeat_penalty"},
        ),
        (at(SpeakerKind.MISTRAL), {"seed": 1, "top_k": 2}, USUAL | {"random_seed": 1}),
        (
            at(SpeakerKind.ANTHROPIC),
            {"stop": ("a",), "top_p": 0.2},
            USUAL | {"stop_sequences": ["a"]},
        ),
        (at(SpeakerKind.OPENAI), {"top_k": 2, "verbosity": "low"}, USUAL | {"verbosity": "low"}),
        (OPEN, {"stop": ("a",)}, USUAL | {"stop": ["a"]}),
    ],
)
def test_what_is_sent(speaker: Speaker, wanted: Any, sent: dict[str, object]) -> None:
    assert parameters.over(speaker, USUAL, wanted) == sent


@pytest.mark.parametrize(
    ("speaker", "unknown"),
    [
        (OPEN, {"reasoning"}),
        (at(SpeakerKind.COMPATIBLE, "gpt-5"), set[str]()),
        (
            at(SpeakerKind.OPENAI, "gpt-5"),
            {"min_p", "repetition_penalty", "top_a", "top_k"},
        ),
        (
            at(SpeakerKind.OLLAMA),
            {"logit_bias", "min_p", "repetition_penalty", "top_a", "top_k", "verbosity"},
        ),
        (at(SpeakerKind.GGUF), {"reasoning", "top_a", "verbosity"}),
        (at(SpeakerKind.ANTHROPIC, "claude-haiku-5-5"), {*BY_NAME} - {*KNOWN_TO_CLAUDE}),
        (
            at(SpeakerKind.OPENROUTER, parameters=frozenset({"temperature", "reasoning"})),
            {*BY_NAME} - {"temperature", "reasoning", "max_tokens"},
        ),
        (at(SpeakerKind.OPENROUTER), set[str]()),
    ],
)
def test_what_is_known_not_to_be_known(speaker: Speaker, unknown: set[str]) -> None:
    everything = dict.fromkeys(BY_NAME, 1)
    assert parameters.not_known(speaker, everything) == sorted(unknown)
    assert parameters.not_known(speaker, dict.fromkeys(BY_NAME)) == []  # off is nothing to know
