// SPDX-License-Identifier: BSD-3-Clause
/* unicore version: versions of the tool and of the contracts it speaks. */
#include <uc/abi/bootparam.h>
#include <uc/abi/rewrite.h>

#include "commands.h"

struct version_opts {
	bool json;
};

static const struct uc_opt version_table[] = {
	UC_OPT_FLAG(0, "json", struct version_opts, json, "print one JSON object"), UC_OPT_END
};

const struct uc_cmd uc_cmdinfo_version = {
	.name = "version",
	.main = uc_cmd_version,
	.synopsis = "[options]",
	.summary = "print the versions of unicore and of its contracts",
	.description =
		"Prints the version of the tool, of the boot bundle that it hands to images and of "
		"the rewritten-text table that it puts into them. An image records the versions "
		"it was built with in image.json.",
	.opts = version_table,
};

int uc_cmd_version(int argc, char **argv)
{
	struct version_opts o = { 0 };
	struct uc_args args;
	int st = uc_cli_parse(&uc_cmdinfo_version, argc, argv, &o, &args);

	if (st >= 0)
		return st;
	if (o.json)
		printf("{\"unicore\":\"%s\",\"bootbundle\":%u,\"rewrite\":%u}\n", UNICORE_VERSION,
		       UC_BOOTBUNDLE_VERSION, UC_RW_VERSION);
	else
		printf("unicore %s\nboot bundle %u\nrewrite table %u\n", UNICORE_VERSION,
		       UC_BOOTBUNDLE_VERSION, UC_RW_VERSION);
	return UC_ST_OK;
}
