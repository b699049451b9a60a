#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# unicore deps: what it finds is what programs do, it says why, and hostile files cost it little.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	d=$BATS_TEST_TMPDIR
}

# Names of the system calls found.
found() {
	unicore deps -q --json "$@" | jq -r '.syscalls[].name' | sort
}

# sound PROGRAM ARGS...: every call of a traced run is among those found.
sound() {
	strace -f -qq -o "$d/trace" "$@" >/dev/null 2>&1 </dev/null || true
	# The first is strace's own execve.
	sed -nE '1d; s/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' "$d/trace" | sort -u >"$d/traced"
	[ -s "$d/traced" ]
	found "$1" >"$d/found"
	comm -23 "$d/traced" "$d/found" >"$d/missed"
	[ ! -s "$d/missed" ] || {
		echo "missed in $*:"
		cat "$d/missed"
		return 1
	}
}

# bats test_tags=kvm
@test "every call of a run is found, in each kind of program" {
	local variant name
	for variant in glibc glibc-nopie glibc-static glibc-static-pie musl musl-static; do
		for name in files processes threads signals; do
			sound "$(guest_program "$name" "$variant")"
		done
	done
}

# bats test_tags=kvm
@test "every call of programs of the distribution is found" {
	sound /bin/ls -la /
	sound /bin/sort /etc/passwd
	sound /usr/bin/find /etc/apt
	sound /usr/bin/openssl version
	sound /usr/bin/perl -e 'system("true"); print getpwuid(0)'
	sound /usr/bin/python3 -c 'import threading, socket, json'
}

# bats test_tags=kvm
@test "a small program has few calls, and the report is complete" {
	unicore deps -q --json /bin/true >"$d/true.json"
	jq -e '.report == "unicore.deps/1" and .complete and (.syscalls | length) <= 42' "$d/true.json"
	# The loader as a program of its own, mutexes with priorities.
	jq -e 'all(.syscalls[]; .name | IN("execve", "uname", "sched_setscheduler") | not)' "$d/true.json"
	jq -e '[.libraries[].role] == ["program", "loader", "library"]' "$d/true.json"
	jq -e 'all(.syscalls[]; .static and (.via | length) > 0)' "$d/true.json"
	jq -e '.imports | any(.name == "__libc_start_main" and (.library | endswith("libc.so.6")))' "$d/true.json"
	unicore deps -q --json "$(guest_program stdio musl-static)" | jq -e '.complete and (.syscalls | length) < 40'
}

# bats test_tags=kvm
@test "what nobody asks a name service for, and profiling of who executes nothing, do not count" {
	unicore deps -q --json /usr/bin/whoami | jq -e '[.syscalls[].name] | index("connect") and (index("sendmmsg") | not)'
	printf '#include <netdb.h>\nint main(int c, char **v) { struct addrinfo *a; return getaddrinfo(v[1], 0, 0, &a); }' >"$d/a.c"
	gcc -w "$d/a.c" -o "$d/a"
	found "$d/a" | grep -qx sendmmsg
	run ! grep -qx setitimer <(found /bin/true)
	found /usr/bin/env | grep -qx setitimer
	printf '#include <sys/time.h>\nint main() { return setitimer(0, 0, 0); }' >"$d/t.c"
	gcc -w "$d/t.c" -o "$d/t"
	musl-gcc -w "$d/t.c" -o "$d/m"
	found "$d/t" | grep -qx setitimer
	found "$d/m" | grep -qx setitimer
}

# bats test_tags=kvm
@test "reasons: --explain, -p, diff" {
	run -0 unicore deps -q --explain fadvise64 /bin/cat
	[[ $output == *"fadvise64 (221)"*"cat:"*"libc.so.6:posix_fadvise"* ]]
	run -0 unicore deps -q --explain libc.so.6 /bin/cat
	[[ $output == *"needed by /usr/bin/cat"* ]]
	run -0 unicore deps -q --explain reboot /bin/cat
	[[ $output == *"no reached code makes it"* ]]
	run -64 unicore deps -q --explain no-such-call /bin/cat
	run -0 unicore deps -q -p /bin/cat
	[[ $output == *" > libc.so.6:"* ]]
	run -1 unicore deps -q diff /bin/cat /bin/cp
	[[ $output == *"+ file "*libacl* ]]
	run -0 unicore deps -q diff /bin/cat /bin/cat
}

# bats test_tags=kvm
@test "other forms: page, graph, package" {
	unicore deps -q --html "$d/p.html" /bin/cat
	grep -q '<b>openat</b>' "$d/p.html"
	run ! grep -E '(src|href)=' "$d/p.html"
	unicore deps -q --dot /bin/cat | grep -q '^digraph'
	run -0 unicore deps -q --package grep
	[[ $output == *"/grep "* ]]
	run -66 unicore deps -q --package no-such-package
}

# bats test_tags=kvm
@test "a kept result is used until a file changes" {
	cp "$(guest_program stdio)" "$d/prog"
	found "$d/prog" >"$d/first"
	found "$d/prog" >"$d/second"
	cmp "$d/first" "$d/second"
	cp "$(guest_program threads)" "$d/prog"
	found "$d/prog" >"$d/third"
	grep -q '^clone' "$d/third"
}

