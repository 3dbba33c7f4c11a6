"""Why an entry came up or not, in words."""

from dataclasses import replace

import pytest

from tests.personality.lore.books import book, decorated, entry, judged, one, reasons, scene, up
from tzurot.formats.found import LoreEntry
from tzurot.personality.lore.scene import Heard, Scene, Timed

WHOLE = {"match_whole_words": True}
BOTH = ("harbor", "ada")
NONE = ("moon", "sun")
ONE = ("harbor", "moon")
LAST = "key `tower` in the last message"


def logic(number: int, *secondary: str) -> LoreEntry:
    extensions = {"selectiveLogic": number}
    return entry("tower", secondary_keys=secondary, selective=True, extensions=extensions)


def setting(**extensions: object) -> LoreEntry:
    return entry("tower", extensions=extensions)


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
        (logic(0, *NONE), False, f"{LAST}, but none of `moon`, `sun`"),
        (logic(1, *BOTH), False, f"{LAST}, but so did all of `harbor`, `ada`"),
        (logic(2, *ONE), False, f"{LAST}, but so did `harbor`"),
        (logic(3, *ONE), False, f"{LAST}, but not all of `harbor`, `moon`"),
        (logic(9, *ONE), True, LAST),
        # patterns
        (entry("/T[ou]wer/i", use_regex=True), True, "key `/T[ou]wer/i` in the last message"),
        (entry("/T[ou]wer/i"), False, "no key came up"),
        (entry("/(un/i", "/broken(/", use_regex=True), False, "no key came up"),
        (entry("/(un/i", "tower", use_regex=True), True, LAST),
        (entry("/tower/", use_regex=True, constant=True), True, "always told"),
        # decorators
        (decorated("@@activate", keys=()), True, "always told (@@activate)"),
        (decorated("@@activate", enabled=False), False, "switched off"),
        (decorated("@@dont_activate"), False, "never told (@@dont_activate)"),
        (decorated("@@dont_activate", "@@activate"), True, "always told (@@activate)"),
        (decorated("@@scan_depth 1", keys=("harbor",)), False, "no key came up"),
        (decorated("@@scan_depth many"), True, f"{LAST}; not followed: @@scan_depth many"),
        (decorated("@@additional_keys moon,sun"), False, f"{LAST}, but none of `moon`, `sun`"),
        (decorated("@@additional_keys ada", "@@additional_keys moon"), False,
         f"{LAST}, but none of `moon`"),
        (decorated("@@exclude_keys moon,quiet"), False, f"{LAST}, but so did `quiet`"),
        (decorated("@@exclude_keys_all ada,quiet"), False,
         f"{LAST}, but so did all of `ada`, `quiet`"),
        (decorated("@@exclude_keys ada", constant=True), False, "always told, but so did `ada`"),
        (decorated("@@is_greeting 2"), False,
         "only with greeting 2, and this talk began with 0"),
        (decorated("@@activate_only_after 5"), False,
         "only after 5 answers, and there were 0"),
        (decorated("@@is_user_icon rose"), False, "only with the user icon `rose`"),
        # SillyTavern's settings
        (setting(probability=0), False, "its chance is 0 %"),
        (setting(delay=9), False, "comes up from message 9 on"),
        (setting(triggers=["swipe", "Continue"]), False,
         "only for answers of the kind `continue`, `swipe`"),
        (setting(characterFilter={"names": ["Bo"]}), False, "not for this character"),
        (setting(delay_until_recursion=True), False, "waits for other entries to call it up"),
    ],
)  # fmt: skip
def test_a_reason_says_which_rule_decided(which: LoreEntry, told: bool, reason: str) -> None:
    verdict = one(which)
    assert (verdict.activated, verdict.reason) == (told, reason)
    assert "@@" not in verdict.content


def test_activate_only_every_names_the_answers() -> None:
    said = [Heard("tower", by_character=True)] * 4
    verdict = one(decorated("@@activate_only_every 3"), at=Scene(said))
    assert verdict.reason == "only at every 3 answers, and there were 4"


def test_who_was_called_up_names_the_caller() -> None:
    harbor = entry("tower", content="A bell hangs there.", name="Harbor")
    nameless = entry("bell", content="It calls the ferry.")
    ferry = entry("ferry")
    judgement = judged(book(harbor, nameless, ferry, recursive_scanning=True))
    assert reasons(judgement) == {
        0: LAST,
        1: "called up by `Harbor`: key `bell`",
        2: "called up by `bell`: key `ferry`",
    }


def test_a_key_in_a_text_beside_the_talk_says_where() -> None:
    which = entry("varn", extensions={"match_scenario": True})
    verdict = one(which, at=scene(texts={"scenario": "The coast of Varn."}))
    assert verdict.reason == "key `varn` in the scenario"


def test_a_loser_names_the_winner_and_the_group() -> None:
    grouped = {"group": "weather"}
    winner = entry("tower", name="Storm", extensions={**grouped, "group_override": True})
    loser = entry("ada", name="Calm", extensions=grouped)
    assert reasons(judged(book(winner, loser)))[1] == (
        "key `ada` one message before the last, but `Storm` was chosen of the group `weather`"
    )


