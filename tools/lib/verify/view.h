// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_VERIFY_VIEW_H
#define UNICORE_VERIFY_VIEW_H
/* Reading the report, for its views. */
#include <unicore/json.h>
#include <unicore/verify.h>

double verify_num(const json_t *o, const char *key);

#endif
