// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_DEPS_VIEW_H
#define UNICORE_DEPS_VIEW_H
#include <unicore/cli.h>
#include <unicore/depsview.h>

void uc_deps_print_path(const json_t *via, const char *between, FILE *f);
#endif
