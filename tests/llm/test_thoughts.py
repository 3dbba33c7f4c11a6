"""Thoughts and answer in one text: what is which, wherever a stream is cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.llm.streaming import ReasoningDelta, TextDelta
from tzurot.llm.thoughts import NAMES, ThoughtSeparator


def separated(*deltas: str, starts_within: bool = False) -> tuple[str, str]:
    """The answer and the thoughts."""
    separator = ThoughtSeparator(starts_within=starts_within)
    told = [it for delta in deltas for it in separator.feed(delta)] + separator.end()
    answer = "".join(it.text for it in told if isinstance(it, TextDelta))
    return answer, "".join(it.text for it in told if isinstance(it, ReasoningDelta))


# What came, the answer, the thoughts.
STREAMS = [
    ("Hello Ada.", "Hello Ada.", ""),
    ("<think>She greets me.</think>Hello Ada.", "Hello Ada.", "She greets me."),
    ("<think>\nShe greets me.\n</think>\n\nHello Ada.", "Hello Ada.", "\nShe greets me.\n"),
    ("<think></think>\n\nHello.", "Hello.", ""),
    ("<think/>Hello.", "Hello.", ""),
    ("\n<THINK>Hm.</Think>\nHello.", "\nHello.", "Hm."),
    ('<thinking budget="low">Hm.</thinking>Hello.', "Hello.", "Hm."),
    ("<thinking>Hm.</thinking>Hello.", "Hello.", "Hm."),
    ("<seed:think>Hm.</seed:think>Hello.", "Hello.", "Hm."),
    ("[THINK]Hm.[/THINK]Hello.", "Hello.", "Hm."),
    ("◁think▷嗯。◁/think▷你好。", "你好。", "嗯。"),
    ("<|START_THINKING|>Hm.<|END_THINKING|>Hello.", "Hello.", "Hm."),
    (
        "<|channel|>analysis<|message|>Hm.<|end|>"
        "<|start|>assistant<|channel|>final<|message|>Hello.<|return|>",
        "Hello.<|return|>",
        "Hm.",
    ),
    # Several times, within each other, and with one name's end for another's begin.
    ("<think>A.</think>One. <think>B.</think> Two.", "One. Two.", "A.B."),
    ("One.\n\n<think>A.</think>\n\nTwo.", "One.\n\nTwo.", "A."),
    ("<think><reflection>A.</reflection>B.</think>One.", "One.", "A.B."),
    ("<think>A.\n<reflection>B.</reflection>\nC.</think>One.", "One.", "A.\nB.\nC."),
    ("<think>A. <think>B.</think> C.</think>One.", "One.", "A. B. C."),
    ("<scratchpad>A.</think>One.", "One.", "A."),
    # Never closed.
    ("<think>She greets me. I should", "", "She greets me. I should"),
    ("Hello.\n<thought>Was that", "Hello.\n", "Was that"),
    ("<think>A.</think>One.<think>B", "One.", "A.B"),
    ("<think>A.\n<reflection>B.</reflection>\nC", "", "A.\nB.\nC"),
    ("<think>A.</thi", "", "A.</thi"),
    # Closed without having been opened: too late to take anything back.
    ("Hello.</think> Ada.", "Hello. Ada.", ""),
    ("</think>\n\nHello.", "Hello.", ""),
    ("Hello.[/THINK]", "Hello.", ""),
    # Only mentioned.
    ("<think>I use <think> tags here.</think>Hello.", "Hello.", "I use  tags here."),
    ("<think>It ends with `</think>` later.</think>Hi.", "Hi.", "It ends with `</think>` later."),
    ("Write `<think>` before it.", "Write `<think>` before it.", ""),
    ("Write `<think>Hm.</think>Hi` so.", "Write `<think>Hm.</think>Hi` so.", ""),
    ('The tag "<think>" is one.', 'The tag "<think>" is one.', ""),
    ("Das Zeichen „<think>“ da.", "Das Zeichen „<think>“ da.", ""),
    ("So:\n```xml\n<think>x</think>\n```\nSo.", "So:\n```xml\n<think>x</think>\n```\nSo.", ""),
    ("```\na\n```\n<think>A.</think>One.", "```\na\n```\nOne.", "A."),
    ("<think>```\nx</think>One.", "One.", "```\nx"),
    # No tags at all.
    ("1 < 2 and <3, <b>bold</b> <thinker> [i] [thing]",) * 2 + ("",),
    ("I <thin", "I <thin", ""),
    ("Bye.<|end|>\nmore", "Bye.<|end|>\nmore", ""),
    ("<thoughts>mine</thoughts>", "<thoughts>mine</thoughts>", ""),
]

# The same of models that begin with their thoughts, and only say where they end.
WITHIN = [
    ("She greets me.\n</think>\n\nHello.", "Hello.", "She greets me.\n"),
    ("Use <think> or not?</think>Hello.", "Hello.", "Use  or not?"),
    ("<think>A.</think>Hello.", "Hello.", "A."),
    ("\n<think>A. <think> B.</think>Hello.", "Hello.", "A.  B."),
    ("```\nx</think>Hello.", "Hello.", "```\nx"),
    ("Hello.", "Hello.", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("text", "answer", "thoughts"), STREAMS)
def test_thoughts_are_told_from_the_answer(text: str, answer: str, thoughts: str) -> None:
    assert separated(text) == (answer, thoughts)


@pytest.mark.parametrize(("text", "answer", "thoughts"), WITHIN)
def test_a_model_may_begin_within_its_thoughts(text: str, answer: str, thoughts: str) -> None:
    assert separated(text, starts_within=True) == (answer, thoughts)


@pytest.mark.parametrize("name", NAMES)
def test_all_nine_names_are_tags(name: str) -> None:
    assert separated(f"<{name}>Hm.</{name}>Hello.") == ("Hello.", "Hm.")


@pytest.mark.parametrize("starts_within", [False, True])
@pytest.mark.parametrize("text", [it[0] for it in (*STREAMS, *WITHIN)])
def test_a_stream_may_be_cut_anywhere(text: str, starts_within: bool) -> None:
    whole = separated(text, starts_within=starts_within)
    assert separated(*text, starts_within=starts_within) == whole
    for at in range(len(text)):
        assert separated(text[:at], text[at:], starts_within=starts_within) == whole


PIECES = st.sampled_from(
    [
        *("<think>", "</think>", "<thought>", "</reasoning>", "<think x='1'>", "<think/>", "<thi"),
        *("[THINK]", "[/THINK]", "◁think▷", "<|end|>", "<|channel|>analysis<|message|>"),
        *("<|channel|>final<|message|>", "```", "`", '"', "\n", " ", "Hello", "<", ">", "İ", "<b>"),
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join), st.lists(st.integers(0, 90)), st.booleans())
def test_any_cutting_gives_the_same(text: str, cuts: list[int], within: bool) -> None:
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    deltas = [text[start:end] for start, end in itertools.pairwise(places)]
    whole = separated(text, starts_within=within)
    assert separated(*deltas, starts_within=within) == whole
    assert separated(*text, starts_within=within) == whole


@given(st.text(alphabet=st.characters(exclude_characters="<[◁"), max_size=200), st.booleans())
def test_text_without_a_tag_is_the_answer_as_it_is(text: str, within: bool) -> None:
    assert separated(text, starts_within=within) == (text, "")


@pytest.mark.parametrize(
    ("delta", "answer"),
    [
        ("Hello <", "Hello "),
        ("Hello <b", "Hello <b"),
        ("Hello <3", "Hello <3"),
        ("Hello <th", "Hello "),
        ("Hello <the", "Hello <the"),
        ("Hello </", "Hello "),
        ("Hello [", "Hello "),
        ("Hello [1", "Hello [1"),
        ("`<think>", "`<think>"),
        ('"<think>', '"'),
        ("Hello <think and so on", "Hello "),
        ("Hello <think\n", "Hello "),
        ("Hello <think\n\n", "Hello <think\n\n"),
    ],
)
def test_only_what_could_still_become_a_tag_waits(delta: str, answer: str) -> None:
    told = ThoughtSeparator().feed(delta)
    assert "".join(it.text for it in told if isinstance(it, TextDelta)) == answer


def test_once_thoughts_came_apart_the_answer_does_not_wait() -> None:
    separator = ThoughtSeparator(starts_within=True)
    separator.thoughts_came()
    assert separator.feed("Hello.") == [TextDelta("Hello.")]
