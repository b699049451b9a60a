#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# python3 from its Debian package.
load ../lib

setup() {
	need python3
	export UC_TIMEOUT=600
}

@test "python3: a script of many modules" {
	dir=$BATS_TEST_TMPDIR/data
	mkdir "$dir"
	cp "$BATS_TEST_DIRNAME/data/script.py" "$dir"
	UC_NATIVE_DIR=$dir UC_GUEST_DIR=/data \
		same_as_native "$(image_of deb:python3 --add /usr/share/zoneinfo)" python3 -v "$dir:/data:ro" -- -B script.py one 'two three'
	[ "$(cat "$BATS_TEST_TMPDIR/guest.status")" = 3 ]
}

@test "python3: -c pass needs at most 24 MB" {
	same_as_native "$(image_of deb:python3)" python3 -m 24M -- -c pass
}

@test "python3: a traceback and its status" {
	same_as_native "$(image_of deb:python3)" python3 -- -c 'import json; json.loads("{")'
	[ "$(cat "$BATS_TEST_TMPDIR/guest.status")" = 1 ]
}

@test "python3: sys.exit, os._exit, os.kill" {
	image=$(image_of deb:python3)
	same_as_native "$image" python3 -- -c 'import sys; sys.exit(42)'
	same_as_native "$image" python3 -- -c 'import os, signal; os.kill(os.getpid(), signal.SIGTERM)'
}

# Of a report of the test runner: everything but the machine, times and load.
without_times() {
	sed -E -e '/^== (CPython|Linux|cwd|CPU|encodings)/d' -e 's/^[0-9:]+ load avg: [0-9.]+ //' -e 's/ in [0-9.]+ ?s$//' \
		-e 's/^(\[ *[0-9]+\/[0-9]+\] [^ ]+) -- .*/\1/' \
		-e '/^Total duration/d' "$1"
}

@test "python3 -m test: modules of the standard suite, each test as natively" {
	[ -d /usr/lib/python3.11/test ] || skip "no libpython3.11-testsuite"
	modules=(test_json test_zlib test_struct test_mmap test_time test_math test_re)
	native python3 -m test -v "${modules[@]}"
	guest_recorded -w /tmp -m 512M "$(image_of deb:python3 deb:libpython3.11-testsuite)" -- -m test -v "${modules[@]}"
	tail -n 3 "$BATS_TEST_TMPDIR"/*.out
	[ "$(cat "$BATS_TEST_TMPDIR/guest.status")" = 0 ]
	for side in native guest; do
		cat "$BATS_TEST_TMPDIR/$side.out" "$BATS_TEST_TMPDIR/$side.err" >"$BATS_TEST_TMPDIR/$side.all"
		without_times "$BATS_TEST_TMPDIR/$side.all" >"$BATS_TEST_TMPDIR/$side.report"
	done
	[ "$(grep -c ' \.\.\. ' "$BATS_TEST_TMPDIR/guest.report")" -gt 400 ]
	diff "$BATS_TEST_TMPDIR/native.report" "$BATS_TEST_TMPDIR/guest.report"
}

@test "python3: a busy loop keeps no thread, child or signal from running (pre-emptive scheduler)" {
	cat >"$BATS_TEST_TMPDIR/busy.py" <<-'PY'
		import os, signal, threading, time
		stop, got = False, []
		def spin():
		    while not stop:
		        pass
		t = threading.Thread(target=spin)
		t.start()
		time.sleep(0.1)
		stop = True
		t.join(20)
		print("thread", t.is_alive())
		pid = os.fork()
		if pid == 0:
		    while True:
		        pass
		time.sleep(0.1)
		os.kill(pid, signal.SIGTERM)
		print("child", os.waitpid(pid, 0)[1])
		signal.signal(signal.SIGALRM, lambda s, f: got.append(s))
		signal.setitimer(signal.ITIMER_REAL, 0.05)
		while not got:
		    pass
		print("signal", got)
	PY
	UC_TIMEOUT=200 UC_STDIN=$BATS_TEST_TMPDIR/busy.py same_as_native "$(image_of deb:python3 --sched preempt)" python3 -- -
}
