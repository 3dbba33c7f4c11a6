"""The channels of a server are listed page by page, each once, those changed last first."""

from dataclasses import replace
from uuid import uuid4

from tests.session.channeling import activates
from tests.session.stage import Stage
from tzurot_client.gen.tzurot.session.v1 import ListChannelsRequest


async def test_all_channels_of_a_server_are_listed_page_by_page(stage: Stage) -> None:
    ada, lilith, space = stage.person(), await stage.character(), uuid4().hex
    places = [replace(stage.channel(), space_id=space) for _ in range(5)]
    for place in places:
        await activates(ada, place, lilith)
    found: list[str] = []
    token = ""
    while True:
        request = ListChannelsRequest(
            platform="local", space_id=space, page_size=2, page_token=token
        )
        page = await ada.client.channel.list_channels(request)
        assert len(page.channels) <= 2
        found += [it.place.channel_id for it in page.channels if it.place]
        token = page.next_page_token
        if not token:
            break
    assert found == [place.channel_id for place in reversed(places)]
