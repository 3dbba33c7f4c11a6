"""The CDN: application emojis at their permanent address, and attachments."""

from aiohttp import web

from tests.fakes.discord.state import World


class Cdn:
    """Answers /cdn/…; nothing here needs a token."""

    PREFIX = "/cdn"

    def __init__(self, world: World) -> None:
        self._world = world

    async def emoji(self, request: web.Request) -> web.Response:
        """GET /emojis/{id}.png; the real one converts to the extension asked for, this one not."""
        stem, _, _ = request.match_info["file"].partition(".")
        emoji = self._world.emojis.get(int(stem)) if stem.isdecimal() else None
        if emoji is None:
            raise web.HTTPNotFound
        return web.Response(body=emoji.image, content_type=emoji.content_type)

    async def attachment(self, request: web.Request) -> web.Response:
        stored = self._world.files.get(request.path.removeprefix(self.PREFIX))
        if stored is None:
            raise web.HTTPNotFound
        return web.Response(body=stored[1], content_type=stored[0])
