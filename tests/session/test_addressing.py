"""Who answers: a table of situations, each with who speaks, who stays silent and why; and laws."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.personality.names import mentions
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.personality.tables import Personality
from tzurot.session.channels import addressing
from tzurot.session.channels.addressing import Active, Facts, Mode, decide

NAMES = ("lilith", "bambi", "kael", "mira", "noa", "uri", "zev")
_SPACE = UUID("00000000-0000-4000-8000-000000000008")
REQUEST = uuid5(_SPACE, "a request")
IDS: Mapping[str, UUID] = {name: uuid5(_SPACE, name) for name in NAMES}
SEEN: Mapping[UUID, Access] = {
    id_: Access(Personality(id=id_, slug=name, name=name), Role.NOBODY) for name, id_ in IDS.items()
}


def active(name: str, mode: str = "every", talkativeness: float = 1.0) -> Active:
    return Active(IDS[name], Mode(mode), talkativeness)


EVERY = tuple(active(name) for name in ("lilith", "bambi", "kael"))
ALL = tuple(IDS.values())


@dataclass(frozen=True, slots=True)
class Case:
    """A situation, who answers and why, who doesn't and why."""

    facts: Mapping[str, Any]
    answering: Mapping[str, str]
    silent: Mapping[str, str] = field(default_factory=dict[str, str])


