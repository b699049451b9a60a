// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/verify.h>

const char *const uc_vchannel_names[] = {
#define NAME(id, name, weight) name,
	UC_VCHANNELS(NAME)
#undef NAME
		NULL
};
const unsigned uc_vchannel_weights[] = {
#define WEIGHT(id, name, weight) weight,
	UC_VCHANNELS(WEIGHT)
#undef WEIGHT
};
