#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# A guest on a bad link, and in a hostile network. The figures here take seconds; the full ones (SPECIFICATION.md):
#   UC_SOAK_REQUESTS=1000000 UC_SOAK_CONNECTIONS=200000 UC_SOAK_BYTES=1000000000 UC_SOAK_FRAMES=100000 UC_SOAK_SECONDS=20000
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
