"""The year is lived once for all of its tests."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.conftest import a_database, a_server
from tests.fakes.provider import FakeProvider
from tests.memory.year import asking, script
from tests.memory.year.asking import Answer
from tests.memory.year.living import Moment, Year
from tests.memory.year.script import BEGIN, Script
from tests.session.stage import set_up
from tzurot import clock
from tzurot.memory.meaning import Meaning
from tzurot.session.summaries import summarizing
from tzurot_client import connect
from tzurot_client.gen.tzurot.memory.v1 import Fact, FactState

_NEVER = "0 0 29 2 *"


@dataclass(frozen=True, slots=True)
class Lived:
    """What is left of the year."""

    script: Script
    answers: Sequence[Answer]
    facts: Sequence[Fact]
    """Those that count."""
    superseded: Sequence[Fact]


@pytest.fixture(scope="package")
async def lived(postgres: str, meaning: Meaning, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The year, and what came of the questions at its end; the clock is right again after it."""
    written, moment = script.read(), Moment(BEGIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment.now)
        patch.setattr(summarizing, "SUMMARIZE_CRON", _NEVER)  # the year says when
        async with (
            a_database(postgres) as url,
            FakeProvider.start() as model,
            a_server(
                url,
                tmp_path_factory.mktemp("home"),
                model="scripted",
                model_base_url=model.base_url,
            ) as server,
            connect(server.address, server.token) as client,
            set_up(server, model, client) as stage,
        ):
            year = Year(stage, written, moment, await stage.character("Mira"))
            await year.live()
            facts = await year.facts()
            superseded = await year.facts(FactState.SUPERSEDED)
            return Lived(written, await asking.answers(year, meaning), facts, superseded)
