#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# What programs learn about interfaces, addresses, routes and sockets, and what they change: as on Linux in a network
# namespace that has a loopback interface only.
load ../lib

# The command in a namespace of its own.
OWN_NET=(unshare -n sh -c 'ip link set lo up; sysctl -qw net.ipv4.ping_group_range="0 1000"; exec "$@"' sh)

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	unshare -n true 2>/dev/null || skip "no right to make a network"
}

# IMAGE PROGRAM ARGS...: natively and in a guest.
same_in_own_net() {
	local image=$1
	shift
	native "${OWN_NET[@]}" "$@"
	shift
	guest_recorded "$image" -- "$@"
	compare_runs
}

@test "interfaces: C library, netlink, ioctls, /proc/net, /sys/class/net" {
	for variant in glibc musl-static; do
		program=$(guest_program netinfo "$variant")
		same_in_own_net "$program" "$program"
		[ "$(tail -n 1 "$BATS_TEST_TMPDIR/guest.out")" = ok ]
	done
}

@test "messages: ancillary data, errors of the network, groups, shared ports, raw and ping sockets" {
	program=$(guest_program messages)
	same_in_own_net "$program" "$program"
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/guest.out")" = ok ]
}

@test "an interface that is down for a while: connections go on, or time out" {
	program=$(guest_program linkdown)
	same_in_own_net "$program" "$program"
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/guest.out")" = ok ]
}

@test "packet sockets: frames, filters, the ring" {
	program=$(guest_program packet)
	same_in_own_net "$program" "$program"
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/guest.out")" = ok ]
}

@test "tcpdump and arping on a tap" {
	tcpdump=$(image_of deb:tcpdump) arping=$(image_of deb:arping)
	run unshare -n "$BATS_TEST_DIRNAME/data/packets-on-tap" "$tcpdump" "$arping" "$UC_BUILD/bin/unicore" run "${UC_PLATFORM[@]}"
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id N, seq 1, length 64
IP 192.0.2.2 > 192.0.2.1: ICMP echo reply, id N, seq 1, length 64
IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id N, seq 2, length 64
IP 192.0.2.2 > 192.0.2.1: ICMP echo reply, id N, seq 2, length 64
4 packets captured
2 packets transmitted, 2 packets received,   0% unanswered (0 extra)" ]
}

@test "ip: addresses, links, routes" {
	image=$(image_of /usr/sbin/ip)
	for words in addr "-s link" "-j addr" route "route show table local" "-6 route show table all" neigh \
		"route get 127.0.0.5" "link show none0"; do
		# shellcheck disable=SC2086 # words
		same_in_own_net "$image" /usr/sbin/ip $words
	done
}

@test "ip: changes" {
	echo 'for i in "link set lo mtu 1500" "link show lo" "addr add 2001:db8::5/128 dev lo nodad" "-6 addr show scope host" \
		"addr add 2001:db8::5/128 dev lo" "addr del 2001:db8::5/128 dev lo" "addr del 2001:db8::5/128 dev lo" \
		"route add 198.51.100.0/24 via 192.0.2.1" "route del 198.51.100.0/24" "link set lo mtu 65536" \
		"link set none0 up" addr; do ip $i; echo $?; done' >changes
	image=$(image_of /usr/sbin/ip /bin/sh)
	# What Linux says about an error besides its number is not said.
	export UC_IGNORE_STDERR=1
	native "${OWN_NET[@]}" sh "$PWD/changes"
	guest_recorded -v "$PWD:/mnt" "$image" -- /mnt/changes
	compare_runs
}

@test "ifconfig: another address, mask and MTU" {
	need busybox
	need_user_net
	image=$(image_of /usr/bin/busybox)
	run guest --net user "$image" -- sh -c 'b=/usr/bin/busybox; $b ifconfig eth0 192.0.2.9; $b ifconfig eth0 | $b grep -o "inet addr.*"
		$b ifconfig eth0 netmask 255.255.255.128 mtu 1400; $b ifconfig eth0 | $b grep -oE "Mask.*|MTU:[0-9]*"
		$b ifconfig eth0 down; $b ifconfig | $b grep -c eth0; $b ifconfig none0 up'
	echo "$output"
	[[ $output == *"inet addr:192.0.2.9  Bcast:192.0.2.255  Mask:255.255.255.0"*"Mask:255.255.255.128"*"MTU:1400"*0*"No such device"* ]]
}

