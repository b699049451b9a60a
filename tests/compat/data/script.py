# SPDX-License-Identifier: BSD-3-Clause
# What ordinary Python programs do, with output that is the same on every machine.
import array, base64, bisect, collections, concurrent.futures, csv, ctypes, dataclasses, datetime, decimal
import fractions, functools, hashlib, heapq, io, itertools, json, math, os, pathlib, pickle, queue, random, re
import shutil, sqlite3, statistics, struct, sys, tempfile, textwrap, threading, time, unicodedata, uuid, zlib
import zoneinfo

print("json", json.dumps({"b": [1, 2.5, None, True], "a": "é\n", "n": {"x": -1e300}}, sort_keys=True))
print("hash", hashlib.sha256(b"unicore" * 1000).hexdigest(), hashlib.blake2b(b"x").hexdigest()[:16],
      hashlib.md5(b"").hexdigest())
libc = ctypes.CDLL(None)
libc.strlen.argtypes, libc.strlen.restype = [ctypes.c_char_p], ctypes.c_size_t
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
numbers = (ctypes.c_int * 6)(5, 3, 9, -1, 7, 0)
libc.qsort(numbers, 6, 4, compare(lambda a, b: a[0] - b[0]))
print("ctypes", libc.strlen(b"hello"), list(numbers))
for zone in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"):
    t = datetime.datetime(2024, 7, 1, 12, tzinfo=datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(zone))
    print("zone", zone, t.isoformat(), t.tzname())
decimal.getcontext().prec = 50
print("decimal", decimal.Decimal(2).sqrt(), decimal.Decimal(1) / 3, fractions.Fraction(355, 113) * 3)
random.seed(42)
print("random", [random.randrange(1000) for _ in range(8)], round(random.gauss(0, 1), 12))
print("math", math.factorial(60), math.gamma(5.5), math.fsum([0.1] * 10), 2 ** 521 - 1)
print("re", re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.findall(r"\d+", "a1b22c333"))
print("struct", struct.pack("<IhdQ", 1, -2, 0.5, 2 ** 63).hex(), array.array("d", [1, 2]).tobytes().hex())
data = zlib.compress(b"abc" * 10000, 9)
print("zlib", len(data), zlib.crc32(zlib.decompress(data)))
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print("threads", list(pool.map(lambda n: sum(range(n * 1000)), range(8))))
db = sqlite3.connect(":memory:")
db.execute("create table t(a, b)")
db.executemany("insert into t values(?, ?)", ((i, i * i) for i in range(1000)))
print("sqlite", db.execute("select count(*), sum(b) from t where a % 3 = 0").fetchone())
with tempfile.TemporaryDirectory() as d:
    p = pathlib.Path(d, "sub", "file.txt")
    p.parent.mkdir()
    p.write_text("line one\nline two\n")
    shutil.copy(p, p.with_suffix(".bak"))
    print("files", sorted(x.name for x in p.parent.iterdir()), p.stat().st_size, p.read_bytes() == b"line one\nline two\n")
print("pickle", pickle.loads(pickle.dumps({"x": (1, [2, {3}]), "d": datetime.date(2020, 2, 29)})))
print("text", unicodedata.normalize("NFD", "é").encode(), unicodedata.name("λ"), "ß".upper(), textwrap.fill("a b c " * 9, 20))
print("uuid", uuid.uuid5(uuid.NAMESPACE_DNS, "example.org"))
print("stat", statistics.pstdev([1, 5, 2, 8]), sorted(collections.Counter("mississippi").items()))
buf = io.StringIO()
csv.writer(buf).writerows([["a", 'q"uote', "x,y"], [1, 2.5, None]])
print("csv", repr(buf.getvalue()))
start = time.monotonic()
time.sleep(0.05)
print("sleep", 0.05 <= time.monotonic() - start < 5)
r, w = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(w, b"from the child")
    os._exit(7)
_, status = os.waitpid(pid, 0)
print("fork", os.read(r, 100), os.waitstatus_to_exitcode(status))
try:
    open("/no/such/file")
except OSError as e:
    print("error", e.errno, e.strerror)
print("platform", sys.platform, os.name, sys.byteorder, sys.maxsize, os.linesep.encode(), sys.argv[1:])
print("on stderr", file=sys.stderr)
sys.exit(3)
