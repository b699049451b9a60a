// SPDX-License-Identifier: BSD-3-Clause
// sources: ../wire.c ../fid.c ../qid.c ../session.c ../open.c ../io.c ../names.c ../attr.c
// sources: ../xattr.c ../lock.c ../serve.c
// libs: -lpthread
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "p9.h"

#define NOFID 0xffffffffu

static char dir[64], outside[64];
static struct uc_p9s *srv;

static const char *at(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void start(bool ro)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	srv = uc_p9s_new(fd, ro);
	assert_non_null(srv);
	assert_int_equal(P9(srv, P9S_VERSION, "ds", 65536u, "9P2000.L"), 0);
	assert_int_equal(P9(srv, P9S_ATTACH, "ddssd", 0u, NOFID, "", "", 0u), 0);
}

static void restart(bool ro)
{
	uc_p9s_free(srv);
	start(ro);
}

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/unicore-p9-XXXXXX");
	strcpy(outside, "/tmp/unicore-p9-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_non_null(mkdtemp(outside));
	umask(077);
	start(false);
	return 0;
}

static int teardown(void **state)
{
	char cmd[256];

	(void)state;
	uc_p9s_free(srv);
	snprintf(cmd, sizeof(cmd), "rm -rf %s %s", dir, outside);
	return system(cmd);
}

static int walk1(uint32_t from, uint32_t to, const char *name)
{
	return P9(srv, P9S_WALK, "ddws", from, to, 1u, name);
}

static void files_are_created_written_read_and_found_again(void **state)
{
	char text[64];
	struct stat st;

	(void)state;
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 0u, 1u, 0u), 0);
	assert_int_equal(P9(srv, P9S_LCREATE, "dsddd", 1u, "a", 0302u, 0666u, getgid()), 0);
	assert_int_equal(P9(srv, P9S_WRITE, "dqdr", 1u, (uint64_t)0, 5u, "hello", (size_t)5), 0);
	assert_int_equal(p9s_get32(&p9_reply), 5);
	assert_int_equal(stat(at("a"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0666); /* whatever the umask */
	assert_int_equal(st.st_size, 5);
	assert_int_equal(P9(srv, P9S_READ, "dqd", 1u, (uint64_t)1, 100u), 0);
	assert_int_equal(p9s_get32(&p9_reply), 4);
	memcpy(text, p9_reply.p + p9_reply.at, 4);
	assert_memory_equal(text, "ello", 4);
	assert_int_equal(P9(srv, P9S_FSYNC, "dd", 1u, 0u), 0);
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 1u), 0);
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 1u), EBADF);
	assert_int_equal(walk1(0, 1, "a"), 0);
	assert_int_equal(walk1(0, 2, "b"), ENOENT);
	assert_int_equal(P9(srv, P9S_GETATTR, "dq", 1u, (uint64_t)0x7ff), 0);
	assert_int_equal(p9s_get64(&p9_reply), 0x7ff);
	p9s_get8(&p9_reply);
	p9s_get32(&p9_reply);
	assert_int_equal(p9s_get64(&p9_reply), st.st_ino);
	/* O_EXCL, and its absence */
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 0u, 3u, 0u), 0);
	assert_int_equal(P9(srv, P9S_LCREATE, "dsddd", 3u, "a", 0302u, 0666u, 0u), EEXIST);
	assert_int_equal(P9(srv, P9S_LCREATE, "dsddd", 3u, "a", 0102u, 0666u, 0u), 0);
	assert_int_equal(P9(srv, P9S_READ, "dqd", 3u, (uint64_t)0, 100u), 0);
	assert_int_equal(p9s_get32(&p9_reply), 5);
}

