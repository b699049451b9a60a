# SPDX-License-Identifier: BSD-3-Clause
# pipeline.py HOST PORT: a redis client that sends 60000 requests before it reads an answer, with a small receive buffer:
# both windows close, and the connection goes on.
import socket
import sys

N = 60000
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
s.settimeout(60)
s.connect((sys.argv[1], int(sys.argv[2])))
s.sendall(b"".join(b"SET key:%d 0000%d0000\r\nGET key:%d\r\n" % (i, i, i) for i in range(N)))
f = s.makefile("rb")
for i in range(N):
    want = b"0000%d0000\r\n" % i
    assert f.readline() == b"+OK\r\n"
    assert f.readline() == b"$%d\r\n" % (len(want) - 2)
    assert f.readline() == want
print("ok")
