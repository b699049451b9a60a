#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The kernel as a process (--plat linux): what holds it in, and that nothing of it stays behind.
# bats file_tags=linux
load ../lib

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Starts an image that sleeps; runner, kernel: process ids.
start_idle() {
	"$UC_BUILD/bin/unicore" run --plat linux "$(image_of "$(guest_program sleeper)")" "$@" >out 2>err </dev/null 3>&- &
	runner=$!
	wait_until "$runner" says out ready
	kernel=$(pgrep -P "$runner")
	[ -n "$kernel" ]
}

stop_idle() {
	kill -KILL "$runner"
	wait "$runner" || true
}

# Processes whose program is a file of this folder.
processes_of() {
	local p
	for p in /proc/[0-9]*; do
		[[ $(readlink "$p/exe" 2>/dev/null) != "$1"/* ]] || echo "${p##*/}"
	done
}

none_of() {
	[ -z "$(processes_of "$1")" ]
}

@test "no way to make a system call reaches the host" {
	image=$(image_of "$(guest_program escape)" --calls all)
	echo secret >marker
	for way in $(seq 0 99); do
		status=0
		guest --no-sandbox "$image" -- "$way" "$BATS_TEST_TMPDIR/marker" >out 2>err || status=$?
		cat out err
		[ "$status" != 77 ] || break
		# refused, or the signal that a fault gives; from a 32-bit code segment there is no way back
		[ "$status" = 0 ] || [ "$status" = 139 ]
		! grep -q ESCAPED out
	done
	[ "$way" -ge 8 ]
}

@test "what the kernel itself may not ask of the host ends it" {
	image=$(image_of "$(guest_program escape)" --calls all)
	echo secret >marker
	for n in $(seq 0 99); do
		status=0
		guest --no-sandbox "$image" -- direct "$n" "$BATS_TEST_TMPDIR/marker" >out 2>err || status=$?
		cat out err
		[ "$status" != 77 ] || break
		[ "$status" = 125 ]
		! grep -q ESCAPED out
		grep -q 'ended by its filter' err
	done
	[ "$n" -ge 20 ]
}

@test "every call number from code made at run time: seen from outside, only the list is executed" {
	command -v strace >/dev/null || skip "no strace"
	image=$(image_of "$(guest_program escape)" --calls all)
	timeout 300 strace -f -qq -o trace "$UC_BUILD/bin/unicore" run --plat linux "$image" -- calls >out 2>err </dev/null
	cat err
	[ "$(cat out)" = "all calls answered" ]
	# The list, from where it is written; prctl is how it is put in force.
	list=$(sed -n 's/.*allow.*(__NR_\([a-z0-9_]*\).*/\1/p; s/.*call_begin(__NR_\([a-z0-9_]*\)).*/\1/p' "$UC_ROOT/core/plat/linux/x86_64/lockdown.c" | sort -u)
	[ "$(wc -w <<<"$list")" -ge 10 ]
	[ "$(wc -w <<<"$list")" -le 20 ]
	# Calls that the filter turned back are followed by their SIGSYS. uretprobe and uprobe (335, 336) pass every filter since
	# Linux 6.11; they work for probes that the host itself has set, and refuse anybody else.
	awk -v list="$(echo "$list" | xargs | tr ' ' '|')" '
		/PR_SET_SECCOMP/ { kernel = $1; next }
		$1 != kernel { next }
		held != "" && !/SIGSYS/ { print "executed: " held; bad = 1 }
		{ held = "" }
		/^[0-9]+ +--- / || /\+\+\+/ || /resumed>/ { next }
		$2 ~ /^(syscall_0x14f|syscall_0x150|uretprobe|uprobe)\(/ && / = -1 E/ { next }
		$2 !~ "^(" list ")\\(" { held = $0; turned++ }
		END { if (turned < 400) { print turned " calls were seen"; bad = 1 } exit bad }
	' trace
}

@test "namespaces of its own, no privileges, a filter, an empty root" {
	start_idle
	for ns in user mnt pid net ipc uts; do
		[ "$(readlink "/proc/$kernel/ns/$ns")" != "$(readlink "/proc/self/ns/$ns")" ] || {
			stop_idle
			skip "this host does not permit namespaces"
		}
	done
	for field in CapEff CapPrm CapInh CapAmb; do
		grep -q "^$field:[[:space:]]*0*$" "/proc/$kernel/status"
	done
	grep -q '^NoNewPrivs:[[:space:]]*1' "/proc/$kernel/status"
	grep -q '^Seccomp:[[:space:]]*2' "/proc/$kernel/status"
	[ -z "$(ls -A "/proc/$kernel/root/")" ]
	[ "$(ls "/proc/$kernel/fd" | sort -n | xargs)" = "0 1 2 3 4 5 6" ]
	stop_idle
}

@test "large areas are in huge pages of the host if they come fast, and the memory file holds no more than -m" {
	start_idle 64
	ram=/proc/$kernel/fd/6
	size=$(stat -L -c %s "$ram")
	kib=$(awk '$1 == "ShmemPmdMapped:" { n += $2 } END { print n + 0 }' "/proc/$kernel/smaps")
	own=$(readlink "$ram")
	stop_idle
	[ "$size" = $((256 << 20)) ]
	[ -e /sys/kernel/mm/transparent_hugepage/hpage_pmd_size ] || skip "no huge pages on this host"
	[[ $own != /memfd:* ]] || skip "this host does not permit namespaces"
	[ "$kib" -ge 2048 ] # the first is tried anywhere; where that took long, small ones follow
}

@test "killing the runner at any instant leaves no process and no file" {
	image=$(image_of "$(guest_program sleeper)")
	mkdir tmp cache
	export TMPDIR=$PWD/tmp XDG_CACHE_HOME=$PWD/cache
	for i in $(seq 0 39); do
		"$UC_BUILD/bin/unicore" run --plat linux "$image" >/dev/null 2>&1 </dev/null 3>&- &
		sleep "0.00$((i % 10))$((i / 10))"
		kill -KILL $!
		wait $! 2>/dev/null || true
	done
	wait_until $$ none_of "$image"
	[ -z "$(find tmp cache -type f -not -path cache/unicore/host)" ]
}

@test "an ordinary user, without address randomisation, with an unlimited stack" {
	image=$(image_of "$(guest_program hello musl-static)")
	run=("$UC_BUILD/bin/unicore" run --plat linux "$image")
	[ "$(setarch -R "${run[@]}")" = "Hello, world!" ]
	[ "$(ulimit -s unlimited && "${run[@]}")" = "Hello, world!" ]
	[ "$(ulimit -s 256 && "${run[@]}")" = "Hello, world!" ]
	[ "$(ulimit -S -f 100 && "${run[@]}" | cat)" = "Hello, world!" ]
	UC_TIMEOUT=60 run bash -c 'ulimit -f 100; exec "$@"' sh "${run[@]}"
	[ "$status" = 71 ]
	[[ $output == *"cannot make its memory"* ]]
	[ "$(id -u)" = 0 ] || return 0
	open=$(mktemp -d) # bats's own folder is closed to others
	cp -r "$image" "$open/img"
	cp "$UC_BUILD/bin/unicore" "$open/unicore"
	mkdir -m 777 "$open/home"
	chmod -R a+rX "$open"
	out=$(cd "$open" && HOME=$open/home setpriv --reuid 65534 --regid 65534 --clear-groups ./unicore run --plat linux ./img 2>&1) || true
	rm -rf "$open"
	echo "$out"
	[ "$out" = "Hello, world!" ]
}

@test "calls with the trap or the nested-task flag set" {
	program=$(guest_program flags)
	same_as_native "$program" "$program" --
}
