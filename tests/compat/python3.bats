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

# The standard test suite: every module that passes natively passes in the guest, with as many tests run.
standard_tests() {
	local tests=/usr/lib/python3.11/test image
	[ -d "$tests" ] || skip "no libpython3.11-testsuite"
	image=$(image_of deb:python3 --add "$tests")
	for module; do
		native python3 -B -m unittest -q "test.$module"
		guest_recorded -w /tmp -m 512M "$image" -- -B -m unittest -q "test.$module"
		tail -n 30 "$BATS_TEST_TMPDIR/guest.err"
		[ "$(cat "$BATS_TEST_TMPDIR/native.status")" = 0 ]
		[ "$(cat "$BATS_TEST_TMPDIR/guest.status")" = 0 ]
		grep -q "^Ran [1-9]" "$BATS_TEST_TMPDIR/guest.err"
		[ "$(grep -o '^Ran [0-9]* test' "$BATS_TEST_TMPDIR/guest.err")" = \
			"$(grep -o '^Ran [0-9]* test' "$BATS_TEST_TMPDIR/native.err")" ]
	done
}

@test "python3: test_json test_struct test_math of the standard suite" {
	standard_tests test_json test_struct test_math
}

@test "python3: test_zlib test_mmap of the standard suite" {
	standard_tests test_zlib test_mmap
}

@test "python3: test_time test_re of the standard suite" {
	standard_tests test_time test_re
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
	UC_TIMEOUT=60 UC_STDIN=$BATS_TEST_TMPDIR/busy.py same_as_native "$(image_of deb:python3 --sched preempt)" python3 -- -
}
