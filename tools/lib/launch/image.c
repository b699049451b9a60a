// SPDX-License-Identifier: BSD-3-Clause
/* image.json: how an image is to be started. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/runimage.h>

#define JSON_MAX (4u << 20)

bool uc_is_image(const char *path)
{
	char *json = uc_path_join(path, "image.json");
	bool yes = access(json, F_OK) == 0;

	free(json);
	return yes;
}

/* jansson refuses strings with NUL unless asked otherwise, so they are C strings. */
static bool take_string(const json_t *o, const char *key, char **out)
{
	const json_t *j = json_object_get(o, key);

	if (!j || json_is_null(j))
		return true;
	if (!json_is_string(j))
		return false;
	*out = uc_xstrdup(json_string_value(j));
	return true;
}

static bool take_strings(const json_t *o, const char *key, struct uc_vec *out)
{
	const json_t *a = json_object_get(o, key), *j;
	size_t i;

	if (!a || json_is_null(a))
		return true;
	if (!json_is_array(a))
		return false;
	json_array_foreach(a, i, j)
	{
		if (!json_is_string(j))
			return false;
		uc_vec_add(out, json_string_value(j));
	}
	return true;
}

static bool take_number(const json_t *o, const char *key, uint64_t max, uint64_t *out)
{
	const json_t *j = json_object_get(o, key);

	if (!j || json_is_null(j))
		return true;
	if (!json_is_integer(j) || json_integer_value(j) < 0 ||
	    (uint64_t)json_integer_value(j) > max)
		return false;
	*out = (uint64_t)json_integer_value(j);
	return true;
}

static bool take_pairs(const json_t *o, const char *key, struct uc_vec *out)
{
	json_t *m = json_object_get(o, key), *j;
	const char *name;

	if (!m || json_is_null(m))
		return true;
	if (!json_is_object(m))
		return false;
	json_object_foreach(m, name, j)
	{
		if (!json_is_string(j))
			return false;
		uc_vec_add(out, name);
		uc_vec_add(out, json_string_value(j));
	}
	return true;
}

static bool decode_code(const json_t *code, struct uc_run_image *img)
{
	if (!code)
		return true;
	img->own_code = true;
	img->programs_run = json_is_true(json_object_get(code, "programs"));
	img->libraries_opened = json_is_true(json_object_get(code, "libraries"));
	return json_is_object(code) && take_strings(code, "folders", &img->folders);
}

/* What descriptions of older versions do not have. */
static const char *decode_facts(const json_t *o, struct uc_run_image *img)
{
	const char *policy;
	uint64_t fixed = 1;

	if (!take_number(o, "argv_fixed", img->argv.n, &fixed))
		return "argv_fixed must be a number of arguments";
	img->argv_fixed = fixed;
	if (!take_strings(o, "ulibs", &img->ulibs))
		return "ulibs must be an array of strings";
	if (!take_strings(o, "ulibs_all", &img->ulibs_all))
		return "ulibs_all must be an array of strings";
	if (!decode_code(json_object_get(o, "code"), img))
		return "code must be an object with programs, libraries and folders";
	if (!take_strings(o, "calls_missing", &img->calls_missing))
		return "calls_missing must be an array of strings";
	policy = json_string_value(json_object_get(o, "calls"));
	img->few_calls = policy && strcmp(policy, "all");
	if (!take_pairs(o, "programs", &img->programs) || !take_pairs(o, "users", &img->users) ||
	    !take_pairs(o, "groups", &img->groups))
		return "programs, users and groups must be objects with strings";
	return NULL;
}

static const char *decode(const json_t *o, struct uc_run_image *img)
{
	uint64_t uid = 0, gid = 0, loglevel = UINT64_MAX;

	const char *arch = json_string_value(json_object_get(o, "arch"));
	uint64_t version = 1;

	if (!json_is_object(o))
		return "it is not a JSON object";
	if (!take_number(o, "version", UINT32_MAX, &version) || version != 1)
		return "it was written by another version of unicore";
	if (arch && strcmp(arch, "x86_64"))
		return "the image is for another kind of processor";
	if (!take_string(o, "exec", &img->exec) || !take_string(o, "cwd", &img->cwd) ||
	    !take_string(o, "hostname", &img->hostname) || !take_string(o, "digest", &img->digest))
		return "exec, cwd, hostname and digest must be strings";
	if (!take_strings(o, "argv", &img->argv) || !take_strings(o, "env", &img->env))
		return "argv and env must be arrays of strings";
	if (!take_number(o, "memory", UINT64_MAX >> 1, &img->memory) ||
	    !take_number(o, "root_bytes", UINT64_MAX >> 1, &img->root_bytes) ||
	    !take_number(o, "loglevel", 3, &loglevel) || !take_number(o, "uid", UINT32_MAX, &uid) ||
	    !take_number(o, "gid", UINT32_MAX, &gid))
		return "memory, root_bytes, loglevel, uid and gid must be numbers in their range";
	img->loglevel = loglevel == UINT64_MAX ? -1 : (int)loglevel;
	img->trace = json_is_true(json_object_get(o, "trace"));
	img->uid = (uint32_t)uid;
	img->gid = (uint32_t)gid;
	if (!img->argv.n && !img->exec)
		return "it names no program";
	if (img->exec && !img->exec[0])
		return "its program has no name";
	if (!img->argv.n)
		uc_vec_add(&img->argv, img->exec);
	return decode_facts(o, img);
}

