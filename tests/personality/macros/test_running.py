"""A prompt's macros together: chance, order, what is noted, what a card's preview tells."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tzurot.personality.macros import dates
from tzurot.personality.macros.listing import MALFORMED, wont_run
from tzurot.personality.macros.running import Macros
from tzurot.personality.macros.stage import Stage

PICK = "{{pick::" + "::".join(map(str, range(1_000_000, 1_001_000))) + "}}"


def test_a_pick_stays_and_a_random_choice_does_not() -> None:
    numbers = iter((0, 1))
    macros = Macros(Stage(seed="one"), chance=lambda _: next(numbers))
    assert [macros.fill("{{random:a,b}}") for _ in range(2)] == ["a", "b"]
    assert macros.fill(PICK) == macros.fill(PICK) == Macros(Stage(seed="one")).fill(PICK)


def test_another_seed_name_place_or_text_is_another_pick() -> None:
    macros = Macros(Stage(seed="one"))
    here = macros.fill(PICK)
    others = (
        Macros(Stage(seed="two")).fill(PICK),
        macros.fill(PICK, slot="greeting"),
        macros.fill(PICK * 2)[len(here) :],
        macros.fill(PICK + " ").strip(),
    )
    assert here not in others


def test_a_quoted_text_picks_as_it_does_where_it_is_told() -> None:
    macros = Macros(Stage(seed="one", texts={"description": PICK}))
    assert macros.fill("{{description}}") == macros.fill(PICK, slot="description")


def test_later_texts_know_the_variables_of_earlier_ones() -> None:
    macros = Macros(Stage(), {"mood": "calm"})
    macros.fill("{{setvar::mood::glad}}")
    assert macros.fill("{{getvar::mood}}") == "glad"


def test_what_variables_were_given_stays_as_it_was() -> None:
    before = {"mood": "calm"}
    Macros(Stage(), before).fill("{{setvar::mood::glad}}")
    assert before == {"mood": "calm"}


def test_what_is_not_run_is_noted_once_and_not_at_length() -> None:
    macros = Macros(Stage())
    macros.fill("{{calc::1}}{{calc::1}}{{nobody}}{{img::" + "x" * 100 + "}}")
    assert [row.macro for row in macros.not_run] == ["{{calc::1}}", "{{img::" + "x" * 73]


def test_an_empty_instruction_is_the_default_one() -> None:
    assert Macros(Stage()).fill("", original="Be kind.") == "Be kind."
    assert Macros(Stage()).fill("") == ""


def test_a_preview_tells_what_will_not_run() -> None:
    listed = wont_run(
        "{{user}} {{nobody:x}} {{// {{img::a}} }} {{random::{{calc::1}}::b}} {{user x}} "
        "{{if 1}}a{{else}}b{{/if}} {{#when::x}}{{emotion::sad}}{{/when}} {{calc::1}} {{roll}}"
    )
    assert [row.macro for row in listed] == [
        "{{calc::1}}",
        "{{user x}}",
        "{{#when::x}}{{emotion::sad}}{{/when}}",
        "{{emotion::sad}}",
        "{{roll}}",
    ]
    assert [row.reason for row in listed if row.macro == "{{roll}}"] == [MALFORMED]


@pytest.mark.parametrize(
    ("text", "scanned"),
    [
        ("{{char}} and <USER>", "Marta and Ida"),
        ("a{{// secret}}b{{comment: note}}c", "abc"),
        ("{{hidden_key:bell}}", "bell"),
        ("{{random:{{user}},b}}", "{{random:Ida,b}}"),
        ("{{if x}}{{user}}{{// no}}{{/if}}", "{{if x}}Ida{{/if}}"),
        ("{{description}} {{getvar::a}} {{nobody}}", "{{description}} {{getvar::a}} {{nobody}}"),
    ],
)
def test_lore_is_looked_up_in_names_and_words_only(text: str, scanned: str) -> None:
    macros = Macros(Stage(char="Marta", user="Ida", texts={"description": "Tall."}), {"a": "1"})
    assert macros.scanned(text) == scanned


NOW = datetime(2026, 3, 4, 0, 5, 6, 789_000, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("YYYY-MM-DD HH:mm:ss.SSS", "2026-03-04 00:05:06.789"),
        ("YY M D H m s", "26 3 4 0 5 6"),
        ("h hh k kk A a", "12 12 24 24 AM am"),
        ("MMM MMMM Mo", "Mar March 3rd"),
        ("d dd ddd dddd do e E", "3 We Wed Wednesday 3rd 3 3"),
        ("DDD DDDD DDDo Q Qo", "63 063 63rd 1 1st"),
        ("GGGG-[W]WW", "2026-W10"),
        ("Z ZZ", "-03:30 -0330"),
        ("X x", "1772595306 1772595306789"),
        ("L l LT LTS", "03/04/2026 3/4/2026 12:05 AM 12:05:06 AM"),
        ("LLLL", "Wednesday, March 4, 2026 12:05 AM"),
        ("[today is] dddd", "today is Wednesday"),
        ("\\d [open", "d [op3n"),
        ("Ünü ?!", "Ünü ?!"),
        ("", ""),
    ],
)
def test_times_are_written_by_their_tokens(pattern: str, said: str) -> None:
    assert dates.formatted(NOW, pattern) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a few seconds"),
        (44, "a few seconds"),
        (45, "a minute"),
        (89, "a minute"),
        (90, "2 minutes"),  # 1.5 is rounded upward
        (44 * 60, "44 minutes"),
        (45 * 60, "an hour"),
        (90 * 60, "2 hours"),
        (21 * 3_600, "21 hours"),
        (22 * 3_600, "a day"),
        (36 * 3_600, "2 days"),
        (25 * 86_400, "25 days"),
        (26 * 86_400, "a month"),
        (46 * 86_400, "2 months"),  # 1.51 months of 30.44 days
        (319 * 86_400, "10 months"),
        (320 * 86_400, "a year"),
        (548 * 86_400, "2 years"),
        (-90 * 60, "2 hours"),
    ],
)
def test_durations_are_said_roughly(seconds: int, said: str) -> None:
    assert dates.spelled(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC+0", "3:35 AM"),
        ("utc-10", "5:35 PM"),
        ("UTC+330", "9:05 AM"),  # minutes
        ("UTC+15", "6:35 PM"),
        ("UTC+9999", None),
        ("CET", None),
        ("UTC", None),
    ],
)
def test_the_time_of_another_zone(zone: str, said: str | None) -> None:
    assert dates.clock_in(NOW, zone) == said


def test_nobody_was_idle_who_never_spoke() -> None:
    assert dates.idle(NOW, None) == "just now"
    assert dates.idle(NOW, NOW - timedelta(days=3)) == "3 days"
    assert dates.idle(datetime(2026, 1, 2), datetime(2026, 1, 1, tzinfo=UTC)) == "a day"
