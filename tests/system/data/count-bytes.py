# SPDX-License-Identifier: BSD-3-Clause
"""Listens on PORT of the loopback interface for one connection and prints how many bytes came."""
import socket
import sys
import time

with socket.socket() as s:
    s.bind(("127.0.0.1", int(sys.argv[1])))
    s.listen(1)
    s.settimeout(150)
    print("ready", flush=True)
    c, _ = s.accept()
    time.sleep(0.3)  # the sender is done before the first byte is read
    n = 0
    while b := c.recv(1 << 16):
        n += len(b)
    print(n)
