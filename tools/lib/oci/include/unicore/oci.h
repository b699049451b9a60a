// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_OCI_H
#define UNICORE_OCI_H
/*
 * OCI image layouts (OCI Image Format Specification 1.1: image-layout, image index, manifest,
 * config, layer) as a source. All JSON is untrusted; blobs are checked against their digests
 * before use.
 */
#include <stdint.h>

#include <unicore/exit.h>
#include <unicore/input.h>
#include <unicore/util.h>

/* Opens LAYOUT[:TAG] (without "oci:"). Prints; UC_ST_*. */
int uc_oci_open(const char *cache, const char *spec, struct uc_input *in);

/* ---- decoders; they return NULL, or why the text cannot be used (static) ---- */
struct uc_oci_blob {
	char digest[72]; /* "sha256:" and 64 hexadecimal digits, checked */
	uint64_t size;
	bool is_index; /* another index, not a manifest */
};
/* The manifest (or nested index) for linux/amd64 with the given tag; tag NULL: the only candidate.
 * Names of the tags seen go to tags when there is no such one. */
const char *uc_oci_index(const char *text, size_t n, const char *tag, struct uc_oci_blob *out,
			 struct uc_vec *tags);

#define UC_OCI_MAX_LAYERS 256
struct uc_oci_manifest {
	struct uc_oci_blob config, layer[UC_OCI_MAX_LAYERS];
	size_t nlayers;
};
const char *uc_oci_manifest(const char *text, size_t n, struct uc_oci_manifest *out);

struct uc_oci_config {
	struct uc_vec entrypoint, cmd, env;
	char *cwd, *user;
};
const char *uc_oci_config(const char *text, size_t n, struct uc_oci_config *out);
void uc_oci_config_free(struct uc_oci_config *c);
#endif
