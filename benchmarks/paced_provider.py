"""An OpenAI-compatible address that costs next to nothing: one canned reply, word after word."""

import asyncio
import json
import time

WORDS = 39
PAUSE = 0.002  # seconds between words: faster than any model, slow enough to be read one by one


def _chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    body = {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "paced",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    data = f"data: {json.dumps(body)}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKS = [_chunk({"content": f"word{number} "}) for number in range(WORDS)]
LAST = _chunk({}, "stop") + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
NOBODY = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"

arrivals: list[float] = []


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection for as long as it asks."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET"):  # which models there are
                writer.write(NOBODY)
                continue
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            )
            await reader.readexactly(length)
            arrivals.append(time.time())
            writer.write(HEAD)
            for chunk in CHUNKS:
                writer.write(chunk)
                await asyncio.sleep(PAUSE)
            writer.write(LAST)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def report(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Tell when requests arrived since the last time, as JSON."""
    writer.write(json.dumps(arrivals).encode())
    arrivals.clear()
    await writer.drain()
    writer.close()


async def main() -> None:
    """Serve until killed; prints the two ports."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    reports = await asyncio.start_server(report, "127.0.0.1", 0)
    ports = [s.sockets[0].getsockname()[1] for s in (server, reports)]
    print(json.dumps(ports), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
