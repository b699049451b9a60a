// SPDX-License-Identifier: BSD-3-Clause
/* The bill of materials, SPDX 2.3 in JSON: the image is a package that contains packages of the
 * distribution, the kernel and its external parts; each file of the root is of one of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <unicore/msg.h>

#include "view.h"

struct doc {
	const json_t *c;
	const struct uc_spdx *s;
	json_t *packages, *files, *relations, *licences; /* licences: id -> name */
	struct uc_map sha1; /* package -> struct uc_vec * of its files' digests */
};

static char *spdx_id(const char *kind, const char *name)
{
	char *id = uc_xasprintf("SPDXRef-%s-%s", kind, name);

	for (char *p = id; *p; p++)
		if (!strchr("-.", *p) && !(*p >= '0' && *p <= '9') &&
		    !((*p | 32) >= 'a' && (*p | 32) <= 'z'))
			*p = '-';
	return id;
}

static void relate(struct doc *d, const char *from, const char *how, const char *to)
{
	json_array_append_new(d->relations,
			      json_pack("{s:s, s:s, s:s}", "spdxElementId", from,
					"relationshipType", how, "relatedSpdxElement", to));
}

/* "A AND B", or NOASSERTION. Allocated. */
static char *licence_of(struct doc *d, const json_t *package)
{
	const json_t *l;
	struct uc_vec seen = { 0 };
	struct uc_buf b = { 0 };
	size_t i;

	json_array_foreach(json_object_get(package, "licences"), i, l)
	{
		const char *name = json_string_value(l);
		char id[128];

		if (!name || !*name)
			continue;
		if (!uc_spdx_licence(name, id, sizeof(id)))
			json_object_set_new(d->licences, id, json_string(name));
		if (uc_vec_add_once(&seen, id))
			uc_buf_printf(&b, "%s%s", b.n ? " AND " : "", id);
	}
	uc_vec_free(&seen);
	return b.p ? b.p : uc_xstrdup("NOASSERTION");
}

static json_t *package(const char *id, const char *name, const char *version, const char *licence)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "SPDXID", id, "name", name,
			 "versionInfo", version, "downloadLocation", "NOASSERTION",
			 "licenseConcluded", "NOASSERTION", "licenseDeclared", licence,
			 "copyrightText", "NOASSERTION", "filesAnalyzed", 0);
}

static void checksum(json_t *o, const char *algorithm, const char *hex)
{
	json_t *a = json_object_get(o, "checksums");

	if (!*hex)
		return;
	if (!a)
		json_object_set_new(o, "checksums", a = json_array());
	json_array_append_new(
		a, json_pack("{s:s, s:s}", "algorithm", algorithm, "checksumValue", hex));
}

/* purl-spec: pkg:deb/debian/NAME@VERSION?arch=ARCH, with the version percent-encoded. */
static char *purl(const json_t *p)
{
	struct uc_buf b = { 0 };
	const char *arch = uc_json_str(p, "arch");

	uc_buf_printf(&b, "pkg:deb/debian/%s@", uc_json_str(p, "name"));
	for (const char *v = uc_json_str(p, "version"); *v; v++)
		uc_buf_printf(&b, strchr("+:~", *v) ? "%%%02X" : "%c", (unsigned char)*v);
	if (*arch)
		uc_buf_printf(&b, "?arch=%s", arch);
	return b.p;
}

static void add_distribution(struct doc *d, const char *image)
{
	const json_t *p;
	size_t i;

	json_array_foreach(json_object_get(d->c, "packages"), i, p)
	{
		char *id = spdx_id("Package", uc_json_str(p, "name")), *licence = licence_of(d, p);
		char *locator = purl(p);
		json_t *o = package(id, uc_json_str(p, "name"), uc_json_str(p, "version"), licence);

		checksum(o, "SHA256", uc_json_str(p, "sha256"));
		json_object_set_new(o, "supplier", json_string("Organization: Debian"));
		if (*uc_json_str(p, "source")) {
			char *info = uc_xasprintf("built from the source package %s",
						  uc_json_str(p, "source"));

			json_object_set_new(o, "sourceInfo", json_string(info));
			free(info);
		}
		json_object_set_new(o, "externalRefs",
				    json_pack("[{s:s, s:s, s:s}]", "referenceCategory",
					      "PACKAGE-MANAGER", "referenceType", "purl",
					      "referenceLocator", locator));
		json_array_append_new(d->packages, o);
		relate(d, image, "CONTAINS", id);
		free(id);
		free(licence);
		free(locator);
	}
}