def test_a_loser_to_one_that_came_up_earlier_names_it() -> None:
    storm = entry("tower", name="Storm", content="The bell.", extensions={"group": "weather"})
    calm = entry("bell", extensions={"group": "weather"})
    judgement = judged(book(storm, calm, recursive_scanning=True))
    assert reasons(judgement)[1] == (
        "called up by `Storm`: key `bell`, but `Storm` was chosen of the group `weather`"
    )


def test_a_failed_chance_says_the_roll() -> None:
    failed = [
        reasons(judged(book(setting(probability=75)), at=scene(seed=str(seed))))[0]
        for seed in range(200)
    ]
    failed = [reason for reason in failed if reason != LAST]
    rolls = [int(reason.partition("rolled ")[2].rstrip(")")) for reason in failed]
    assert failed[0] == f"{LAST}, but 75 % chance failed (rolled {rolls[0]})"
    assert all(75 < roll <= 100 for roll in rolls)
    assert 20 < len(failed) < 80  # 50 of 200 are expected; 4 standard deviations are 25


def test_what_stays_or_rests_says_how_long() -> None:
    stays, rests = setting(sticky=3), setting(cooldown=3)
    last = setting(cooldown=1)
    timings = {
        "b0:0": Timed(sticky_until=12, since=9),
        "b0:1": Timed(cooldown_until=12, since=9),
        "b0:2": Timed(cooldown_until=11, since=9),
    }
    at = scene("nothing", message_count=10, timings=timings)
    assert reasons(judged(book(stays, rests, last), at=at)) == {
        0: "told before, and stays for 2 more messages",
        1: "rests for 2 more messages",
        2: "rests for one more message",
    }


def test_told_once_or_for_good_says_so() -> None:
    kept = decorated("@@keep_activate_after_match")
    once = decorated("@@dont_activate_after_match")
    timings = {"b0:0": Timed(matched=True), "b0:1": Timed(matched=True)}
    assert reasons(judged(book(kept, once), at=scene("nothing", timings=timings))) == {
        0: "told before, and kept since (@@keep_activate_after_match)",
        1: "told before, and only once (@@dont_activate_after_match)",
    }


def test_what_is_left_out_says_so() -> None:
    verdict = one(entry("tower", content="la " * 99), token_budget=20)
    assert (verdict.activated, verdict.left_out) == (False, True)
    assert verdict.reason == f"{LAST}; left out: the book's budget of 20 tokens was full"


class TestMacros:
    def test_contents_and_keys_are_filled(self) -> None:
        which = entry("{{user}}", content="{{user}} is known.")
        at = scene(fill=lambda text: text.replace("{{user}}", "Ada"))
        verdict = one(which, at=at)
        assert (verdict.activated, verdict.content) == (True, "Ada is known.")
        assert verdict.reason == "key `{{user}}` one message before the last"

    def test_each_content_that_comes_up_is_filled_once_in_the_order_of_telling(self) -> None:
        filled: list[str] = []

        def fill(text: str) -> str:
            filled.append(text)
            return text

        entries = [
            entry("tower", content="third", insertion_order=9),
            entry("tower", content="fourth", position="after_char", insertion_order=1),
            entry("tower", content="first", insertion_order=1),
            entry("moon", content="never"),
            entry("tower", content="second", insertion_order=2),
        ]
        judged(book(*entries, recursive_scanning=True), at=scene(fill=fill))
        assert filled == ["first", "second", "third", "fourth"]

    def test_what_has_no_words_after_its_macros_is_not_told(self) -> None:
        at = scene(fill=lambda text: text.replace("{{setvar::a::b}}", ""))
        verdict = one(entry("tower", content="{{setvar::a::b}}"), at=at)
        assert (verdict.activated, verdict.reason) == (
            False,
            f"{LAST}, but its macros left no words",
        )

    def test_others_are_looked_up_in_what_the_scene_says_of_a_raw_content(self) -> None:
        harbor = entry("tower", content="{{// bell}}{{hidden_key:ferry}}A harbor.")
        at = scene(
            fill=lambda text: text.replace("{{// bell}}{{hidden_key:ferry}}", ""),
            scanned=lambda text: text.replace("{{// bell}}", ""),
        )
        found = judged(book(harbor, entry("bell"), entry("ferry"), recursive_scanning=True), at=at)
        assert up(found) == [0, 2]


def test_prompts_are_switched_off_only_by_what_is_told() -> None:
    line = "@@disable_ui_prompt system_prompt"
    assert one(decorated(line)).disables == {"system_prompt"}
    assert one(decorated(line, keys=("moon",))).disables == frozenset()
    assert one(decorated("@@disable_ui_prompt everything")).disables == frozenset()


def test_a_seed_decides_the_same_and_another_one_something_else() -> None:
    entries = [setting(probability=50)] * 40
    at = scene(seed="a")
    assert up(judged(book(*entries), at=at)) == up(judged(book(*entries), at=at))
    assert up(judged(book(*entries), at=at)) != up(judged(book(*entries), at=replace(at, seed="b")))


def test_weights_decide_how_often_an_entry_wins_its_group() -> None:
    heavy = setting(group="g", group_weight=300)
    light = setting(group="g")
    won = [up(judged(book(light, heavy), at=scene(seed=str(n))))[0] for n in range(400)]
    assert 260 < sum(won) < 340  # 300 of 400 are expected; 4 standard deviations are 35
