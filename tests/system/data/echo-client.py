# SPDX-License-Identifier: BSD-3-Clause
"""Client of apps/tests/echo.c: HOST TCPPORT UDPPORT [RESETS]. Checks what comes back, then tells it to end. So many
connections may be reset before their first byte and are made again (0)."""
import hashlib
import random
import socket
import sys
import threading

host, tcp, udp = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
resets = int(sys.argv[4]) if len(sys.argv) > 4 else 0


def connect():
    s = socket.create_connection((host, tcp), 60)
    s.settimeout(60)
    return s


def echo(size):
    global resets
    try:
        echo_once(size)
    except ConnectionResetError:
        if size > 1000 or not resets:
            raise
        resets -= 1
        echo(size)


def echo_once(size):
    data = random.Random(size).randbytes(size)
    with connect() as s:
        def send():
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the receiving side reports it
        t = threading.Thread(target=send)
        t.start()
        got = hashlib.sha256()
        n = 0
        while b := s.recv(1 << 16):
            got.update(b)
            n += len(b)
        t.join()
        assert n == size and got.digest() == hashlib.sha256(data).digest(), (n, size)


for size in (1, 1000, 65536, 3000000):
    echo(size)
for i in range(50):
    echo(100 + i)
with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as u:
    u.settimeout(60)
    u.connect((host, udp))
    for size in (0, 1, 500, 1400):
        u.send(b"d" * size)
        assert u.recv(2000) == b"d" * size, size
with connect() as s:
    s.sendall(b"end\n")
    assert s.recv(1) == b""