CASES: Mapping[str, Case] = {
    "nobody is there": Case({}, {}),
    "chosen ones answer in their order, muted or not": Case(
        {"chosen": (IDS["kael"], IDS["lilith"]), "active": (active("kael", "muted"),)},
        {"kael": "chosen", "lilith": "chosen"},
    ),
    "more may be chosen than answer by themselves": Case(
        {"chosen": (IDS["kael"], IDS["lilith"]), "limit": 1},
        {"kael": "chosen", "lilith": "chosen"},
    ),
    "a choice counts before a reply and a name": Case(
        {"chosen": (IDS["kael"],), "replied_to": IDS["lilith"], "named": (IDS["bambi"],)},
        {"kael": "chosen"},
    ),
    "whose message is replied to answers": Case(
        {"replied_to": IDS["lilith"]}, {"lilith": "its message is replied to"}
    ),
    "it answers before those that are named, and once": Case(
        {"replied_to": IDS["lilith"], "named": (IDS["bambi"], IDS["lilith"])},
        {"lilith": "its message is replied to", "bambi": "named"},
    ),
    "those named answer in the order named": Case(
        {"named": (IDS["kael"], IDS["bambi"])}, {"kael": "named", "bambi": "named"}
    ),
    "no more are answered by than the channel lets": Case(
        {"named": ALL, "limit": 2},
        {"lilith": "named", "bambi": "named"},
        dict.fromkeys(NAMES[2:], "more than 2 were named"),
    ),
    "the one replied to counts among them": Case(
        {"replied_to": IDS["zev"], "named": (IDS["lilith"], IDS["bambi"]), "limit": 2},
        {"zev": "its message is replied to", "lilith": "named"},
        {"bambi": "more than 2 were named"},
    ),
    "those active keep silent when another one is named": Case(
        {"named": (IDS["mira"],), "active": EVERY},
        {"mira": "named"},
        dict.fromkeys(("lilith", "bambi", "kael"), "somebody else was named"),
    ),
    "the active answer what names nobody, in the order activated": Case(
        {"active": EVERY}, dict.fromkeys(("lilith", "bambi", "kael"), "active here")
    ),
    "of them, too, no more than the channel lets": Case(
        {"active": EVERY, "limit": 2},
        {"lilith": "active here", "bambi": "active here"},
        {"kael": "more than 2 would have answered"},
    ),
    "one that is only to answer when named waits": Case(
        {"active": (active("lilith", "named"), active("bambi"))},
        {"bambi": "active here"},
        {"lilith": "only when named"},
    ),
    "it answers when named": Case(
        {"active": (active("lilith", "named"),), "named": (IDS["lilith"],)}, {"lilith": "named"}
    ),
    "it answers a reply": Case(
        {"active": (active("lilith", "named"),), "replied_to": IDS["lilith"]},
        {"lilith": "its message is replied to"},
    ),
    "a muted one keeps silent": Case(
        {"active": (active("lilith", "muted"),)}, {}, {"lilith": "muted here"}
    ),
    "a muted one keeps silent even when named, and nobody steps in": Case(
        {"active": (active("lilith", "muted"), active("bambi")), "named": (IDS["lilith"],)},
        {},
        {"lilith": "muted here", "bambi": "somebody else was named"},
    ),
    "a muted one keeps silent on replies": Case(
        {"active": (active("lilith", "muted"),), "replied_to": IDS["lilith"]},
        {},
        {"lilith": "muted here"},
    ),
    "one that never feels like it is silent unless named": Case(
        {"active": (active("lilith", "every", 0.0), active("bambi"))},
        {"bambi": "active here"},
        {"lilith": "did not feel like it (talkativeness 0)"},
    ),
    "talkativeness is no matter when it is named": Case(
        {"active": (active("lilith", "every", 0.0),), "named": (IDS["lilith"],)},
        {"lilith": "named"},
    ),
    "the next speaker answers alone, however talkative": Case(
        {"active": (active("lilith"), active("bambi", "named", 0.0)), "next_speaker": IDS["bambi"]},
        {"bambi": "chosen to speak next"},
        {"lilith": "another one was chosen to speak next"},
    ),
    "not what names another one": Case(
        {"active": EVERY, "next_speaker": IDS["bambi"], "named": (IDS["kael"],)},
        {"kael": "named"},
        dict.fromkeys(("lilith", "bambi"), "somebody else was named"),
    ),
    "a next speaker that was muted since lets the others speak": Case(
        {"active": (active("lilith"), active("bambi", "muted")), "next_speaker": IDS["bambi"]},
        {"lilith": "active here"},
        {"bambi": "muted here"},
    ),
    "in private whoever was last spoken to": Case(
        {"last_spoken_to": IDS["noa"]}, {"noa": "last spoken to"}
    ),
    "but not if another one is named": Case(
        {"last_spoken_to": IDS["noa"], "named": (IDS["uri"],)}, {"uri": "named"}
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_answers_and_why(case: Case) -> None:
    decision = decide(Facts(REQUEST, SEEN, **case.facts))
    assert _answering(decision) == case.answering
    assert list(_answering(decision)) == list(case.answering)
    assert {it.slug: it.because for it in decision.silent} == case.silent


UNSEEN: Mapping[str, Mapping[str, Any]] = {
    "active": {"active": (active("zev"),)},
    "next to speak": {"active": (active("zev"),), "next_speaker": IDS["zev"]},
    "replied to": {"replied_to": IDS["zev"], "active": (active("lilith"),)},
    "last spoken to": {"last_spoken_to": IDS["zev"]},
    "muted": {"active": (active("zev", "muted"),)},
}


@pytest.mark.parametrize("facts", UNSEEN.values(), ids=UNSEEN)
def test_one_that_the_person_may_not_see_says_nothing_and_is_not_named(
    facts: Mapping[str, Any],
) -> None:
    seen = {id_: access for id_, access in SEEN.items() if id_ != IDS["zev"]}
    decision = decide(Facts(REQUEST, seen, **facts))
    assert decision.answering == ()
    (silent,) = [it for it in decision.silent if it.personality_id == IDS["zev"]]
    assert (silent.because, silent.slug) == ("you can't see it", "")


def test_a_next_speaker_whom_the_person_may_not_see_keeps_its_turn() -> None:
    seen = {id_: access for id_, access in SEEN.items() if id_ != IDS["zev"]}
    facts = Facts(REQUEST, seen, active=(active("zev"), active("lilith")), next_speaker=IDS["zev"])
    decision = decide(facts)
    assert (_answering(decision), decision.next_speaker) == ({"lilith": "active here"}, None)


def test_a_turn_is_taken_only_by_whoever_has_it() -> None:
    facts = Facts(REQUEST, SEEN, active=EVERY, next_speaker=IDS["bambi"])
    assert decide(facts).next_speaker == IDS["bambi"]
    assert decide(replace(facts, named=(IDS["kael"],))).next_speaker is None


def test_how_often_one_answers_is_as_it_was_decided() -> None:
    facts = Facts(REQUEST, SEEN, active=(active("lilith", "every", 0.3),))
    requests = [uuid5(_SPACE, str(number)) for number in range(2_000)]
    answered = sum(bool(decide(replace(facts, request_id=it)).answering) for it in requests)
    assert 520 < answered < 680  # 600 expected, of a deviation of 20.5: 4 of them


def test_two_of_them_feel_like_it_independently() -> None:
    two = (active("lilith", "every", 0.5), active("bambi", "every", 0.5))
    requests = [uuid5(_SPACE, str(number)) for number in range(400)]
    counts = {len(decide(Facts(it, SEEN, active=two)).answering) for it in requests}
    assert counts == {0, 1, 2}


def test_asked_to_speak_all_do_but_the_muted_however_talkative() -> None:
    there = (active("lilith", "named"), active("bambi", "muted"), active("kael", "every", 0.0))
    decision = addressing.everybody(Facts(REQUEST, SEEN, active=there))
    assert _answering(decision) == dict.fromkeys(("lilith", "kael"), "asked to speak")
    assert {it.slug: it.because for it in decision.silent} == {"bambi": "muted here"}


def test_what_a_person_is_told_of_it() -> None:
    facts = Facts(REQUEST, SEEN, active=(active("lilith"), active("bambi", "named")))
    told = addressing.told(decide(facts).answering)
    assert told == "lilith (active here); silent: bambi (only when named)"


def test_a_scene_tells_each_once() -> None:
    chosen = decide(Facts(REQUEST, SEEN, chosen=(IDS["kael"], IDS["noa"]))).answering
    assert addressing.told([*chosen, *chosen]) == "kael (chosen), noa (chosen)"


# What somebody writes, and whom it names: of lilith, bambi, bambi prime, o'neil, unit 7, anna-lena.
WRITTEN = {
    "@Lilith, are you there?": ["lilith"],
    "@lilith's cat": ["lilith"],
    "@Lilith’s cat": ["lilith"],
    "“@Lilith”": ["lilith"],
    "‘@lilith’ (@bambi!)": ["lilith", "bambi"],
    "@bambi prime, you there?": ["bambi prime"],
    "@bambi  PRIME's turn": ["bambi prime"],
    "@bambi\nprime": ["bambi"],
    "@bambi primeval": ["bambi"],
    "@bambi, prime": ["bambi"],
    "@unit 7: report": ["unit 7"],
    "@unit 71": [],
    "@o'neil and @o'neil's": ["o'neil", "o'neil"],
    "@anna-lena-": ["anna-lena"],
    "@@lilith": [],
    "mail@lilith": [],
    "@ lilith": [],
    "@lilith@bambi": [],
    "**@bambi** _@lilith_": ["bambi"],
    "@BAMBI@@": ["bambi"],
}
KNOWN = {name: name for name in ("lilith", "bambi", "bambi prime", "o'neil", "unit 7", "anna-lena")}


@pytest.mark.parametrize(("text", "names"), WRITTEN.items(), ids=map(repr, WRITTEN))
def test_whom_a_text_names(text: str, names: list[str]) -> None:
    found = mentions.choose(mentions.candidates(text), KNOWN)
    assert [name for _, name in found] == names


ids = st.sampled_from(ALL)
everything = st.builds(
    Facts,
    request_id=st.uuids(),
    seen=st.sets(ids).map(lambda chosen: {it: SEEN[it] for it in chosen}),
    replied_to=st.none() | ids,
    named=st.lists(ids, unique=True).map(tuple),
    active=st.lists(
        st.builds(Active, ids, st.sampled_from(Mode), st.floats(0, 1, allow_nan=False)),
        unique_by=lambda it: it.personality_id,
    ).map(tuple),
    next_speaker=st.none() | ids,
    last_spoken_to=st.none() | ids,
    limit=st.integers(1, 10),
)


@given(everything)
def test_it_always_decides_the_same(facts: Facts) -> None:
    assert decide(facts) == decide(facts)


@given(everything)
def test_nobody_answers_twice_nor_more_than_the_limit(facts: Facts) -> None:
    answering = [it.access.personality.id for it in decide(facts).answering]
    assert len(set(answering)) == len(answering) <= facts.limit


@given(everything)
def test_whoever_answers_is_seen_and_not_muted(facts: Facts) -> None:
    answering = {it.access.personality.id for it in decide(facts).answering}
    muted = {it.personality_id for it in facts.active if it.mode is Mode.MUTED}
    assert answering <= facts.seen.keys() - muted


@given(everything)
def test_whoever_could_have_answered_has_a_reason_not_to(facts: Facts) -> None:
    decision = decide(facts)
    answering = {it.access.personality.id for it in decision.answering}
    silent = {it.personality_id for it in decision.silent}
    possible = {*facts.named, *(it.personality_id for it in facts.active)}
    possible |= {facts.replied_to} if facts.replied_to else set()
    assert not answering & silent
    assert possible <= answering | silent
    assert all(it.because for it in decision.silent)


@given(everything)
def test_only_those_spoken_to_answer_where_somebody_is(facts: Facts) -> None:
    spoken_to = {*facts.named, facts.replied_to} - {None}
    answering = {it.access.personality.id for it in decide(facts).answering}
    assert not spoken_to or answering <= spoken_to


@given(everything)
def test_what_is_told_names_nobody_whom_the_person_may_not_see(facts: Facts) -> None:
    decision = decide(facts)
    slugs = {SEEN[it].personality.slug for it in ALL if it not in facts.seen}
    assert not slugs & {it.slug for it in decision.silent}


def _answering(decision: addressing.Decision) -> dict[str, str]:
    return {it.access.personality.slug: it.because for it in decision.answering}
