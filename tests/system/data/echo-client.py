# SPDX-License-Identifier: BSD-3-Clause
"""Client of apps/tests/echo.c: HOST TCPPORT UDPPORT. Checks what comes back, then tells it to end."""
import hashlib
import random
import socket
import sys
import threading

host, tcp, udp = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def connect():
    s = socket.create_connection((host, tcp), 20)
    s.settimeout(20)
    return s


def echo(size):
    data = random.Random(size).randbytes(size)
    with connect() as s:
        def send():
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
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
    u.settimeout(20)
    u.connect((host, udp))
    for size in (0, 1, 500, 1400):
        u.send(b"d" * size)
        assert u.recv(2000) == b"d" * size, size
with connect() as s:
    s.sendall(b"end\n")
    assert s.recv(1) == b""