static void only_names_below_the_folder_are_reached(void **state)
{
	char link[80];

	(void)state;
	snprintf(link, sizeof(link), "%s/secret", outside);
	put(link, "secret");
	assert_int_equal(symlink(link, at("out")), 0);
	assert_int_equal(symlink(outside, at("outdir")), 0);
	assert_int_equal(mkdir(at("d"), 0755), 0);
	static const char *const bad[] = { "/etc", "a/b", ".", "d/..", "/" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(walk1(0, 1, bad[i]), EINVAL);
	assert_int_equal(walk1(0, 1, ""), ENOENT);
	assert_int_equal(P9(srv, P9S_WALK, "ddwwr", 0u, 1u, 1u, 3u, "a\0b", (size_t)3), EINVAL);
	/* up from the root is the root, up from below is the way that was come */
	assert_int_equal(walk1(0, 1, ".."), 0);
	assert_int_equal(walk1(1, 2, "d"), 0);
	assert_int_equal(walk1(2, 3, ".."), 0);
	assert_int_equal(walk1(3, 4, "d"), 0);
	/* a link is itself: it can be read, not opened, changed or walked through */
	assert_int_equal(walk1(0, 5, "out"), 0);
	assert_int_equal(P9(srv, P9S_READLINK, "d", 5u), 0);
	assert_int_equal(P9(srv, P9S_LOPEN, "dd", 5u, 0u), ELOOP);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 5u, 1u, 0777u, 0u, 0u, (uint64_t)0,
			    (uint64_t)0, (uint64_t)0, (uint64_t)0, (uint64_t)0),
			 EOPNOTSUPP);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 5u, 8u, 0u, 0u, 0u, (uint64_t)0,
			    (uint64_t)0, (uint64_t)0, (uint64_t)0, (uint64_t)0),
			 EINVAL);
	assert_int_equal(walk1(0, 6, "outdir"), 0);
	assert_int_equal(walk1(6, 7, "secret"), ENOTDIR);
	assert_int_equal(P9(srv, P9S_WALK, "ddwss", 0u, 8u, 2u, "outdir", "secret"), 0);
	assert_int_equal(p9s_get16(&p9_reply), 1); /* one step only: the fid was not made */
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 8u), EBADF);
	/* a name that exists as a link is not written through */
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 0u, 9u, 0u), 0);
	assert_int_equal(P9(srv, P9S_LCREATE, "dsddd", 9u, "out", 01102u, 0666u, 0u), ELOOP);
	/* a directory that was moved out stays harmless: its parent is the way that was come */
	assert_int_equal(mkdir(at("d/e"), 0755), 0);
	assert_int_equal(walk1(2, 10, "e"), 0);
	snprintf(link, sizeof(link), "%s/e", outside);
	assert_int_equal(rename(at("d/e"), link), 0);
	assert_int_equal(P9(srv, P9S_WALK, "ddwss", 10u, 11u, 2u, "..", "secret"), 0);
	assert_int_equal(p9s_get16(&p9_reply), 1);
}

static void names_are_made_moved_and_removed(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(P9(srv, P9S_MKDIR, "dsdd", 0u, "d", 0755u, getgid()), 0);
	assert_int_equal(stat(at("d"), &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0755);
	assert_int_equal(P9(srv, P9S_MKDIR, "dsdd", 0u, "..", 0755u, 0u), EINVAL);
	assert_int_equal(P9(srv, P9S_SYMLINK, "dssd", 0u, "l", "../../x", 0u), 0);
	assert_int_equal(P9(srv, P9S_MKNOD, "dsdddd", 0u, "f", S_IFIFO | 0640u, 0u, 0u, 0u), 0);
	assert_int_equal(stat(at("f"), &st), 0);
	assert_int_equal(st.st_mode, S_IFIFO | 0640);
	assert_int_equal(P9(srv, P9S_MKNOD, "dsdddd", 0u, "n", S_IFCHR | 0666u, 1u, 3u, 0u), EPERM);
	assert_int_equal(walk1(0, 1, "f"), 0);
	assert_int_equal(P9(srv, P9S_LOPEN, "dd", 1u, 0u), ENXIO);
	put(at("x"), "x");
	assert_int_equal(walk1(0, 2, "x"), 0);
	assert_int_equal(walk1(0, 3, "d"), 0);
	assert_int_equal(P9(srv, P9S_LINK, "dds", 3u, 2u, "hard"), 0);
	assert_int_equal(P9(srv, P9S_LINK, "dds", 0u, 3u, "hard"), EPERM);
	assert_int_equal(stat(at("x"), &st), 0);
	assert_int_equal(st.st_nlink, 2);
	assert_int_equal(P9(srv, P9S_RENAMEAT, "dsds", 0u, "x", 3u, "y"), 0);
	assert_int_equal(access(at("d/y"), F_OK), 0);
	/* found as x, which it no longer is */
	assert_int_equal(P9(srv, P9S_RENAME, "dds", 2u, 0u, "z"), ENOENT);
	assert_int_equal(walk1(3, 4, "y"), 0);
	assert_int_equal(P9(srv, P9S_RENAME, "dds", 4u, 0u, "z"), 0);
	assert_int_equal(P9(srv, P9S_REMOVE, "d", 4u), 0);
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 4u), EBADF);
	assert_int_not_equal(access(at("z"), F_OK), 0);
	assert_int_equal(P9(srv, P9S_UNLINKAT, "dsd", 3u, "hard", 0x200u), ENOTDIR);
	assert_int_equal(P9(srv, P9S_UNLINKAT, "dsd", 3u, "hard", 0u), 0);
	assert_int_equal(P9(srv, P9S_UNLINKAT, "dsd", 0u, "d", 0u), EISDIR);
	assert_int_equal(P9(srv, P9S_UNLINKAT, "dsd", 0u, "d", 0x200u), 0);
	assert_int_equal(P9(srv, P9S_REMOVE, "d", 0u), EBUSY);
}

