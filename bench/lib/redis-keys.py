# SPDX-License-Identifier: BSD-3-Clause
"""redis-keys.py COUNT: sets as many keys at 192.0.1.2; ends with status 1 if one of them was not taken."""
import socket, sys

count = int(sys.argv[1])
s = socket.create_connection(("192.0.1.2", 6379), 10)
f = s.makefile("rb")
for i in range(0, count, 50):
    s.sendall(b"".join(b"SET key:%d value:%d\r\n" % (k, k) for k in range(i, i + 50)))
    for _ in range(50):
        if f.readline() != b"+OK\r\n":
            sys.exit(1)
s.sendall(b"DBSIZE\r\n")
sys.exit(f.readline() != b":%d\r\n" % count)
