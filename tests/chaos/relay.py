#!/usr/bin/env python3
"""Passes TCP connections on, and cuts them when told: `relay.py FROM:TO...` (ports on loopback). On SIGUSR1 about half of
the connections that are open get a reset, in the middle of whatever they carry."""
import asyncio
import random
import signal
import socket
import struct
import sys

BLOCK_BYTES = 1 << 16
RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER without lingering


class Relay:
    def __init__(self, dice):
        self.dice = dice
        self.open = set()

    async def serve(self, port, target):
        return await asyncio.start_server(lambda reader, writer: self.carry(reader, writer, target), "127.0.0.1", port)

    async def carry(self, reader, writer, target):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, far_writer)
        for one in pair:
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.open.add(pair)
        try:
            await asyncio.gather(self.pump(reader, far_writer), self.pump(far_reader, writer))
        finally:
            self.open.discard(pair)
            for one in pair:
                one.transport.abort()

    @staticmethod
    async def pump(reader, writer):
        try:
            while block := await reader.read(BLOCK_BYTES):
                writer.write(block)
                await writer.drain()
            writer.write_eof()
        except (OSError, RuntimeError):
            writer.transport.abort()

    def reset(self):
        for pair in list(self.open):
            if self.dice.random() < 0.5:
                for one in pair:
                    one.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
                    one.transport.abort()


async def main():
    relay = Relay(random.Random(sys.argv[1]))
    servers = [await relay.serve(*map(int, pair.split(":"))) for pair in sys.argv[2:]]
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, relay.reset)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main())