# bats test_tags=kvm
@test "damaged and hostile files are refused or survived" {
	local n
	for n in 40 64 200 1000 5000 12000; do
		head -c "$n" /bin/true >"$d/cut"
		chmod +x "$d/cut"
		run unicore deps -q --no-cache "$d/cut"
		[ "$status" -eq 65 ] || [ "$status" -eq 0 ]
		[ "$status" -eq 0 ] || [[ $output == "unicore: "* ]]
	done
	run -66 unicore deps -q "$d/absent"
	run -65 unicore deps -q /etc/passwd
	run -64 unicore deps
}

@test "an image with the calls that were found works, and has no others" {
	local image=$d/image
	unicore build -q --calls static -o "$image" /usr/bin/sort
	[ "$(wc -l <"$image/calls")" -lt 120 ]
	grep -qx openat "$image/calls"
	seq 1000 -1 1 >"$d/numbers"
	UC_STDIN=$d/numbers same_as_native "$image" sort -- -n
	unicore build -q --calls static -o "$d/threads" "$(guest_program threads musl)"
	same_as_native "$d/threads" "$(guest_program threads musl)" --
	unicore deps -q --json /bin/true >"$d/true.json"
	unicore build -q --calls "$d/true.json" -o "$d/true" /bin/true
	[ "$(grep -vcx 'restart_syscall\|!.*' "$d/true/calls")" -le "$(jq '.syscalls | length' "$d/true.json")" ]
	guest "$d/true"
}

# bats test_tags=kvm
@test "traced runs: calls are noted, and those it can do without are told" {
	run -0 unicore deps -q --json --trace /bin/true --
	jq -e '[.syscalls[] | select(.traced)] | length > 5 and all(.static)' <<<"$output"
	run -0 unicore deps -q --json --mode trace /bin/sh -- -c 'cat /etc/hostname >/dev/null; exit 0'
	jq -e '.complete == false and any(.syscalls[]; .name == "execve" and .traced)' <<<"$output"
	run -0 unicore deps -q --json --classify "$(guest_program getppid musl-static)" --
	jq -e 'any(.syscalls[]; .need == "required") and all(.syscalls[] | select(.traced); .need != "unknown")' <<<"$output"
	run -64 unicore deps -q /bin/true -- x
}

# bats test_tags=kvm
@test "constant arguments and phases are told" {
	unicore deps -q --json /bin/ls >"$d/ls.json"
	jq -e '.syscalls[] | select(.name == "ioctl").arguments[0] | .name == "request" and .complete and
		(.values | index(21505) != null and index(21523) != null)' "$d/ls.json"
	jq -e '.syscalls[] | select(.name == "socket").arguments | map(.name) == ["domain", "type"]' "$d/ls.json"
	jq -e '[.syscalls[] | select(.phase == "start").name] | index("mmap") != null and index("arch_prctl") != null' "$d/ls.json"
	jq -e '[.syscalls[] | select(.phase == "steady").name] | index("statx") != null' "$d/ls.json"
	run -0 unicore deps -q --json --trace /bin/true --
	jq -e '.syscalls[] | select(.name == "execve" or .name == "mmap") | .traced_in == ["start"]' <<<"$output"
}

# bats test_tags=kvm
@test "traced lookups of names count the modules that this machine's configuration names" {
	local module
	module=$(sed -nE 's/^passwd:.*files ([a-z]+)$/\1/p' /etc/nsswitch.conf)
	[ -e "/usr/lib/x86_64-linux-gnu/libnss_$module.so.2" ] || skip "no other module"
	run -0 unicore deps -q --json --trace /bin/id -- root
	[[ $output == *"libnss_$module"* ]]
	run -0 unicore deps -q --json /bin/id
	[[ $output != *"libnss_$module"* ]]
}

# bats test_tags=kvm
@test "programs of other architectures: libraries, imports, calls by scan" {
	local arch
	for arch in a64:aarch64 arm:arm x86:x86; do
		cp "$BATS_TEST_DIRNAME/../../tools/lib/code/fuzz/corpus-code_scan/${arch%:*}" "$d/p"
		run -69 unicore deps -q --root "$d" /p
		[[ $output == *libc.so.6* ]]
		unicore deps -q --json --allow-missing --root "$d" /p 2>/dev/null >"$d/p.json"
		jq -e --arg a "${arch#*:}" '.arch == $a and (.complete | not) and (.imports | map(.name)) == ["getpid"] and
			any(.syscalls[]; .name == "write")' "$d/p.json"
	done
}

# bats test_tags=kvm
@test "a part of bench/deps: no traced call is missed" {
	UC_BUILD=$UC_BUILD "$BATS_TEST_DIRNAME/../../bench/deps" -n 8 -w 10 -o "$d/bench" >"$d/table" || {
		cat "$d/table"
		return 1
	}
	grep -q '^| mean F1' "$d/table"
}