static void attributes_are_set(void **state)
{
	struct stat st;
	const uint64_t z = 0;

	(void)state;
	put(at("a"), "some text");
	assert_int_equal(walk1(0, 1, "a"), 0);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 1u, 0x1b9u, 04711u, 0u, 0u, (uint64_t)4,
			    (uint64_t)11, (uint64_t)12, (uint64_t)13, (uint64_t)14),
			 0);
	assert_int_equal(stat(at("a"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0711);
	assert_int_equal(st.st_size, 4);
	assert_int_equal(st.st_atim.tv_sec, 11);
	assert_int_equal(st.st_mtim.tv_nsec, 14);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 1u, 0x200u, 0u, 0u, 0u, z, z, z, z, z),
			 EINVAL);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 0u, 8u, 0u, 0u, 0u, z, z, z, z, z),
			 EISDIR);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 1u, 8u, 0u, 0u, 0u, ~z, z, z, z, z),
			 EINVAL);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 1u, 0x40u, 0u, 0u, 0u, z, z, z, z, z),
			 0);
	assert_int_equal(P9(srv, P9S_STATFS, "d", 1u), 0);
	/* an attached user who is not root owns what it makes, where that can be given */
	if (geteuid())
		return;
	assert_int_equal(P9(srv, P9S_ATTACH, "ddssd", 9u, NOFID, "", "", 1234u), 0);
	assert_int_equal(P9(srv, P9S_MKDIR, "dsdd", 9u, "theirs", 02755u, 56u), 0);
	assert_int_equal(stat(at("theirs"), &st), 0);
	assert_int_equal(st.st_uid, 1234);
	assert_int_equal(st.st_gid, 56);
	assert_int_equal(st.st_mode & 07777, 02755);
	assert_int_equal(walk1(0, 10, "a"), 0);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 10u, 6u, 0u, 7u, 8u, z, z, z, z, z), 0);
	assert_int_equal(stat(at("a"), &st), 0);
	assert_int_equal(st.st_uid, 7);
	assert_int_equal(st.st_gid, 8);
}

static unsigned entries(uint32_t fid, uint32_t count)
{
	uint64_t off = 0;
	unsigned n = 0;

	for (;;) {
		assert_int_equal(P9(srv, P9S_READDIR, "dqd", fid, off, count), 0);
		uint32_t bytes = p9s_get32(&p9_reply);
		if (!bytes)
			return n;
		assert_true(bytes <= count);
		while (p9_reply.at < p9_reply.n) {
			uint16_t len;

			p9s_get8(&p9_reply);
			p9s_get32(&p9_reply);
			p9s_get64(&p9_reply);
			off = p9s_get64(&p9_reply);
			p9s_get8(&p9_reply);
			assert_non_null(p9s_gets(&p9_reply, &len));
			n++;
		}
	}
}

static void directories_are_read_in_pieces(void **state)
{
	char name[32];

	(void)state;
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "file-%d", i);
		put(at(name), "");
	}
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 0u, 1u, 0u), 0);
	assert_int_equal(P9(srv, P9S_READDIR, "dqd", 1u, (uint64_t)0, 100u), EBADF);
	assert_int_equal(P9(srv, P9S_LOPEN, "dd", 1u, 0200000u), 0);
	assert_int_equal(entries(1, 60000), 302);
	assert_int_equal(entries(1, 200), 302);
	assert_int_equal(P9(srv, P9S_READ, "dqd", 1u, (uint64_t)0, 100u), EISDIR);
	assert_int_equal(P9(srv, P9S_LOPEN, "dd", 0u, 1u), EISDIR);
}

