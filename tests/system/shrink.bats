#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# unicore shrink, and images of unmodified programs without configuration.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	d=$BATS_TEST_TMPDIR
}

@test "files that the workload does not look at are removed, after asking" {
	local before
	seq 100 -1 1 >"$d/numbers"
	unicore build -q --calls static -o "$d/sort" /usr/bin/sort
	before=$(jq .root_bytes "$d/sort/image.json")
	unicore shrink --plat "$UC_PLAT" --dry-run --json "$d/sort" -- --version >"$d/out"
	sed -n '/^{/,$p' "$d/out" | jq -e '.bytes > 100000 and any(.remove[]; .path | endswith("LC_CTYPE"))'
	run -64 unicore shrink --plat "$UC_PLAT" "$d/sort" -- --version </dev/null
	[[ $output == *"--yes"* ]]
	[ "$(jq .root_bytes "$d/sort/image.json")" = "$before" ]
	unicore shrink --plat "$UC_PLAT" --yes --keep '*/LC_TIME' -o "$d/small" "$d/sort" -- --version >/dev/null
	[ "$(jq .root_bytes "$d/small/image.json")" -lt "$before" ]
	run -0 unicore why LC_TIME "$d/small"
	run -66 unicore why LC_CTYPE "$d/small"
	UC_STDIN=$d/numbers same_as_native "$d/small" sort -- -n
	unicore size "$d/small" >/dev/null
	# In place, with nothing more to remove.
	unicore shrink --plat "$UC_PLAT" --yes "$d/small" -- --version >/dev/null
	guest "$d/small" -- --version | grep -q coreutils
}

# bats test_tags=kvm
@test "a workload that fails changes nothing" {
	unicore build -q -o "$d/sort" /usr/bin/sort
	cp "$d/sort/image.json" "$d/before"
	run -65 unicore shrink --plat linux --yes "$d/sort" -- --no-such-option
	[[ $output == *"nothing was changed"* ]]
	cmp "$d/before" "$d/sort/image.json"
	run -64 unicore shrink "$d/sort"
	run -66 unicore shrink "$d/absent" -- x
	# Nothing is left behind.
	[ "$(ls "$d")" = "$(printf 'before\nsort')" ]
}

# bats test_tags=kvm
@test "unmodified programs do their work from one command" {
	UC_BUILD=$UC_BUILD "$UC_ROOT/bench/programs" -o "$d/bench" ls sort find gawk tar sha256sum sqlite3 dc
	UC_BUILD=$UC_BUILD "$UC_ROOT/bench/programs" -c static -o "$d/bench" cp grep xz
}

# bats test_tags=kvm
@test "almost nothing in a kernel can be left out" {
	unicore build -q --calls "$UC_ROOT/apps/hello/calls" -o "$d/hello" "$(guest_program hello musl-static)"
	UC_BUILD=$UC_BUILD "$UC_ROOT/bench/minimal" -o "$d/bench" "$d/hello"
}
