"""What was said where only adults are let in is recalled among adults only."""

from tests.session.stage import Stage
from tzurot_client.gen.tzurot.session.v1 import AgeLimit


async def test_it_comes_up_in_direct_as_long_as_the_person_is_known_to_be_an_adult(
    stage: Stage,
) -> None:
    ada, lilith, den = stage.person("Ada"), await stage.character("Lilith"), stage.channel()
    den.age_limit = AgeLimit.ADULTS
    told = await ada.asks("I keep bees.", lilith, place=den)
    (memory,) = await stage.memories(told.turn_id)
    assert memory.age_restricted
    await stage.indexed()
    known = await ada.asks("What of my bees?", lilith)
    assert known.cited == ["I keep bees."]
    await stage.execute(
        """UPDATE people SET adult_time = NULL FROM identities
        WHERE identities.person_id = people.id AND subject = :subject""",
        subject=ada.subject,
    )
    unknown = await ada.asks("And of my bees?", lilith)
    assert "I keep bees." not in unknown.cited
    meadow = stage.channel()
    meadow.age_limit = AgeLimit.NONE
    outside = await ada.asks("My bees?", lilith, place=meadow)
    assert outside.cited == []