static void a_read_only_folder_stays_as_it_is(void **state)
{
	const uint64_t z = 0;

	(void)state;
	put(at("a"), "text");
	restart(true);
	assert_int_equal(walk1(0, 1, "a"), 0);
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 1u, 2u, 0u), 0);
	assert_int_equal(P9(srv, P9S_LOPEN, "dd", 1u, 1u), EROFS);
	assert_int_equal(P9(srv, P9S_LOPEN, "dd", 1u, 01000u), EROFS);
	assert_int_equal(P9(srv, P9S_LOPEN, "dd", 1u, 0u), 0);
	assert_int_equal(P9(srv, P9S_WRITE, "dqdr", 1u, z, 1u, "x", (size_t)1), EBADF);
	assert_int_equal(P9(srv, P9S_LCREATE, "dsddd", 0u, "b", 0302u, 0666u, 0u), EROFS);
	assert_int_equal(P9(srv, P9S_MKDIR, "dsdd", 0u, "d", 0755u, 0u), EROFS);
	assert_int_equal(P9(srv, P9S_MKNOD, "dsdddd", 0u, "f", S_IFIFO | 0600u, 0u, 0u, 0u), EROFS);
	assert_int_equal(P9(srv, P9S_SYMLINK, "dssd", 0u, "l", "x", 0u), EROFS);
	assert_int_equal(P9(srv, P9S_LINK, "dds", 0u, 1u, "h"), EROFS);
	assert_int_equal(P9(srv, P9S_RENAMEAT, "dsds", 0u, "a", 0u, "b"), EROFS);
	assert_int_equal(P9(srv, P9S_RENAME, "dds", 2u, 0u, "b"), EROFS);
	assert_int_equal(P9(srv, P9S_UNLINKAT, "dsd", 0u, "a", 0u), EROFS);
	assert_int_equal(P9(srv, P9S_SETATTR, "dddddqqqqq", 1u, 8u, 0u, 0u, 0u, z, z, z, z, z),
			 EROFS);
	assert_int_equal(P9(srv, P9S_XATTRCREATE, "dsqd", 2u, "user.x", (uint64_t)1, 0u), EROFS);
	assert_int_equal(P9(srv, P9S_REMOVE, "d", 2u), EROFS);
	assert_int_equal(access(at("a"), F_OK), 0);
}

static void attributes_of_the_user_are_kept_and_others_are_not_reached(void **state)
{
	char v[8];

	(void)state;
	put(at("a"), "");
	if (setxattr(at("a"), "user.probe", "1", 1, 0) < 0)
		skip();
	assert_int_equal(walk1(0, 1, "a"), 0);
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 1u, 2u, 0u), 0);
	assert_int_equal(
		P9(srv, P9S_XATTRCREATE, "dsqd", 2u, "security.capability", (uint64_t)4, 0u),
		EOPNOTSUPP);
	assert_int_equal(P9(srv, P9S_XATTRCREATE, "dsqd", 2u, "user.big", (uint64_t)1 << 40, 0u),
			 E2BIG);
	assert_int_equal(P9(srv, P9S_XATTRCREATE, "dsqd", 2u, "user.k", (uint64_t)3, 0u), 0);
	assert_int_equal(P9(srv, P9S_WRITE, "dqdr", 2u, (uint64_t)0, 3u, "val", (size_t)3), 0);
	assert_int_equal(P9(srv, P9S_WRITE, "dqdr", 2u, (uint64_t)1, 3u, "val", (size_t)3), ENOSPC);
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 2u), 0);
	assert_int_equal(getxattr(at("a"), "user.k", v, sizeof(v)), 3);
	assert_int_equal(P9(srv, P9S_XATTRWALK, "dds", 1u, 3u, "user.k"), 0);
	assert_int_equal(p9s_get64(&p9_reply), 3);
	assert_int_equal(P9(srv, P9S_READ, "dqd", 3u, (uint64_t)1, 100u), 0);
	assert_int_equal(p9s_get32(&p9_reply), 2);
	assert_int_equal(P9(srv, P9S_READ, "dqd", 3u, (uint64_t)100, 100u), 0);
	assert_int_equal(p9s_get32(&p9_reply), 0);
	assert_int_equal(P9(srv, P9S_XATTRWALK, "dds", 1u, 4u, ""), 0);
	assert_int_equal(p9s_get64(&p9_reply), sizeof("user.probe") + sizeof("user.k"));
	assert_int_equal(P9(srv, P9S_XATTRWALK, "dds", 1u, 5u, "trusted.x"), EOPNOTSUPP);
	/* such a fid is no file */
	assert_int_equal(P9(srv, P9S_GETATTR, "dq", 3u, (uint64_t)0x7ff), EBADF);
	/* not all of the value came: nothing is set */
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 1u, 6u, 0u), 0);
	assert_int_equal(P9(srv, P9S_XATTRCREATE, "dsqd", 6u, "user.part", (uint64_t)3, 0u), 0);
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 6u), EINVAL);
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 1u, 6u, 0u), 0);
	assert_int_equal(P9(srv, P9S_XATTRCREATE, "dsqd", 6u, "user.k", (uint64_t)0, 0u), 0);
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 6u), 0);
	assert_true(getxattr(at("a"), "user.k", v, sizeof(v)) < 0);
}

