// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_YAMLREAD_H
#define UNICORE_YAMLREAD_H
/*
 * Decoding YAML texts with known keys into structures. The text is untrusted; what is refused is
 * named with its line and column.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <yaml.h>

#include <unicore/manifest.h>

#define UC_YAML_MAX_ITEMS 4096

struct uc_yaml {
	yaml_document_t doc;
	void *owner; /* the caller's structure, for decoders that need more than their place */
	const char *guide; /* where the keys are listed: "unicore.yaml(5)" */
	struct uc_manifest_error *err;
};

/* Decodes n to *to. 0, or -EINVAL after uc_yaml_fail. */
typedef int uc_yaml_fn(struct uc_yaml *d, const yaml_node_t *n, void *to);
struct uc_yaml_key { /* a table ends with name NULL */
	const char *name;
	uc_yaml_fn *decode;
	size_t offset; /* of what to decode to */
};

/* Notes why n is refused; fix may be NULL. Returns -EINVAL. */
int uc_yaml_fail(struct uc_yaml *d, const yaml_node_t *n, const char *fix, const char *why, ...)
	__attribute__((format(printf, 4, 5)));
const yaml_node_t *uc_yaml_node(struct uc_yaml *d, int index);
bool uc_yaml_is_text(const yaml_node_t *n); /* without NUL */
const char *uc_yaml_text(const yaml_node_t *n);

/* Decoders. Strings are allocated. */
uc_yaml_fn uc_yaml_string;  /* char *, not empty */
uc_yaml_fn uc_yaml_bool;    /* bool */
uc_yaml_fn uc_yaml_size;    /* uint64_t, memory of a machine */
uc_yaml_fn uc_yaml_mode;    /* int, octal */
uc_yaml_fn uc_yaml_list;    /* struct uc_vec: a text or a list of texts */
uc_yaml_fn uc_yaml_pairs;   /* struct uc_vec: "name=value" */
uc_yaml_fn uc_yaml_version; /* must be 1 */
/* A mapping with keys of a table, each at most once. */
int uc_yaml_mapping(struct uc_yaml *d, const yaml_node_t *n, const struct uc_yaml_key *keys,
		    void *base);
/* Calls item for each element of a list. */
int uc_yaml_each(struct uc_yaml *d, const yaml_node_t *n, const char *fix, const char *what,
		 uc_yaml_fn *item, void *to);
/* Bytes of a scalar (of !!binary ones: what their base64 says), NUL-terminated beyond *len. */
int uc_yaml_bytes(struct uc_yaml *d, const yaml_node_t *n, char **to, size_t *len);

/* Loads a text and hands its first document to `top`. */
int uc_yaml_parse(struct uc_yaml *d, const char *text, size_t n, uc_yaml_fn *top, void *to);
#endif
