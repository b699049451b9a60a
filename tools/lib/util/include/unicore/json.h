// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_JSON_H
#define UNICORE_JSON_H
#include <jansson.h>

/* Text of a key, borrowed; "" if it is not there or no text. */
static inline const char *uc_json_str(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}
#endif
