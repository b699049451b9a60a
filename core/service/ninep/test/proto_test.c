// SPDX-License-Identifier: BSD-3-Clause
// sources: ../proto.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <asm/errno.h>
#include "p9_proto.h"

static struct p9_buf msg;
static uint8_t mem[4096];

static void begin(unsigned type, uint16_t tag)
{
	p9_start(&msg, mem, sizeof(mem), type, tag);
}

static int reply(struct p9_buf *b, enum p9_type request, uint16_t tag)
{
	uint32_t size;
	assert_int_equal(p9_finish(&msg, 0), 0);
	return p9_reply(b, mem, msg.at, msg.at, request, tag, &size);
}

static void requests_are_encoded_little_endian_with_their_size(void **state)
{
	static const uint8_t want[] = {
		19, 0, 0, 0, 110, 5, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 2, 0
	};
	begin(P9_WALK, 5);
	p9_put32(&msg, 1);
	p9_put32(&msg, 2);
	p9_put16(&msg, 1);
	p9_puts(&msg, "", 0);
	mem[17] = 2; /* the length below is patched so that the header can be compared alone */
	assert_int_equal(p9_finish(&msg, 0), 0);
	assert_memory_equal(mem, want, sizeof(want));
}

static void a_request_that_does_not_fit_is_an_error(void **state)
{
	uint8_t small[16];
	p9_start(&msg, small, sizeof(small), P9_WALK, 0);
	p9_puts(&msg, "a name that is too long", 23);
	assert_int_equal(p9_finish(&msg, 0), -ENAMETOOLONG);
	begin(P9_WALK, 0);
	p9_puts(&msg, NULL, 70000);
	assert_int_equal(p9_finish(&msg, 0), -ENAMETOOLONG);
}

static void errors_of_the_server_become_errno(void **state)
{
	struct p9_buf b;
	begin(P9_LERROR + 1, 3);
	p9_put32(&msg, ENOENT);
	assert_int_equal(reply(&b, P9_WALK, 3), -ENOENT);
	static const uint32_t lies[] = { 0, 4096, UINT32_MAX };
	for (unsigned i = 0; i < 3; i++) {
		begin(P9_LERROR + 1, 3);
		p9_put32(&msg, lies[i]);
		assert_int_equal(reply(&b, P9_WALK, 3), -EPROTO);
	}
	begin(P9_LERROR + 1, 3); /* without a number */
	assert_int_equal(reply(&b, P9_WALK, 3), -EPROTO);
}

static void replies_must_match_the_request(void **state)
{
	struct p9_buf b;
	uint32_t size;
	begin(P9_WALK + 1, 3);
	assert_int_equal(reply(&b, P9_WALK, 4), -EPROTO);
	begin(P9_READ + 1, 3);
	assert_int_equal(reply(&b, P9_WALK, 3), -EPROTO);
	begin(P9_WALK + 1, 3);
	p9_finish(&msg, 100); /* more than was written */
	assert_int_equal(p9_reply(&b, mem, msg.at, msg.at, P9_WALK, 3, &size), -EPROTO);
	assert_int_equal(p9_reply(&b, mem, 3, 3, P9_WALK, 3, &size), -EPROTO);
	assert_int_equal(p9_reply(&b, mem, 0, 0, P9_WALK, 3, &size), -EPROTO);
}

static void version_is_bounded_by_what_was_asked(void **state)
{
	static const struct { uint32_t msize; const char *name; int want;
	} cases[] = {
		{ 8192, "9P2000.L", 0 },       { 4096, "9P2000.L", 0 },
		{ 4095, "9P2000.L", -EPROTO }, { 8193, "9P2000.L", -EPROTO },
		{ 8192, "9P2000", -EPROTO },   { 8192, "9P2000.LX", -EPROTO },
		{ 8192, "unknown", -EPROTO },
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct p9_buf b;
		uint32_t msize;
		begin(P9_VERSION + 1, P9_NOTAG);
		p9_put32(&msg, cases[i].msize);
		p9_puts(&msg, cases[i].name, strlen(cases[i].name));
		assert_int_equal(reply(&b, P9_VERSION, P9_NOTAG), 0);
		assert_int_equal(p9_dec_version(&b, 8192, &msize), cases[i].want);
	}
}

static void a_short_walk_is_enoent(void **state)
{
	struct p9_buf b;
	struct p9_qid q;
	begin(P9_WALK + 1, 1);
	p9_put16(&msg, 0);
	reply(&b, P9_WALK, 1);
	assert_int_equal(p9_dec_walk(&b, 1, &q), -ENOENT);
	begin(P9_WALK + 1, 1);
	p9_put16(&msg, 2);
	reply(&b, P9_WALK, 1);
	assert_int_equal(p9_dec_walk(&b, 1, &q), -EPROTO);
}

static void put_dirent(const char *name, unsigned len)
{
	p9_put8(&msg, 0);
	p9_put32(&msg, 0);
	p9_put64(&msg, 42);
	p9_put64(&msg, 7);
	p9_put8(&msg, 8);
	p9_puts(&msg, name, len);
}

static void directory_names_are_checked(void **state)
{
	struct p9_buf b;
	struct p9_dirent e;
	begin(P9_READDIR + 1, 1);
	put_dirent("good", 4);
	put_dirent("also.good", 9);
	reply(&b, P9_READDIR, 1);
	assert_int_equal(p9_dec_dirent(&b, &e), 1);
	assert_int_equal(e.qid.path, 42);
	assert_memory_equal(e.name, "good", e.len);
	assert_int_equal(p9_dec_dirent(&b, &e), 1);
	assert_int_equal(p9_dec_dirent(&b, &e), 0);
	static const struct {
		const char *name;
		unsigned len;
	} bad[] = { { "", 0 }, { "a/b", 3 }, { "../x", 4 }, { "a\0b", 3 } };
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(P9_READDIR + 1, 1);
		put_dirent(bad[i].name, bad[i].len);
		reply(&b, P9_READDIR, 1);
		assert_int_equal(p9_dec_dirent(&b, &e), -EPROTO);
	}
	begin(P9_READDIR + 1, 1);
	put_dirent("cut", 3);
	msg.at -= 1;
	reply(&b, P9_READDIR, 1);
	assert_int_equal(p9_dec_dirent(&b, &e), -EPROTO);
}

static void counts_and_texts_are_bounded(void **state)
{
	struct p9_buf b;
	uint32_t n;
	char text[4];
	begin(P9_READ + 1, 1);
	p9_put32(&msg, 101);
	reply(&b, P9_READ, 1);
	assert_int_equal(p9_dec_count(&b, 100, &n), -EPROTO);
	begin(P9_READLINK + 1, 1);
	p9_puts(&msg, "target", 6);
	reply(&b, P9_READLINK, 1);
	assert_int_equal(p9_dec_readlink(&b, text, sizeof(text)), 4);
	assert_memory_equal(text, "targ", 4);
	begin(P9_READLINK + 1, 1);
	p9_puts(&msg, "a\0b", 3);
	reply(&b, P9_READLINK, 1);
	assert_int_equal(p9_dec_readlink(&b, text, sizeof(text)), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_encoded_little_endian_with_their_size),
		cmocka_unit_test(a_request_that_does_not_fit_is_an_error),
		cmocka_unit_test(errors_of_the_server_become_errno),
		cmocka_unit_test(replies_must_match_the_request),
		cmocka_unit_test(version_is_bounded_by_what_was_asked),
		cmocka_unit_test(a_short_walk_is_enoent),
		cmocka_unit_test(directory_names_are_checked),
		cmocka_unit_test(counts_and_texts_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
