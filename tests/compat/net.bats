#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Unmodified servers and clients of Debian packages talk to programs of the host.
load ../lib

setup() {
	need_user_net
	helper='' port=$(free_port)
	server_setup
}

teardown() {
	server_teardown "$helper"
}

@test "python3 http.server: a large file, many small requests" {
	need python3
	need curl
	mkdir www
	seq 1 300000 >www/big
	echo small >www/small
	image=$(image_of deb:python3)
	start_guest Serving -p "127.0.0.1:$port:8000" -v "$PWD/www:/www:ro" "$image" -u -m http.server -d /www 8000
	fetch "http://127.0.0.1:$port/big" | cmp - www/big
	for _ in $(seq 20); do
		[ "$(fetch "http://127.0.0.1:$port/small")" = small ]
	done
	[ "$(fetch -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/none")" = 404 ]
}

@test "nginx: requests on one connection and on several" {
	need curl
	mkdir conf
	cat >conf/nginx.conf <<-'END'
		master_process off; daemon off; error_log /dev/stderr; events {}
		http { access_log off; server { listen 80; listen [::]:80; location / { return 200 "from nginx\n"; } } }
	END
	image=$(image_of deb:nginx-light:nginx)
	start_guest '' -p "127.0.0.1:$port:80" -v "$PWD/conf:/conf:ro" "$image" -c /conf/nginx.conf
	for _ in $(seq 5); do
		[ "$(fetch "http://127.0.0.1:$port/[1-20]" | sort -u)" = "from nginx" ]
	done
}

@test "redis-server: values of all sizes" {
	image=$(image_of deb:redis-server)
	start_guest Ready -p "127.0.0.1:$port:6379" "$image" --save '' --protected-mode no --bind '*'
	python3 "$BATS_TEST_DIRNAME/data/redis-values.py" "$port"
}

@test "curl and openssl s_client: HTTP and HTTPS from the host" {
	mkdir www
	seq 1 200000 >www/big
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null
	(cd www && exec openssl s_server -accept "127.0.0.1:$port" -cert ../cert.pem -key ../key.pem -WWW -quiet) >/dev/null 2>&1 3>&- &
	helper=$!
	wait_until "$helper" tcp_listens "$port"
	guest --net user "$(image_of deb:curl)" -sSk "https://10.0.2.2:$port/big" | cmp - www/big
	printf 'GET /big HTTP/1.0\r\n\r\n' | guest --net user "$(image_of deb:openssl)" s_client -connect "10.0.2.2:$port" \
		-quiet -ign_eof 2>/dev/null | tail -n 200000 | cmp - www/big
}

# bats test_tags=kvm
@test "redis-server on a tap: a client that does not read until both windows are closed" {
	unshare -n ip tuntap add dev t0 mode tap 2>/dev/null || skip "no right to make a network"
	image=$(image_of deb:redis-server)
	[ "$(unshare -n "$BATS_TEST_DIRNAME/data/redis-on-tap" "$UC_BUILD/bin/unicore" "$UC_ACCEL" "$image")" = ok ]
}
