// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_BOOTPARAM_H
#define UC_ABI_BOOTPARAM_H
/*
 * The boot bundle: what a host tool hands to a starting image.
 *
 * It is one contiguous, page-aligned blob, loaded as the first PVH module (QEMU's -initrd).
 * Layout: struct uc_bootbundle, then `params_len` bytes of parameters at `params_off`, then
 * (if root_len > 0) an EROFS image at the page-aligned `root_off`.
 *
 * Parameters are records `key=value\0`, in order, keys may repeat. Values are arbitrary bytes
 * without NUL. Unknown keys are logged and ignored. Keys:
 *   exec=PATH        program to start (default: argv[0] of the first arg=)
 *   arg=STRING       one per argument, argv[0] first
 *   env=NAME=VALUE   one per environment string
 *   cwd=PATH         working directory (default /)
 *   mount=9p:TAG:GUESTPATH:ro|rw    mount a host folder at GUESTPATH (created if missing)
 *   hostname=NAME    uname nodename (default: unicore)
 *   con=mux|raw      protocol on the console byte channel (uc/abi/mux.h); default raw
 *   early=mux        frames of uc/abi/mux.h, each after a NUL, may be sent to the platform's early
 *                    port, which otherwise takes text; everything sent there comes before what is
 *                    sent on the channel. Given where the start needs no device: buses are then
 *                    brought up when one is needed, or soon after the program has started
 *   streams=BITS     decimal OR of UC_STREAM_* below
 *   tsc_hz=N         frequency of the time stamp counter as measured by the host
 *   ram=zero         the host promises that RAM at and above 1 MiB, not named in the memory map's
 *                    reserved ranges and not holding the kernel or this bundle, is zero when the
 *                    kernel is entered (true on microvm; SeaBIOS on q35 and pc leaves data behind)
 *   strict=1         stop at the first system call, option or ioctl that is not implemented
 *   trace=1          log every system call (needs an image linked with the trace µlib)
 *   prepare=SEED     load the program and end, for the host to start others from the memory
 *                    (uc/abi/prepared.h; with early=mux); SEED: decimal, not 0
 *   loglevel=N       0 error .. 3 debug (default 1 warning)
 *   uid=N gid=N      credentials of the first process (default 0)
 *   umask=OCTAL      (default 022)
 *   net=ITEM,ITEM…   one per network card, in the order they are found: dhcp, ip=A.B.C.D/BITS,
 *                    gw=A.B.C.D, ip6=ADDRESS/BITS, dns=ADDRESS, mtu=BYTES (default dhcp)
 *   netdev=packet|stream|memif,fd=N,mac=XX:XX:XX:XX:XX:XX,mtu=BYTES    (process only) the network
 *                    card is descriptor N: packets behind a struct virtio_net_hdr, or frames in a
 *                    stream, each behind its length (32 bits, the most significant byte first), or
 *                    what uc/abi/memif.h says
 *   exit=debug:PORT  power off by writing to QEMU's isa-debug-exit at PORT (decimal). A guest whose
 *                    console does not work yet writes its enum uc_exit_kind in the low byte, so
 *                    that QEMU ends with status 2 * kind + 1
 */
#include <stdint.h>

#define UC_BOOTBUNDLE_MAGIC   0x424f4f54524e4355ull /* "UCNRTOOB" */
#define UC_BOOTBUNDLE_VERSION 1u

struct uc_bootbundle {
	uint64_t magic;
	uint32_t version;
	uint32_t header_len; /* sizeof(struct uc_bootbundle) */
	uint64_t total_len;
	uint64_t params_off;
	uint64_t params_len;
	uint64_t root_off;
	uint64_t root_len;
	/* Random, of the host's generator; a header_len that ends before them: there are none. */
	uint64_t place[4]; /* for addresses and canary */
	uint64_t seed[4];  /* for the guest's generator */
};

/* streams= bits: the host side of a standard stream is a terminal */
#define UC_STREAM_STDIN_TTY  1u
#define UC_STREAM_STDOUT_TTY 2u
#define UC_STREAM_STDERR_TTY 4u

#endif
