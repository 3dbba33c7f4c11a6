"""The REST side: every request is recorded, judged, counted and answered here, in that order."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord import applications, channels, interactions, webhooks
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.oracle import Operation, Oracle
from tests.fakes.discord.platform import Platform
from tests.fakes.discord.rules import EMPTY_MESSAGE, breaches
from tests.fakes.discord.wire import ApiError, File, Json, Reply, Request, invalid

PREFIX = "/api/v10"
Answer = Callable[[Platform, Request], Reply]

ANSWERS: Mapping[str, Answer] = {
    "get_my_user": applications.get_my_user,
    "get_my_oauth2_application": applications.get_my_application,
    "get_gateway": applications.get_gateway,
    "get_bot_gateway": applications.get_bot_gateway,
    "list_application_commands": applications.list_commands,
    "bulk_set_application_commands": applications.put_commands,
    "list_application_emojis": applications.list_emojis,
    "create_application_emoji": applications.create_emoji,
    "get_application_emoji": applications.get_emoji,
    "delete_application_emoji": applications.delete_emoji,
    "create_dm": channels.create_dm,
    "get_channel": channels.get_channel,
    "trigger_typing_indicator": channels.trigger_typing,
    "get_guild_member": channels.get_guild_member,
    "get_thread_member": channels.get_thread_member,
    "list_messages": channels.list_messages,
    "get_message": channels.get_message,
    "create_message": channels.create_message,
    "update_message": channels.update_message,
    "delete_message": channels.delete_message,
    "list_channel_webhooks": webhooks.list_channel_webhooks,
    "create_webhook": webhooks.create_webhook,
    "get_webhook": webhooks.get_webhook,
    "delete_webhook": webhooks.delete_webhook,
    "get_webhook_by_token": webhooks.get_webhook_by_token,
    "execute_webhook": webhooks.execute_webhook,
    "get_webhook_message": webhooks.get_webhook_message,
    "update_webhook_message": webhooks.update_webhook_message,
    "delete_webhook_message": webhooks.delete_webhook_message,
    "get_original_webhook_message": webhooks.get_webhook_message,
    "update_original_webhook_message": webhooks.update_webhook_message,
    "delete_original_webhook_message": webhooks.delete_webhook_message,
    "create_interaction_response": interactions.respond,
}
# These carry their own secret in the path (or need none); everything else needs the bot's token.
WITHOUT_BOT_TOKEN = ("get_gateway", "create_interaction_response")


class Rest:
    """Answers everything below /api/v10."""

    def __init__(self, platform: Platform, oracle: Oracle) -> None:
        self._platform = platform
        self._oracle = oracle
        self._limits = Limits(platform.terms)

    async def serve(self, incoming: web.Request) -> web.Response:
        try:
            return await self._serve(incoming)
        except Exception as bug:  # would look like a 500 of Discord's, which clients retry
            where = f"{incoming.method} {incoming.path}"
            self._platform.violations.append(f"the fake failed at {where}: {bug!r}")
            raise

    async def _serve(self, incoming: web.Request) -> web.Response:
        path = incoming.path.removeprefix(PREFIX)
        found = self._oracle.match(incoming.method, path)
        if found is None:
            self._platform.violations.append(
                f"{incoming.method} {path}: no operation of the schema"
            )
            return _response(ApiError(404, 0, "404: Not Found").reply())
        operation, parameters = found
        body, files = await _body(incoming)
        request = Request(
            incoming.method,
            operation.template,
            parameters,
            dict(incoming.query),
            dict(incoming.headers),
            body,
            files,
        )
        self._platform.requests.append(request)
        self._platform.notify()
        for hold in list(self._platform.holds):
            await hold.delay(request)
        headers, limited = self._limits.admit(request)
        reply = limited or self._answer(operation, request)
        request.status = reply.status
        self._platform.notify()
        return _response(reply, headers)

    def _answer(self, operation: Operation, request: Request) -> Reply:
        wrong = self._judge(operation, request)
        if fault := self._fault(request):
            return fault
        if EMPTY_MESSAGE in wrong:
            return ApiError(400, 50006, "Cannot send an empty message").reply()
        if wrong:
            return invalid(body="; ".join(wrong)).reply()
        try:
            self._authenticate(operation, request)
            reply = ANSWERS[operation.id](self._platform, request)
        except ApiError as refusal:
            return refusal.reply()
        for fault_of_ours in self._oracle.reply_faults(operation, reply.status, reply.body):
            self._platform.violations.append(f"reply to {operation.id}: {fault_of_ours}")
        return reply

    def _judge(self, operation: Operation, request: Request) -> list[str]:
        """What is wrong with this request, noted as violations too."""
        wrong = self._oracle.request_faults(operation, request.query, request.json)
        if not wrong:  # the rules rely on the shapes that the schema promises
            wrong = breaches(operation.id, request.json, request.files)
        self._platform.violations += [f"{operation.id}: {sentence}" for sentence in wrong]
        return wrong

    def _authenticate(self, operation: Operation, request: Request) -> None:
        if "webhook_token" in request.path or operation.id in WITHOUT_BOT_TOKEN:
            return
        if request.headers.get("Authorization") != f"Bot {self._platform.terms.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _fault(self, request: Request) -> Reply | None:
        """The answer that a test has ordered instead of the true one."""
        for fault in self._platform.faults:
            if (fault.method, fault.template) == (request.method, request.template):
                fault.times -= 1
                if fault.times == 0:
                    self._platform.faults.remove(fault)
                return fault.reply
        return None


async def _body(incoming: web.Request) -> tuple[Any, dict[str, File]]:
    """The decoded JSON and the files of a request."""
    if not incoming.can_read_body:
        return None, {}
    if incoming.content_type != "multipart/form-data":
        raw = await incoming.read()
        return (json.loads(raw) if raw else None), {}
    payload: Json = {}
    files: dict[str, File] = {}
    async for part in await incoming.multipart():
        assert isinstance(part, BodyPartReader) and part.name
        content = bytes(await part.read())
        if part.name == "payload_json":
            payload = json.loads(content)
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = File(part.filename or part.name, kind, content)
    return payload, files


def _response(reply: Reply, headers: Mapping[str, str] | None = None) -> web.Response:
    """The bytes: the content type must be application/json and nothing more.

    With a charset behind it discord.py takes the body for plain text.
    """
    every = {**(headers or {}), **reply.headers}
    if reply.body is None:
        return web.Response(status=reply.status, headers=every)
    content = json.dumps(reply.body).encode()
    every["Content-Type"] = "application/json"
    return web.Response(status=reply.status, body=content, headers=every)
