#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# However a program ends, `unicore run` ends with the same status and the same output before it.
load ../lib

ends_like_native() {
	UC_IGNORE_STDERR=1 UC_ANY_STATUS=1 guest_case ending "$@"
}

@test "return, exit, _exit with small, large and negative values" {
	ends_like_native return 0
	ends_like_native return 17
	ends_like_native exit 255
	ends_like_native exit 259
	ends_like_native exit -1
	ends_like_native _exit 4
}

@test "abort and raised signals" {
	ends_like_native abort
	for sig in 1 2 3 9 10 14 15; do
		ends_like_native raise "$sig"
	done
	ends_like_native kill 15
	ends_like_native raise 17
}

@test "NULL pointer: read, write, call" {
	ends_like_native null-read
	ends_like_native null-write 1
	ends_like_native null-call
	VARIANTS='glibc-static glibc-nopie musl-static' ends_like_native null-read
}

@test "stack overflow in the main thread and in another" {
	ends_like_native overflow
	ends_like_native thread-overflow
}

@test "illegal instruction, division by zero" {
	ends_like_native ill
	ends_like_native div 0
}

@test "exit from another thread, end of the main thread alone, end of one thread" {
	ends_like_native thread-exit 7
	ends_like_native main-thread-ends 8
	ends_like_native one-thread 9
}

@test "a fault is reported with registers, symbols and mapping" {
	program=$(guest_program ending)
	guest_recorded "$program" -- null-write 1
	[ "$(cat "$BATS_TEST_TMPDIR/guest.status")" = 139 ]
	cat "$BATS_TEST_TMPDIR/guest.err"
	grep -qi 'segmentation fault\|SIGSEGV' "$BATS_TEST_TMPDIR/guest.err"
	grep -qiE 'rip|pc' "$BATS_TEST_TMPDIR/guest.err"
	grep -q 'main' "$BATS_TEST_TMPDIR/guest.err"
	grep -q 'ending' "$BATS_TEST_TMPDIR/guest.err"
}

@test "what shared mappings of a host's file hold is in the file, however the program ends" {
	cd "$BATS_TEST_TMPDIR"
	image=$(image_of "$(guest_program mapped)")
	for how in exit abort kill; do
		mkdir "$how"
		guest -v "$PWD/$how:/data" "$image" -- /data/file "$how" || true
		[ "$(stat -c %s "$how/file")" = 12288 ]
		[ "$(tr -d '\0' <"$how/file")" = $'the first process\nthe second process' ]
	done
}
