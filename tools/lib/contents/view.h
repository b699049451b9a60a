// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CONTENTS_VIEW_H
#define UNICORE_CONTENTS_VIEW_H
#include <unicore/contents.h>
#include <unicore/depsview.h>

/* 0 if it is not there. */
uint64_t uc_contents_num(const json_t *o, const char *key);
#endif
