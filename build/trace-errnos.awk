# SPDX-License-Identifier: BSD-3-Clause
# Turns the preprocessor's macros of <asm/errno.h> into initialisers: [NUMBER] = "NAME".
$1 == "#define" && $2 ~ /^E[A-Z0-9]+$/ && $3 ~ /^[0-9]+$/ { name[$3 + 0] = $2; if ($3 + 0 > top) top = $3 + 0 }
END {
	print "/* Generated from <asm/errno.h> by build/trace-errnos.awk. */"
	for (i = 1; i <= top; i++)
		if (i in name)
			printf "[%d] = \"%s\",\n", i, name[i]
}
