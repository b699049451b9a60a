#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# --net memif: packets in memory shared with a peer.
# bats file_tags=linux
load ../lib

setup() {
	server=
	peer=
	socket=$BATS_TEST_TMPDIR/socket
	image=$(image_of "$(guest_program echo)")
}

teardown() {
	server_teardown "$peer"
}

# ROLE ACT: the peer, in the background; its output in peer.out
start_peer() {
	timeout 100 python3 "$BATS_TEST_DIRNAME/data/memif-peer.py" "$socket" "$@" >"$BATS_TEST_TMPDIR/peer.out" 2>&1 3>&- &
	peer=$!
}

# Waits until file $1 has a line like $2.
said() {
	for _ in $(seq 900); do
		! grep -q "$2" "$1" || return 0
		sleep 0.1
	done
	cat "$BATS_TEST_TMPDIR"/*.out "$BATS_TEST_TMPDIR"/*.err
	return 1
}

@test "a guest talks to a server and to a client" {
	start_peer server echo
	start_guest '' --net "memif:$socket" --ip 192.0.2.2/24 "$image"
	said "$BATS_TEST_TMPDIR/peer.out" 'echo ok'
	stop_guest
	wait "$peer"
	rm "$socket"
	start_peer client echo
	start_guest '' --net "memif:$socket,server" --ip 192.0.2.2/24 "$image"
	said "$BATS_TEST_TMPDIR/peer.out" 'echo ok'
	[ ! -e "$socket" ]
	stop_guest
	wait "$peer"
}

@test "two guests, with small and large packets" {
	client=$(image_of "$(guest_program echoclient)")
	for mtu in 1500 9000; do
		start_guest '' --net "memif:@$socket,server,id=3" --mtu "$mtu" --ip 192.0.2.2/24 "$image"
		[ "$(guest --timeout 100 --net "memif:@$socket,id=3" --mtu "$mtu" --ip 192.0.2.3/24 "$client" -- 192.0.2.2 5000000)" = ok ]
		wait "$server"
	done
}

@test "a server takes the place of one that has ended, not of one that listens" {
	start_peer server echo
	wait_until "$peer" unix_listens "$socket"
	run guest --net "memif:$socket,server" --ip 192.0.2.2/24 "$image"
	[ "$status" = 69 ]
	[[ $output == *"cannot listen there"* ]]
	wait "$peer" || true # being asked was its one connection
	[ -S "$socket" ]
	start_guest '' --net "memif:$socket,server" --ip 192.0.2.2/24 "$image"
	start_peer client echo
	said "$BATS_TEST_TMPDIR/peer.out" 'echo ok'
}

# The link is given up, the guest goes on; whichever side made the memory.
@test "memory that makes no sense" {
	for role in server client; do
		for act in index outside endless empty; do
			# Only a client offers buffers.
			[ "$role-$act" != server-empty ] || continue
			echo "$role $act"
			start_peer "$role" "$act"
			start_guest '' --log-level error --net "memif:$socket$([ "$role" = server ] || echo ,server)" --ip 192.0.2.2/24 "$image"
			said "$BATS_TEST_TMPDIR/server.err" 'shared with the peer makes no sense'
			kill -0 "$server"
			stop_guest
			wait "$peer"
			rm -f "$socket"
		done
	done
}

@test "peers that fail in the handshake are refused, the next is served" {
	start_guest '' --net "memif:$socket,server" --ip 192.0.2.2/24 "$image"
	for act in badversion badid unsealed nofd nobell noring short; do
		start_peer client "$act"
		wait "$peer"
		cat "$BATS_TEST_TMPDIR/peer.out"
		grep -q '^refused' "$BATS_TEST_TMPDIR/peer.out"
	done
	[ "$(grep -c 'a peer was refused' "$BATS_TEST_TMPDIR/server.err")" = 7 ]
	start_peer client echo
	said "$BATS_TEST_TMPDIR/peer.out" 'echo ok'
}

@test "servers that fail in the handshake end the run" {
	for act in badhello silent; do
		start_peer server "$act"
		run guest --net "memif:$socket" --ip 192.0.2.2/24 "$image"
		echo "$output"
		[ "$status" = 69 ]
		[[ $output == *"no connection to the peer"* ]]
		wait "$peer"
		rm "$socket"
	done
}

@test "the peer ends: the link is gone, the guest is not" {
	start_peer server echo
	start_guest '' --log-level error --net "memif:$socket" --ip 192.0.2.2/24 "$image"
	said "$BATS_TEST_TMPDIR/peer.out" 'echo ok'
	kill "$peer"
	said "$BATS_TEST_TMPDIR/server.err" "the host's side of the network card is gone"
	kill -0 "$server"
}
