#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# DPDK's testpmd as the peer on shared memory: part of `make soak-full`, which installs it (packages of the group `soak`).
# bats file_tags=linux
load ../../lib

setup() {
	testpmd=
	[ "$UC_PLAT" = linux ] || skip "of the Linux platform"
	socket=$BATS_TEST_TMPDIR/socket
	image=$(image_of "$(command -v busybox)")
}

teardown() {
	[ -z "$testpmd" ] || kill "$testpmd" 2>/dev/null || true
}

# ROLE: answers what is asked of any address
start_testpmd() {
	dpdk-testpmd --no-huge --no-shconf --no-telemetry --no-pci -m 128 --vdev="net_memif0,role=$1,socket=$socket,socket-abstract=no" -- \
		--total-num-mbufs=8192 --no-mlockall --forward-mode=icmpecho --port-topology=loop -a \
		< <(exec tail -f /dev/null) >"$BATS_TEST_TMPDIR/testpmd.out" 2>&1 3>&- &
	testpmd=$!
}

listens() {
	until [ -S "$socket" ]; do
		kill -0 "$1"
		sleep 0.1
	done
}

@test "testpmd as server and as client answers pings" {
	start_testpmd server
	listens "$testpmd"
	run guest --timeout 100 --net "memif:$socket" --ip 192.0.2.2/24 "$image" -- ping -c 20 -i 0.1 -s 1400 192.0.2.1
	echo "$output"
	[ "$status" = 0 ]
	kill "$testpmd"
	wait "$testpmd" || true
	rm -f "$socket"
	guest --timeout 100 --net "memif:$socket,server" --ip 192.0.2.2/24 "$image" -- ping -c 20 -i 0.1 -s 1400 192.0.2.1 >"$BATS_TEST_TMPDIR/out" 3>&- &
	guest=$!
	listens "$guest"
	start_testpmd client
	wait "$guest"
}
