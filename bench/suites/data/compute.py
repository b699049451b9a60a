# SPDX-License-Identifier: BSD-3-Clause
# Computing in pure Python: calls, floats, dictionaries, strings, sorting.
import math


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def nbody(steps):
    bodies = [[0.0, 0.0, 0.0, 0.0, 39.47], [4.84, -1.16, 0.6, 2.8, 0.037], [8.34, 4.12, -1.01, 1.8, 0.011]]
    total = 0.0
    for _ in range(steps):
        for i, a in enumerate(bodies):
            for b in bodies[i + 1:]:
                dx, dy = a[0] - b[0], a[1] - b[1]
                mag = 0.001 / math.sqrt((dx * dx + dy * dy) ** 3 + 0.1)
                a[2] -= dx * b[4] * mag
                b[2] += dx * a[4] * mag
        for b in bodies:
            b[0] += 0.001 * b[2]
            total += b[0]
    return total


def words(n):
    counts = {}
    for i in range(n):
        w = "w%d" % (i * i % 997)
        counts[w] = counts.get(w, 0) + 1
    return sorted(counts.items(), key=lambda x: (-x[1], x[0]))[:3]


print(fib(20), round(nbody(4000), 6), words(40000), sum(sorted((i * 7919) % 100003 for i in range(60000))[::7]))
