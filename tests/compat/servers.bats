#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Unmodified servers of Debian packages in guests, reached through ports of the host.
load ../lib

setup() {
	server='' helper='' port=$(free_port)
	server_setup
}

teardown() {
	server_teardown "$helper"
}

talk() {
	timeout 300 python3 "$BATS_TEST_DIRNAME/data/text-client.py" "$port" "$@"
}

# bats test_tags=kvm
@test "memcached: four threads, a large value" {
	start_guest '' -p "127.0.0.1:$port:11211" "$(image_of deb:memcached)" -u root -U 0 -t 4
	talk $'set a 0 0 5\nhello\n' $'STORED\n' $'get a\n' $'VALUE a 0 5\nhello\nEND\n' $'set b 0 0 900000\n@900000\n' $'STORED\n' \
		$'get b\n' $'@900000\nEND\n' $'stats\n' $'STAT threads 4\n'
}

# bats test_tags=kvm
@test "mosquitto, mosquitto_sub and mosquitto_pub: each in a machine of its own" {
	printf 'listener 1883\nallow_anonymous true\nuser root\n' >mosquitto.conf
	sub=$(image_of deb:mosquitto-clients:mosquitto_sub) pub=$(image_of deb:mosquitto-clients:mosquitto_pub)
	start_guest '' -p "127.0.0.1:$port:1883" -v "$PWD:/conf:ro" "$(image_of deb:mosquitto:mosquitto)" -c /conf/mosquitto.conf
	talk '' ''
	guest --timeout 200 --net user "$sub" -h 10.0.2.2 -p "$port" -t 'a/#' -C 1 >got 3>&- &
	helper=$!
	# What is published before the other has subscribed is lost.
	while kill -0 "$helper" 2>/dev/null && ! says got hello; do
		guest --timeout 60 --net user "$pub" -h 10.0.2.2 -p "$port" -q 1 -t a/b -m hello
	done
	wait "$helper"
	[ "$(cat got)" = hello ]
}

# bats test_tags=kvm
@test "nats-server: a Go server; publish and subscribe" {
	start_guest '' -m 512M -p "127.0.0.1:$port:4222" "$(image_of deb:nats-server)"
	talk '' '"max_payload"' $'CONNECT {"verbose":false}\nSUB t 1\nPUB t 5\nhello\nPING\n' $'MSG t 1 5\nhello\nPONG\n' \
		$'PUB t 500000\n@500000\n' $'@500000\n'
}

# bats test_tags=kvm
@test "node: an http server" {
	need node curl
	cat >server.js <<-'END'
		require('http').createServer((q, r) => {
			let n = 0;
			q.on('data', d => n += d.length);
			q.on('end', () => r.end(q.url === '/big' ? Buffer.alloc(3000000, 'x') : `${q.method} ${q.url} ${n}`));
		}).listen(80, () => console.log('ready'));
	END
	start_guest ready -m 768M -p "127.0.0.1:$port:80" -v "$PWD:/w:ro" "$(image_of "$(command -v node)")" /w/server.js
	[ "$(fetch "http://127.0.0.1:$port/[1-10]" -d hello)" = "$(printf 'POST /%d 5' $(seq 10))" ]
	[ "$(fetch "http://127.0.0.1:$port/big" | tr -d x | wc -c)" = 0 ]
	[ "$(fetch "http://127.0.0.1:$port/big" | wc -c)" = 3000000 ]
}

# bats test_tags=kvm
@test "python3 asyncio: streams and datagrams" {
	need python3
	start_guest ready -p "127.0.0.1:$port:7" -p "127.0.0.1:$port:7/udp" -v "$BATS_TEST_DIRNAME/data:/w:ro" \
		"$(image_of deb:python3)" -u /w/asyncio-server.py 7
	python3 -c '
import socket, sys
port = int(sys.argv[1])
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.settimeout(60)
u.sendto(b"datagram", ("127.0.0.1", port))
assert u.recv(100) == b"DATAGRAM"
many = [socket.create_connection(("127.0.0.1", port), 60) for _ in range(20)]
for s in many:
    s.sendall(b"line\n" * 100)
for s in many:
    f = s.makefile("rb")
    assert all(f.readline() == b"LINE\n" for _ in range(100))
many[0].sendall(b"stop\n")' "$port"
	wait "$server"
}

# bats test_tags=kvm
@test "openssl s_server: TLS 1.2 and 1.3 from the guest" {
	need openssl curl
	seq 1 100000 >big
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null
	start_guest '' -p "127.0.0.1:$port:443" -v "$PWD:/w:ro" -w /w "$(image_of deb:openssl)" s_server -accept 443 \
		-cert cert.pem -key key.pem -WWW -quiet
	fetch -k --tls-max 1.2 "https://127.0.0.1:$port/big" | cmp - big
	fetch -k --tlsv1.3 "https://127.0.0.1:$port/big" | cmp - big
}

# bats test_tags=kvm
@test "nginx and curl: HTTP/2 over TLS, both in guests" {
	need openssl curl
	seq 1 100000 >big
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null
	cat >nginx.conf <<-'END'
		master_process off; daemon off; error_log /dev/stderr; events {}
		http { access_log off; server { listen 443 ssl http2; root /w; ssl_certificate /w/cert.pem; ssl_certificate_key /w/key.pem; } }
	END
	chmod -R a+rX .
	curl=$(image_of deb:curl)
	start_guest '' -p "127.0.0.1:$port:443" -v "$PWD:/w:ro" "$(image_of deb:nginx-light:nginx)" -c /w/nginx.conf
	fetch -k --http2 -w '%{http_version}\n' -o fetched "https://127.0.0.1:$port/big" | grep -x 2
	cmp fetched big
	guest --timeout 100 --net user "$curl" -sSk --http2 -w '%{http_version}\n' "https://10.0.2.2:$port/big" >fetched
	{ cat big && echo 2; } | cmp - fetched
}

# bats test_tags=kvm
@test "a program with hiredis, protobuf and libcurl" {
	program=$(guest_program clientlibs)
	seq 1 50000 >big
	start_guest Ready -p "127.0.0.1:$port:6379" "$(image_of deb:redis-server)" --save '' --protected-mode no --bind '*'
	www=$(free_port)
	python3 -m http.server -b 127.0.0.1 -d "$PWD" "$www" >/dev/null 2>&1 3>&- &
	helper=$!
	fetch "http://127.0.0.1:$www/big" | cmp - big
	UC_NATIVE_DIR=$PWD native "$program" 127.0.0.1 "$port" "http://127.0.0.1:$www/big"
	guest_recorded --net user "$program" -- 10.0.2.2 "$port" "http://10.0.2.2:$www/big"
	compare_runs
	[ "$(tail -n 1 guest.out)" = ok ]
}
