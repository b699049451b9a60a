# SPDX-License-Identifier: BSD-3-Clause
"""A peer of `unicore run --net memif:SOCKET`: SOCKET server|client ACT. ACT echo: asks the echo service of the guest at
192.0.2.2 by UDP. index, outside, endless, empty: does that to the shared memory. badhello, silent, and for clients
badversion, badid, unsealed, nofd, nobell, noring, short: fails in the handshake. Written from the documentation of DPDK."""
import array
import fcntl
import mmap
import os
import select
import socket
import struct
import sys
import time

COOKIE, VERSION = 0x3E31F20, 0x200
ACK, HELLO, INIT, ADD_REGION, ADD_RING, CONNECT, CONNECTED, DISCONNECT = range(1, 9)
LOG2, BUFFER = 6, 2048
RING = 128 + (16 << LOG2)
path, role, act = sys.argv[1:]


class Closed(Exception):
    pass


def send(s, kind, body=b"", fd=None):
    control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))] if fd is not None else []
    s.sendmsg([(struct.pack("<H", kind) + body).ljust(128, b"\0")], control)


def receive(s, kind):
    data, control, _, _ = s.recvmsg(128, socket.CMSG_SPACE(4))
    if not data:
        raise Closed("closed")
    got = struct.unpack_from("<H", data)[0]
    if got == DISCONNECT:
        raise Closed(data[6:].rstrip(b"\0").decode())
    assert got == kind, (got, kind)
    return data[2:], struct.unpack("i", control[0][2])[0] if control else None


class Ring:
    """at: the next descriptor of ours; moves: which index is ours; sees: the peer's."""

    def __init__(self, memory, at, log2, sender, client):
        self.m, self.base, self.size, self.at = memory, at, 1 << log2, 0
        self.head, self.tail = at + 6, at + 64
        self.moves, self.sees = (self.head, self.tail) if client else (self.tail, self.head)
        self.client, self.sender = client, sender
        assert struct.unpack_from("<I", memory, at)[0] == COOKIE

    def get(self, where):
        return struct.unpack_from("<H", self.m, where)[0]

    def put(self, where, value):
        struct.pack_into("<H", self.m, where, value & 0xFFFF)

    def slot(self, i):
        return self.base + 128 + 16 * (i % self.size)

    def room(self):
        seen = self.get(self.sees)
        free = self.size - (self.at - seen) if self.client else seen - self.at
        return free & 0xFFFF

    def waiting(self):
        return (self.get(self.tail if self.client else self.head) - self.at) & 0xFFFF


class Link:
    def __init__(self, memory, to_server, to_client, log2, bells, client):
        self.rx_bell, self.tx_bell = bells
        self.tx = Ring(memory, to_server if client else to_client, log2, True, client)
        self.rx = Ring(memory, to_client if client else to_server, log2, False, client)
        self.m, self.client = memory, client
        if client:
            self.rx.put(self.rx.head, self.rx.size)

    def ring(self):
        os.write(self.tx_bell, struct.pack("<Q", 1))

    def send(self, frame):
        while not self.tx.room():
            pass
        at = self.tx.slot(self.tx.at)
        offset = struct.unpack_from("<I", self.m, at + 8)[0]
        self.m[offset:offset + len(frame)] = frame
        struct.pack_into("<HHI", self.m, at, 0, 0, len(frame))
        self.tx.at += 1
        self.tx.put(self.tx.moves, self.tx.at)
        self.ring()

    def receive(self):
        while not self.rx.waiting():
            assert select.select([self.rx_bell], [], [], 30)[0], "the guest says nothing"
            os.read(self.rx_bell, 8)
        frame, more = b"", 1
        while more & 1:
            at = self.rx.slot(self.rx.at)
            more, _, length, offset = struct.unpack_from("<HHII", self.m, at)
            frame += self.m[offset:offset + length]
            if self.client:
                struct.pack_into("<HHI", self.m, at, 0, 0, BUFFER)
            self.rx.at += 1
        self.rx.put(self.rx.moves, self.rx.at + (self.rx.size if self.client else 0))
        return frame


def as_server(listener):
    s, _ = listener.accept()
    low, high = (0x300, 0x300) if act == "badhello" else (VERSION, VERSION)
    if act == "silent":
        return s, None
    send(s, HELLO, struct.pack("<32sHHHHHB", b"peer", low, high, 0, 0, 0, LOG2))
    receive(s, INIT)
    send(s, ACK)
    body, fd = receive(s, ADD_REGION)
    memory = mmap.mmap(fd, struct.unpack_from("<HQ", body)[1])
    send(s, ACK)
    places, bells = {}, {}
    for _ in range(2):
        body, fd = receive(s, ADD_RING)
        to_server, _, _, offset, log2 = struct.unpack_from("<HHHIB", body)
        places[to_server], bells[to_server] = offset, fd
        send(s, ACK)
    receive(s, CONNECT)
    link = Link(memory, places[1], places[0], log2, (bells[1], bells[0]), False)
    send(s, CONNECTED)
    return s, link