/* ---- files ---- */

static char *owner_id(const json_t *file, const char *image)
{
	const char *package = uc_json_str(file, "package");

	return *package ? spdx_id("Package", package) : uc_xstrdup(image);
}

static int add_file(struct doc *d, const json_t *file, const char *image)
{
	const char *path = uc_json_str(file, "path");
	char *host = uc_path_join(d->s->root, path), sha1[41], sha256[65], *dotted, *id, *owner,
	     name[41];
	int rc = uc_file_sha1(host, sha1);
	void **slot;
	json_t *o;

	if (!rc)
		rc = uc_file_sha256(host, sha256);
	free(host);
	if (rc)
		return uc_fail_os(UC_ST_DATA, path, "build the image again", -rc,
				  "cannot read it in the image's root");
	uc_sha1(path, strlen(path), name);
	id = spdx_id("File", name);
	dotted = uc_xasprintf(".%s", path);
	owner = owner_id(file, image);
	o = json_pack("{s:s, s:s, s:s, s:[s], s:s}", "SPDXID", id, "fileName", dotted,
		      "licenseConcluded", "NOASSERTION", "licenseInfoInFiles", "NOASSERTION",
		      "copyrightText", "NOASSERTION");
	checksum(o, "SHA1", sha1);
	checksum(o, "SHA256", sha256);
	json_array_append_new(d->files, o);
	relate(d, owner, "CONTAINS", id);
	slot = uc_map_put(&d->sha1, owner);
	if (!*slot)
		*slot = uc_xzalloc(sizeof(struct uc_vec));
	uc_vec_add(*slot, sha1);
	free(owner);
	free(dotted);
	free(id);
	return 0;
}

/* A package whose files are listed: SHA-1 over their sorted digests (SPDX 2.3, 7.9). */
static void verify_packages(struct doc *d)
{
	json_t *p;
	size_t i;

	json_array_foreach(d->packages, i, p)
	{
		struct uc_vec *v = uc_map_get(&d->sha1, uc_json_str(p, "SPDXID"));
		struct uc_buf b = { 0 };
		char code[41];

		if (!v)
			continue;
		uc_vec_sort(v);
		for (size_t k = 0; k < v->n; k++)
			uc_buf_str(&b, v->v[k]);
		uc_sha1(b.p, b.n, code);
		json_object_set_new(p, "filesAnalyzed", json_true());
		json_object_set_new(p, "licenseInfoFromFiles", json_pack("[s]", "NOASSERTION"));
		json_object_set_new(p, "packageVerificationCode",
				    json_pack("{s:s}", "packageVerificationCodeValue", code));
		uc_buf_free(&b);
	}
}

/* ---- kernel ---- */

/* Value of a line "KEY VALUE" of a recipe. Allocated; NULL: there is none. */
static char *recipe_field(const char *text, const char *key)
{
	size_t n = strlen(key);

	for (const char *p = text; p && *p; p = strchr(p, '\n'), p += p != NULL)
		if (!strncmp(p, key, n) && p[n] == ' ')
			return uc_xstrndup(p + n + 1, strcspn(p + n + 1, "\n"));
	return NULL;
}

static void add_external(struct doc *d, const char *ulib, const char *kernel)
{
	char *path = uc_xasprintf("%s/%s.source", d->s->libdir, ulib), *name, *version, *licence,
	     *id;
	struct uc_buf b = { 0 };

	uc_file_read(path, 1 << 20, &b);
	name = recipe_field(b.p, "package");
	version = recipe_field(b.p, "version");
	licence = recipe_field(b.p, "licence");
	if (name && version) {
		id = spdx_id("External", name);
		json_array_append_new(
			d->packages, package(id, name, version, licence ? licence : "NOASSERTION"));
		relate(d, kernel, "CONTAINS", id);
		free(id);
	}
	free(name);
	free(version);
	free(licence);
	uc_buf_free(&b);
	free(path);
}

