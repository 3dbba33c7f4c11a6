"""Who pays, for every state of the world: no route leads to somebody else's money."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tzurot.errors import (
    ApiKeyLacksCredit,
    ApiKeyRejected,
    DataPolicyForbids,
    ModelNotFound,
    NoPayingKey,
    ProviderQuota,
    ProviderUnavailable,
    SponsorCapReached,
)
from tzurot.llm import data_policy
from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.providers import OPENROUTER_URL
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet.explaining import explained
from tzurot.wallet.plan import (
    Account,
    Candidate,
    Held,
    Obstacle,
    Refusal,
    Route,
    Situation,
    Wish,
    plan,
)

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
SOON = NOW + timedelta(minutes=7)
KEY_ID = UUID("0199c5a0-0000-7000-8000-000000000001")
KEY = SecretStr("sk-secret")
HERE = "http://127.0.0.1:11434/v1"

OPENROUTER = Speaker(SpeakerKind.OPENROUTER, "OpenRouter", "big", OPENROUTER_URL, KEY)
BOUGHT = Candidate(replace(OPENROUTER, uses_operator_key=True), "server 1234")
FREE = Candidate(replace(BOUGHT.speaker, model="small:free"), "server 1234")
OPENAI = Speaker(SpeakerKind.OPENAI, "OpenAI", "gpt", "https://api.openai.com/v1", KEY)
OPENED = Candidate(
    Speaker(SpeakerKind.CONFIGURED, "llm.example.org", "m", "https://llm.example.org")
)
OLLAMA = Candidate(Speaker(SpeakerKind.OLLAMA, "Ollama", "llama", HERE))
OWN = Candidate(OPENROUTER, str(KEY_ID), KEY_ID, "Work")
OFFERED = (BOUGHT, FREE, OPENED, OLLAMA)
SPONSOR_IDS = (UUID(int=1), UUID(int=2))
GIVEN, GIVEN_NEXT = (
    Candidate(replace(OPENAI, model=str(it)), f"key {it}", UUID(int=9), sponsor_id=it)
    for it in SPONSOR_IDS
)
CAP = SponsorCapReached(
    "what this server's sponsor gives you",
    "$0.50",
    "day",
    "2026-12-01 00:00 UTC",
    timedelta(hours=15),
)
DEAR = Wish("dear", SpeakerKind.OPENROUTER)  # nobody offers it
WISHED = replace(OWN, speaker=replace(OPENROUTER, model="dear"))

refusals = st.builds(
    Held,
    st.sampled_from(Refusal),
    st.sampled_from([NOW - timedelta(minutes=1), SOON]),
)
accounts = st.sampled_from(
    [it.account for it in (*OFFERED, OWN, GIVEN, GIVEN_NEXT)]
    + [Account(it.payer, it.speaker.provider) for it in (BOUGHT, OWN, GIVEN)]
)
sponsors = st.lists(
    st.sampled_from([GIVEN, GIVEN_NEXT, replace(GIVEN, priced=False)]),
    max_size=2,
    unique_by=lambda it: it.sponsor_id,
)
situations = st.builds(
    Situation,
    now=st.just(NOW),
    own=st.sampled_from([None, OWN, replace(OWN, speaker=OPENAI)]),
    in_space=st.booleans(),
    sponsors=sponsors,
    capped=st.dictionaries(st.sampled_from(SPONSOR_IDS), st.just(CAP), max_size=2),
    offered=st.permutations(OFFERED).flatmap(
        lambda all_: st.integers(0, len(OFFERED)).map(lambda count: all_[:count])
    ),
    is_operator=st.booleans(),
    shared=st.booleans(),
    for_several=st.booleans(),
    policy=st.sampled_from(DataPolicy),
    bundled_off=st.booleans(),
    held=st.dictionaries(accounts, refusals, max_size=4),
    failed=st.dictionaries(accounts, st.sampled_from([ProviderUnavailable("X"), CAP]), max_size=4),
)
wishes = st.sampled_from(
    [DEAR, *(Wish(it.speaker.model) for it in OFFERED), Wish("big", SpeakerKind.OPENAI)]
)


@given(situations)
def test_no_state_of_the_world_spends_what_is_not_theirs(it: Situation) -> None:
    found = plan(it)
    own_pays = it.own and not it.for_several
    for alternative in found.alternatives:
        if alternative.obstacle or not alternative.candidate:
            continue
        if alternative.route is Route.OPERATORS_KEY:
            assert (it.is_operator or it.shared) and not own_pays
            assert not it.is_sponsored
        if alternative.route is Route.OWN_KEY:
            assert own_pays
        if alternative.route is Route.SPONSOR:
            assert not it.own
            assert not it.for_several
            assert it.policy is DataPolicy.NONE
            assert alternative.candidate.priced
            assert alternative.candidate.sponsor_id not in it.capped
            assert it.failed.get(alternative.candidate.account) is None
        if it.policy is DataPolicy.LOCAL_ONLY:
            assert data_policy.is_local(alternative.candidate.speaker)
        held = it.held.get(alternative.candidate.account)
        assert held is None or held.until <= NOW


@given(situations, wishes, st.booleans())
def test_a_wish_spends_nothing_that_would_not_be_spent_without(
    it: Situation, wish: Wish, may_ask: bool
) -> None:
    """It changes the order, and what somebody's own key asks; no obstacle of anything else."""
    own_wished = WISHED if it.own and may_ask else None
    plain, wished = plan(it), plan(replace(it, wish=wish, own_wished=own_wished))
    others = [each for each in wished.alternatives if each.candidate is not WISHED]
    assert sorted(map(repr, others)) == sorted(map(repr, plain.alternatives))
    for each in wished.alternatives:
        if each.candidate and each.route is not Route.OWN_KEY:
            assert each.candidate in (*it.sponsors, *it.offered)
        if each.candidate is WISHED and not each.obstacle:
            assert it.own
            assert not it.for_several
    if wished.taken and wished.taken.candidate and not wished.replaces_wish:
        met = [each for each in wished.alternatives if each.candidate]
        assert any(wish.is_met_by(each.candidate.speaker) for each in met if each.candidate)