def make_memory():
    fd = os.memfd_create("peer", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    size = 2 * RING + 2 * (BUFFER << LOG2)
    os.ftruncate(fd, size)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, 0 if act == "unsealed" else fcntl.F_SEAL_SHRINK)
    memory = mmap.mmap(fd, size)
    for ring in range(2):
        struct.pack_into("<I", memory, ring * RING, 0 if act == "noring" else COOKIE)
        for i in range(1 << LOG2):
            struct.pack_into("<HHII", memory, ring * RING + 128 + 16 * i, 0, 0, BUFFER,
                             2 * RING + BUFFER * ((ring << LOG2) + i))
    return fd, size, memory


def as_client():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    while s.connect_ex(path):
        time.sleep(0.02)  # it does not listen yet
    receive(s, HELLO)
    if act == "short":
        s.send(b"x")
        receive(s, ACK)
    send(s, INIT, struct.pack("<HIB24s32s", 1 if act == "badversion" else VERSION, 7 if act == "badid" else 0, 0, b"", b"peer"))
    receive(s, ACK)
    fd, size, memory = make_memory()
    send(s, ADD_REGION, struct.pack("<HQ", 0, size), None if act == "nofd" else fd)
    receive(s, ACK)
    bells = [fd, fd] if act == "nobell" else [os.eventfd(0, os.EFD_NONBLOCK) for _ in range(2)]
    for to_server in (1, 0):
        send(s, ADD_RING, struct.pack("<HHHIBH", to_server, 0, 0, 0 if to_server else RING, LOG2, 0), bells[to_server])
        receive(s, ACK)
    send(s, CONNECT, b"peer")
    receive(s, CONNECTED)
    return s, Link(memory, 0, RING, LOG2, (bells[0], bells[1]), True)


US, HERE, THERE = bytes.fromhex("525400000001"), socket.inet_aton("192.0.2.1"), socket.inet_aton("192.0.2.2")


def checksum(b):
    n = sum(struct.unpack(f"!{len(b) // 2}H", b))
    while n >> 16:
        n = (n & 0xFFFF) + (n >> 16)
    return ~n & 0xFFFF


def arp(op, to, target):
    return to + US + b"\x08\x06" + struct.pack("!HHBBH", 1, 0x800, 6, 4, op) + US + HERE + target + THERE


def udp(to, payload):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), 1, 0, 64, 17, 0, HERE, THERE)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return to + US + b"\x08\x00" + header + struct.pack("!HHHH", 4000, 7, 8 + len(payload), 0) + payload


def answer(link, wanted):
    """The next frame that `wanted` likes; questions for our address are answered meanwhile."""
    while True:
        f = link.receive()
        if f[12:14] == b"\x08\x06" and f[20:22] == b"\0\1" and f[38:42] == HERE:
            link.send(arp(2, f[6:12], f[6:12]))
        if wanted(f):
            return f


def echo(link):
    link.send(arp(1, b"\xff" * 6, b"\0" * 6))
    guest = answer(link, lambda f: f[12:14] == b"\x08\x06" and f[28:32] == THERE and f[20:22] == b"\0\2")[6:12]
    for size in [0, 1, 1000, 1472] + list(range(300)):
        payload = os.urandom(size)
        got = bytes(42)
        while got[23] != 17:  # that the port is unreachable is said until the service is there
            link.send(udp(guest, payload))
            got = answer(link, lambda f: f[12:14] == b"\x08\x00" and (f[23] == 1 or f[34:38] == struct.pack("!HH", 7, 4000)))
        assert got[42:42 + size] == payload, size
    print("echo ok", flush=True)


def attack(link):
    ring = link.tx
    if act == "index":
        ring.put(ring.moves, ring.at + ring.size + 1)
    elif act == "empty":  # no room in the buffers that the guest is to fill
        for i in range(ring.size):
            struct.pack_into("<I", link.m, link.rx.slot(i) + 4, 0)
        link.rx.put(link.rx.moves, link.rx.size)
    else:
        for i in range(ring.size):
            struct.pack_into("<HHII", link.m, ring.slot(i), act == "endless", 0, 64 if act == "endless" else 0xFFFFFFFF, 0)
        ring.at += ring.size
        ring.put(ring.moves, ring.at)
    link.ring()


try:
    if role == "server":
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(path)
        listener.listen(1)
        s, link = as_server(listener)
    else:
        s, link = as_client()
    if act == "echo":
        echo(link)
    elif link:
        attack(link)
    s.recv(128)  # until the guest has ended
except Closed as e:
    print("refused:", e, flush=True)
