// SPDX-License-Identifier: BSD-3-Clause
#include <uc/abi/used.h>
#include <uc/console.h>
#include <uc/fmt.h>
#include <uc/used.h>

void uc_used(uint64_t path_hash)
{
	char line[sizeof(UC_USED_MARK) + 17];
	size_t n = (size_t)uc_snprintf(line, sizeof(line), UC_USED_MARK "%016llx\n",
				       (unsigned long long)path_hash);
	ssize_t r = uc_console_write(UC_MUX_LOG, line, n);
	size_t done = r > 0 ? (size_t)r : 0;

	/* What cannot be sent in order goes the way of other log lines. */
	if (done < n)
		uc_console_log(line + done, n - done);
}
