// SPDX-License-Identifier: BSD-3-Clause
// sources: ../args.c ../calls.c ../sets.c ../structs.c ../text.c
/*
 * A call with any number, arguments and result, by an application whose memory is the rest of the
 * input. What is written stays inside the buffer and is a C string.
 */
#include <string.h>
#include <uc/user.h>
#include "../trace_internal.h"

#define MEMORY_AT 0x1000u /* where the application's memory starts */
static const uint8_t *memory;
static size_t memory_size;

size_t uc_user_read_some(void *dst, uc_uptr src, size_t n)
{
	if (src < MEMORY_AT || src - MEMORY_AT >= memory_size) return 0;
	n = UC_MIN(n, memory_size - (src - MEMORY_AT));
	memcpy(dst, memory + (src - MEMORY_AT), n);
	return n;
}

int uc_user_read(void *dst, uc_uptr src, size_t n)
{
	return uc_user_read_some(dst, src, n) == n ? 0 : -14;
}

int uc_user_load32(uc_uptr p, uint32_t *out)
{
	return uc_user_read(out, p, sizeof(*out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct { int64_t ret; uint64_t a[6]; uint16_t nr, cap; } in;
	struct trace_call c;
	if (size < sizeof(in)) return 0;
	memcpy(&in, data, sizeof(in));
	memory = data + sizeof(in);
	memory_size = size - sizeof(in);
	if (!trace_call_get(in.nr % 512, &c)) return 0;
	size_t cap = 4 + in.cap % 1200;
	struct trace_text t = { .p = __builtin_malloc(cap), .cap = cap };
	if (!t.p) return 0;
	unsigned next = trace_put_args(&t, &c, in.a, 0, false, 0);
	if (next > c.nargs) __builtin_abort();
	trace_put_args(&t, &c, in.a, next, true, in.ret);
	trace_put_result(&t, &c, in.ret);
	if (t.n >= cap || strlen(t.p) != t.n) __builtin_abort();
	__builtin_free(t.p);
	return 0;
}
