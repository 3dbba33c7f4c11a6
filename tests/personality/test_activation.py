"""Which entries of a lorebook come up, and why: the rules of V3 and SillyTavern, as tables."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.personality import activation, patterns
from tzurot.personality.activation import Verdict, judge

SAID = (
    "The harbor is quiet tonight.",
    "Harbormaster Ada waits.",
    "And the tower?",
)  # last is newest


def entry(*keys: str, content: str = "Told.", **fields: object) -> LoreEntry:
    return replace(LoreEntry(keys, content), **fields)


def one(which: LoreEntry, *said: str, **book: object) -> Verdict:
    (verdict,) = judge([replace(Lorebook((which,), "The Town"), **book)], said or SAID)
    return verdict


def logic(number: int, *secondary: str) -> LoreEntry:
    extensions = {"selectiveLogic": number}
    return entry("tower", secondary_keys=secondary, selective=True, extensions=extensions)


def decorated(*lines: str, keys: tuple[str, ...] = ("tower",), **fields: object) -> LoreEntry:
    return entry(*keys, content="\n".join((*lines, "Told.")), **fields)


WHOLE = {"match_whole_words": True}
BOTH = ("harbor", "ada")
NONE = ("moon", "sun")
ONE = ("harbor", "moon")
LAST = "key `tower` in the last message"


@pytest.mark.parametrize(
    ("which", "told", "reason"),
    [
        (entry("tower"), True, LAST),
        (entry("moon", "ada"), True, "key `ada` one message before the last"),
        (entry("QUIET"), True, "key `QUIET` 2 messages before the last"),
        (entry("moon"), False, "no key came up"),
        (entry(), False, "no key came up"),
        (entry(""), False, "no key came up"),
        (entry("tower", enabled=False, constant=True), False, "switched off"),
        (entry("tower", content=" \n"), False, "it has no words"),
        (entry(constant=True), True, "always told"),
        # case: any, unless the entry says otherwise
        (entry("TOWER", case_sensitive=True), False, "no key came up"),
        (entry("And", case_sensitive=True), True, "key `And` in the last message"),
        (entry("TOWER", case_sensitive=False), True, "key `TOWER` in the last message"),
        # inside words, unless the entry says otherwise
        (entry("master"), True, "key `master` one message before the last"),
        (entry("master", extensions=WHOLE), False, "no key came up"),
        (entry("tower", extensions=WHOLE), True, LAST),
        (entry("the tower", extensions=WHOLE), True, "key `the tower` in the last message"),
        # secondary keys
        (entry("tower", secondary_keys=NONE), True, LAST),
        (
            entry("tower", secondary_keys=NONE, selective=True),
            False,
            f"{LAST}, but none of `moon`, `sun`",
        ),
        (entry("tower", secondary_keys=ONE, selective=True), True, LAST),
        (entry("tower", selective=True), True, LAST),
        (entry(constant=True, secondary_keys=NONE, selective=True), True, "always told"),
        # SillyTavern's selectiveLogic
        (logic(0, *ONE), True, LAST),
        (logic(0, *NONE), False, f"{LAST}, but none of `moon`, `sun`"),
        (logic(1, *ONE), True, LAST),
        (logic(1, *BOTH), False, f"{LAST}, but so did all of `harbor`, `ada`"),
        (logic(2, *NONE), True, LAST),
        (logic(2, *ONE), False, f"{LAST}, but so did `harbor`"),
        (logic(3, *BOTH), True, LAST),
        (logic(3, *ONE), False, f"{LAST}, but not all of `harbor`, `moon`"),
        (logic(9, *ONE), True, LAST),
        # patterns
        (entry("/T[ou]wer/i", use_regex=True), True, "key `/T[ou]wer/i` in the last message"),
        (entry("/T[ou]wer/", use_regex=True), False, "no key came up"),
        (entry("/T[ou]wer/i"), False, "no key came up"),
        (entry("/(un/i", "/broken(/", use_regex=True), False, "no key came up"),
        (entry("/(un/i", "tower", use_regex=True), True, LAST),
        (entry("/tower/", use_regex=True, constant=True), True, "always told"),
        (
            entry("/tower/", use_regex=True, selective=True, secondary_keys=NONE),
            True,
            "key `/tower/` in the last message",
        ),
        # decorators
        (decorated("@@activate", keys=()), True, "always told (@@activate)"),
        (decorated("@@activate", enabled=False), False, "switched off"),
        (decorated("@@dont_activate"), False, "never told (@@dont_activate)"),
        (decorated("@@dont_activate", "@@activate"), True, "always told (@@activate)"),
        (decorated("@@scan_depth 1", keys=("harbor",)), False, "no key came up"),
        (
            decorated("@@scan_depth 3", keys=("quiet",)),
            True,
            "key `quiet` 2 messages before the last",
        ),
        (decorated("@@scan_depth 1", "@@scan_depth 3", keys=("quiet",)), False, "no key came up"),
        (decorated("@@scan_depth many"), True, LAST),
        (decorated("@@scan_depth 0"), False, "no key came up"),
        (decorated("@@additional_keys night,ada"), True, LAST),
        (decorated("@@additional_keys moon,sun"), False, f"{LAST}, but none of `moon`, `sun`"),
        (
            decorated("@@additional_keys ada", "@@additional_keys moon"),
            False,
            f"{LAST}, but none of `moon`",
        ),
        (decorated("@@exclude_keys moon,quiet"), False, f"{LAST}, but so did `quiet`"),
        (decorated("@@exclude_keys moon"), True, LAST),
        (decorated("@@exclude_keys ada", constant=True), False, "always told, but so did `ada`"),
        (decorated("@@risu_only 4", "@@@agn_only", "@@@dont_activate"), False,
         "never told (@@dont_activate)"),
        (decorated("@@scan_depth 4", "@@@dont_activate"), True, LAST),
        (decorated("@@sticky 3", "@@probability 0", "@@depth 4", "@@role user"), True, LAST),
    ],
)  # fmt: skip
def test_an_entry_comes_up_by_its_rules_and_the_reason_says_which(
    which: LoreEntry, told: bool, reason: str
) -> None:
    verdict = one(which)
    assert (verdict.activated, verdict.reason) == (told, reason)
    assert "@@" not in verdict.content


@pytest.mark.parametrize(
    ("book", "own", "told"),
    [
        (None, None, True),  # 4 messages by default
        (3, None, True),
        (2, None, False),
        (0, None, False),
        (2, 3, True),
        (3, 2, False),
        (None, 0, False),
    ],
)
def test_an_entry_looks_as_far_back_as_it_says_else_as_its_book_says(
    book: int | None, own: int | None, told: bool
) -> None:
    which = entry("quiet", extensions={"scan_depth": own})
    assert one(which, scan_depth=book).activated is told


# The book of samples/vectors/lorebook_activation.json (CC0), without what is not followed yet.
HARBOR = Lorebook(
    (
        decorated("@@depth 4", "@@role user", "@@scan_depth 2", keys=("harbor",)),
        decorated("@@activate", "@@position after_desc", "", keys=("x",)),
        decorated("@@dont_activate", keys=("y",)),
        decorated("@@additional_keys night,storm", "@@exclude_keys noon"),
        decorated("@@depth 1", "@@depth 9", keys=("dup",)),
        entry("/(un/i", "/broken(/", use_regex=True),
        entry(constant=True, content="Constant text."),
        entry("plain", content="Mail me @@home please."),
        decorated("@@activate", keys=("off",), enabled=False),
    ),
    scan_depth=4,
    token_budget=500,
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("Hello there.", "The harbor is quiet.", "Yes.", "And plain?"), [1, 6, 7]),
        (("greet", "harbor tower at night, fallback dup y"), [0, 1, 3, 4, 6]),
        (("a", "b", "fallback tower noon night greet", "c"), [1, 6]),
    ],
)
def test_a_book_with_decorators(said: tuple[str, ...], told: list[int]) -> None:
    verdicts = judge([HARBOR], said)
    assert [it.position for it in verdicts if it.activated] == told
    contents = [it.content for it in verdicts]
    assert contents[-3:] == ["Constant text.", "Mail me @@home please.", "Told."]


def test_placeholders_are_filled_in_contents_and_keys() -> None:
    book = Lorebook((entry("{{user}}", content="{{user}} is known."),))
    (verdict,) = judge([book], SAID, lambda text: text.replace("{{user}}", "Ada"))
    assert (verdict.activated, verdict.content) == (True, "Ada is known.")


class TestBudget:
    def book(self, *entries: LoreEntry, budget: int | None) -> Lorebook:
        return Lorebook(entries, token_budget=budget)

    def kept(self, *entries: LoreEntry, budget: int | None = 20) -> list[int]:
        verdicts = judge([self.book(*entries, budget=budget)], SAID)
        return [it.position for it in verdicts if it.activated]

    # "la la la la la la la la" is 24 characters: 8 tokens; two of them fit into 20
    LONG = "la " * 8

    def test_the_highest_priority_stays(self) -> None:
        entries = [entry("tower", content=self.LONG, priority=it) for it in (1, 3, 2)]
        assert self.kept(*entries) == [1, 2]

    def test_without_priorities_the_highest_insertion_order_stays(self) -> None:
        entries = [entry("tower", content=self.LONG, insertion_order=it) for it in (1, 3, 2)]
        assert self.kept(*entries) == [1, 2]

    def test_constant_entries_stay_first(self) -> None:
        entries = [entry("tower", content=self.LONG, priority=it) for it in (1, 3, 2)]
        assert self.kept(replace(entries[0], constant=True), *entries[1:]) == [0, 1]

    @pytest.mark.parametrize("budget", [None, 0])
    def test_without_a_budget_all_stay(self, budget: int | None) -> None:
        assert self.kept(*[entry("tower", content=self.LONG)] * 5, budget=budget) == [*range(5)]

    def test_what_is_left_out_says_so(self) -> None:
        (verdict,) = judge([self.book(entry("tower", content="la " * 99), budget=20)], SAID)
        assert (verdict.activated, verdict.left_out) == (False, True)
        assert verdict.reason == f"{LAST}; left out: the book's budget of 20 tokens was full"

    def test_each_book_has_its_own(self) -> None:
        book = self.book(entry("tower", content=self.LONG), budget=10)
        assert [it.activated for it in judge([book, book], SAID)] == [True, True]


def test_what_came_up_is_told_by_place_then_insertion_order_over_all_books() -> None:
    def placed(order: float, position: str = "before_char") -> LoreEntry:
        return entry("tower", content=str(order), insertion_order=order, position=position)

    books = [Lorebook((placed(3), placed(1, "after_char"), entry("moon"))), Lorebook((placed(2),))]
    told = activation.in_order(judge(books, SAID))
    assert [it.content for it in told] == ["2", "3", "1"]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("/(a|aa)+$/", "a" * 5000 + "b"),
        ("/(x+x+)+y/", "x" * 20_000),
        ("/(?:(?:hello world foo){e<=8})/", "z" * 20_000),
        (f"/{'(' * 400}{')' * 400}/", "a"),
    ],
)
def test_a_pattern_without_an_end_is_given_up(pattern: str, text: str) -> None:
    books = [Lorebook((*[entry(pattern, use_regex=True)] * 200, entry("tower")))]
    began = time.perf_counter()
    verdicts = judge(books, [text, *SAID])
    spent = time.perf_counter() - began
    assert not any(it.activated for it in verdicts[:-1])
    assert verdicts[-1].activated
    assert spent < 200 * patterns.ALL_SECONDS  # without a limit it ends in no lifetime


def test_a_pattern_that_took_too_long_says_so() -> None:
    verdict = one(entry("/(x+x+)+y/", use_regex=True), "x" * 9000)
    assert verdict.reason == "its pattern took too long"


anything = st.text(max_size=30) | st.sampled_from(["@@activate", "/(/", "/a+/i", "{{user}}", "é"])
settings_of_others = st.dictionaries(
    st.sampled_from(["selectiveLogic", "scan_depth", "match_whole_words", "sticky", "probability"]),
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=3),
)


@given(
    keys=st.lists(anything, max_size=3),
    secondary=st.lists(anything, max_size=3),
    content=anything,
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    extensions=settings_of_others,
    said=st.lists(anything, max_size=4),
)
def test_no_entry_of_strangers_breaks_anything(
    *,
    keys: list[str],
    secondary: list[str],
    content: str,
    flags: tuple[bool, bool, bool],
    extensions: dict[str, object],
    said: list[str],
) -> None:
    constant, selective, use_regex = flags
    which = LoreEntry(
        tuple(keys),
        content,
        tuple(secondary),
        constant=constant,
        selective=selective,
        use_regex=use_regex,
        extensions=extensions,
    )
    (verdict,) = judge([Lorebook((which,))], said)
    assert verdict.reason
    assert not verdict.activated or verdict.content
