#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2016 # programs under test expand them
# `unicore verify`: comparison with native runs.
bats_require_minimum_version 1.5.0
load ../lib

verify() {
	local more=()
	[ "$UC_PLAT" != kvm ] || more=(--accel "$UC_ACCEL")
	unicore verify --plat "$UC_PLAT" "${more[@]}" "$@"
}

score() {
	jq -r .score "$1"
}

@test "a program that behaves the same: files, output, status" {
	local d=$BATS_TEST_TMPDIR
	verify --no-trace --json /bin/sh -- -c 'echo out; echo err >&2; echo a >f; chmod 600 f; ln -s f g; exit 3' >"$d/r"
	[ "$(score "$d/r")" = 100 ]
	jq -e '.report == "unicore.verify/1" and (.cases[0].results[0].channels | has("files"))' "$d/r"
}

@test "what varies between native runs is not a difference; what does not is one" {
	local d=$BATS_TEST_TMPDIR
	verify --no-trace --json /bin/sh -- -c 'echo $$; date +%s; echo kept' >"$d/r"
	[ "$(score "$d/r")" = 100 ]
	[ "$(jq -r .cases[0].results[0].channels.stdout.compared "$d/r")" != "every byte" ]
	run -1 verify --no-trace --json --html "$d/p.html" --junit "$d/p.xml" /bin/uname -- -r
	echo "$output" >"$d/r"
	[ "$(jq -r '.cases[0].results[0].differences[0].channel' "$d/r")" = stdout ]
	grep -q "<td class=d>$(uname -r)" "$d/p.html"
	grep -q "failures=\"1\"" "$d/p.xml"
}

@test "cases as data; a baseline that was better" {
	local d=$BATS_TEST_TMPDIR
	printf '10\n9\n100\n' >"$d/numbers"
	cat >"$d/verify.yaml" <<-'END'
		version: 1
		source: /usr/bin/sort
		cases:
		  - name: input
		    stdin: "b\na\n"
		  - name: files
		    args: [-n, in, sub/more]
		    files:
		      - name: in
		        from: numbers
		        mode: 0600
		      - name: sub/more
		        text: "50\n"
		  - name: failing
		    args: [nope]
	END
	verify --no-trace --cases "$d/verify.yaml" --json >"$d/r"
	[ "$(jq '.cases | length' "$d/r")" = 3 ]
	[ "$(score "$d/r")" = 100 ]
	verify -q --no-trace --cases "$d/verify.yaml" --baseline "$d/r"
	jq '.cases[0].name = "gone"' "$d/r" >"$d/better"
	run -1 verify --no-trace --cases "$d/verify.yaml" --baseline "$d/better"
	[[ $output == *"worse than before: gone: not run"* ]]
}

@test "no false alarms between native runs" {
	local d=$BATS_TEST_TMPDIR
	unicore verify --plat native --repeat 10 --json /bin/sh -- -c 'echo $$ $(date +%s%N); ls -l /proc/self/; cat /proc/uptime' >"$d/r"
	[ "$(score "$d/r")" = 100 ]
}

@test "injected faults are noticed" {
	local d=$BATS_TEST_TMPDIR
	printf 'b\na\nc\n' >"$d/words"
	verify --json --file "$d/words" --inject errno:openat:3 --inject flip:read --inject drop:write:1 --inject size:newfstatat:1 \
		--inject status --inject argv:execve:1 --inject short:write \
		--inject lost:read:3 --inject wrong-errno /usr/bin/sort -- words >"$d/r"
	jq -e '([.faults[].noticed] | all) and (.faults | length) >= 10' "$d/r"
	printf 'version: 1\nsource: /usr/bin/sort\ncases:\n  - args: [in]\n    fault: errno:write:1\n    files: [{name: in, text: "b\\na\\n"}]\n' >"$d/v.yaml"
	run -1 verify --no-trace --cases "$d/v.yaml"
	[[ $output == *"status, line 1"* ]]
	[ "$UC_PLAT" = kvm ] || verify --no-trace --inject late:exit_group:1 /bin/true
	[ "$UC_PLAT" = kvm ] || verify --inject drop:fsync:1 -f "$d/words" /bin/dd -- if=words of=copy conv=fsync status=none
	run -64 verify --inject nokind:read:1 /bin/true
	[[ $output == *"is no kind of fault"* ]]
}

