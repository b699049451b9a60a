#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# IP networking: sockets inside one guest, a guest reached through ports of the host, a guest on a tap.
load ../lib

setup() {
	server='' helper=''
	server_setup
}

teardown() {
	server_teardown "$helper"
}

@test "sockets over loopback: IPv4 and IPv6, TCP and UDP, as natively" {
	VARIANTS='glibc musl-static' guest_case inet
}

@test "what is left of a connection after a reset or the other end's close, as natively" {
	guest_case resets
}

@test "urgent data: marks, in line or not, events, signals, as natively" {
	guest_case urgent
}

@test "listeners that share a port, what accepted sockets inherit, options, as natively" {
	guest_case listeners
}

@test "TCP_DEFER_ACCEPT and TCP_USER_TIMEOUT, as natively" {
	guest_case patience
}

@test "UDP-Lite over loopback, as natively where Linux still has it" {
	program=$(guest_program udplite)
	[ "$(guest "$(image_of "$program" --with udplite)")" = ok ]
	if python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 136)' 2>/dev/null; then
		run "$program"
		echo "$output"
		[ "$output" = ok ]
	fi
	run guest "$(image_of "$program")"
	[ "$status" != 0 ]
	[[ $output == *"Protocol not supported"* ]]
}

@test "SCTP sockets over loopback: one-to-one, one-to-many, events, options" {
	[ "$(guest "$(image_of "$(guest_program sctp)" --with sctp)")" = ok ]
}

@test "SCTP in UDP datagrams: settings, the option, which protocol is on the way" {
	[ "$(guest "$(image_of "$(guest_program sctpudp)" --with sctp)")" = ok ]
}

@test "SCTP programs of lksctp-tools, of which a kernel with SCTP is known to be needed" {
	image=$(image_of "$UC_ROOT/tests/system/data/lksctp")
	run guest "$image"
	echo "$output"
	[ "$status" = 0 ]
	grep -q 'SCTP supported' <<<"$output"
	[ "$(grep -c 'Data 1453 bytes' <<<"$output")" = 20 ]
	grep -q 'COMMUNICATION_UP' <<<"$output"
	grep -q SHUTDOWN_COMPLETE <<<"$output"
	grep -q 'Received SCTP_COMM_UP' <<<"$output"
}

@test "sockets over loopback on a pre-emptive and a co-operative scheduler" {
	program=$(guest_program inet)
	for sched in coop preempt; do
		image=$(image_of "$program" --sched "$sched")
		[ "$(guest "$image")" = ok ]
	done
}

@test "-p: TCP and UDP services of a guest on ports of the host; it ends by itself" {
	need_user_net
	program=$(guest_program echo)
	tcp=$(free_port) udp=$(free_port)
	start_guest ready -p "127.0.0.1:$tcp:7" -p "127.0.0.1:$udp:7/udp" "$program"
	# passt resets one connection in some hundred (docs/CAVEATS.md)
	python3 "$UC_ROOT/tests/system/data/echo-client.py" 127.0.0.1 "$tcp" "$udp" "$([ "$UC_PLAT" = kvm ] && echo 0 || echo 2)"
	wait "$server"
}

# bats test_tags=kvm
@test "PCI machine: the same card" {
	program=$(guest_program echo)
	tcp=$(free_port) udp=$(free_port)
	start_guest ready --machine q35 -p "127.0.0.1:$tcp:7" -p "127.0.0.1:$udp:7/udp" "$program"
	python3 "$UC_ROOT/tests/system/data/echo-client.py" 127.0.0.1 "$tcp" "$udp"
	wait "$server"
}

@test "what was sent before the program ended arrives" {
	need_user_net
	program=$(guest_program farewell)
	port=$(free_port)
	python3 "$UC_ROOT/tests/system/data/count-bytes.py" "$port" >"$BATS_TEST_TMPDIR/count" 3>&- &
	helper=$!
	wait_until "$helper" says "$BATS_TEST_TMPDIR/count" ready
	guest --net user "$program" 10.0.2.2 "$port"
	wait "$helper"
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/count")" = 1048576 ]
}

# Everything inside a network namespace of its own, with the guest on a tap.
@test "--net tap: a static address, IPv4 and IPv6" {
	unshare -n ip tuntap add dev t0 mode tap 2>/dev/null || skip "no right to make a network"
	program=$(guest_program echo)
	image=$(image_of "$program")
	export -f guest unicore
	run unshare -n "$UC_ROOT/tests/system/data/on-tap" "$image" "$UC_BUILD/bin/unicore" run "${UC_PLATFORM[@]}" --net tap:uc0
	echo "$output"
	[ "$status" = 0 ]
}

# A pair of interfaces: the guest takes part in the packets of one, its clients have the other.
# bats test_tags=linux
@test "--net packet: beside an interface of the host" {
	unshare -n ip link add uc0 type veth peer name uc1 2>/dev/null || skip "no right to make a network"
	image=$(image_of "$(guest_program echo)")
	run unshare -n "$UC_ROOT/tests/system/data/on-tap" "$image" "$UC_BUILD/bin/unicore" run "${UC_PLATFORM[@]}" --net packet:uc1
	echo "$output"
	[ "$status" = 0 ]
	run guest --net packet:nosuchif "$image"
	[ "$status" = 69 ] || [ "$status" = 71 ]
	run unicore run --plat kvm --accel tcg --net packet:lo "$image"
	[ "$status" = 64 ]
}

# bats test_tags=kvm
@test "an image without IP sockets gets them for a run with a card" {
	program=$(guest_program echo)
	image=$(image_of "$program" --without inet)
	start_guest ready -p "127.0.0.1:$(free_port):7" "$image"
	stop_guest
	run guest "$image"
	[[ $output == *"not supported"* ]]
}

@test "wrong network options are named" {
	program=$(guest_program hello musl-static)
	for wrong in '-p 80' '-p 0:80' '-p 1:2:3:4' '-p 80:80/sctp' '-p 80:99999' '--net bridge' '--net tap:' \
		'--ip 10.0.0.2/24' '--net tap --ip 10.0.0.300/24' '--net tap --gateway 10.0.0.1' \
		'--net tap -p 80:80' '--mac 52:54:00:00:00:01' '--net user --mac 01:54:00:00:00:01' \
		'--net user --mtu 100' '--net tap --dns nowhere' '--net packet' '--net memif:' '--net memif:s,master' \
		'--net memif:s,id=x' '--net memif:s -p 80:80'; do
		# shellcheck disable=SC2086 # words
		run guest $wrong "$program"
		echo "$wrong: $status $output"
		[ "$status" = 64 ]
	done
}
