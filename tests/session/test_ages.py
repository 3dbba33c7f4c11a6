"""docs/reference/ages.md is what the server does: every cell of its tables, asked for real."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.session.stage import Person, Stage, Told, ref
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.account.v1 import (
    AgeStanding,
    GetMeRequest,
    RevokeAgeVerificationRequest,
    SetAgeStandingRequest,
)
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    AgeLimit,
    ChatRequest,
    Continuation,
    Greeting,
    Interjection,
    MessageRef,
    Place,
    Regeneration,
    ReportDeliveryRequest,
    Scene,
    Utterance,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "ages.md"
ANSWERS = "answers"
PERSONS = ("unproven", "adult", "barred")
STANDINGS = {"adult": AgeStanding.ADULT, "barred": AgeStanding.BARRED}


def table(heading: str) -> list[list[str]]:
    """The cells of a table of the page, without its head."""
    text = PAGE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


ANSWERED, REMEMBERED = table("Who is answered"), table("What comes up")


def a_place(stage: Stage, name: str, person: Person) -> Place:
    """A new place as the page names it."""
    direct = name.startswith("direct")
    limits = {"for adults": AgeLimit.ADULTS, "for everybody": AgeLimit.NONE}
    limit = limits.get(name.rpartition("to be ")[2], AgeLimit.UNSPECIFIED)
    if direct:
        return replace(person.direct, channel_id=uuid4().hex, age_limit=limit)
    return replace(stage.channel(platform=person.platform), age_limit=limit)


async def somebody(stage: Stage, standing: str) -> Person:
    """A new person of this standing."""
    person = stage.person(platform="discord")
    await person.client.account.get_me(GetMeRequest())
    if standing in STANDINGS:
        request = SetAgeStandingRequest(subject=person.subject, standing=STANDINGS[standing])
        await stage.client.moderation.set_age_standing(request)
    return person


async def become(stage: Stage, *characters: Personality, for_adults: bool) -> None:
    await stage.execute(
        "UPDATE personalities SET age_restricted = :so WHERE id = ANY(:ids)",
        so=for_adults,
        ids=[UUID(it.id) for it in characters],
    )


@dataclass(frozen=True, slots=True)
class Occasion:
    """A person in a place where a character spoke before; another one is near."""

    person: Person
    place: Place
    characters: Sequence[Personality]
    before: Told

    @property
    def message(self) -> MessageRef:
        assert self.before.finished.message
        return MessageRef(id=self.before.finished.message.id)

    def request(self, **ask: object) -> ChatRequest:
        request = ChatRequest(place=self.place, addressees=[ref(self.characters[0])])
        for name, value in ask.items():
            setattr(request, name, value)
        return request


def _utters(text: str, **fields: str) -> Utterance:
    return Utterance(text=text, speaker_name="Ada", **fields)


async def _reply(at: Occasion) -> ChatRequest:
    report = ReportDeliveryRequest(turn_id=at.before.turn_id, platform_message_ids=["r1"])
    await at.person.client.session.report_delivery(report)
    said = _utters("Go on.", replied_to_message_id="r1")
    return at.request(utterance=said, addressees=[])


async def _now(request: ChatRequest) -> ChatRequest:
    return request


ASKS: Mapping[str, Callable[[Occasion], Awaitable[ChatRequest]]] = {
    "`Utterance` to one that is chosen": lambda at: _now(at.request(utterance=_utters("Hi."))),
    "`Utterance` that names one": lambda at: _now(
        at.request(utterance=_utters(f"@{at.characters[0].name} hi."), addressees=[])
    ),
    "`Utterance` that replies to one": _reply,
    "`Greeting`": lambda at: _now(at.request(greeting=Greeting())),
    "`Regeneration`": lambda at: _now(
        at.request(regeneration=Regeneration(message=at.message), addressees=[])
    ),
    "`Continuation`": lambda at: _now(
        at.request(continuation=Continuation(message=at.message), addressees=[])
    ),
    "`Interjection`": lambda at: _now(at.request(interjection=Interjection())),
    "`Scene`": lambda at: _now(
        at.request(scene=Scene(reply_limit=2), addressees=[ref(it) for it in at.characters])
    ),
}


async def two(stage: Stage) -> Sequence[Personality]:
    mark = uuid4().hex[:8]
    return [await stage.character(f"{it} {mark}", greeting="Hello.") for it in ("Lilith", "Baal")]


async def an_occasion(
    stage: Stage, person: Person, place: str, characters: Sequence[Personality]
) -> Occasion:
    """The first of them has spoken there, when it was for everybody."""
    where = a_place(stage, place, person)
    await become(stage, *characters, for_adults=False)
    stage.model.script("Well.")
    before = await person.asks("Hello?", characters[0], place=where)
    return Occasion(person, where, characters, before)


async def proves_nothing(person: Person, standing: str) -> None:
    """What the unproven did proved them adults: that is forgotten."""
    if standing == "unproven":
        await person.client.moderation.revoke_age_verification(RevokeAgeVerificationRequest())


async def outcome(at: Occasion, what: str) -> str:
    """Whether they are answered, else why not."""
    try:
        turns = await at.person.sends(await ASKS[what](at))
    except TzurotError as error:
        return error.reason.name or ""
    assert [turn.how for turn in turns] == ["STOP"] * (2 if what == "`Scene`" else 1)
    return ANSWERS


def test_the_page_asks_everything_everywhere() -> None:
    places = ("direct", "direct, said to be for adults", "for adults", "for everybody", "unknown")
    assert [(it[0], it[1]) for it in ANSWERED] == [(ask, it) for ask in ASKS for it in places]


@pytest.mark.parametrize("standing", PERSONS)
@pytest.mark.parametrize("what", ASKS, ids=lambda what: what.replace("`", ""))
async def test_who_is_answered(what: str, standing: str, stage: Stage) -> None:
    both = await two(stage)
    for ask, place, anybody, *cells in ANSWERED:
        if ask != what:
            continue
        cell, person = cells[PERSONS.index(standing)], await somebody(stage, standing)
        at = await an_occasion(stage, person, place, both)
        await proves_nothing(person, standing)
        assert await outcome(at, what) == anybody, place
        await proves_nothing(person, standing)
        await become(stage, *both, for_adults=True)
        asked = len(stage.asked)
        assert await outcome(at, what) == cell, place
        assert (len(stage.asked) > asked) == (cell == ANSWERS and what != "`Greeting`")


@pytest.mark.parametrize("row", REMEMBERED, ids=lambda row: f"{row[0]}-in-{row[1]}")
async def test_what_comes_up(row: list[str], stage: Stage) -> None:
    said_in, asked_in, *cells = row
    for standing, cell in zip(PERSONS, cells, strict=True):
        person = await somebody(stage, standing)
        lilith = await stage.character()
        stage.model.script("I see.")
        place = a_place(stage, said_in, person)
        await person.asks("My bees live in the crooked tower.", lilith, place=place)
        await proves_nothing(person, standing)
        stage.model.script("I see.")
        told = await person.asks(
            "Where do my bees live?", lilith, place=a_place(stage, asked_in, person)
        )
        words = "crooked tower" in str(stage.asked[-1].messages)
        assert (bool(told.cited), words) == ((True, True) if cell == "comes up" else (False, False))


async def adult(person: Person) -> bool:
    me = (await person.client.account.get_me(GetMeRequest())).person
    assert me
    return me.adult_time is not None


@pytest.mark.parametrize("venue", [Venue.PUBLIC_CHANNEL, Venue.PRIVATE_CHANNEL], ids=str)
async def test_speaking_where_only_adults_are_let_in_proves_it_whoever_answers(
    venue: Venue, stage: Stage
) -> None:
    person = await somebody(stage, "unproven")
    place = replace(stage.channel(venue, "discord"), age_limit=AgeLimit.ADULTS)
    assert await person.says("Hello, all.", place=place) == []
    assert await adult(person)


@pytest.mark.parametrize("standing", ["unproven", "barred"])
async def test_nothing_else_proves_it(standing: str, stage: Stage) -> None:
    person, lilith = await somebody(stage, standing), await stage.character()
    places = ["direct", "direct, said to be for adults", "for everybody", "unknown"]
    for name in places if standing == "unproven" else [*places, "for adults"]:
        stage.model.script("Hm.")
        await person.asks("Hi.", lilith, place=a_place(stage, name, person))
    assert not await adult(person)


async def test_of_several_the_others_answer_and_nothing_is_told_of_who_may_not(
    stage: Stage,
) -> None:
    ada, mark = await somebody(stage, "adult"), uuid4().hex[:8]
    lilith = await stage.character(f"Lilith {mark}")
    baal = await stage.character(f"Baal {mark}")
    await become(stage, lilith, for_adults=True)
    stage.model.script("Me, then.")
    place = a_place(stage, "for everybody", ada)
    told = await ada.asks(f"@{lilith.name} and @{baal.name}, hi.", place=place)
    assert told.by == baal.name
    with pytest.raises(TzurotError) as refusal:
        await ada.says("Hi.", lilith, baal, place=place)
    assert refusal.value.reason.name == "PLACE_NOT_AGE_RESTRICTED"
