#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# A guest on a bad link, and in a hostile network. The figures here take seconds; `make soak-full` has those of SPECIFICATION.md.
load ../lib

setup() {
	unshare -n ip tuntap add dev t0 mode tap 2>/dev/null || skip "no right to make a network"
	data=$BATS_TEST_DIRNAME/data
	export UC_TIMEOUT=${UC_SOAK_SECONDS:-200}
	relay=$UC_BUILD/tests/relay
	[ "$relay" -nt "$data/relay.c" ] || { gcc -O2 -w "$data/relay.c" -o "$relay.$$" && mv "$relay.$$" "$relay"; }
}

# IMAGE CLIENT... -- ARGS: on a link that loses, repeats, reorders and damages RATE of 10 000 packets each way.
on_bad_link() {
	local rate=$1 image=$2 client=()
	shift 2
	while [ "$1" != -- ]; do client+=("$1") && shift; done
	shift
	run timeout "$UC_TIMEOUT" unshare -n "$data/on-bad-link" "$rate" "$relay" "$UC_BUILD/bin/unicore" run "${UC_PLATFORM[@]}" \
		--net tap:uc1 --ip 192.0.2.2/24 "$image" -- "$@" --- "${client[@]}"
	echo "$output"
	[ "$status" = 0 ]
}

@test "connections and bytes over a bad link: none is wrong, none stalls, no memory is lost" {
	on_bad_link 50 "$(image_of "$(guest_program soakserver)")" \
		python3 "$data/client.py" 192.0.2.2 "${UC_SOAK_CONNECTIONS:-600}" "${UC_SOAK_BYTES:-2000000}" --
}

@test "redis over a bad link" {
	image=$(image_of deb:redis-server)
	on_bad_link 20 "$image" python3 "$data/redis-requests.py" 192.0.2.2 "${UC_SOAK_REQUESTS:-2000}" -- --save '' --protected-mode no --bind '*'
}

@test "floods, fragments and malformed packets: others are served, memory stays bounded" {
	on_bad_link 0 "$(image_of "$(guest_program soakserver)")" \
		python3 "$data/hostile.py" 192.0.2.2 uc0 "${UC_SOAK_FRAMES:-1500}" --
}

# RATE LOSE ADDRESS...: a guest as a client of usrsctp's echo server; its last line is left in $last.
with_sctp_peer() {
	local rate=$1 lose=$2
	shift 2
	bytes=${UC_SOAK_SCTP:-3000000}
	run timeout "$UC_TIMEOUT" unshare -n "$data/sctp-peer" "$rate" "$relay" "$lose" "$UC_BUILD/bin/unicore" run "${UC_PLATFORM[@]}" \
		--net tap:uc1 --ip 192.0.2.2/24 --ip6 fd00:2::2/64 "$(image_of "$(guest_program sctpclient)" --with sctp)" -- \
		"${port:-7}" "$bytes$([ "$lose" = - ] || echo +)" 8 "$@"
	echo "$output"
	[ "$status" = 0 ]
	last=${lines[-1]}
}

@test "SCTP: eight streams to usrsctp's echo server, IPv4 and IPv6" {
	for address in 192.0.2.1 fd00:2::1; do
		with_sctp_peer 0 - "$address"
		[[ $last == "$bytes bytes in "*" over 8 streams, no path was lost" ]]
	done
}

@test "SCTP in UDP datagrams, to usrsctp's echo server" {
	port=7/9899 # that server's
	for address in 192.0.2.1 fd00:2::1; do
		with_sctp_peer 0 - "$address"
		[[ $last == "$bytes bytes in "*" over 8 streams, no path was lost" ]]
	done
}

@test "SCTP over a bad link" {
	with_sctp_peer 50 - 192.0.2.1
	[[ $last == "$bytes bytes in "* ]]
}

@test "SCTP: the address in use fails, the association goes on with another" {
	with_sctp_peer 0 192.0.2.1/24 192.0.2.1 192.0.2.3
	[[ $last == *" over 8 streams, a path was lost" ]]
}
