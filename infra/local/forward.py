"""Passes on what comes to ports of one address to the same ports of 127.0.0.1, byte for byte:
`forward.py ADDRESS PORT…`."""

import asyncio
import contextlib
import sys


async def pour(source, sink):
    with contextlib.suppress(OSError):
        while some := await source.read(65536):
            sink.write(some)
            await sink.drain()
    sink.close()


async def main(address, *ports):
    for port in map(int, ports):

        async def pass_on(reader, writer, port=port):
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(pour(reader, inner_writer), pour(inner_reader, writer))

        await asyncio.start_server(pass_on, address, port)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
