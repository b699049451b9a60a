#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# `unicore verify --security`: images pass all probes, and each probe notices when its defence is gone.
load ../lib

probes() {
	unicore verify --security --accel "$UC_ACCEL" --plat "$UC_PLAT" --json "$@"
}

# Names of what did not pass and is not known to be missing from such an image.
not_passed() {
	jq -r --arg none "$2" '.platforms[][] | select(.verdict == "fail" or
		(.verdict == "none" and (.name as $n | $none | split(" ") | index($n) | not))) | "\(.name): \(.found)"' "$1"
}

@test "every probe passes: dynamic and static programs, few calls, the other heap" {
	cd "$BATS_TEST_TMPDIR"
	hello=$(guest_program hello musl-static)
	probes --boots 3 "$(image_of "$(guest_program layout)")" >a || true
	probes --boots 2 "$(image_of "$hello" --calls "$UC_ROOT/apps/hello/calls")" >b || true
	probes --boots 2 "$(image_of "$(guest_program threads)" --heap tlsf)" >c || true
	[ "$(jq '.platforms[] | length' a)" -ge 40 ]
	not_passed a "" | tee failed
	not_passed b "dma aslr-vdso aslr-heap aslr-mmap memory-clear heap-end mmap-exec thread-guard unmapped heap-integrity" | tee -a failed
	not_passed c "heap-integrity" | tee -a failed
	[ ! -s failed ]
}

@test "every probe fails when its defence is switched off" {
	image=$(image_of "$(guest_program layout)")
	for name in $(probes --boots 2 "$image" | jq -r '.platforms[][].name'); do
		status=0
		probes --boots 2 --sabotage "$name" "$image" >"$BATS_TEST_TMPDIR/out" || status=$?
		cat "$BATS_TEST_TMPDIR/out"
		[ "$status" = 1 ]
		[ "$(jq -r '.platforms[][] | "\(.name) \(.verdict)"' "$BATS_TEST_TMPDIR/out")" = "$name fail" ]
	done
}

@test "a kernel's file that was changed: a writable text, symbols" {
	image=$(image_of "$(guest_program hello musl-static)")
	kernel=kernel
	[ "$UC_PLAT" = kvm ] || kernel="kernel-linux"
	cp -r "$image" "$BATS_TEST_TMPDIR/image"
	cd "$BATS_TEST_TMPDIR/image"
	cp "$kernel.debug" "$kernel"
	[ "$(probes --boots 2 . | jq -r '.platforms[][] | select(.verdict == "fail").name')" = kernel-stripped ]
	cp "$image/$kernel" "$kernel"
	printf '\007' | dd of="$kernel" bs=1 seek=68 conv=notrunc status=none # p_flags of the first segment
	run bash -c 'jq -r ".platforms[][] | select(.verdict == \"fail\").name" <<<"$1"' _ "$(probes --boots 2 .)"
	[[ $output == *kernel-segments* ]]
}

@test "wrong use is refused" {
	image=$(image_of "$(guest_program hello musl-static)")
	run unicore verify --security --sabotage nothing "$image"
	[ "$status" = 64 ]
	run unicore verify --security --plat native "$image"
	[ "$status" = 64 ]
}
