#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Security properties of a running image that can be seen from inside and outside.
load ../lib

@test "addresses of text, heap, stack, mappings and libraries differ from run to run" {
	image=$(image_of "$(guest_program layout)")
	for i in 1 2 3; do guest "$image" >"$BATS_TEST_TMPDIR/$i"; done
	for what in text heap stack mmap libc vdso canary random; do
		[ "$(grep -h "^$what " "$BATS_TEST_TMPDIR"/[123] | sort -u | wc -l)" = 3 ] || {
			grep -h "^$what " "$BATS_TEST_TMPDIR"/[123]
			false
		}
	done
}

@test "random bytes differ from run to run" {
	image=$(image_of "$(guest_program random)")
	a=$(guest "$image" -- show | head -n 1)
	b=$(guest "$image" -- show | head -n 1)
	[ "${#a}" -ge 60 ]
	[ "$a" != "$b" ]
}

@test "text and constants cannot be written, data and stack cannot be executed" {
	guest_case wx
}

@test "the kernel image has no section that is writable and executable" {
	image=$(image_of "$(guest_program hello musl-static)")
	run readelf -lW "$image/kernel"
	[[ ! $output =~ LOAD.*RWE ]]
}

@test "an image holds no shell unless asked for one" {
	image=$(image_of "$(guest_program hello)")
	run fsck.erofs --extract="$BATS_TEST_TMPDIR/x" "$image/root.erofs"
	[ "$status" = 0 ]
	[ -z "$(find "$BATS_TEST_TMPDIR/x" -name sh -o -name bash -o -name dash)" ]
}

@test "the root file system comes back unchanged after a program wrote to it" {
	busybox=$(command -v busybox) || skip "no busybox"
	image=$(image_of "$busybox")
	before=$(sha256sum <"$image/root.erofs")
	guest "$image" -- mkdir /new
	run guest "$image" -- ls /new
	[ "$status" -ne 0 ]
	[ "$(sha256sum <"$image/root.erofs")" = "$before" ]
}
