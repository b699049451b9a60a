// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <uc/abi/bootparam.h>
#include <unicore/msg.h>
#include <unicore/vmm.h>

#define PAGE 4096u

void uc_bundle_add(struct uc_bundle *b, const char *key, const char *fmt, ...)
{
	va_list ap;

	uc_buf_str(&b->params, key);
	uc_buf_add(&b->params, "=", 1);
	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *text = uc_xmalloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	uc_buf_add(&b->params, text, (size_t)n + 1);
	free(text);
}

void uc_bundle_free(struct uc_bundle *b)
{
	uc_buf_free(&b->params);
}

static int write_all(int fd, const void *data, size_t n, off_t at)
{
	const char *p = data;

	while (n) {
		ssize_t r = pwrite(fd, p, n, at);

		if (r < 0)
			return -errno;
		p += r;
		n -= (size_t)r;
		at += r;
	}
	return 0;
}

/* Copies the file `from` to offset `at`. */
static int copy_root(int fd, int from, uint64_t at, uint64_t len)
{
	if (lseek(fd, (off_t)at, SEEK_SET) < 0)
		return -errno;
	while (len) {
		ssize_t r = sendfile(fd, from, NULL, len);

		if (r < 0)
			return -errno;
		if (!r)
			return -EIO; /* shorter than it was */
		len -= (uint64_t)r;
	}
	return 0;
}

static uint64_t page_up(uint64_t n)
{
	return (n + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

uint64_t uc_bundle_bytes(const struct uc_bundle *b, uint64_t root_bytes)
{
	return page_up(sizeof(struct uc_bootbundle) + b->params.n) + page_up(root_bytes);
}

static int fill(int fd, const struct uc_bundle *b, int root_fd, uint64_t root_len)
{
	struct uc_bootbundle h = {
		.magic = UC_BOOTBUNDLE_MAGIC,
		.version = UC_BOOTBUNDLE_VERSION,
		.header_len = b->fixed ? offsetof(struct uc_bootbundle, place) : sizeof(h),
		.params_off = sizeof(h),
		.params_len = b->params.n,
	};

	if (!b->fixed &&
	    (getrandom(h.place, sizeof(h.place), 0) != sizeof(h.place) ||
	     getrandom(h.seed, sizeof(h.seed), 0) != sizeof(h.seed)))
		return -EIO;
	h.total_len = page_up(sizeof(h) + b->params.n);
	if (root_fd >= 0) {
		h.root_off = h.total_len;
		h.root_len = root_len;
		h.total_len += page_up(root_len);
	}
	if (ftruncate(fd, (off_t)h.total_len) < 0)
		return -errno;
	int err = write_all(fd, &h, sizeof(h), 0);
	if (!err)
		err = write_all(fd, b->params.p, b->params.n, sizeof(h));
	if (!err && root_fd >= 0)
		err = copy_root(fd, root_fd, h.root_off, root_len);
	return err;
}

int uc_bundle_seal(const struct uc_bundle *b, const char *root, int *out)
{
	struct stat st = { 0 };
	int root_fd = -1;

	if (root) {
		root_fd = open(root, O_RDONLY | O_CLOEXEC);
		if (root_fd < 0 || fstat(root_fd, &st) < 0) {
			int err = errno;

			if (root_fd >= 0)
				close(root_fd);
			return uc_fail_os(UC_ST_NOINPUT, root, "build the image again", err,
					  "cannot read the root image");
		}
	}
	int fd = memfd_create("unicore-bundle", MFD_CLOEXEC);
	int err = fd < 0 ? -errno : fill(fd, b, root_fd, (uint64_t)st.st_size);
	if (root_fd >= 0)
		close(root_fd);
	if (err) {
		if (fd >= 0)
			close(fd);
		return uc_fail_os(UC_ST_OSERR, "boot bundle", NULL, -err,
				  "cannot make it in memory");
	}
	*out = fd;
	return 0;
}
