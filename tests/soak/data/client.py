# SPDX-License-Identifier: BSD-3-Clause
"""client.py ADDRESS CONNECTIONS BYTES: what the soak server must stand. Prints what was done; ends with status 1 at the first wrong
byte, stall, or if memory is gone for good."""
import errno, socket, struct, sys, threading, time

address, connections, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
STALL = 120
LEAK_KIB = 2048
WORKERS = 16
PERIOD = 1 << 24


def make_pattern(n):
    i = range(n)
    return bytes((k * 7 + (k >> 8) * 13 + (k >> 16)) & 255 for k in i)


def connect():
    """The kernel of this side lends a port again a second after its last use: until then all may be taken."""
    while True:
        try:
            return socket.create_connection((address, 7), STALL)
        except OSError as e:
            if e.errno != errno.EADDRNOTAVAIL:
                raise
            time.sleep(0.1)


def open_one(op, n):
    s = connect()
    s.settimeout(STALL)
    s.sendall(op + struct.pack("<Q", n))
    return s


def read_all(s):
    parts = []
    while True:
        b = s.recv(1 << 18)
        if not b:
            return b"".join(parts)
        parts.append(b)


def memory():
    with open_one(b"m", 0) as s:
        return int(read_all(s))


def small(n):
    with open_one(b"u", n) as s:
        s.sendall(pattern[:n])
        if s.recv(1) != b"y":
            raise ValueError("a wrong byte arrived at the guest")


def many(count):
    failed, left, lock = [], [count], threading.Lock()

    def work():
        while not failed:
            with lock:
                if not left[0]:
                    return
                left[0] -= 1
            try:
                small(left[0] % 3000)
            except Exception as e:
                failed.append(e)

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if failed:
        raise failed[0]


def upload(n):
    with open_one(b"u", n) as s:
        at = 0
        while at < n:
            piece = pattern[at : min(n, at + (1 << 18))]
            s.sendall(piece)
            at += len(piece)
        if s.recv(1) != b"y":
            raise ValueError("a wrong byte arrived at the guest")


def download(n):
    with open_one(b"d", n) as s:
        at = 0
        while at < n:
            b = s.recv(1 << 18)
            if not b or b != pattern[at : at + len(b)]:
                raise ValueError("a wrong byte came from the guest at about %d" % at)
            at += len(b)


each = min(size, 1 << 24)
pattern = make_pattern(max(each, 3000))
many(100)
upload(each)
download(each)
before = memory()
start = time.time()
many(connections)
for done in range(0, size, each):
    upload(each)
    download(each)
seconds = time.time() - start
time.sleep(1)
after = memory()
print("%d connections, %d bytes each way, %.1f s; free memory %d KiB, then %d KiB" % (connections, size, seconds, before, after))
sys.exit(after < before - LEAK_KIB)
