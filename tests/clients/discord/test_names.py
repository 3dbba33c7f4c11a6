"""No two characters of a channel speak under the same name."""

from tzurot_client.gen.tzurot.session.v1 import TurnStarted
from tzurot_discord.names import MAX_NAME, Name, Names

MEADOW, ORCHARD = 1, 2


def begins(name: str, slug: str) -> TurnStarted:
    """The character with this slug begins to answer; its id is as unique as its slug."""
    return TurnStarted(personality_id=f"id of {slug}", personality_name=name, personality_slug=slug)


def test_the_first_of_a_name_bears_it_alone_and_each_keeps_what_it_has() -> None:
    names = Names()
    for _ in range(2):
        assert str(names.of(begins("Lilith", "lilith"), MEADOW)) == "Lilith"
        assert str(names.of(begins("LILITH ", "lilith-2"), MEADOW)) == "LILITH (lilith-2)"
        assert str(names.of(begins("Kael", "kael"), MEADOW)) == "Kael"


def test_each_channel_has_its_own_first() -> None:
    names = Names()
    names.of(begins("Lilith", "lilith"), MEADOW)
    assert str(names.of(begins("Lilith", "lilith-2"), ORCHARD)) == "Lilith"


def test_nobody_is_named_as_another_one_is_shown() -> None:
    names = Names()
    names.of(begins("Lilith", "lilith"), MEADOW)
    names.of(begins("Lilith", "lilith-2"), MEADOW)
    third = names.of(begins("Lilith (lilith-2)", "imitation"), MEADOW)
    assert str(third) == "Lilith (lilith-2) (imitation)"


def test_a_character_of_a_new_slug_keeps_its_name() -> None:
    names, before = Names(), begins("Lilith", "lilith")
    names.of(before, MEADOW)
    before.personality_slug = "night"
    assert str(names.of(before, MEADOW)) == "Lilith"


def test_names_that_differ_behind_discords_limit_are_told_apart() -> None:
    names, long = Names(), "long " * 16
    first = names.of(begins(f"{long}one", "one"), MEADOW).username
    second = names.of(begins(f"{long}two", "two"), MEADOW).username
    assert first == long.rstrip()
    assert second.endswith("long (two)")
    assert len(second) <= MAX_NAME


def test_the_longest_slug_has_room_and_discords_own_names_have_none() -> None:
    name = Name("Clyde of the long and winding night", "discord-" + "x" * 56).username
    assert name == f"Cl\u200ayde of th (dis\u200acord-{'x' * 56})"
    assert len(name) == MAX_NAME
