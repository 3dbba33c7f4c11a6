import json
from pathlib import Path
from tests.walkthrough import walk
from tests.fakes.discord import FakeDiscord

async def test_walk(running_server, provider):
    async with FakeDiscord.start() as fake:
        screens = await walk(fake, running_server, provider)
        fake.check()
    Path("/tmp/screens.json").write_text(json.dumps(screens, indent=1, ensure_ascii=False))
