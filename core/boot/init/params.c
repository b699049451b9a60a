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
	if (uc_parse_u64(v, base, &n) || n > max) return false;
	*out = n;
	return true;
}

static bool one_of(const char *v, const char *yes, const char *no, bool *out)
{
	*out = !strcmp(v, yes);
	return *out || !strcmp(v, no);
}

/* Keys with a number; returns false if rec has none of them. */
static bool numeric(struct boot_params *p, const char *rec, bool *ok)
{
	uint64_t n = 0;
	const char *v;
	*ok = true;
	if ((v = value_of(rec, "streams=")) && (*ok = number(v, 10, 7, &n)))
		p->streams = (unsigned)n;
	else if (!v && (v = value_of(rec, "loglevel=")) && (*ok = number(v, 10, 3, &n)))
		p->loglevel = (unsigned)n;
	else if (!v && (v = value_of(rec, "uid=")) && (*ok = number(v, 10, UINT32_MAX, &n)))
		p->uid = (uint32_t)n;
	else if (!v && (v = value_of(rec, "gid=")) && (*ok = number(v, 10, UINT32_MAX, &n)))
		p->gid = (uint32_t)n;
	else if (!v && (v = value_of(rec, "umask=")) && (*ok = number(v, 8, 0777, &n)))
		p->umask = (uint32_t)n;
	else if (!v && (v = value_of(rec, "tsc_hz=")) && (*ok = number(v, 10, UINT64_MAX, &n)))
		p->tsc_hz = n;
	else if (!v && (v = value_of(rec, "exit=debug:")) && (*ok = number(v, 10, 0xffff, &n)))
		p->debug_exit = (unsigned)n;
	return v;
}

static bool record(struct boot_params *p, const char *rec)
{
	const char *v;
	bool ok, ignored;
	if (value_of(rec, "arg=")) return ++p->nargs;
	if (value_of(rec, "env=")) return ++p->nenvs;
	if ((v = value_of(rec, "exec="))) return (p->exec = v) != NULL;
	if ((v = value_of(rec, "cwd="))) return (p->cwd = v) != NULL;
	if ((v = value_of(rec, "hostname="))) return (p->hostname = v) != NULL;
	if ((v = value_of(rec, "con="))) return one_of(v, "mux", "raw", &p->mux);
	if ((v = value_of(rec, "ram="))) return one_of(v, "zero", "dirty", &p->ram_zero);
	if ((v = value_of(rec, "strict="))) return one_of(v, "1", "0", &p->strict);
	if ((v = value_of(rec, "trace="))) return one_of(v, "1", "0", &p->trace);
	if ((v = value_of(rec, "mount="))) {
		ok = p->nmounts < PARAMS_MAX_MOUNTS;
		if (ok) p->mounts[p->nmounts++] = v;
		return ok;
	}
	ignored = !numeric(p, rec, &ok);
	return ok && !ignored;
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
	p->text = (const char *)bundle + b->params_off;
	p->text_len = b->params_len;
	if (p->text_len && p->text[p->text_len - 1]) return -EINVAL;
	for (const char *r = p->text; r < p->text + p->text_len; r += strlen(r) + 1)
		if (!record(p, r) && !p->bad) p->bad = r;
	return 0;
}

void boot_params_list(const struct boot_params *p, const char *key, char **out, unsigned n)
{
	unsigned i = 0;
	const char *v;
	for (const char *r = p->text; r < p->text + p->text_len && i < n; r += strlen(r) + 1)
		if ((v = value_of(r, key))) out[i++] = (char *)v;
	out[i] = NULL;
}
