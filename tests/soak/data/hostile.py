# SPDX-License-Identifier: BSD-3-Clause
"""hostile.py ADDRESS INTERFACE PACKETS: frames that nobody should send, while a client is served. Ends with status 1 if it is not served
or memory is gone for good."""
import os, random, socket, struct, sys, time

address, interface, packets = sys.argv[1], sys.argv[2], int(sys.argv[3])
STALL = 60
LEAK_KIB = 4096
rng = random.Random(4)


def ask(op, n, data=b""):
    with socket.create_connection((address, 7), STALL) as s:
        s.settimeout(STALL)
        s.sendall(op + struct.pack("<Q", n) + data)
        return b"".join(iter(lambda: s.recv(65536), b""))


def memory():
    return int(ask(b"m", 0))


def served():
    if ask(b"u", 3, bytes([0, 7, 14])) != b"y":
        raise ValueError("a wrong answer")


def checksum(b):
    if len(b) % 2:
        b += b"\0"
    s = sum(struct.unpack(">%dH" % (len(b) // 2), b))
    while s >> 16:
        s = (s & 0xFFFF) + (s >> 16)
    return ~s & 0xFFFF


def neighbour():
    served()
    for line in open("/proc/net/arp"):
        f = line.split()
        if f[0] == address:
            return bytes.fromhex(f[3].replace(":", ""))
    raise ValueError("no neighbour")


target = neighbour()
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind((interface, 0))
own = raw.getsockname()[4]
to = socket.inet_aton(address)


def ip(proto, payload, source=None, ident=0, fragment=0, length=None, ihl=5):
    source = source or socket.inet_aton("192.0.2.%d" % rng.randrange(3, 255))
    h = struct.pack(">BBHHHBBH4s4s", 0x40 | ihl, 0, 20 + len(payload) if length is None else length, ident, fragment, 64, proto, 0, source, to)
    h = h[:10] + struct.pack(">H", checksum(h)) + h[12:]
    return target + own + b"\x08\x00" + h + payload


def tcp(flags, window=1024, options=b"", port=7):
    h = struct.pack(">HHIIBBHHH", rng.randrange(1024, 65536), port, rng.getrandbits(32), rng.getrandbits(32), (5 + len(options) // 4) << 4, flags, window, 0, 0)
    source = socket.inet_aton("192.0.2.%d" % rng.randrange(3, 255))
    pseudo = source + to + struct.pack(">BBH", 0, 6, len(h) + len(options))
    c = checksum(pseudo + h + options)
    return ip(6, h[:16] + struct.pack(">H", c) + h[18:] + options, source)


def syn():
    return tcp(2)


def odd_segment():
    return tcp(rng.randrange(256), rng.choice([0, 1, 65535]), bytes(rng.getrandbits(8) for _ in range(4 * rng.randrange(11))))


def fragment():
    """Of few identities, so that they overlap; most never become whole."""
    return ip(17, os.urandom(8 * rng.randrange(1, 100)), socket.inet_aton("192.0.2.7"), rng.randrange(20), rng.choice([0, 0x2000]) | rng.randrange(0, 8190))


def malformed():
    """A frame of any protocol with some bytes changed, cut anywhere."""
    f = bytearray(
        rng.choice(
            [
                syn,
                fragment,
                lambda: ip(1, bytes([8, 0, 0, 0]) + os.urandom(40)),
                lambda: ip(2, os.urandom(16)),
                lambda: ip(17, struct.pack(">HHHH", 67, 68, rng.randrange(600), 0) + os.urandom(300)),
                lambda: target + own + b"\x08\x06" + os.urandom(28),
                lambda: target + own + b"\x86\xdd\x60\0\0\0" + struct.pack(">HBB", rng.randrange(100), rng.choice([0, 6, 17, 43, 44, 58, 60]), 255) + os.urandom(100),
                lambda: ip(6, os.urandom(40), ihl=rng.randrange(16), length=rng.randrange(100)),
            ]
        )()
    )
    for _ in range(rng.randrange(4)):
        f[rng.randrange(14, len(f))] = rng.getrandbits(8)
    return bytes(f[: rng.randrange(14, len(f) + 1)])


def attack(what):
    for n in range(packets):
        try:
            raw.send(what())
        except OSError:
            pass
        if n % 500 == 499:
            served()


def tiny_windows():
    """Clients that ask for much and read nothing."""
    idle = []
    for _ in range(8):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        s.connect((address, 7))
        s.sendall(b"d" + struct.pack("<Q", 1 << 20))
        idle.append(s)
    for _ in range(20):
        served()
    for s in idle:
        s.close()


for _ in range(50):
    served()
before = memory()
start = time.time()
for name, what in (("SYN flood", syn), ("odd segments", odd_segment), ("fragments", fragment), ("malformed", malformed)):
    attack(what)
    print("%s: served, free memory %d KiB" % (name, memory()))
tiny_windows()
time.sleep(int(os.environ.get("UC_SOAK_REST", "1")))
after = memory()
print("%d frames of each kind, %.1f s; free memory %d KiB, then %d KiB" % (packets, time.time() - start, before, after))
sys.exit(after < before - LEAK_KIB)
