"""What counts as offered as true: each rule, kept and broken, so that the year could fail."""

import pytest

from tests.memory.year import judging, script
from tests.memory.year.script import Question

CLAIMS = script.read().claims

_OLD, _NEW = "I live in Valdoria.", "A new address again: I live in Quillhaven."
_NOW = '- "Ada lives in Quillhaven." (since 2025-09-08)'


def told(*lines: str, who: str = "ada", where: str = "direct") -> list[tuple[str, str]]:
    """What is wrong with a prompt of these lines, which asks for nothing in particular."""
    question = Question(who, where, "?", (), ())
    messages = [
        {"role": "system", "content": "\n".join(lines)},
        {"role": "user", "content": "?"},
    ]
    found = judging.wrongs(question, judging.lines_of(messages), CLAIMS)
    return [(it.claim, it.why) for it in found]


@pytest.mark.parametrize(
    "lines",
    [
        (_NOW,),
        (f'- "{_NEW}" (2025-09-08)', f'- "{_OLD}" (2025-01-08)'),
        (_NOW, f'- "{_OLD}" (2025-01-08)'),
        (f'- "{_OLD}" (2025-01-08) (No longer so since 2025-05-01: "Ada lives in Quillhaven.")',),
        ('- In a story that you two play: "Ada rules Atlantis." (since 2025-03-08)',),
        ('- "*raises her trident high* I rule Atlantis!" You answered: "Hm." (2025-03-08)',),
        ('- "In our story I am married to a dragon called Smolder." (2025-03-14)',),
        ('- "What a sky." You answered: "You own a zeppelin, don\'t you?" (2025-01-11)',),
        (
            '- "My scepter weighs nine pounds." (2025-03-22)'
            " (At least in part this was played in a story.)",
        ),
        ('- "The tattooed heron on my shoulder itches in this heat." (2025-05-26)',),
        ("- \"My colleague says: 'I have collected stamps from Mauritius.'\" (2025-03-24)",),
    ],
)
def test_it_may_be_told(lines: tuple[str, ...]) -> None:
    assert told(*lines) == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('- "Ada lives in Valdoria." (since 2025-01-08)', ("valdoria", "superseded")),
        (f'- "{_OLD}" (2025-01-08)', ("valdoria", "superseded")),
        (
            f'- "{_OLD}" (2025-01-08) (No longer so since 2025-05-01: "Ada moved.")',
            ("valdoria", "superseded"),
        ),
        ('- "I keep bees on my roof." (2025-01-29)', ("bees", "forgotten")),
        ("Ada is the one with the bees.", ("bees", "forgotten")),
        ('- "Hm." You answered: "How are the bees?" (2025-05-11)', ("bees", "forgotten")),
        ('- "Ada rules Atlantis." (since 2025-03-08)', ("atlantis", "played")),
        ('- "My scepter weighs nine pounds." (2025-03-22)', ("scepter", "played")),
        (
            '- "Ada owns a zeppelin." (since 2025-01-11)',
            ("zeppelin", "only the character says so"),
        ),
        ('- "I play the cello in a quartet." (2025-01-16)', ("cello", "somebody else's")),
        ('- "Ada is scared of geese." (since 2025-02-06)', ("geese", "somebody else's")),
        ('- "Ada has a tattooed heron." (since 2025-05-26)', ("itch", "a fact of it")),
        ('- "Ada collects stamps of Mauritius." (since 2025-03-24)', ("stamps", "a fact of it")),
    ],
)  # fmt: skip
def test_it_must_not_be_told(line: str, wrong: tuple[str, str]) -> None:
    assert told(line) == [wrong]


def test_an_older_line_in_front_of_a_newer_one_is_not_behind_it() -> None:
    assert told(f'- "{_OLD}" (2025-01-08)', f'- "{_NEW}" (2025-09-08)') == [
        ("valdoria", "superseded")
    ]


@pytest.mark.parametrize("where", ["meadow", "square"])
def test_what_was_said_in_direct_must_not_be_told_elsewhere(where: str) -> None:
    line = '- "My sister is called Ottilie." (2025-01-06)'
    assert told(line) == []
    assert told(line, where=where) == [("sister", "said in direct")]


def test_what_somebody_said_is_told_to_others_where_they_said_it_and_as_theirs() -> None:
    cello = '- Ben said: "I play the cello in a quartet." (2025-01-16)'
    assert told(cello, where="meadow") == []
    for where in ("square", "direct"):
        assert told(cello, where=where) == [("cello", "said elsewhere")]
    vegan = '- Ben said: "My diet is vegan." (2025-01-27)'
    assert told(vegan, where="meadow") == [("vegan", "superseded")]
    since = ' (No longer so since 2025-06-25: "Ben eats fish.")'
    assert told(vegan + since, where="meadow") == []


def test_who_is_gossiped_about_is_not_who_gossips() -> None:
    assert told('- "Ada is scared of geese." (since 2025-02-06)', who="ben", where="meadow") == []
    assert told('- "Ben is scared of geese." (since 2025-02-06)', who="ben", where="meadow") == [
        ("geese", "not of Ada")
    ]


def test_what_has_to_be_told_is_missed() -> None:
    question = Question("ada", "direct", "?", ("quillhaven",), ())
    (note, *_) = judging.episode("I live.", "", "2025-01-08", instead="Ada lives in Quillhaven.")
    for lines in ([], [note], list(judging.episode("?", _NEW, "2025-09-08"))):
        (missing,) = judging.wrongs(question, lines, CLAIMS)
        assert (missing.claim, missing.why) == ("quillhaven", "is not told")
    assert judging.wrongs(question, list(judging.episode(_NEW, "", "2025-09-08")), CLAIMS) == []


def test_the_message_that_is_answered_is_not_told_and_what_follows_it_is() -> None:
    messages = [
        {"role": "assistant", "content": "Your bees!"},
        {"role": "user", "content": "My bees?"},
        {"role": "system", "content": "No bees."},
    ]
    lines = judging.lines_of(messages)
    assert [(it.source, it.said or it.answered) for it in lines] == [
        (judging.Source.HISTORY, "Your bees!"),
        (judging.Source.OTHER, "No bees."),
    ]
