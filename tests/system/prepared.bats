#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Starts from memory that earlier ones left: every run is one of its own.
load ../lib
bats_require_minimum_version 1.5.0

setup() {
	# A process starts in its memory at once: nothing is kept for it.
	kept=true
	[ "$UC_PLAT" = kvm ] || kept=false
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR
	d=$BATS_TEST_TMPDIR
}

# started OPTIONS...: runs; output in out; prints whether it was a prepared start
started() {
	guest --json "$@" </dev/null >"$d/out" 2>"$d/err" || return
	report_value "$d/err" prepared
}

# value NAME: of the last run
value() { awk -v name="$1" '$1 == name { print $2 }' "$d/out"; }

@test "the third run is the second's memory at other places, with other secrets" {
	for variant in musl-static musl-static-pie; do
		image=$(image_of "$(guest_program places "$variant")")
		[ "$(started -m 16M "$image")" = false ]
		for _ in 2 3 4 5; do
			[ "$(started -m 16M "$image")" = "$kept" ]
			[ "$(value works)" = 0 ]
			for name in code stack heap mmap vdso random auxv guard; do
				echo "$name $(value "$name")"
			done >>"$d/$variant"
		done
		# The code of one that is not position-independent stays; nothing else is ever the same again.
		same=$(sort "$d/$variant" | uniq -d)
		[ "$variant" != musl-static ] || same=$(sort "$d/$variant" | uniq -d | grep -v ^code || :)
		[ -z "$same" ] || { echo "$same"; false; }
	done
}

@test "only for the same arguments, environment, memory and image" {
	image=$(image_of "$(guest_program places musl-static)")
	for _ in 1 2; do started -m 16M "$image"; done
	[ "$(started -m 16M "$image")" = "$kept" ]
	[ "$(started -m 17M "$image")" = false ]
	[ "$(started -m 16M -e A=B "$image")" = false ]
	[ "$(started -m 16M "$image" -- 0)" = false ]
	[ "$(started -m 16M --no-prepared "$image")" = false ]
	cp -r "$image" "$d/copy"
	[ "$(started -m 16M "$d/copy")" = false ]
	for _ in 1 2 3; do started -m 16M "$image" -- 5 || [ $? = 5 ]; done
	[ "$(value argument)" = 5 ]
}

@test "damaged memory is not started from, and made anew" {
	image=$(image_of "$(guest_program places musl-static)")
	for _ in 1 2 3; do started -m 16M "$image"; done
	[ "$kept" = true ] || { [ ! -e "$d/unicore" ] && return; }
	file=$(find "$d/unicore/start" -type f)
	[ "$(stat -c %a "$file")" = 600 ]
	for bytes in 0 1 300 5000; do
		head -c "$bytes" "$file" >"$d/cut" && cp "$d/cut" "$file"
		[ "$bytes" = 0 ] || [ "$(started -m 16M "$image")" = false ]
		rm "$file"
		for _ in 1 2; do prepared=$(started -m 16M "$image"); done
		[ "$prepared" = true ]
	done
	printf 'x' | dd of="$file" bs=1 seek=9000 conv=notrunc status=none
	[ "$(started -m 16M "$image")" = false ]
	[ "$(value works)" = 0 ]
}

@test "what cannot be kept starts as ever, and says so when asked" {
	image=$(image_of "$(guest_program places musl-static)")
	# A device is needed from the start.
	for _ in 1 2 3; do [ "$(started -m 16M -v "$d:/v" "$image")" = false ]; done
	# No folder to keep it in.
	[ "$(XDG_RUNTIME_DIR=/proc/self started -m 16M "$image")" = false ]
	# The guest does not come so far: the message is that of any start.
	for _ in 1 2 3; do
		run -127 guest -m 16M --entrypoint /missing "$image"
		[[ $output == *missing* ]]
	done
}

@test "the smallest image starts from 2 MB" {
	image=$(image_of "$(guest_program hello musl-static)" --calls "$UC_ROOT/apps/hello/calls")
	for _ in 1 2; do started -m 2M "$image"; done
	[ "$(started -m 2M "$image")" = "$kept" ]
	[ "$(cat "$d/out")" = "Hello, world!" ]
}

@test "not more of them are kept than a bound, and the last used ones" {
	image=$(image_of "$(guest_program hello musl-static)" --calls "$UC_ROOT/apps/hello/calls")
	mkdir -p "$d/unicore/start"
	for i in $(seq 100); do touch -d "2020-01-01 00:00:$((i % 60))" "$d/unicore/start/old$i"; done
	started -m 2M "$image"
	[ "$kept" = true ] || return 0
	[ "$(find "$d/unicore/start" -type f | wc -l)" -le 64 ]
	[ "$(started -m 2M "$image")" = true ]
}
