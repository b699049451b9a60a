#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# bats file_tags=kvm
# `unicore build --compartment net`: memory of the TCP/IP stack that only its code can use.
load ../lib

setup() {
	server=
}

teardown() {
	stop_guest
}

@test "sockets, interfaces and /proc/net behave as without, by either kind of key" {
	for name in inet netinfo urgent; do
		program=$(guest_program "$name")
		guest "$(image_of "$program")" >"$BATS_TEST_TMPDIR/without"
		for cpu in max max,-pks; do
			guest --qemu-arg=-cpu --qemu-arg="$cpu" "$(image_of "$program" --compartment net)" >"$BATS_TEST_TMPDIR/with"
			diff "$BATS_TEST_TMPDIR/without" "$BATS_TEST_TMPDIR/with"
		done
	done
}

@test "a network card, whose rings and packets are in the compartment" {
	need_user_net
	image=$(image_of "$(guest_program echo)" --compartment net)
	tcp=$(free_port) udp=$(free_port)
	start_guest ready -p "127.0.0.1:$tcp:7" -p "127.0.0.1:$udp:7/udp" "$image"
	python3 "$UC_ROOT/tests/system/data/echo-client.py" 127.0.0.1 "$tcp" "$udp" 0
	wait "$server"
}

@test "the program cannot use its memory; with keys off it can" {
	image=$(image_of "$(guest_program inet)" --compartment net)
	probes=(verify --security --accel "$UC_ACCEL" --plat kvm --boots 2 --json)
	unicore "${probes[@]}" "$image" >"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r '.platforms[][] | select(.verdict != "pass").name' "$BATS_TEST_TMPDIR/out")" = "" ]
	jq -e '.platforms[][] | select(.name == "compartment")' "$BATS_TEST_TMPDIR/out"
	run unicore "${probes[@]}" --sabotage compartment "$image"
	[ "$status" = 1 ]
}

@test "where there are no keys the image is refused" {
	image=$(image_of "$(guest_program inet)" --compartment net)
	run guest --qemu-arg=-cpu --qemu-arg=max,-pku,-pks "$image"
	[ "$status" = 120 ]
	[[ $output == *"no protection keys"* ]]
	run unicore run --plat linux "$image"
	[ "$status" = 65 ]
	run unicore build -o "$BATS_TEST_TMPDIR/i" --compartment nothing "$(guest_program inet)"
	[ "$status" = 69 ]
}