static void add_kernel(struct doc *d, const char *image)
{
	static const char id[] = "SPDXRef-Kernel";
	struct uc_vec seen = { 0 };
	const json_t *o;
	size_t i;

	json_array_append_new(d->packages, package(id, "unicore", d->s->version, "BSD-3-Clause"));
	relate(d, image, "CONTAINS", id);
	json_array_foreach(json_object_get(json_object_get(d->c, "kernel"), "objects"), i, o)
	{
		const char *ulib = uc_json_str(o, "ulib");

		if (uc_has_prefix(ulib, "ext_") && uc_vec_add_once(&seen, ulib))
			add_external(d, ulib, id);
	}
	uc_vec_free(&seen);
}

/* ---- */

static json_t *extracted(const json_t *licences)
{
	json_t *a = json_array(), *name;
	const char *id;

	json_object_foreach((json_t *)licences, id, name)
	{
		char *text = uc_xasprintf("The licence that the package's copyright file calls %s",
					  json_string_value(name));

		json_array_append_new(a, json_pack("{s:s, s:s, s:O}", "licenseId", id,
						   "extractedText", text, "name", name));
		free(text);
	}
	return a;
}

static json_t *head(const struct doc *d)
{
	const char *digest = d->s->digest;
	time_t t = (time_t)d->s->created;
	char stamp[32],
		*tool = uc_xasprintf("Tool: unicore-%s", d->s->version),
		*space = uc_xasprintf("https://spdx.org/spdxdocs/%s-%s", uc_json_str(d->c, "name"),
				      uc_has_prefix(digest, "sha256:") ? digest + 7 : digest);
	struct tm tm;
	json_t *o;

	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	o = json_pack("{s:s, s:s, s:s, s:o, s:s, s:{s:s, s:[s]}, s:[s]}", "spdxVersion", "SPDX-2.3",
		      "dataLicense", "CC0-1.0", "SPDXID", "SPDXRef-DOCUMENT", "name",
		      json_copy(json_object_get(d->c, "name")), "documentNamespace", space,
		      "creationInfo", "created", stamp, "creators", tool, "documentDescribes",
		      "SPDXRef-Image");
	free(space);
	free(tool);
	return o;
}

json_t *uc_contents_spdx(const json_t *c, const struct uc_spdx *s, int *status)
{
	static const char image[] = "SPDXRef-Image";
	struct doc d = { .c = c,
			 .s = s,
			 .packages = json_array(),
			 .files = json_array(),
			 .relations = json_array(),
			 .licences = json_object() };
	const json_t *f;
	json_t *o;
	size_t i;

	*status = 0;
	o = package(image, uc_json_str(c, "name"), s->digest, "NOASSERTION");
	json_array_append_new(d.packages, o);
	relate(&d, "SPDXRef-DOCUMENT", "DESCRIBES", image);
	add_kernel(&d, image);
	add_distribution(&d, image);
	json_array_foreach(json_object_get(c, "files"), i, f)
	{
		if (!*status && !strcmp(uc_json_str(f, "kind"), "file"))
			*status = add_file(&d, f, image);
	}
	verify_packages(&d);
	o = head(&d);
	json_object_set_new(o, "packages", d.packages);
	json_object_set_new(o, "files", d.files);
	json_object_set_new(o, "relationships", d.relations);
	json_object_set_new(o, "hasExtractedLicensingInfos", extracted(d.licences));
	json_decref(d.licences);
	for (i = 0; i < d.sha1.n; i++) {
		uc_vec_free(d.sha1.e[i].value);
		free(d.sha1.e[i].value);
	}
	uc_map_free(&d.sha1);
	if (!*status)
		return o;
	json_decref(o);
	return NULL;
}
