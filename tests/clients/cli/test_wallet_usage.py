"""Usage and budgets on the command line, with a real server."""

import csv
from pathlib import Path

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served
from tests.fakes.provider import Reply as Scripted
from tests.wallet.spending import character, said
from tzurot_cli.screen import paid_line
from tzurot_cli.talk import Reply
from tzurot_cli.wallet_usage import bar, dollars
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, Failure
from tzurot_client.gen.tzurot.session.v1 import ProviderAttempt, TurnFinished
from tzurot_client.gen.tzurot.wallet.v1 import PaymentRoute


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


@pytest.mark.parametrize(
    ("weight", "most", "drawn"),
    [(0, 0, ""), (0, 9, ""), (8, 8, "█" * 24), (1, 2, "█" * 12), (1, 192, "▏"), (9, 192, "█▏")],
)
def test_a_bar_is_as_long_as_its_share(weight: int, most: int, drawn: str) -> None:
    assert bar(weight, most) == drawn


@pytest.mark.parametrize(
    ("micros", "told"),
    [
        (0, "$0.0000"),
        (38, "$0.000038"),
        (100, "$0.0001"),
        (1_500, "$0.0015"),
        (1_234_567_890, "$1,234.57"),
    ],
)
def test_money_is_told_as_exactly_as_it_matters(micros: int, told: str) -> None:
    assert dollars(micros) == told


OWN, SERVERS, NOBODYS = PaymentRoute.OWN_KEY, PaymentRoute.OPERATORS_KEY, PaymentRoute.LOCAL


@pytest.mark.parametrize(
    ("asked", "another", "told"),
    [
        ([(OWN, 9, 1_500)], False, "by m, paid with your own key: $0.0015"),
        ([(OWN, 9, None)], False, "by m, paid with your own key: ?"),
        ([(OWN, 9, 1_500), (OWN, 9, None)], False, "by m, paid with your own key: $0.0015 + ?"),
        ([(OWN, 0, 0), (OWN, 9, 7)], False, "by m, paid with your own key: $0.000007"),
        ([(OWN, 0, 0), (NOBODYS, 9, 0)], True, "by m, which costs nobody anything"),
        ([(SERVERS, 9, 1_500)], True, "by m, paid by whoever runs the server: $0.0015"),
        ([(SERVERS, 9, 1_500)], False, ""),
        ([], True, ""),
    ],
)
def test_below_a_reply_stands_who_paid_for_whom_it_is_a_question(
    asked: list[tuple[PaymentRoute, int, int | None]], another: bool, told: str
) -> None:
    attempts = [
        ProviderAttempt(model="m", payer=payer, prompt_token_count=tokens, cost_micros=micros)
        for payer, tokens, micros in asked
    ]
    notices = [Failure(reason=ErrorReason.ANSWERED_BY_ANOTHER)] if another else []
    reply = Reply(streamed="Hi.", notices=notices, finished=TurnFinished(attempts=attempts))
    assert paid_line(reply) == told


async def test_usage_is_shown_with_bars_and_written_to_a_file(ada: Person) -> None:
    lilith = await character(ada.client)
    ended = await ada.run("wallet", "usage")
    assert ended.out == "No model was asked for you in this time.\n"
    ada.served.provider.reset()
    ada.served.provider.script(Scripted("A", cost=0.5), Scripted("B"))
    await said(ada.client, "Hi.", lilith)
    await said(ada.client, "Hi.", lilith)
    shown = (await ada.run("wallet", "usage", "--by", "purpose")).out.splitlines()
    assert shown[0].split()[:5] == ["purpose", "cost", "in", "out", "requests"]
    assert shown[1].startswith("chat")
    assert shown[1].endswith("█" * 24)
    assert shown[2].startswith("Altogether $0.5000 + ?: ")
    assert shown[3] == "Of 1 requests nobody knows what they cost."
    file = ada.home / "usage.csv"
    assert await ada.document("wallet", "usage", "--csv", str(file)) == {"records": 2}
    with file.open(newline="") as opened:
        first, second = csv.DictReader(opened)
    assert (first["cost_micros"], first["outcome"]) == ("500000", "answered")
    assert second["cost_micros"] == ""
    total = (await ada.document("wallet", "usage", "--by", "character"))["total"]
    assert total["attempt_count"] == "2"


async def test_budgets_are_set_listed_and_removed(ada: Person) -> None:
    ended = await ada.run("wallet", "budget", "set", "day", "--dollars", "1.5")
    assert (ended.code, ended.out) == (0, "$1.50 a day, of which $0.0000 is spent.\n")
    ended = await ada.run("wallet", "budget", "set", "month", "--tokens", "1000")
    assert ended.out == "1,000 tokens a month, of which 0 tokens is spent.\n"
    listed = (await ada.document("wallet", "budget", "list"))["budgets"]
    assert [it["period"] for it in listed] == ["BUDGET_PERIOD_DAY", "BUDGET_PERIOD_MONTH"]
    assert "1,000 tokens" in (await ada.run("wallet", "budget", "list")).out
    ended = await ada.run("wallet", "budget", "remove", "day")
    assert ended.out == "It is ended: any number may be spent.\n"
    assert len((await ada.document("wallet", "budget", "list"))["budgets"]) == 1
    ended = await ada.run("wallet", "budget", "set", "day")
    assert (ended.code, ended.out) == (2, "")
    ended = await ada.run("wallet", "budget", "remove", "day", "--key", "mine")
    assert ended.err.startswith("You have no such key.")


async def test_who_moderates_a_channel_has_budgets_for_it(ada: Person) -> None:
    where = ("--channel", "local:1/budgeted")
    ended = await ada.run("wallet", "budget", "set", "day", "--dollars", "2", *where)
    assert (ended.code, ended.out) == (0, "$2.00 a day, of which $0.0000 is spent.\n")
    (listed,) = (await ada.document("wallet", "budget", "list", *where))["budgets"]
    assert (listed["scope"], listed["channel_id"]) == ("BUDGET_SCOPE_CHANNEL", "budgeted")
    assert (await ada.document("wallet", "budget", "list"))["budgets"] == []
    ended = await ada.run("wallet", "budget", "list", "--channel", "discord:1/budgeted")
    assert ended.code != 0
    ended = await ada.run("wallet", "budget", "list", "--server", *where)
    assert ended.err == "Name one of --server and --channel.\n"
    ended = await ada.run("wallet", "budget", "remove", "day", *where)
    assert ended.out == "It is ended: any number may be spent.\n"


async def test_the_operator_has_budgets_too(ada: Person) -> None:
    slug = await ada.character("Lilith")
    much = ("--tokens", "1000000000")
    ended = await ada.run("wallet", "budget", "set", "day", *much, "--character", slug)
    assert (ended.code, ended.err) == (0, "")
    shown = (await ada.run("wallet", "budget", "list", "--server")).out
    assert "character" in shown
    ended = await ada.run("wallet", "budget", "set", "day", *much, "--character", slug, "--server")
    assert ended.err == "Name one of --key, --character, --server and --channel.\n"