@given(situations, wishes)
def test_without_a_wish_the_order_is_the_operators(it: Situation, wish: Wish) -> None:
    others = [each.candidate for each in plan(it).alternatives if each.route is not Route.OWN_KEY]
    assert [each for each in others if each] == [*it.sponsors, *it.offered]
    wished = plan(replace(it, wish=wish)).alternatives
    meets = [
        wish.is_met_by(each.candidate.speaker)
        for each in wished
        if each.candidate and each.route not in (Route.OWN_KEY, Route.SPONSOR)
    ]
    assert meets == sorted(meets, reverse=True)


@given(situations)
def test_nothing_that_takes_over_is_paid_by_the_operator_for_a_guest(it: Situation) -> None:
    """Whatever was refused, failed or capped: what it leads to costs nobody anything."""
    before = plan(replace(it, held={}, failed={}, capped={})).taken
    after = plan(it).taken
    if before is None or after is None or before.route not in (Route.OWN_KEY, Route.SPONSOR):
        return
    assert after.route is not Route.OPERATORS_KEY
    assert before.route is Route.SPONSOR or after.route is not Route.SPONSOR


@given(situations)
def test_a_refusal_leads_where_it_led_when_it_came(it: Situation) -> None:
    """What is asked after a refusal is the same as what is asked where it was known before."""
    first = plan(replace(it, failed={})).taken
    if first is None or first.candidate is None:
        return
    account = first.candidate.account
    live = plan(replace(it, failed={account: ProviderQuota("X")}))
    known = plan(
        replace(it, failed={}, held={**it.held, account: Held(Refusal.RATE_LIMITED, SOON)})
    )
    assert live.taken == known.taken
    if live.taken is None:
        assert isinstance(known.error, type(live.error))


@given(situations)
def test_every_alternative_is_explained_and_no_key_is_in_it(it: Situation) -> None:
    found = plan(it)
    for alternative in found.alternatives:
        said = explained(alternative, found, NOW)
        assert said.endswith((".", ")."))
        assert "sk-secret" not in said
    assert sum(it is found.taken for it in found.alternatives) == (found.taken is not None)


GUEST = Situation(now=NOW, offered=OFFERED)
WITH_KEY = replace(GUEST, own=OWN)
KEY_HELD = Account(OWN.payer, "OpenRouter")
HELD = Held(Refusal.RATE_LIMITED, SOON)
SPONSORED = replace(GUEST, in_space=True, sponsors=(GIVEN, GIVEN_NEXT))