# bats test_tags=kvm
@test "ip: the card of --net user, and another address for it" {
	echo 'ip -4 addr show dev eth0 scope global; ip route; ip route get 192.0.2.1
		ip addr del 10.0.2.15/24 dev eth0; ip addr add 10.0.2.99/24 dev eth0
		ip route add default via 10.0.2.2; ip route add 198.51.100.0/24 via 10.0.2.3
		ip route; ip route get 198.51.100.7' >look
	cat >expected <<-'END'
		2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
		    inet 10.0.2.15/24 brd 10.0.2.255 scope global eth0
		       valid_lft forever preferred_lft forever
		default via 10.0.2.2 dev eth0
		10.0.2.0/24 dev eth0 proto kernel scope link src 10.0.2.15
		192.0.2.1 via 10.0.2.2 dev eth0 src 10.0.2.15 uid 0
		    cache
		default via 10.0.2.2 dev eth0
		10.0.2.0/24 dev eth0 proto kernel scope link src 10.0.2.99
		198.51.100.0/24 via 10.0.2.3 dev eth0
		198.51.100.7 via 10.0.2.3 dev eth0 src 10.0.2.99 uid 0
		    cache
	END
	guest --net user -v "$PWD:/mnt" "$(image_of /usr/sbin/ip /bin/sh)" -- /mnt/look | sed 's/ *$//' | diff expected -
}

@test "ss: sockets of every kind and state, chosen by conditions" {
	cat >look <<-'END'
		#!/bin/sh
		names() { sed -E 's/\* [0-9]+/* N/g; s/(@[a-z]+) [0-9]+/\1 N/; s/pid=[0-9]+/pid=N/g; s/ +/ /g; s/ $//' | sort; }
		for options in -ta -ua -wa -tln4 -tl6 -xa -xl; do echo "ss $options"; ss -Hn $options | names; done
		for filter in 'sport = :7001' 'dport = :7001' 'sport > :7003 and not dport = :7002' 'src 127.0.0.0/8' \
			'sport = :7004 or dport = :7004' 'dst 10.0.0.0/8'; do
			echo "$filter"
			ss -Htan "$filter" | names
		done
		ss -tlnp >/tmp/processes
		names </tmp/processes
		for f in tcp tcp6 udp raw unix packet; do echo $f; wc -l < /proc/net/$f; done
	END
	chmod +x look
	program=$(guest_program manysockets)
	image=$(image_of /usr/bin/wc "$program" /bin/sh /usr/bin/ss /usr/bin/sed /usr/bin/sort)
	native "${OWN_NET[@]}" "$program" "$PWD/look"
	guest_recorded -v "$PWD:/mnt" "$image" -- /mnt/look
	compare_runs
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/guest.out")" = ok ]
}

@test "python3 and node: interfaces" {
	need python3 node
	echo 'import socket; print(socket.if_nameindex(), socket.if_nametoindex("lo"), socket.getaddrinfo("localhost", 80,
		type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)[-1][4])' >look.py
	image=$(image_of deb:python3)
	native "${OWN_NET[@]}" /usr/bin/python3 "$PWD/look.py"
	guest_recorded -v "$PWD:/mnt" "$image" -- /mnt/look.py
	compare_runs
	same_in_own_net "$(image_of "$(command -v node)")" node -p 'JSON.stringify(os.networkInterfaces())'
}

@test "ping: itself, IPv4 and IPv6" {
	image=$(image_of deb:iputils-ping:ping)
	guest "$image" -- -c 2 -i 0.2 127.0.0.1 | grep '2 packets transmitted, 2 received, 0% packet loss'
	guest "$image" -- -c 1 ::1 | grep '64 bytes from ::1: icmp_seq=1 ttl=64'
}

# bats test_tags=kvm
@test "ping: the gateway of --net user, and nobody" {
	image=$(image_of deb:iputils-ping:ping)
	guest --net user "$image" -- -c 1 10.0.2.2 | grep '64 bytes from 10.0.2.2: icmp_seq=1 ttl='
	run guest --net user "$image" -- -c 1 -W 1 10.0.2.77
	[ "$status" = 1 ]
	[[ $output == *"100% packet loss"* ]]
}