static void locks_of_two_open_files_exclude_each_other(void **state)
{
	(void)state;
	put(at("a"), "text");
	for (uint32_t i = 1; i <= 2; i++) {
		assert_int_equal(walk1(0, i, "a"), 0);
		assert_int_equal(P9(srv, P9S_LOPEN, "dd", i, 2u), 0);
	}
	const uint64_t z = 0;
	assert_int_equal(P9(srv, P9S_LOCK, "dbdqqds", 1u, 1u, 0u, z, (uint64_t)10, 1u, "c"), 0);
	assert_int_equal(p9s_get8(&p9_reply), 0);
	assert_int_equal(
		P9(srv, P9S_LOCK, "dbdqqds", 2u, 0u, 1u, (uint64_t)5, (uint64_t)1, 1u, "c"), 0);
	assert_int_equal(p9s_get8(&p9_reply), 1);
	assert_int_equal(P9(srv, P9S_GETLOCK, "dbqqds", 2u, 0u, (uint64_t)5, (uint64_t)1, 1u, "c"),
			 0);
	assert_int_equal(p9s_get8(&p9_reply), 1);
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 1u), 0);
	assert_int_equal(
		P9(srv, P9S_LOCK, "dbdqqds", 2u, 0u, 0u, (uint64_t)5, (uint64_t)1, 1u, "c"), 0);
	assert_int_equal(p9s_get8(&p9_reply), 0);
	assert_int_equal(P9(srv, P9S_LOCK, "dbdqqds", 2u, 3u, 0u, z, z, 1u, "c"), EINVAL);
	assert_int_equal(P9(srv, P9S_LOCK, "dbdqqds", 2u, 0u, 0u, ~z, z, 1u, "c"), EINVAL);
}

static void messages_that_are_none_end_the_connection_or_are_refused(void **state)
{
	(void)state;
	p9_make(P9S_CLUNK, "d", 0u);
	p9_req[0]++; /* a size that is not the size */
	assert_int_equal(p9_ask(srv, P9S_CLUNK), -EPROTO);
	assert_int_equal(P9(srv, P9S_CLUNK, "dd", 0u, 0u), EPROTO);
	assert_int_equal(P9(srv, P9S_WALK, "ddws", 0u, 1u, 2u, "a"), ENOENT);
	assert_int_equal(P9(srv, P9S_WALK, "ddws", 0u, 1u, 17u, "a"), EPROTO);
	assert_int_equal(P9(srv, P9S_WRITE, "dqdr", 0u, (uint64_t)0, 6u, "hello", (size_t)5),
			 EPROTO);
	assert_int_equal(P9(srv, P9S_WALK, "ddww", 0u, 1u, 1u, 65535u), EPROTO);
	assert_int_equal(P9(srv, 2, ""), EOPNOTSUPP);
	assert_int_equal(P9(srv, 250, ""), EOPNOTSUPP);
	assert_int_equal(P9(srv, P9S_ATTACH, "ddssd", 0u, NOFID, "", "", 0u), EBADF); /* in use */
	assert_int_equal(P9(srv, P9S_ATTACH, "ddssd", NOFID, NOFID, "", "", 0u), EBADF);
	assert_int_equal(P9(srv, P9S_ATTACH, "ddssd", 5u, 1u, "", "", 0u), EINVAL);
	assert_int_equal(P9(srv, P9S_FLUSH, "w", 3u), 0);
	assert_int_equal(P9(srv, P9S_VERSION, "ds", 100u, "9P2000.L"), EMSGSIZE);
	assert_int_equal(P9(srv, P9S_GETATTR, "dq", 0u, (uint64_t)0), EPROTO); /* no session now */
	assert_int_equal(P9(srv, P9S_VERSION, "ds", 0xffffffffu, "9P2000.u"), 0);
	assert_int_equal(p9s_get32(&p9_reply), UC_P9S_MSIZE);
	assert_int_equal(P9(srv, P9S_VERSION, "ds", 8192u, "9P2000.L"), 0);
	assert_int_equal(P9(srv, P9S_GETATTR, "dq", 0u, (uint64_t)0), EBADF);
	p9_make(P9S_WRITE, "dqdr", 0u, (uint64_t)0, 9000u, p9_rep, (size_t)9000);
	assert_int_equal(p9_ask(srv, P9S_WRITE), -EPROTO); /* longer than was agreed */
}

