// SPDX-License-Identifier: BSD-3-Clause
/*
 * Wrong system calls on purpose. The linker sends all calls of an image with this µlib through
 * uc_call_gate, and binds __wrap_NAME in place of NAME, so that other images have no part of it.
 */
#include <uc/abi/bootparam.h>
#include <uc/arch.h>
#include <uc/bootparams.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/proc.h>
#include <uc/string.h>
#include "faults.h"

#define KEY "fault="

/* The table behind the gate: made by the linker, as uc_systable. */
extern const int32_t uc_systable_behind[];
extern const int32_t uc_systable_behind_end[];

static const char *const names[] = {
#define NAME(id, name, text) name,
	UC_INJECT_KINDS(NAME)
#undef NAME
};

static struct {
	bool on, told;
	unsigned kind;
	uint64_t nr, nth, every, value;
	uint64_t seen;
} fault;

/* ---- which ---- */

static bool take(const char **at, uint64_t *out)
{
	char digits[24];
	size_t n = 0;
	while ((*at)[n] && (*at)[n] != ':' && n < sizeof(digits) - 1)
		n++;
	memcpy(digits, *at, n);
	digits[n] = 0;
	*at += n;
	if (**at == ':')
		++*at;
	return !uc_parse_u64(digits, 10, out);
}

static bool decode(const char *spec)
{
	for (unsigned k = 0; k < UC_INJECT_NKINDS; k++) {
		size_t n = strlen(names[k]);
		const char *at = spec + n + 1;
		if (strncmp(spec, names[k], n) || spec[n] != ':')
			continue;
		fault.kind = k;
		return take(&at, &fault.nr) && take(&at, &fault.nth) && take(&at, &fault.every) &&
		       take(&at, &fault.value) && !*at;
	}
	return false;
}

int __real_boot_params_decode(struct boot_params *p, const void *bundle, uint64_t len);
int __wrap_boot_params_decode(struct boot_params *p, const void *bundle, uint64_t len);

/* The record of this µlib is the one that the others do not understand. */
int __wrap_boot_params_decode(struct boot_params *p, const void *bundle, uint64_t len)
{
	int r = __real_boot_params_decode(p, bundle, len);
	if (r || !p->bad || strncmp(p->bad, KEY, sizeof(KEY) - 1))
		return r;
	fault.on = decode(p->bad + sizeof(KEY) - 1);
	if (fault.on)
		p->bad = NULL;
	return r;
}

/* ---- when ---- */

static void tell(void)
{
	if (fault.told)
		return;
	fault.told = true;
	uc_log(UC_LOG_ERROR, UC_INJECT_LOG "%s in system call %lu", names[fault.kind], fault.nr);
}

bool fault_due(void)
{
	uint64_t n = ++fault.seen;
	bool due = n == fault.nth ||
		   (fault.every && n > fault.nth && (n - fault.nth) % fault.every == 0);
	if (due)
		tell();
	return due;
}

/* ---- what the program is started with ---- */

static char *another_end(const char *s)
{
	size_t n = strlen(s);
	char *copy = uc_heap_alloc(n + 1);
	if (!copy)
		return NULL;
	memcpy(copy, s, n + 1);
	if (n)
		copy[n - 1] ^= 1;
	return copy;
}

void __real_boot_params_list(const struct boot_list *l, const char *key, char **out);
void __wrap_boot_params_list(const struct boot_list *l, const char *key, char **out);

void __wrap_boot_params_list(const struct boot_list *l, const char *key, char **out)
{
	bool arg = fault.kind == UC_INJECT_ARGV && !strcmp(key, "arg=");
	bool env = fault.kind == UC_INJECT_ENV && !strcmp(key, "env=");
	uint64_t i = fault.nth - env;
	__real_boot_params_list(l, key, out);
	if (!fault.on || !(arg || env) || i >= l->n)
		return;
	char *s = another_end(out[i]);
	if (s) {
		out[i] = s;
		tell();
	}
}

/* ---- the gate ---- */

extern const fault_fn fault_kinds[UC_INJECT_NKINDS];
extern const uint32_t fault_usual[UC_INJECT_NKINDS];

fault_handler fault_find(uint64_t nr)
{
	if (nr >= (uint64_t)(uc_systable_behind_end - uc_systable_behind) ||
	    !uc_systable_behind[nr])
		return NULL;
	return (fault_handler)((uintptr_t)uc_systable_behind +
			       (uintptr_t)(intptr_t)uc_systable_behind[nr]);
}

long fault_pass(const struct fault_call *c)
{
	return c->h(c->a[0], c->a[1], c->a[2], c->a[3], c->a[4], c->a[5]);
}

long uc_call_gate(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5);

/* Only entries of calls that there are lead here. */
long uc_call_gate(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5)
{
	uint64_t a[6] = { a0, a1, a2, a3, a4, a5 };
	uint64_t nr = (uint32_t)uc_regs_sysnr(uc_ctx_regs(&uc_thread_current()->ctx));
	const struct fault_call c = {
		.nr = nr,
		.a = a,
		.h = fault_find(nr),
		.value = fault.value ? fault.value : fault_usual[fault.kind],
	};
	if (!fault.on || nr != fault.nr || !fault_kinds[fault.kind])
		return fault_pass(&c);
	return fault_kinds[fault.kind](&c);
}
