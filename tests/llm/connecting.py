"""Connections to models on this machine."""

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@asynccontextmanager
async def connections() -> AsyncGenerator[httpx2.AsyncClient]:
    """As a server's, but without the certificates of the internet, which take long to load."""
    async with httpx2.AsyncClient(verify=_NO_TLS, trust_env=False) as http:
        yield http