static void fids_are_bounded(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 1; i < UC_P9S_FIDS; i++)
		if (P9(srv, P9S_WALK, "ddw", 0u, i * 7919u, 0u))
			break;
	assert_int_equal(i, UC_P9S_FIDS);
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 0u, 3u, 0u), EMFILE);
	assert_int_equal(P9(srv, P9S_CLUNK, "d", 7919u), 0);
	assert_int_equal(P9(srv, P9S_WALK, "ddw", 0u, 3u, 0u), 0);
}

static void *serving(void *fd)
{
	static int result;

	result = uc_p9s_serve(srv, *(int *)fd);
	return &result;
}

static void requests_on_a_socket_come_in_any_pieces(void **state)
{
	uint8_t reply[64];
	pthread_t t;
	void *result;
	int p[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
	assert_int_equal(pthread_create(&t, NULL, serving, &p[1]), 0);
	p9_make(P9S_WALK, "ddw", 0u, 1u, 0u);
	for (size_t i = 0; i < p9_len; i++)
		assert_int_equal(write(p[0], p9_req + i, 1), 1);
	assert_int_equal(recv(p[0], reply, 9, MSG_WAITALL), 9);
	assert_int_equal(reply[4], P9S_WALK + 1);
	memcpy(p9_rep, p9_req, p9_len); /* two in one write, the first refused */
	size_t n = p9_len;
	p9_make(P9S_CLUNK, "d", 1u);
	memcpy(p9_rep + n, p9_req, p9_len);
	assert_int_equal(write(p[0], p9_rep, n + p9_len), (ssize_t)(n + p9_len));
	assert_int_equal(recv(p[0], reply, 11 + 7, MSG_WAITALL), 18);
	assert_int_equal(reply[4], P9S_LERROR + 1);
	assert_int_equal(reply[11 + 4], P9S_CLUNK + 1);
	static const uint8_t junk[] = { 3, 0, 0, 0, 0, 0, 0 };
	assert_int_equal(write(p[0], junk, sizeof(junk)), (ssize_t)sizeof(junk));
	assert_int_equal(pthread_join(t, &result), 0);
	assert_int_equal(*(int *)result, -EPROTO);
	assert_int_equal(pthread_create(&t, NULL, serving, &p[1]), 0);
	close(p[0]);
	assert_int_equal(pthread_join(t, &result), 0);
	assert_int_equal(*(int *)result, 0);
	close(p[1]);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(files_are_created_written_read_and_found_again),
		CASE(only_names_below_the_folder_are_reached),
		CASE(names_are_made_moved_and_removed),
		CASE(attributes_are_set),
		CASE(directories_are_read_in_pieces),
		CASE(a_read_only_folder_stays_as_it_is),
		CASE(attributes_of_the_user_are_kept_and_others_are_not_reached),
		CASE(locks_of_two_open_files_exclude_each_other),
		CASE(messages_that_are_none_end_the_connection_or_are_refused),
		CASE(fids_are_bounded),
		CASE(requests_on_a_socket_come_in_any_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
