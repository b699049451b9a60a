# SPDX-License-Identifier: BSD-3-Clause
"""Sets and gets values of a Redis server on PORT of the loopback interface, in a pipeline."""
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60) as s:
    f = s.makefile("rb")
    sizes = [0, 1, 100, 1447, 1448, 1449, 20000, 500000]
    for n in sizes:
        s.sendall(b"*3\r\n$3\r\nSET\r\n$%d\r\nk%d\r\n$%d\r\n%s\r\n" % (len(b"k%d" % n), n, n, b"v" * n))
        assert f.readline() == b"+OK\r\n"
    s.sendall(b"".join(b"GET k%d\r\n" % n for n in sizes))
    for n in sizes:
        assert f.readline() == b"$%d\r\n" % n
        assert f.read(n + 2) == b"v" * n + b"\r\n"
    s.sendall(b"INCR c\r\n" * 2000)
    assert [f.readline() for _ in range(2000)][-1] == b":2000\r\n"
