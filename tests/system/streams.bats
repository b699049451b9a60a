#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Standard streams: separate, binary-clean, of any size, with their ends; terminals; signals from the host.
load ../lib

@test "every byte value on stdout and stderr" {
	UC_ANY_STATUS=1 guest_case stdio all
}

@test "binary data through stdin, stdout and stderr" {
	head -c 300001 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	UC_STDIN=$BATS_TEST_TMPDIR/in UC_ANY_STATUS=1 guest_case stdio
	cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/guest.out"
}

@test "megabytes through a pipe" {
	head -c 8000000 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	program=$(guest_program stdio musl-static)
	cat "$BATS_TEST_TMPDIR/in" | guest "$program" 2>"$BATS_TEST_TMPDIR/err" | cmp - "$BATS_TEST_TMPDIR/in"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/err")" = 8000000 ]
}

@test "empty stdin and stdin that the program never reads" {
	program=$(guest_program stdio)
	guest "$program" </dev/null
	hello=$(guest_program hello musl-static)
	# What the guest did not ask for is still there for the next reader.
	rest=$( (guest "$hello" >/dev/null && cat) < <(printf 'left over'))
	[ "$rest" = 'left over' ]
}

@test "streams are not terminals unless they are" {
	program=$(guest_program stdio)
	[ "$(guest "$program" -- tty </dev/null 2>/dev/null | cat)" = "0 0 0" ]
}

@test "a terminal is a terminal in the guest" {
	command -v script >/dev/null || skip "no script(1)"
	program=$(guest_program stdio)
	out=$(script -qec "$UC_BUILD/bin/unicore run --timeout 60 ${UC_PLATFORM[*]} $program -- tty" /dev/null </dev/null)
	[[ $out == *"1 1 1"* || $out == *"0 1 1"* ]]
}

@test "SIGTERM and SIGINT reach the guest; the machine ends" {
	for sig in TERM INT; do
		sleeper=$(guest_program sleeper)
		env --default-signal=INT "$UC_BUILD/bin/unicore" run --timeout 200 "${UC_PLATFORM[@]}" "$sleeper" >"$BATS_TEST_TMPDIR/out" 2>/dev/null </dev/null 3>&- &
		pid=$!
		wait_until "$pid" says "$BATS_TEST_TMPDIR/out" ready
		kill -"$sig" "$pid"
		status=0
		wait "$pid" || status=$?
		grep -q "caught $sig" "$BATS_TEST_TMPDIR/out"
		[ "$status" = 5 ]
	done
}

# Whether process PID has ended; who should take notice of that may not have yet.
gone() {
	[ ! -d "/proc/$1" ] || says "/proc/$1/status" '^State:.*Z'
}

@test "the machine does not outlive unicore run, not even after SIGKILL" {
	sleeper=$(guest_program sleeper)
	env --default-signal=INT "$UC_BUILD/bin/unicore" run --timeout 200 "${UC_PLATFORM[@]}" "$sleeper" >"$BATS_TEST_TMPDIR/out" 2>/dev/null </dev/null 3>&- &
	pid=$!
	wait_until "$pid" says "$BATS_TEST_TMPDIR/out" ready
	children=$(pgrep -P "$pid")
	[ -n "$children" ]
	kill -KILL "$pid"
	for c in $children; do
		wait_until $$ gone "$c"
	done
}

@test "a reader that goes away ends the writer, as in a pipeline" {
	program=$(guest_program yes)
	UC_TIMEOUT=60 guest "$program" 2>/dev/null | head -n 3 >"$BATS_TEST_TMPDIR/out"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" = 3 ]
}
