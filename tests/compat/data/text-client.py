# SPDX-License-Identifier: BSD-3-Clause
"""text-client.py PORT [SEND EXPECT]...: sends text (with \\r\\n for \\n) and reads until EXPECT came. The first exchange is
tried for two minutes: a port that QEMU forwards accepts before the server listens. SEND may be empty; @N in it stands for N bytes."""
import re
import socket
import sys
import time


def expand(text):
    text = text.replace("\n", "\r\n")
    return re.sub(r"@(\d+)", lambda m: "x" * int(m[1]), text).encode()


def exchange(s, send, expect):
    s.sendall(expand(send))
    got = b""
    while expand(expect) not in got:
        piece = s.recv(65536)
        if not piece:
            raise ConnectionError(f"end of connection instead of {expect!r} after {got[-200:]!r}")
        got += piece


def first_answer(port, send, expect):
    end = time.monotonic() + 120
    while True:
        try:
            s = socket.create_connection(("127.0.0.1", port), 30)
            exchange(s, send, expect)
            return s
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def main():
    pairs = list(zip(sys.argv[2::2], sys.argv[3::2]))
    s = first_answer(int(sys.argv[1]), *pairs[0])
    s.settimeout(60)
    for send, expect in pairs[1:]:
        exchange(s, send, expect)


main()
