"""Clean replies: what goes, what stays, and that it does not matter how a stream is cut."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tzurot.session.cleaning import ReplyCleaner, stop_sequences, whole_sentences

OWN = ("Lilith Tzel Shani",)
OTHERS = ("Ada", "Bob the Builder")


def clean(*deltas: str, own: tuple[str, ...] = OWN, others: tuple[str, ...] = OTHERS) -> str:
    cleaner = ReplyCleaner(own, others)
    return "".join([*map(cleaner.feed, deltas), cleaner.finish()])


def ends_at(text: str) -> str | None:
    """The reply if it was cut, None if the whole text passed."""
    cleaner = ReplyCleaner(OWN, OTHERS)
    read = cleaner.feed(text) + cleaner.finish()
    return read if cleaner.stopped else None


class TestOwnName:
    @pytest.mark.parametrize(
        "prefix",
        [
            "Lilith: ",
            "Lilith Tzel Shani: ",
            "lilith:",
            "LILITH :\n",
            "**Lilith:** ",
            "**Lilith**: ",
            "*Lilith*: ",
            "__Lilith:__ ",
            "[Lilith]: ",
            "<Lilith>: ",
            "**[Lilith]**: ",
            "### Lilith:\n\n",
            "Lilith：",
            "\n\n Lilith: ",
            "Lilith: Lilith: ",
            "Assistant: ",
            "Assistant: Lilith: ",
            "### Response:\n",
            "<|im_start|>assistant\n",
            "<|im_start|>assistant\nLilith: ",
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
            "<start_of_turn>model\n",
            "<|assistant|>\n",
            "<s>[INST] [/INST] ",
        ],
    )
    def test_it_goes_from_the_front_of_a_reply(self, prefix: str) -> None:
        assert clean(f"{prefix}Welcome to the library.") == "Welcome to the library."

    @pytest.mark.parametrize(
        "text",
        [
            "Lilith is my name.",
            "Lilith, that is me: a librarian.",
            "*Lilith: smiling softly* Hello.",
            "Lilith::new() makes one of me.",
            "Lilith:) is how I sign.",
            "Lilithian: a word for my followers.",
            "I am called:\nLilith: because of the moon.",
        ],
    )
    def test_it_stays_where_it_is_part_of_what_is_said(self, text: str) -> None:
        assert clean(text) == text

    def test_a_space_stays_in_front_of_a_reply_without_a_name(self) -> None:
        assert clean(" Hello.") == " Hello."


class TestOtherTurns:
    @pytest.mark.parametrize(
        "turn",
        [
            "User: and you?",
            "user:and you?",
            "Human: and you?",
            "Ada: and you?",
            "ADA: and you?",
            "Ada : and you?",
            "Bob the Builder: me too",
            "Bob: me too",
            "**Ada:** and you?",
            "**Ada**: and you?",
            "[Ada]: and you?",
            "<Ada>: and you?",
            "### Human: and you?",
            "### Instruction:\nSay more",
            "  Ada: and you?",
            "Ada：你呢？",
            'Ada: "And you?"',
            "Ada:",
            "<|im_end|>\n<|im_start|>user\nand you?",
            "<|eot_id|>",
            "<end_of_turn>\n",
            "<|endoftext|>Question:",
            "<｜end▁of▁sentence｜>",
            "[INST] and you? [/INST]",
        ],
    )
    def test_the_reply_ends_where_the_model_invents_one(self, turn: str) -> None:
        assert ends_at(f"I keep books.\n\n{turn}") == "I keep books."

    @pytest.mark.parametrize(
        "text",
        [
            "Note: the library closes at eight.",
            "Hours:\nMonday: closed\nTuesday: open",
            'She said: "I keep bees."',
            'Ada said: "I keep bees."',
            "I told you, Ada: bees are kind.",
            "You wrote this down:\n> Ada: I keep bees.",
            "Who reads what?\n- Ada: poems\n- Bob: manuals",
            "Adam: the first man.\nBobby: his dog.",
            "Dear\nAda,\nwelcome.",
            "So long,\nAda :) come back soon.",
            "A path:\nUser:/home/ada",
            "In a program:\n```\nUser: ada\nAda: 1\n```\nThat is all.",
            "The user: a person.",
            "A\nUserName: ada",
            "I love you <3",
            "1 < 2 and 3 > 2, <b>bold</b>, <span>",
            "See [1] and [Ada](https://example.org/ada).",
            "Use |> and <| as pipes, [i] and [INSTALL] as words.",
            "# A heading\n## Another\n### Instructions: read",
            "Line one\n\n\n    indented\n\ttabbed\n",
            "  \n leading and trailing \n ",
            "",
        ],
    )
    def test_what_only_looks_like_one_stays(self, text: str) -> None:
        assert ends_at(text) is None
        assert clean(text) == text

    def test_nothing_is_left_of_a_reply_that_is_all_invented(self) -> None:
        assert ends_at("User: hello there") == ""

    def test_after_a_fenced_block_turns_count_again(self) -> None:
        assert ends_at("```\nUser: x\n```\nUser: hi") == "```\nUser: x\n```"

    def test_a_person_named_by_a_number_does_not_forbid_times(self) -> None:
        assert clean("Come at\n12:30 sharp.", others=("12",)) == "Come at\n12:30 sharp."
        assert clean("Yes.\n12: why?", others=("12",)) == "Yes."

    def test_a_person_with_the_characters_name_cuts_nothing(self) -> None:
        text = "We share a name.\nLilith: a moon."
        assert clean(text, own=("Lilith",), others=("Lilith",)) == text

    def test_the_caller_learns_of_the_cut_at_once(self) -> None:
        cleaner = ReplyCleaner(OWN, OTHERS)
        assert cleaner.feed("I keep books.\nUs") == "I keep books."
        assert not cleaner.stopped
        assert cleaner.feed("er: a") == ""
        assert cleaner.stopped
        assert cleaner.feed("nd more") == ""
        assert cleaner.finish() == ""


class TestMarks:
    @pytest.mark.parametrize("mark", ["</s>", "<s>", "<pad>", "[/INST]", "<<SYS>>", "<|channel|>"])
    def test_they_go_from_the_middle_of_a_reply(self, mark: str) -> None:
        assert clean(f"Hello {mark}there") == "Hello there"

    def test_one_that_never_ends_stays(self) -> None:
        assert clean("Hello <|im_sta") == "Hello <|im_sta"


class TestHoldingBack:
    @pytest.mark.parametrize(
        ("delta", "read"),
        [
            ("Hello", "Hello"),
            ("Hello ", "Hello "),
            ("Hello <", "Hello "),
            ("Hello <3", "Hello <3"),
            ("Hello <|im_", "Hello "),
            ("Hello [", "Hello "),
            ("Hello [1", "Hello [1"),
            ("Hello\n", "Hello"),
            ("Hello\nA", "Hello"),
            ("Hello\nAd", "Hello"),
            ("Hello\nAda", "Hello"),
            ("Hello\nAda ", "Hello"),
            ("Hello\nAda k", "Hello\nAda k"),
            ("Hello\nAn", "Hello\nAn"),
            ("Hello\n**A", "Hello"),
            ("Hello\n**N", "Hello\n**N"),
            ("Lil", ""),
            ("Lis", "Lis"),
        ],
    )
    def test_only_what_could_still_become_something_waits(self, delta: str, read: str) -> None:
        assert ReplyCleaner(OWN, OTHERS).feed(delta) == read

    def test_a_mark_is_found_letter_by_letter(self) -> None:
        assert clean(*"<|im_start|>assistant\nLilith: Hello.<|im_end|>\n") == "Hello."


PIECES = st.sampled_from(
    [
        *("Lilith", "Lilith Tzel Shani", "Ada", "Bob", "Bob the Builder", "User", "Human", "12"),
        *("Assistant", "assistant", "user", "model", ":", "：", " ", "\n", "\n\n", "*", "**", "_"),
        *("[", "]", "<", ">", "#", "### ", "```", "`", "-", ")", '"', "|", "a", "Hello.", "İ", "Σ"),
        *("<|im_start|>", "<|im_end|>", "<s>", "</s>", "[INST]", "[/INST]", "<start_of_turn>"),
        *("<|", "|>", "<｜", "｜>", "im_end", "### Instruction:", "### Response:", "<<SYS>>"),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)
NAMES = st.lists(st.sampled_from(["Lilith Tzel Shani", "12", "Ada: B", "_x_", "İΣ"]), max_size=3)


@given(TEXTS, st.lists(st.integers(0, 80), max_size=12), NAMES)
@example("\n### Bob: x", [5], [])
@example("Lilith:**Hello**", [7, 8], [])
def test_any_cutting_gives_the_same_reply(text: str, cuts: list[int], names: list[str]) -> None:
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    deltas = [text[start:end] for start, end in itertools.pairwise(places)]
    whole = ReplyCleaner([*OWN, *names], [*OTHERS, *names])
    pieces = ReplyCleaner([*OWN, *names], [*OTHERS, *names])
    letters = ReplyCleaner([*OWN, *names], [*OTHERS, *names])
    expected = whole.feed(text) + whole.finish()
    assert "".join([*map(pieces.feed, deltas), pieces.finish()]) == expected
    assert "".join([*map(letters.feed, text), letters.finish()]) == expected
    assert whole.stopped == pieces.stopped == letters.stopped


@given(st.text(alphabet=st.characters(exclude_characters="<[:：#`"), max_size=200))
def test_text_without_any_sign_of_these_passes_as_it_is(text: str) -> None:
    assert clean(text) == text


MARKS = ("<|im_start|>", "<|im_end|>", "<|eot_id|>", "<s>", "</s>", "[INST]", "[/INST]")


@given(st.lists(st.sampled_from([*MARKS, "Hello", "\n", "user", "Ada:", "."])).map(" ".join))
def test_no_mark_is_ever_read(text: str) -> None:
    read = clean(text)
    assert not [mark for mark in MARKS if mark in read]


class TestStopSequences:
    def test_the_people_of_the_conversation_come_first(self) -> None:
        assert stop_sequences(["Ada"]) == ("\nAda:", "\nUser:", "\nHuman:")

    def test_there_are_never_more_than_four(self) -> None:
        names = ["Ada", "Bob", "Cleo", "Dan", "Eve"]
        assert stop_sequences(names) == ("\nAda:", "\nBob:", "\nCleo:", "\nUser:")

    def test_names_that_are_none_make_no_stop(self) -> None:
        assert stop_sequences(["", " ", "**"]) == ("\nUser:", "\nHuman:")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("I see. You came by the", "I see. You came by the"),  # "I see." is less than half
        ("You came by the stairs. And th", "You came by the stairs."),
        ('She said "come in!" And the', 'She said "come in!"'),
        ("*smiles.* The tea is hot", "*smiles.* The tea is hot"),
        ("你从楼梯上来的。茶很", "你从楼梯上来的。茶很"),  # no white space: left as it is
        ("Done.", "Done."),
        ("no end in sight", "no end in sight"),
    ],
)
def test_a_reply_that_reached_its_limit_ends_with_a_sentence(text: str, whole: str) -> None:
    assert whole_sentences(text) == whole
