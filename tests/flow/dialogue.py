"""A flow as a client has it: what is shown, and answering it.

edit = await Dialogue.start(mira, "character edit", character="lilith")
await edit.answer("identity", name="Lilith")
assert edit.view.notice == "Saved."
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.calling import Client, Refusal, request_for
from tzurot.flow.v1 import flow_pb2

OPEN = flow_pb2.FLOW_STATE_OPEN
WORKING = flow_pb2.FLOW_STATE_WORKING
DONE = flow_pb2.FLOW_STATE_DONE
CLOSED = flow_pb2.FLOW_STATE_CLOSED

Entered = str | Sequence[str]


@dataclass(slots=True)
class Dialogue:
    """A client's flow, as it was shown last."""

    client: Client
    flow: Any

    @classmethod
    async def start(cls, client: Client, path: str, **arguments: str) -> "Dialogue":
        """Begin a flow."""
        return cls(client, (await client.call("StartFlow", starting(path, **arguments))).flow)

    @property
    def view(self) -> Any:
        """What is shown."""
        return self.flow.view

    @property
    def actions(self) -> list[str]:
        """The keys of what can be done."""
        return [action.key for action in self.view.actions]

    @property
    def items(self) -> dict[str, str]:
        """Keys of items by their titles."""
        return {item.title: item.key for item in self.view.items}

    def field(self, key: str) -> Any:
        """A field that is asked."""
        return next(field for field in self.view.fields if field.key == key)

    def item(self, title: str) -> Any:
        """The item whose title begins so."""
        return next(item for item in self.view.items if item.title.startswith(title))

    async def answer(self, action: str, **entered: Entered) -> Any:
        """Answer what is shown."""
        answered = await self.client.call("SubmitFlow", self.submission(action, **entered))
        self.flow = answered.flow
        return self.flow.view

    async def choose(self, title: str) -> Any:
        """Choose the item whose title begins so."""
        return await self.answer(self.view.item_action, item=self.item(title).key)

    async def decide(self, setting: str, value: str, **entered: Entered) -> Any:
        """Choose a setting of those that are listed, and decide it."""
        await self.answer(self.view.item_action, item=setting)
        return await self.answer("decide", value=value, **entered)

    async def refused(self, action: str, **entered: Entered) -> Refusal:
        """How an answer is refused."""
        return await self.client.refused("SubmitFlow", self.submission(action, **entered))

    async def look(self) -> Any:
        """Have it drawn again."""
        self.flow = (await self.client.call("GetFlow", self.named("GetFlow"))).flow
        return self.flow.view

    async def watch(self) -> list[Any]:
        """Follow the work to its end: every flow that was told."""
        told = await self.client.call("WatchFlow", self.named("WatchFlow"))
        self.flow = told[-1].flow
        return [one.flow for one in told]

    async def upload(self, content: bytes, **header: Any) -> str:
        """Send a file; returns its id."""
        parts = upload_of(self.flow.id, content, **header)
        return (await self.client.call("UploadFlowFile", parts)).file_id

    def submission(self, action: str, **entered: Entered) -> Any:
        """The request that answers what is shown."""
        answers = [
            {"key": key, "values": [values] if isinstance(values, str) else list(values)}
            for key, values in entered.items()
        ]
        return request_for(
            "SubmitFlow", flow_id=self.flow.id, etag=self.flow.etag, action=action, answers=answers
        )

    def named(self, rpc: str) -> Any:
        """A request of an RPC that only names the flow."""
        return request_for(rpc, flow_id=self.flow.id)


def starting(path: str, request_id: str = "", **arguments: str) -> Any:
    """A StartFlow request."""
    return request_for("StartFlow", path=path, arguments=arguments, request_id=request_id)


def upload_of(flow_id: str, content: bytes, **header: Any) -> list[Any]:
    """The parts of an upload, the header with other values where `header` has some."""
    described = {
        "flow_id": flow_id,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "name": "lilith.json",
    }
    size = 60_000
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    return [
        request_for("UploadFlowFile", header=described | header),
        *(request_for("UploadFlowFile", chunk=chunk) for chunk in chunks),
    ]


async def create(client: Client, **personality: Any) -> Any:
    """A character of the client's."""
    wanted = {"name": "Lilith", "slug": f"lilith-{uuid4().hex[:12]}"} | personality
    request = request_for("CreatePersonality", personality=wanted)
    return (await client.call("CreatePersonality", request)).personality


async def get(client: Client, personality_id: str) -> Any:
    """A character as it is now."""
    request = request_for("GetPersonality", personality={"id": personality_id})
    return (await client.call("GetPersonality", request)).personality


async def change(client: Client, personality_id: str, **values: Any) -> Any:
    """Change a character past all flows."""
    request = request_for("UpdatePersonality", ref={"id": personality_id}, personality=values)
    return (await client.call("UpdatePersonality", request)).personality


async def delete(client: Client, personality_id: str) -> None:
    """Delete a character past all flows."""
    await client.call(
        "DeletePersonality", request_for("DeletePersonality", personality={"id": personality_id})
    )
