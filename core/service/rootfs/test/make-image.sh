#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Makes root.erofs, the image that the tests of erofs and rootfs read. Needs mkfs.erofs and python3.
set -eu
cd "$(dirname "$0")"
tree=$(mktemp -d)
chmod 755 "$tree"
trap 'rm -rf "$tree"' EXIT
python3 - "$tree" <<'PY'
import os, struct, sys
root = sys.argv[1]
def pattern(n):
    return bytes((i * 7 + (i >> 8)) & 0xff for i in range(n))
def put(path, data, mode=0o644):
    p = root + path
    os.makedirs(os.path.dirname(p), exist_ok=True)
    with open(p, 'wb') as f:
        f.write(data)
    os.chmod(p, mode)
put('/a/hello', b'hello\n')
os.makedirs(root + '/a/b')
os.link(root + '/a/hello', root + '/a/b/hard')
os.symlink('hello', root + '/a/link')
os.symlink('/a/hello', root + '/a/abs')
os.symlink('../a/b', root + '/a/dirlink')
os.symlink('loop2', root + '/loop1')
os.symlink('loop1', root + '/loop2')
put('/a/ten', pattern(10000))
put('/a/eight', pattern(8192))
put('/a/suid', b'x', 0o4755)
put('/a/secret', b's', 0o600)
os.setxattr(root + '/a/hello', b'user.color', b'blue')
os.mkdir(root + '/empty')
for k in range(200):
    put('/big/name-%03d' % k, b'')
os.mknod(root + '/null', 0o20666, os.makedev(1, 3))
os.mkfifo(root + '/fifo')
prog = pattern(3 * 4096)
put('/bin/prog', prog, 0o755)
# A rewrite file: page 1 of /bin/prog is replaced by page 1 of it, page 2 is the stubs.
total, file_off, map_off = 3 * 4096, 24, 256
path_hash = 0xcbf29ce484222325
for c in b'/bin/prog':
    path_hash = (path_hash ^ c) * 0x100000001b3 & 0xffffffffffffffff
blob = bytearray(b'\x90' * total)
blob[0:4096] = bytes(4096)
blob[4096:8192] = b'R' * 4096
blob[8192:12288] = b'S' * 4096
blob[0:24] = struct.pack('<QIIQ', 0x31455449525757, 2, 1, total)
blob[file_off:file_off + 56] = struct.pack('<QQQQQIIII', path_hash, len(prog), map_off, 8192, 0x10000, 1, 1, 5, 0)
blob[map_off:map_off + 8] = struct.pack('<II', 1, 1)
put('/.unicore/rewrite', bytes(blob))
PY
mkfs.erofs --quiet -T1700000000 -U00000000-0000-0000-0000-000000000000 --all-root root.erofs "$tree"
