# SPDX-License-Identifier: BSD-3-Clause
"""free-port.py FILE: prints a port of this host that is free for TCP and UDP. FILE holds the last one given: users of one file
get each port once in a long while. It is below those that the kernel gives to clients."""
import fcntl
import random
import socket
import sys

COUNT = 10000

with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
    low = int(f.read().split()[0])
first = low - COUNT if low > COUNT + 1024 else 20000


def free(port):
    try:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(socket.AF_INET, kind) as s:
                s.bind(("0.0.0.0", port))
        return True
    except OSError:
        return False


with open(sys.argv[1], "a+") as f:
    fcntl.flock(f, fcntl.LOCK_EX)
    f.seek(0)
    number = int(f.read() or random.randrange(COUNT))
    while not free(first + (number := (number + 1) % COUNT)):
        pass
    f.truncate(0)
    f.write(str(number))
print(first + number)