@pytest.mark.parametrize(
    ("it", "route"),
    [
        (GUEST, Route.FREE_MODEL),
        (replace(GUEST, shared=True), Route.OPERATORS_KEY),
        (replace(GUEST, is_operator=True), Route.OPERATORS_KEY),
        (WITH_KEY, Route.OWN_KEY),
        (replace(WITH_KEY, shared=True), Route.OWN_KEY),
        (replace(WITH_KEY, shared=True, for_several=True), Route.OPERATORS_KEY),
        (replace(GUEST, offered=(BOUGHT, OPENED, OLLAMA)), Route.OPEN_ADDRESS),
        (replace(GUEST, policy=DataPolicy.NO_RETENTION), Route.FREE_MODEL),
        (replace(GUEST, policy=DataPolicy.LOCAL_ONLY), Route.LOCAL),
        (replace(WITH_KEY, policy=DataPolicy.LOCAL_ONLY), Route.LOCAL),
        (replace(GUEST, offered=(BOUGHT,)), None),
        *(
            (
                replace(WITH_KEY, shared=shared, held={KEY_HELD: Held(refusal, SOON)}),
                Route.FREE_MODEL,
            )
            for refusal, shared in product(Refusal, (True, False))
        ),
        (replace(WITH_KEY, held={KEY_HELD: Held(Refusal.REJECTED, NOW)}), Route.OWN_KEY),
        (SPONSORED, Route.SPONSOR),
        (replace(SPONSORED, shared=True), Route.SPONSOR),
        (replace(SPONSORED, own=OWN), Route.OWN_KEY),
        (replace(SPONSORED, own=OWN, held={KEY_HELD: HELD}), Route.FREE_MODEL),
        (replace(SPONSORED, for_several=True, shared=True), Route.OPERATORS_KEY),
        (replace(SPONSORED, capped={SPONSOR_IDS[0]: CAP}), Route.SPONSOR),  # the next one
        (replace(SPONSORED, capped=dict.fromkeys(SPONSOR_IDS, CAP), shared=True), Route.FREE_MODEL),
        (replace(SPONSORED, policy=DataPolicy.NO_TRAINING, shared=True), Route.OPERATORS_KEY),
        (replace(GUEST, in_space=True, shared=True), Route.OPERATORS_KEY),
    ],
)
def test_the_first_that_may_answer_does(it: Situation, route: Route | None) -> None:
    taken = plan(it).taken
    assert (taken.route if taken else None) == route


ALONE = Situation(now=NOW, own=OWN, offered=(BOUGHT,))


@pytest.mark.parametrize(
    ("it", "error", "words"),
    [
        (replace(ALONE, own=None), NoPayingKey, "no key that pays"),
        (
            replace(ALONE, held={KEY_HELD: Held(Refusal.LACKS_CREDIT, SOON)}),
            ApiKeyLacksCredit,
            "nothing is left on your own API key `Work`",
        ),
        (
            replace(ALONE, held={KEY_HELD: Held(Refusal.REJECTED, SOON)}),
            ApiKeyRejected,
            "refuses your own API key `Work`",
        ),
        (
            replace(ALONE, held={OWN.account: Held(Refusal.RATE_LIMITED, SOON)}),
            ProviderQuota,
            "no more for now",
        ),
        (
            replace(ALONE, policy=DataPolicy.LOCAL_ONLY),
            DataPolicyForbids,
            "not sent to another machine",
        ),
        (
            replace(ALONE, failed={OWN.account: ProviderUnavailable("OpenRouter")}),
            ProviderUnavailable,
            "OpenRouter cannot be reached",
        ),
        (
            replace(ALONE, own=None, sponsors=(GIVEN,), capped={SPONSOR_IDS[0]: CAP}),
            SponsorCapReached,
            "sponsor gives you, $0.50 a day, until 2026-12-01 00:00 UTC: bring your own key",
        ),
        (
            replace(
                ALONE,
                own=None,
                sponsors=(GIVEN,),
                held={GIVEN.account: Held(Refusal.LACKS_CREDIT, SOON)},
            ),
            ApiKeyLacksCredit,
            "nothing is left on the API key of this server's sponsor",
        ),
    ],
)
def test_where_nobody_may_answer_it_is_said_why(
    it: Situation, error: type[Exception], words: str
) -> None:
    found = plan(it)
    assert found.taken is None
    assert isinstance(found.error, error)
    assert words in found.error.message


