// SPDX-License-Identifier: BSD-3-Clause
/* The generated tables of calls and error numbers. */
#include "trace_internal.h"
#include "trace-calls.inc"

static const char errno_names[][16] = {
#include "trace-errnos.inc"
};

bool trace_call_get(uint64_t nr, struct trace_call *out)
{
	if (nr >= UC_ARRAY_SIZE(call_at) || !call_at[nr])
		return false;
	const uint8_t *p = call_data + call_at[nr];
	out->result = *p++;
	out->nargs = *p++;
	for (unsigned i = 0; i < out->nargs; i++) {
		uint8_t k = *p++;
		bool has_sub = k == K_IN || k == K_OUT || k == K_IO || k == K_FLAGS || k == K_ENUM;
		out->arg[i] = (struct trace_arg){ k, has_sub ? *p++ : 0 };
	}
	out->name = (const char *)p;
	return true;
}

const char *uc_trace_call_name(uint64_t nr)
{
	struct trace_call c;
	return trace_call_get(nr, &c) ? c.name : NULL;
}

const char *trace_errno(long err)
{
	if (err < 0 || err >= (long)UC_ARRAY_SIZE(errno_names) || !errno_names[err][0])
		return NULL;
	return errno_names[err];
}
