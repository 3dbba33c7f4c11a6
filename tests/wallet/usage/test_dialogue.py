"""The dialogue `wallet usage`: sums to look at, and budgets to set."""

from io import BytesIO

from PIL import Image

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


async def test_the_days_are_drawn(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    usage = await Dialogue.start(ada, "wallet usage")
    assert "chart" not in {it.key for it in usage.view.actions}
    served.provider.reset()
    served.provider.script(Reply("Good evening.", cost=1.25))
    await said(ada, "Hi.", lilith)
    await usage.answer("look", by="model", days="7")
    await usage.answer("chart")
    assert usage.view.document.name == "usage.png"
    picture = Image.open(BytesIO(usage.view.document.content))
    assert _bars(picture) == [6]
    await usage.answer("back")
    assert not usage.view.HasField("document")
    assert usage.view.title == "What was spent"


def _bars(picture: Image.Image) -> list[int]:
    """Which of seven days have a bar: what is blue in their middle, just above the ground."""
    room = (1000 - 110 - 24) / 7
    middles = [110 + room * (day + 0.45) for day in range(7)]
    ground = 420 - 52 - 3
    return [
        day
        for day, x in enumerate(middles)
        if picture.getpixel((round(x), ground)) == (0x3A, 0x7B, 0xD5)
    ]