@pytest.mark.parametrize(
    ("it", "model", "replaced"),
    [
        (replace(GUEST, wish=DEAR), "small:free", True),
        (replace(GUEST, wish=Wish("big")), "small:free", True),  # offered, and not to guests
        (replace(GUEST, wish=Wish("llama")), "llama", False),
        (replace(GUEST, wish=Wish("llama"), shared=True), "llama", False),
        (replace(GUEST, wish=DEAR, shared=True), "big", True),
        (replace(WITH_KEY, wish=DEAR, own_wished=WISHED), "dear", False),
        (replace(WITH_KEY, wish=DEAR), "big", True),
        (
            replace(
                WITH_KEY,
                wish=DEAR,
                own_wished=WISHED,
                failed={WISHED.account: ModelNotFound("OpenRouter", "dear")},
            ),
            "big",
            False,
        ),
        (
            replace(
                WITH_KEY,
                wish=DEAR,
                own_wished=WISHED,
                held={KEY_HELD: Held(Refusal.LACKS_CREDIT, SOON)},
                shared=True,
            ),
            "small:free",
            False,
        ),
        (replace(GUEST, wish=Wish("gpt", SpeakerKind.OPENAI)), "small:free", True),
    ],
)
def test_whose_model_answers_a_wish(it: Situation, model: str, replaced: bool) -> None:
    found = plan(it)
    assert found.taken
    assert found.taken.candidate
    assert found.taken.candidate.speaker.model == model
    assert found.replaces_wish is replaced


@pytest.mark.parametrize(
    ("it", "index", "obstacle", "words"),
    [
        (GUEST, 0, Obstacle.NO_KEY, "no key of your own"),
        (GUEST, 1, Obstacle.NOT_SHARED, "TZUROT_SHARE_OPERATOR_KEY"),
        (GUEST, 2, None, "`small:free` at OpenRouter answers you, which costs nothing there"),
        (GUEST, 4, None, "`llama` answers if those before it can't, on this server's own machine"),
        (WITH_KEY, 1, Obstacle.OWN_KEY_PAYS, "is for those who have none"),
        (
            replace(WITH_KEY, held={KEY_HELD: Held(Refusal.LACKS_CREDIT, SOON)}),
            0,
            Obstacle.LACKS_CREDIT,
            "Add credit there, or raise its limit. It is asked again in 7 minutes.",
        ),
        (
            replace(GUEST, policy=DataPolicy.NO_TRAINING),
            3,
            Obstacle.POLICY,
            "not trained on, and llm.example.org is not known to keep to that",
        ),
        (replace(GUEST, in_space=True), 1, Obstacle.NO_SPONSOR, "Nobody sponsors this server"),
        (SPONSORED, 1, None, "paid with the API key of this server's sponsor. They can't read"),
        (SPONSORED, 3, Obstacle.SPONSOR_PAYS, "doesn't take over from them"),
        (
            replace(SPONSORED, own=OWN),
            1,
            Obstacle.OWN_KEY_PAYS,
            "for OpenAI, is for those who have",
        ),
        (
            replace(SPONSORED, capped={SPONSOR_IDS[0]: CAP}),
            1,
            Obstacle.CAP_REACHED,
            "until 2026-12-01 00:00 UTC",
        ),
        (
            replace(SPONSORED, sponsors=(replace(GIVEN, priced=False),)),
            1,
            Obstacle.UNPRICED,
            "no cap of its sponsor's could hold",
        ),
        (
            replace(SPONSORED, policy=DataPolicy.NO_TRAINING),
            1,
            Obstacle.POLICY,
            "what the sponsor's account at OpenAI keeps is not known",
        ),
        (replace(SPONSORED, for_several=True), 1, Obstacle.FOR_SEVERAL, "sponsor doesn't pay"),
        (replace(GUEST, bundled_off=True), 5, Obstacle.SWITCHED_OFF, "TZUROT_BUNDLED_MODEL"),
    ],
)
def test_what_is_said_of_an_alternative(
    it: Situation, index: int, obstacle: Obstacle | None, words: str
) -> None:
    found = plan(it)
    alternative = found.alternatives[index]
    assert alternative.obstacle == obstacle
    assert words in explained(alternative, found, NOW)


@pytest.mark.parametrize(
    ("speaker", "strictest"),
    [
        (OPENROUTER, DataPolicy.NO_RETENTION),
        (OPENAI, DataPolicy.NO_TRAINING),
        (OPENED.speaker, DataPolicy.NONE),
        (OLLAMA.speaker, DataPolicy.LOCAL_ONLY),
        (replace(OLLAMA.speaker, model="gpt-oss:120b-cloud"), DataPolicy.NONE),
        (replace(OLLAMA.speaker, base_url="http://10.0.0.5:11434/v1"), DataPolicy.NONE),
        (replace(OLLAMA.speaker, api_key=KEY), DataPolicy.NONE),
    ],
)
def test_who_keeps_to_what(speaker: Speaker, strictest: DataPolicy) -> None:
    keeps = [it for it in DataPolicy if data_policy.kept_by(speaker, it)]
    assert keeps == [it for it in DataPolicy if it <= strictest]
