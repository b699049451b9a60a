// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <unicore/oci.h>

#define REF_NAME "org.opencontainers.image.ref.name"

static json_t *parse(const char *text, size_t n)
{
	return json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
}

static const char *text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static const char *blob(const json_t *d, struct uc_oci_blob *out)
{
	const char *digest = text_of(d, "digest"), *type = text_of(d, "mediaType");
	const json_t *size = json_object_get(d, "size");

	if (!digest || !json_is_integer(size) || json_integer_value(size) < 0)
		return "a descriptor lacks its digest or size";
	if (!uc_has_prefix(digest, "sha256:")) return "a blob's digest is not SHA-256";
	if (strlen(digest) != 71 || strspn(digest + 7, "0123456789abcdef") != 64)
		return "a blob's digest is malformed";
	memcpy(out->digest, digest, 72); /* with its end */
	out->size = (uint64_t)json_integer_value(size);
	out->is_index = type && (strstr(type, "image.index") || strstr(type, "manifest.list"));
	return NULL;
}

static bool runs_here(const json_t *descriptor)
{
	const json_t *p = json_object_get(descriptor, "platform");
	const char *os = text_of(p, "os"), *arch = text_of(p, "architecture");

	return !p || ((!os || !strcmp(os, "linux")) && (!arch || !strcmp(arch, "amd64")));
}

static const char *tag_of(const json_t *descriptor)
{
	return text_of(json_object_get(descriptor, "annotations"), REF_NAME);
}

static const char *choose(const json_t *o, const char *tag, struct uc_oci_blob *out,
			  struct uc_vec *tags)
{
	const json_t *list = json_object_get(o, "manifests"), *d, *found = NULL;
	bool foreign = false, several = false;
	size_t i;

	if (!json_is_array(list)) return "it has no list of manifests";
	json_array_foreach(list, i, d)
	{
		const char *name = tag_of(d);

		if (name && tags) uc_vec_add_once(tags, name);
		if (tag && (!name || strcmp(name, tag))) continue;
		if (!runs_here(d)) {
			foreign = true;
			continue;
		}
		several |= found != NULL;
		if (!found) found = d;
	}
	if (!found)
		return foreign ? "it has no image for linux/amd64"
		       : tag   ? "it has no such tag"
			       : "it holds no image";
	if (several && !tag && tags) return "it holds several images";
	return blob(found, out);
}

const char *uc_oci_index(const char *text, size_t n, const char *tag, struct uc_oci_blob *out,
			 struct uc_vec *tags)
{
	json_t *o = parse(text, n);
	const char *why = json_is_object(o) ? choose(o, tag, out, tags) : "it is not a JSON object";

	json_decref(o);
	return why;
}

static const char *manifest(const json_t *o, struct uc_oci_manifest *out)
{
	const json_t *layers = json_object_get(o, "layers"), *l;
	const char *why;
	size_t i;

	if (!json_is_object(json_object_get(o, "config")) || !json_is_array(layers))
		return "it lacks its config or layers (is it an artifact, not an image?)";
	if (json_array_size(layers) > UC_OCI_MAX_LAYERS) return "it has too many layers";
	why = blob(json_object_get(o, "config"), &out->config);
	json_array_foreach(layers, i, l) if (!why) why = blob(l, &out->layer[out->nlayers++]);
	return why;
}

const char *uc_oci_manifest(const char *text, size_t n, struct uc_oci_manifest *out)
{
	json_t *o = parse(text, n);
	const char *why;

	out->nlayers = 0;
	why = json_is_object(o) ? manifest(o, out) : "it is not a JSON object";
	json_decref(o);
	return why;
}

static bool strings(const json_t *o, const char *key, struct uc_vec *out)
{
	const json_t *a = json_object_get(o, key), *s;
	size_t i;

	if (!a || json_is_null(a)) return true;
	if (!json_is_array(a)) return false;
	json_array_foreach(a, i, s)
	{
		if (!json_is_string(s)) return false;
		uc_vec_add(out, json_string_value(s));
	}
	return true;
}

static const char *config(const json_t *o, struct uc_oci_config *out)
{
	const json_t *c = json_object_get(o, "config");
	const char *os = text_of(o, "os"), *arch = text_of(o, "architecture"), *s;

	if ((os && strcmp(os, "linux")) || (arch && strcmp(arch, "amd64")))
		return "the image is not for linux/amd64";
	if (!strings(c, "Entrypoint", &out->entrypoint) || !strings(c, "Cmd", &out->cmd) ||
	    !strings(c, "Env", &out->env))
		return "Entrypoint, Cmd and Env must be arrays of strings";
	if ((s = text_of(c, "WorkingDir")) && *s) out->cwd = uc_xstrdup(s);
	if ((s = text_of(c, "User")) && *s) out->user = uc_xstrdup(s);
	return NULL;
}

const char *uc_oci_config(const char *text, size_t n, struct uc_oci_config *out)
{
	json_t *o = parse(text, n);
	const char *why;

	*out = (struct uc_oci_config){ 0 };
	why = json_is_object(o) ? config(o, out) : "it is not a JSON object";
	json_decref(o);
	if (why) uc_oci_config_free(out);
	return why;
}

void uc_oci_config_free(struct uc_oci_config *c)
{
	uc_vec_free(&c->entrypoint);
	uc_vec_free(&c->cmd);
	uc_vec_free(&c->env);
	free(c->cwd);
	free(c->user);
	*c = (struct uc_oci_config){ 0 };
}