const char *uc_run_image_decode(const char *text, size_t n, struct uc_run_image *img, char why[256])
{
	json_error_t e;
	json_t *o = json_loadb(text, n, JSON_REJECT_DUPLICATES, &e);

	if (!o) {
		snprintf(why, 256, "line %d: %.200s", e.line, e.text);
		return why;
	}
	const char *err = decode(o, img);
	json_decref(o);
	return err;
}

static int read_json(const char *path, struct uc_run_image *img)
{
	struct uc_buf b = { 0 };
	char why[256];
	int err = uc_file_read(path, JSON_MAX, &b);

	if (err) {
		uc_buf_free(&b);
		return uc_fail_os(UC_ST_NOINPUT, path, "make an image with `unicore build`", -err,
				  "cannot read the image's description");
	}
	const char *e = uc_run_image_decode(b.p ? b.p : "", b.n, img, why);
	uc_buf_free(&b);
	return e ? uc_fail(UC_ST_DATA, path, "build the image again", "%s", e) : 0;
}

#define EROFS_MAGIC_AT 1024u

/* The root is as long as it was and begins like one. */
static int check_root(const struct uc_run_image *img, const char *path)
{
	static const uint8_t magic[4] = { 0xe2, 0xe1, 0xf5, 0xe0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;
	uint8_t got[4];
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		rc = uc_fail_os(UC_ST_NOINPUT, path, "build the image again", errno,
				"cannot read the root file system");
	else if ((uint64_t)st.st_size < img->root_bytes)
		rc = uc_fail(UC_ST_DATA, path, "build the image again", "it is truncated");
	else if (pread(fd, got, 4, EROFS_MAGIC_AT) != 4 || memcmp(got, magic, 4))
		rc = uc_fail(UC_ST_DATA, path, "build the image again",
			     "it is not an EROFS file system");
	if (fd >= 0)
		close(fd);
	return rc;
}

static char *if_there(char *path)
{
	if (access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

int uc_run_image_load(const char *dir, struct uc_run_image *img)
{
	*img = (struct uc_run_image){ .dir = uc_xstrdup(dir) };
	char *json = uc_path_join(dir, "image.json");
	int status = read_json(json, img);

	free(json);
	if (status) {
		uc_run_image_free(img);
		return status;
	}
	img->kernel = uc_path_join(dir, "kernel");
	img->kernel_linux = if_there(uc_path_join(dir, "kernel-linux"));
	img->root = uc_path_join(dir, "root.erofs");
	if (img->root_bytes)
		status = check_root(img, img->root);
	else
		img->root = if_there(img->root);
	if (status)
		uc_run_image_free(img);
	return status;
}

bool uc_run_image_intact(const struct uc_run_image *img)
{
	char a[65], b[65], both[65];
	struct uc_sha256 s;

	if (!img->digest || !img->root)
		return true;
	if (uc_file_sha256(img->kernel, a) || uc_file_sha256(img->root, b))
		return false;
	uc_sha256_init(&s);
	uc_sha256_add(&s, a, 64);
	uc_sha256_add(&s, b, 64);
	uc_sha256_hex(&s, both);
	return uc_has_prefix(img->digest, "sha256:") && !strcmp(img->digest + 7, both);
}

void uc_run_image_free(struct uc_run_image *img)
{
	free(img->dir);
	free(img->kernel);
	free(img->kernel_linux);
	free(img->root);
	free(img->exec);
	free(img->cwd);
	free(img->hostname);
	free(img->digest);
	uc_vec_free(&img->argv);
	uc_vec_free(&img->env);
	uc_vec_free(&img->ulibs);
	uc_vec_free(&img->ulibs_all);
	uc_vec_free(&img->folders);
	uc_vec_free(&img->calls_missing);
	uc_vec_free(&img->programs);
	uc_vec_free(&img->users);
	uc_vec_free(&img->groups);
	*img = (struct uc_run_image){ 0 };
}
