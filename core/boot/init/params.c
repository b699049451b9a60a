// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/abi/bootparam.h>
#include <uc/fmt.h>
#include <uc/string.h>
#include "params.h"

static const char *value_of(const char *rec, const char *key)
{
	while (*key && *rec == *key)
		rec++, key++;
	return *key ? NULL : rec;
}

static bool number(const char *v, unsigned base, uint64_t max, uint64_t *out)
{
	uint64_t n;
	if (uc_parse_u64(v, base, &n) || n > max)
		return false;
	*out = n;
	return true;
}

static bool one_of(const char *v, const char *yes, const char *no, bool *out)
{
	*out = !strcmp(v, yes);
	return *out || !strcmp(v, no);
}

static bool text(const char *v, const char **out)
{
	*out = v;
	return true;
}

static bool number32(const char *v, unsigned base, uint32_t max, uint32_t *out)
{
	uint64_t n = 0;
	bool ok = number(v, base, max, &n);
	if (ok)
		*out = (uint32_t)n;
	return ok;
}

static bool note(struct boot_list *l, const char *rec)
{
	if (!l->n++)
		l->first = rec;
	return true;
}

static bool mount(struct boot_params *p, const char *v)
{
	bool ok = p->nmounts < PARAMS_MAX_MOUNTS;
	if (ok)
		p->mounts[p->nmounts++] = v;
	return ok;
}

/* Told apart by the first letter before keys are compared: every instruction here is one before
 * `main`. */
static bool record(struct boot_params *p, const char *rec)
{
	const char *v;
	switch (rec[0]) {
	case 'a':
		if (value_of(rec, "arg="))
			return note(&p->args, rec);
		break;
	case 'c':
		if ((v = value_of(rec, "cwd=")))
			return text(v, &p->cwd);
		if ((v = value_of(rec, "con=")))
			return one_of(v, "mux", "raw", &p->mux);
		break;
	case 'e':
		if (value_of(rec, "env="))
			return note(&p->envs, rec);
		if ((v = value_of(rec, "exec=")))
			return text(v, &p->exec);
		if ((v = value_of(rec, "exit=debug:")))
			return number32(v, 10, 0xffff, &p->debug_exit);
		break;
	case 'g':
		if ((v = value_of(rec, "gid=")))
			return number32(v, 10, UINT32_MAX, &p->gid);
		break;
	case 'h':
		if ((v = value_of(rec, "hostname=")))
			return text(v, &p->hostname);
		break;
	case 'l':
		if ((v = value_of(rec, "loglevel=")))
			return number32(v, 10, 3, &p->loglevel);
		break;
	case 'm':
		if ((v = value_of(rec, "mount=")))
			return mount(p, v);
		break;
	case 'n':
		return value_of(rec, "net="); /* read by who needs it: netconfig.c */
	case 'r':
		if ((v = value_of(rec, "ram=")))
			return one_of(v, "zero", "dirty", &p->ram_zero);
		break;
	case 's':
		if ((v = value_of(rec, "streams=")))
			return number32(v, 10, 7, &p->streams);
		if ((v = value_of(rec, "strict=")))
			return one_of(v, "1", "0", &p->strict);
		break;
	case 't':
		if ((v = value_of(rec, "tsc_hz=")))
			return number(v, 10, UINT64_MAX, &p->tsc_hz);
		if ((v = value_of(rec, "trace=")))
			return one_of(v, "1", "0", &p->trace);
		break;
	case 'u':
		if ((v = value_of(rec, "uid=")))
			return number32(v, 10, UINT32_MAX, &p->uid);
		if ((v = value_of(rec, "umask=")))
			return number32(v, 8, 0777, &p->umask);
		break;
	}
	return false;
}

int boot_params_decode(struct boot_params *p, const void *bundle, uint64_t len)
{
	const struct uc_bootbundle *b = bundle;
	memset(p, 0, sizeof(*p));
	p->umask = 022;
	p->loglevel = 1;
	p->cwd = "/";
	p->hostname = "unicore";
	if (len < sizeof(*b) || b->magic != UC_BOOTBUNDLE_MAGIC ||
	    b->version != UC_BOOTBUNDLE_VERSION)
		return -EINVAL;
	if (b->total_len > len || b->params_off > b->total_len ||
	    b->params_len > b->total_len - b->params_off || b->root_off > b->total_len ||
	    b->root_len > b->total_len - b->root_off ||
	    (b->root_len && b->root_off & (UC_PAGE_SIZE - 1)))
		return -EINVAL;
	p->root_off = b->root_off;
	p->root_len = b->root_len;
	const char *text = (const char *)bundle + b->params_off, *end = text + b->params_len;
	if (b->params_len && end[-1])
		return -EINVAL;
	for (const char *r = text; r < end; r += strlen(r) + 1)
		if (!record(p, r) && !p->bad)
			p->bad = r;
	return 0;
}

void boot_params_list(const struct boot_list *l, const char *key, char **out)
{
	unsigned i = 0;
	const char *v;
	for (const char *r = l->first; i < l->n; r += strlen(r) + 1)
		if ((v = value_of(r, key)))
			out[i++] = (char *)v;
	out[i] = NULL;
}
