# SPDX-License-Identifier: BSD-3-Clause
"""redis-requests.py ADDRESS REQUESTS: sets and gets on 20 connections, every answer is compared."""
import socket, sys, threading

address, requests = sys.argv[1], int(sys.argv[2])
WORKERS = 20
STALL = 120
failed = []


def command(*words):
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)


def exactly(f, want):
    got = f.read(len(want))
    if got != want:
        raise ValueError("%r instead of %r" % (got, want))


def work(number):
    try:
        s = socket.create_connection((address, 6379), STALL)
        s.settimeout(STALL)
        f = s.makefile("rb")
        for n in range(requests // WORKERS // 2):
            key, value = b"key:%d" % number, b"%d:" % n + b"x" * (n * 37 % 2000)
            s.sendall(command(b"SET", key, value))
            exactly(f, b"+OK\r\n")
            s.sendall(command(b"GET", key))
            exactly(f, b"$%d\r\n%s\r\n" % (len(value), value))
    except Exception as e:
        failed.append(e)


threads = [threading.Thread(target=work, args=(n,)) for n in range(WORKERS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("%d requests, %d connections failed: %s" % (requests, len(failed), failed[:1]))
sys.exit(bool(failed))
