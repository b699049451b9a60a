# SPDX-License-Identifier: BSD-3-Clause
"""text-client.py PORT [SEND EXPECT]...: sends text (with \\r\\n for \\n) and reads until EXPECT came; tries to connect
for 30 s. SEND may be empty; @N in it stands for N bytes."""
import re
import socket
import sys
import time


def connect(port):
    end = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 10)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def expand(text):
    text = text.replace("\n", "\r\n")
    return re.sub(r"@(\d+)", lambda m: "x" * int(m[1]), text).encode()


def main():
    s = connect(int(sys.argv[1]))
    for send, expect in zip(sys.argv[2::2], sys.argv[3::2]):
        s.sendall(expand(send))
        got = b""
        while expand(expect) not in got:
            piece = s.recv(65536)
            if not piece:
                sys.exit(f"end of connection instead of {expect!r} after {got[-200:]!r}")
            got += piece


main()
