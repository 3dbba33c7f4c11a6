"""Where words are left outside of tables: in a dump, and in Weaviate."""

import asyncio
import json
from asyncio.subprocess import PIPE
from typing import Any

import httpx2

from tests.weaviate_server import WeaviateServer
from tzurot.storage import bundle


async def dump(url: str) -> str:
    """The whole database, as its operator would back it up."""
    process = await asyncio.create_subprocess_exec(
        bundle.installed() / "bin" / "pg_dump",
        "--data-only",
        "--inserts",
        url.replace("+psycopg", ""),
        stdout=PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


async def objects(server: WeaviateServer) -> list[str]:
    """All objects of all tenants of all collections, each with all that is stored of it."""
    headers = {"Authorization": f"Bearer {server.api_key}"}
    found: list[str] = []
    async with httpx2.AsyncClient(base_url=f"{server.url}/v1", headers=headers) as http:

        async def ask(path: str, **query: str) -> Any:
            answer = await http.get(path, params=query)
            answer.raise_for_status()
            return answer.json()

        for collection in (await ask("/schema"))["classes"]:
            name = collection["class"]
            for tenant in await ask(f"/schema/{name}/tenants"):
                page = await ask("/objects", **{"class": name}, tenant=tenant["name"], limit="1000")
                found += map(json.dumps, page["objects"])
    return found
