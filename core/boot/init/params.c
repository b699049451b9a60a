// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/abi/bootparam.h>
#include <uc/bootparams.h>
#include <uc/fmt.h>
#include <uc/string.h>

static const char *value_of(const char *rec, const char *key)
{
	while (*key && *rec == *key)
		rec++, key++;
	return *key ? NULL : rec;
}

/* FLAG: the whole record is in the table. OTHERS: read by who needs it (netconfig.c). */
enum kind { TEXT, FLAG, NUMBER, OCTAL, NUMBER64, LIST, MOUNT, OTHERS };
#define KEY(text, k, field, max) { text, k, offsetof(struct boot_params, field), max }
/* In the order in which the tool writes them: the search goes on where the last one ended. */
static const struct key {
	char text[12];
	uint8_t kind, at;
	uint32_t max; /* of a number; what a FLAG sets */
} keys[] = {
	KEY("exec=", TEXT, exec, 0),
	KEY("arg=", LIST, args, 0),
	KEY("env=", LIST, envs, 0),
	KEY("cwd=", TEXT, cwd, 0),
	KEY("hostname=", TEXT, hostname, 0),
	KEY("uid=", NUMBER, uid, UINT32_MAX),
	KEY("gid=", NUMBER, gid, UINT32_MAX),
	KEY("umask=", OCTAL, umask, 0777),
	KEY("mount=", MOUNT, mounts, 0),
	KEY("con=mux", FLAG, mux, 1),
	KEY("con=raw", FLAG, mux, 0),
	KEY("early=mux", FLAG, early_mux, 1),
	KEY("exit=debug:", NUMBER, debug_exit, 0xffff),
	KEY("streams=", NUMBER, streams, 7),
	KEY("loglevel=", NUMBER, loglevel, 3),
	KEY("tsc_hz=", NUMBER64, tsc_hz, 0),
	KEY("ram=zero", FLAG, ram_zero, 1),
	KEY("ram=dirty", FLAG, ram_zero, 0),
	KEY("net=", OTHERS, exec, 0),
	KEY("netdev=", OTHERS, exec, 0),
	KEY("strict=1", FLAG, strict, 1),
	KEY("strict=0", FLAG, strict, 0),
	KEY("trace=1", FLAG, trace, 1),
	KEY("trace=0", FLAG, trace, 0),
	KEY("prepare=", NUMBER64, prepare, 0),
};

static bool number(const struct key *k, const char *v, void *field)
{
	uint64_t n;
	if (uc_parse_u64(v, k->kind == OCTAL ? 8 : 10, &n))
		return false;
	if (k->kind == NUMBER64)
		memcpy(field, &n, sizeof(n));
	else if (n > k->max)
		return false;
	else
		*(uint32_t *)field = (uint32_t)n;
	return true;
}

static bool set(struct boot_params *p, const struct key *k, const char *rec, const char *v)
{
	void *field = (char *)p + k->at;
	struct boot_list *list = field;
	switch (k->kind) {
	case TEXT:
		*(const char **)field = v;
		return true;
	case FLAG:
		*(bool *)field = k->max;
		return !*v;
	case LIST:
		if (!list->n++)
			list->first = rec;
		return true;
	case MOUNT:
		if (p->nmounts == UC_BOOT_MAX_MOUNTS)
			return false;
		p->mounts[p->nmounts++] = v;
		return true;
	case OTHERS:
		return true;
	}
	return number(k, v, field);
}

static bool record(struct boot_params *p, const char *rec)
{
	static unsigned last;
	for (unsigned i = 0; i < UC_ARRAY_SIZE(keys); i++) {
		const struct key *k = &keys[last];
		const char *v = *rec == *k->text ? value_of(rec, k->text) : NULL;
		if (v)
			return set(p, k, rec, v);
		last = last + 1 < UC_ARRAY_SIZE(keys) ? last + 1 : 0;
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
	if (b->header_len >= sizeof(*b)) p->seed = b->seed;
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
