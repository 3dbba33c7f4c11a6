"""What only moderators may do: offered to nobody else, and looked at anew with each answer."""

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted_flows import Action, Kind, ScriptedFlows, View
from tests.fakes.discord import FakeDiscord

MANAGE_MESSAGES = 1 << 13
ACTIVATE = Kind(path="channel activate", summary="Let a character answer", needs_moderator=True)
SAVE = Action(key="save", label="Save")


async def test_c2_who_does_not_moderate_can_not_begin_and_who_no_longer_does_can_not_go_on(
    fake: FakeDiscord, flows: ScriptedFlows
) -> None:
    flows.offer(ACTIVATE, View(title="Lilith", actions=[SAVE]))
    flows.steps["save"] = lambda flow, _: flows.advance(flow, View(title="Saved"))
    channel, ada, bo = fake.add_channel("meadow"), fake.add_member("ada"), fake.add_member("bo")
    ada.permissions, bo.permissions = MANAGE_MESSAGES, 1 << 11

    async with a_bot(fake, flows.address):
        pass
    async with a_bot(fake, flows.address):
        refused = fake.slash(bo, channel, "channel activate")
        await fake.until(lambda: refused.replies)
        begun = fake.slash(ada, channel, "channel activate")
        await fake.until(lambda: begun.replies)
        ada.permissions = 0
        late = fake.click(ada, begun.replies[0], "Save")
        await fake.until(lambda: late.followups or late.replies)
        ada.permissions = MANAGE_MESSAGES
        fake.click(ada, begun.replies[0], "Save")
        await fake.until(lambda: flows.requests("SubmitFlow"))

    assert "may not do that" in refused.replies[0].content
    assert refused.replies[0].ephemeral
    assert "may not do that" in late.replies[-1].content
    (start,) = flows.requests("StartFlow")
    assert (start.place.platform, start.place.channel_id) == ("discord", str(channel.id))
    assert len(flows.requests("SubmitFlow")) == 1
    (command,) = [one for one in fake.world.commands if one["name"] == "channel"]
    assert command["default_member_permissions"] == str(MANAGE_MESSAGES)
    assert command["contexts"] == [0]
    assert len(fake.requested("PUT", "/applications/{application_id}/commands")) == 1


async def test_what_is_for_everybody_needs_no_permission(
    fake: FakeDiscord, flows: ScriptedFlows
) -> None:
    flows.offer(ACTIVATE, View(title="Lilith"))
    flows.offer(Kind(path="memory search", summary="Find"), View(title="Found", actions=[SAVE]))
    flows.steps["save"] = lambda flow, _: flows.advance(flow, View(title="Saved"))
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    ada.permissions = 0

    async with a_bot(fake, flows.address):
        begun = fake.slash(ada, channel, "memory search")
        await fake.until(lambda: begun.replies)
        fake.click(ada, begun.replies[0], "Save")
        await fake.until(lambda: flows.requests("SubmitFlow"))
