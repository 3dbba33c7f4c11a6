"""Nobody pays for another, whatever keys and settings there are; the operator by their own rule."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.conftest import Served
from tests.fakes import keys as hosts
from tests.fakes.keys import FakeInternet
from tests.wallet.keys.test_keys import a_key
from tzurot.account import people
from tzurot.account.subjects import Subject
from tzurot.errors import DataPolicyForbids, NoPayingKey
from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.session.limits.limits import take_key_check
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller
from tzurot.wallet.catalogue.catalogue import Catalogue
from tzurot.wallet.keys.checking import Checking
from tzurot.wallet.keys.choosing import Choosing
from tzurot.wallet.keys.keys import Keys, NewKey
from tzurot.wallet.keys.master_keys import MasterKeys, Ring
from tzurot.wallet.keys.own import OwnModels
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.paying import SERVER, Payer, Wallet
from tzurot.wallet.sponsors.paying import Space, SponsoredModels
from tzurot.wallet.sponsors.sponsors import Gift, Sponsors
from tzurot.wallet.usage.attempts import Cause, Purpose

CAUSE = Cause(Purpose.CHAT, uuid4(), "Lilith")

NOBODY = "http://127.0.0.1:1"
OPERATORS = SecretStr("sk-of-the-operator")
BOUGHT = Speaker(SpeakerKind.OPENAI, "OpenAI", "big", NOBODY, OPERATORS, uses_operator_key=True)
FREE = Speaker(SpeakerKind.OLLAMA, "Ollama", "small", NOBODY)
PRICES = Catalogue().price
MASTER_KEYS = MasterKeys.new()
PLATFORMS = ("local", "discord", "discord")


@dataclass(frozen=True, slots=True)
class World:
    """What was decided: whose keys came in which order, and which of them went again.

    `sponsored`: somebody else gives a key to the space that they are in.
    """

    keys: Sequence[tuple[int, Provider, bool]]
    operators: Sequence[Speaker]
    shared: bool
    sponsored: bool


worlds = st.builds(
    World,
    keys=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(list(Provider)), st.booleans()), max_size=5
    ),
    operators=st.permutations([BOUGHT, FREE]).flatmap(
        lambda both: st.integers(0, 2).map(lambda count: both[:count])
    ),
    shared=st.booleans(),
    sponsored=st.booleans(),
)


@given(world=worlds)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nobody_pays_for_another(vault: Served, internet: FakeInternet, world: World) -> None:
    database = vault.running.parts.database
    ring, checking = Ring(lambda: MASTER_KEYS), Checking(internet.fetcher)
    keys = Keys(database, ring, checking, partial(take_key_check, database))
    space = Space("discord", uuid4().hex)
    payers = [replace(await _met(vault, platform), space=space) for platform in PLATFORMS]
    sponsor = await _met(vault, "discord")
    given = await _give(keys, database, internet, (sponsor, space)) if world.sponsored else None
    own: list[dict[UUID, tuple[Provider, str]]] = [{} for _ in payers]
    for number, (whose, provider, stays) in enumerate(world.keys):
        secret = a_key()
        internet.knows(secret)
        base_url = f"https://{hosts.OWN}/v1" if provider is Provider.COMPATIBLE else ""
        new = NewKey(provider, str(number), SecretStr(secret), base_url)
        payer = payers[whose]
        row = await keys.create(_caller(payer), new)
        own[whose][row.id] = (provider, secret)
        if not stays:
            await keys.delete(payers[whose].person_id, row.id)
            del own[whose][row.id]

    async with connections() as http, _theirs(keys, database, internet) as theirs:
        models = [OpenAICompatibleModel(it, http) for it in world.operators]
        sponsored = SponsoredModels(database, theirs, PRICES)
        wallet = Wallet(models, world.shared, theirs, sponsored)
        for payer, mine in zip(payers, own, strict=True):
            speaking = [secret for provider, secret in mine.values() if TERMS[provider].kind]
            await _require_theirs(wallet, world, payer, speaking, given)
            async with database.reading() as tx:
                themselves = str(payer.person_id) if speaking else SERVER
                assert await wallet.payer_of(tx, payer.person_id) == themselves
                there = await wallet.payer_of(tx, payer.person_id, space)
                gave = given and not speaking
                assert there == (str(sponsor.person_id) if gave else themselves)


async def _require_theirs(
    wallet: Wallet, world: World, payer: Payer, speaking: Sequence[str], given: str | None
) -> None:
    """What is asked for somebody is sent with the key that it is to be sent with."""
    others = _expected(world, payer, [])
    assert await _sent(wallet, payer) == (speaking[-1] if speaking else given or others)
    assert await _sent(wallet, payer, for_several=True) == others
    alone = replace(payer, space=None)  # in private, and for all that is asked later
    assert await _sent(wallet, alone) == _expected(world, payer, speaking)
    demanding = replace(payer, policy=DataPolicy.NO_TRAINING)
    assert given is None or await _sent(wallet, demanding) != given
    beside = [it.speaker for it in await wallet.beside(payer, CAUSE)]
    may = world.shared or payer.subject.startswith("local:")
    may = may and not (speaking or given)
    assert (BOUGHT in beside) == (BOUGHT in world.operators and may)
    assert (FREE in beside) == (FREE in world.operators)


async def _give(
    keys: Keys, database: Database, internet: FakeInternet, to: tuple[Payer, Space]
) -> str:
    """Somebody's key pays in a space from now on."""
    who, space, secret = _caller(to[0]), to[1], a_key()
    internet.knows(secret)
    row = await keys.create(who, NewKey(Provider.OPENAI, "given", SecretStr(secret)))
    gift = Gift(space.platform, space.space_id, row.id, 10**6, 10**6)
    await Sponsors(database, Choosing(database, Catalogue()), PRICES).put(who, gift)
    return secret


def _caller(payer: Payer) -> Caller:
    return Caller(payer.person_id, uuid4(), payer.subject, frozenset(), uuid4())


def _theirs(
    keys: Keys, database: Database, internet: FakeInternet
) -> AbstractAsyncContextManager[OwnModels]:
    return OwnModels.open(keys, Choosing(database, Catalogue()), internet.fetcher)


async def _sent(wallet: Wallet, payer: Payer, *, for_several: bool = False) -> str | None:
    """The key that a turn of theirs is sent with; empty: none is needed; None: nobody answers."""
    try:
        model = await wallet.model_for(payer, CAUSE, for_several=for_several)
    except (NoPayingKey, DataPolicyForbids):
        return None
    key = model.speaker.api_key
    return key.get_secret_value() if key else ""


def _expected(world: World, payer: Payer, speaking: Sequence[str]) -> str | None:
    if speaking:
        return speaking[-1]
    for speaker in world.operators:
        if speaker is FREE:
            return ""
        if world.shared or payer.subject.startswith("local:"):
            return OPERATORS.get_secret_value()
    return None


async def _met(vault: Served, platform: str) -> Payer:
    subject = Subject(f"{platform}:{uuid4().hex}")
    async with vault.running.parts.database.transaction() as tx:
        return Payer(await people.meet(tx, subject), subject)
