// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_BOOTPARAMS_H
#define UC_BOOTPARAMS_H
/* Decoded boot bundle (uc/abi/bootparam.h). Strings point into the bundle. */
#include <uc/types.h>

#define UC_BOOT_MAX_MOUNTS 16
struct boot_list {
	const char *first; /* record of that key; the others come later */
	unsigned n;
};
struct boot_params {
	const char *exec, *cwd, *hostname;
	bool mux, early_mux, ram_zero, strict, trace;
	uint32_t streams, loglevel, debug_exit, uid, gid, umask;
	uint64_t tsc_hz, prepare;
	struct boot_list args, envs;
	unsigned nmounts;
	const char *mounts[UC_BOOT_MAX_MOUNTS];
	uint64_t root_off, root_len;
	const uint64_t *seed; /* 256 bits, or NULL */
	const char *bad; /* first record that was not understood, or NULL */
};
/* 0, or -EINVAL: not a boot bundle or its offsets do not fit into len. Never reads beyond len. */
int boot_params_decode(struct boot_params *p, const void *bundle, uint64_t len);
/* Fills out[0..n-1] with the values of the list's records `key=` (key includes the '=') and
 * out[n] = NULL. */
void boot_params_list(const struct boot_list *l, const char *key, char **out);
#endif