@test "what differs is reduced to a case that still does; arguments, input and files" {
	local d=$BATS_TEST_TMPDIR
	seq 1 30 >"$d/numbers"
	run -1 verify --no-trace -f "$d/numbers" --stdin "$d/numbers" --json --reproducer "$d/small.yaml" --tries 60 /bin/sh -- \
		-c 'while read -r a; do echo "$a"; done; read -r k </proc/sys/kernel/osrelease; echo "$k $1"' sh one two
	jq -e '.cases[0].results[0].reproducer | .holds and .channel == "stdout" and .input_bytes == 0 and .files == 0 and
		(.arguments | length) == 2' <<<"$output"
	run -1 verify --no-trace --cases "$d/small.yaml"
	printf 'a\377b\nc\n' >"$d/bytes"
	verify --json -f "$d/bytes" --inject drop:write --inject flip:write:1 --reproducer "$d/small.yaml" \
		--tries 20 /bin/cat -- bytes >"$d/r"
	jq -e '([.faults[] | .noticed and .reproducer.holds] | all) and (.faults | length) == 2' "$d/r"
	run -1 verify --no-trace --json --cases "$d/small.yaml"
	jq -e '[.cases[].results[].differences | length > 0] | all' <<<"$output"
}

@test "cases are made from others, the same for the same seed; the first baseline is written" {
	local d=$BATS_TEST_TMPDIR
	seq 1 30 >"$d/numbers"
	made() {
		unicore verify --plat native --no-trace --runs 1 --confirm 1 --json -f "$d/numbers" --generate 8 --seed "$1" /usr/bin/head -- -n 3 numbers |
			jq -c '[.cases[] | [.name, .arguments]]'
	}
	[ "$(made 1)" = "$(made 1)" ]
	[ "$(made 1)" != "$(made 2)" ]
	[ "$(made 1 | jq length)" = 9 ]
	verify --no-trace -q --baseline "$d/base" /bin/true
	jq -e '.report == "unicore.verify/1"' "$d/base"
	verify --no-trace -q --baseline "$d/base" /bin/true
}

@test "system calls and their results" {
	local d=$BATS_TEST_TMPDIR
	verify --json /bin/cat -- /etc/hostname /nope >"$d/r" || cat "$d/r"
	jq -e '.cases[0].results[0].channels.calls.agreement > 0.99' "$d/r"
}

@test "a server and its clients, recorded and as scripts" {
	need_user_net
	need python3
	local d=$BATS_TEST_TMPDIR
	cat >"$d/verify.yaml" <<-'END'
		version: 1
		source: /usr/bin/python3
		cases:
		  - args:
		      - -c
		      - |
		        import socket
		        s = socket.create_server(("", 7000))
		        while True:
		            c = s.accept()[0]
		            c.sendall(c.recv(100).upper())
		            c.close()
		    network:
		      port: 7000
		      sessions:
		        - exchange:
		            - send: "abc\n"
		            - until: "\n"
		            - close: yes
		        - client: python3 -c 'import os, socket; s = socket.create_connection((os.environ["HOST"], int(os.environ["PORT"]))); s.sendall(b"xyz"); print(s.recv(9))'
	END
	verify --cases "$d/verify.yaml" --json >"$d/r" || { cat "$d/r" && false; }
	[ "$(jq -r '.cases[0].results[0].channels.network.agreement' "$d/r")" = 1 ]
}

@test "what ends a program by a signal is told by the status, not on standard error" {
	local d=$BATS_TEST_TMPDIR
	verify --no-trace --json "$(guest_program ending)" -- null-read >"$d/r" || { cat "$d/r" && false; }
}

@test "cases of the scoreboard" {
	local d=$BATS_TEST_TMPDIR p
	for p in sed bc; do
		need "$p"
		verify --no-trace --runs 2 --json --cases "$UC_ROOT/bench/suites/data/scoreboard/$p.yaml" "$(command -v "$p")" >"$d/r" ||
			{ cat "$d/r" && false; }
	done
}

@test "bad cases are refused with their place" {
	local d=$BATS_TEST_TMPDIR
	printf 'version: 1\nsource: /bin/cat\ncases: []\n' >"$d/v.yaml"
	run -65 verify --cases "$d/v.yaml"
	[[ $output == *"v.yaml:1:1: there are no cases"* ]]
	printf 'version: 1\nsource: /bin/cat\ncases:\n  - argz: [a]\n' >"$d/v.yaml"
	run -65 verify --cases "$d/v.yaml"
	[[ $output == *"v.yaml:4:5: unknown key"*'did you mean `args`?'* ]]
	printf 'version: 1\nsource: /bin/cat\ncases:\n  - files: [{name: ../x, text: a}]\n' >"$d/v.yaml"
	run -65 verify --cases "$d/v.yaml"
	[[ $output == *"v.yaml:4:13: a name in the work folder is missing"* ]]
}
