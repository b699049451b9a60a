# SPDX-License-Identifier: BSD-3-Clause
# Streams and datagrams on one port: everything comes back in capitals; "stop" ends the server.
import asyncio
import sys


class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data.upper(), addr)


async def main(port):
    loop = asyncio.get_running_loop()
    stop = loop.create_future()

    async def serve(reader, writer):
        while line := await reader.readline():
            writer.write(line.upper())
            await writer.drain()
            if line == b"stop\n" and not stop.done():
                stop.set_result(None)
        writer.close()

    server = await asyncio.start_server(serve, "0.0.0.0", port, reuse_port=True)
    await loop.create_datagram_endpoint(Datagrams, local_addr=("0.0.0.0", port), reuse_port=True)
    print("ready", flush=True)
    async with server:
        await stop
        await asyncio.sleep(0.2)


asyncio.run(main(int(sys.argv[1])))
