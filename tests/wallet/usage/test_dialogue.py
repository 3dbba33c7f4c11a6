"""The dialogue `wallet usage`: sums to look at, and budgets to set."""

from tests.conftest import Served
from tests.fakes.provider import Reply
from tests.flow.dialogue import Dialogue
from tests.wallet.spending import character, said


async def test_usage_is_looked_at_and_a_budget_is_set(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    served.provider.reset()
    served.provider.script(Reply("Good evening.", cost=1.25))
    usage = await Dialogue.start(ada, "wallet usage")
    assert usage.view.body == "No model was asked for you in this time."
    await said(ada, "Hi.", lilith)
    await usage.answer("look", by="model", days="1")
    assert usage.view.body.startswith("Altogether $1.25 · ")
    (item,) = usage.view.items
    assert item.title.startswith("scripted (")
    assert "1 request" in item.text
    await usage.answer("budget", period="day", dollars="$2.50", tokens="")
    assert usage.view.body.splitlines()[0] == "It is set."
    assert "Your budget for a day: $1.25 of $2.50. 50 % are reached." in usage.view.body
    await usage.answer("budget", period="day", dollars="much", tokens="-1")
    assert {it.key: it.error for it in usage.view.fields if it.error} == {
        "dollars": "A number of dollars such as 1.50, or nothing.",
        "tokens": "A number of tokens such as 200000, or nothing.",
    }
    await usage.answer("budget", period="day", dollars="", tokens="")
    assert usage.view.body.startswith("It is ended.")
    assert "Your budget" not in usage.view.body
