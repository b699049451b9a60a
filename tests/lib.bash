# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
# Helpers of the system tests: `load ../lib`. Every run of a guest has a time limit.
UC_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
UC_BUILD=${UC_BUILD:-$UC_ROOT/build}
UC_PLAT=${UC_PLAT:-kvm}
UC_ACCEL=${UC_ACCEL:-tcg}
# Options of `unicore run` that choose where guests run.
UC_PLATFORM=(--plat "$UC_PLAT")
[ "$UC_PLAT" != kvm ] || UC_PLATFORM+=(--accel "$UC_ACCEL")
UC_TIMEOUT=${UC_TIMEOUT:-120}
UC_CACHE=$UC_BUILD/tests/cache
# What both sides of a comparison see as their environment.
UC_ENV=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8)

# The command under test.
unicore() {
	timeout -k 5 "$UC_TIMEOUT" "$UC_BUILD/bin/unicore" "$@"
}

# `unicore run` with this suite's platform and environment; options, then SOURCE [-- ARGS].
guest() {
	local e env=()
	for e in "${UC_ENV[@]}"; do env+=(-e "$e"); done
	unicore run "${UC_PLATFORM[@]}" "${env[@]}" "$@"
}

# Prints the path of apps/tests/NAME built as VARIANT: glibc (PIE, dynamic), glibc-nopie, glibc-static,
# glibc-static-pie, musl, musl-static, musl-static-pie.
guest_program() {
	local name=$1 variant=${2:-glibc} src dir out cc flags lock
	local kernel_headers=(-idirafter /usr/include -idirafter "/usr/include/$(gcc -print-multiarch)")
	for src in "$UC_ROOT/apps/tests/$name.c" "$UC_ROOT/apps/tests/$name.cc" "$UC_ROOT/apps/$name/$name.c"; do
		[ ! -e "$src" ] || break
	done
	dir=$UC_BUILD/tests/guest/$variant
	out=$dir/$name
	mkdir -p "$dir"
	# Another test may want it at the same time: a program that is made twice makes images of it stale while they are used.
	exec {lock}>"$out.lock"
	flock "$lock"
	if [ ! -e "$out" ] || [ "$src" -nt "$out" ] || [ "$UC_ROOT/apps/tests/check.h" -nt "$out" ]; then
		cc=(gcc)
		[[ $src != *.cc ]] || cc=(g++ -std=gnu++17)
		case $variant in
		glibc) cc+=(-fPIE -pie) ;;
		glibc-nopie) cc+=(-fno-pie -no-pie) ;;
		glibc-static) cc+=(-static) ;;
		glibc-static-pie) cc+=(-fPIE -static-pie) ;;
		musl) cc=(musl-gcc "${kernel_headers[@]}") ;;
		musl-static-pie)
			dir=$(gcc -print-multiarch)
			dir=/usr/lib/${dir/gnu/musl}
			cc=(musl-gcc -fPIE -static -nostartfiles "-Wl,-pie,--no-dynamic-linker" "${kernel_headers[@]}"
				"$dir/rcrt1.o" "$dir/crti.o" "$dir/crtn.o")
			;;
		musl-static) cc=(musl-gcc -static "${kernel_headers[@]}") ;;
		*) echo "no variant '$variant'" >&2 && return 1 ;;
		esac
		read -r -a flags < <(sed -n 's,^// flags:,,p' "$src")
		"${cc[@]}" -O1 -w -pthread "${flags[@]}" "$src" -o "$out.$$" -lm && mv "$out.$$" "$out" || return 1
	fi
	exec {lock}>&-
	echo "$out"
}

# bats has files of its own open, which a program in a guest does not see.
close_other_files() {
	local fd
	for fd in /proc/self/fd/*; do
		fd=${fd##*/}
		[ "$fd" -le 2 ] || eval "exec $fd>&-"
	done
}

# Runs a command natively: output through pipes as a guest's is, result in native.{out,err,status} of the
# test's folder. Standard input: file $UC_STDIN (default: none). It leads a session as a guest's first program
# does: the session that runs the tests may be one of another PID namespace, which reads as 0.
native() {
	local d=$BATS_TEST_TMPDIR
	(cd "${UC_NATIVE_DIR:-/tmp}" && close_other_files && exec setsid -w env -i "${UC_ENV[@]}" timeout -k 5 "$UC_TIMEOUT" "$@") \
		<"${UC_STDIN:-/dev/null}" 2>"$d/native.err" | cat >"$d/native.out"
	echo "${PIPESTATUS[0]}" >"$d/native.status"
}

guest_recorded() {
	local d=$BATS_TEST_TMPDIR
	guest "$@" <"${UC_STDIN:-/dev/null}" 2>"$d/guest.err" | cat >"$d/guest.out"
	echo "${PIPESTATUS[0]}" >"$d/guest.status"
}

# Fails, showing both, unless native and guest agree on standard output, error and status.
compare_runs() {
	local d=$BATS_TEST_TMPDIR what bad=0
	for what in out err status; do
		[ "$what" != "err" ] || [ -z "${UC_IGNORE_STDERR:-}" ] || continue
		if ! cmp -s "$d/native.$what" "$d/guest.$what"; then
			echo "differs: $what"
			diff -a "$d/native.$what" "$d/guest.$what" | cut -c1-300 | head -n 20
			bad=1
		fi
	done
	[ "$bad" = 0 ] || { echo "guest stderr:" && head -c 3000 "$d/guest.err"; }
	return "$bad"
}

# same_as_native SOURCE NATIVE_COMMAND [run options] -- ARGS
# Runs ARGS natively and in a guest made of SOURCE, and compares.
same_as_native() {
	local source=$1 command=$2 options=()
	shift 2
	while [ $# -gt 0 ] && [ "$1" != "--" ]; do
		options+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	native "$command" "$@"
	guest_recorded -w "${UC_GUEST_DIR:-/tmp}" "${options[@]}" "$source" -- "$@"
	compare_runs
}

# A program of apps/tests in all variants given: the native run says it is right, the guest's is the same.
guest_case() {
	local name=$1 variant program
	shift
	for variant in ${VARIANTS:-glibc}; do
		program=$(guest_program "$name" "$variant")
		same_as_native "$program" "$program" -- "$@" || {
			echo "in variant $variant"
			return 1
		}
		[ -n "${UC_ANY_STATUS:-}" ] || [ "$(cat "$BATS_TEST_TMPDIR/native.status")" = 0 ] || {
			cat "$BATS_TEST_TMPDIR/native.out"
			echo "the native run fails"
			return 1
		}
	done
}

# Image of a package, built once per suite run and shared by tests: prints its folder.
image_of() {
	local source=$1 dir from=("$UC_BUILD/bin/unicore" "$UC_BUILD/lib/unicore")
	shift
	[ ! -f "$source" ] || from+=("$source")
	dir=$UC_CACHE/$(echo "$source $*" | tr -c 'A-Za-z0-9.\n' _)
	(
		mkdir -p "$UC_CACHE"
		exec 9>"$dir.lock"
		flock 9
		[ -f "$dir/image.json" ] &&
			[ -z "$(find "${from[@]}" -newer "$dir/image.json" -print -quit)" ] && exit 0
		rm -rf "$dir"
		UC_TIMEOUT=600 unicore build "$@" -o "$dir" "$source" >&2
	) || return 1
	echo "$dir"
}

# Skips unless the packages' own programs are there for the native side.
need() {
	local p
	for p; do
		command -v "$p" >/dev/null || skip "no native $p to compare with"
	done
}

# Skips unless guests of this platform can have a user network.
need_user_net() {
	[ "$UC_PLAT" != linux ] || command -v passt >/dev/null || skip "no passt"
}

# Number at KEY of the JSON report (last line) in file $1.
report_value() {
	tail -n 1 "$1" | jq -r ".$2"
}

# A port of the host, TCP and UDP, that nothing uses, that no other test of this folder was given lately, and that the
# kernel does not lend to a client before it is taken.
free_port() {
	mkdir -p "$UC_BUILD/tests"
	python3 "$UC_ROOT/tests/free-port.py" "$UC_BUILD/tests/port"
}

# What a server answers. A forwarded port takes connections before the guest listens, and drops them.
fetch() {
	curl -sS --retry 100 --retry-all-errors --retry-delay 1 --retry-max-time 100 -m 60 "$@"
}

# wait_until PID COMMAND...: until the command succeeds; fails when process PID has ended without that, or after two minutes.
wait_until() {
	local pid=$1 end=$((SECONDS + 120))
	shift
	until "$@"; do
		if [ $SECONDS -ge $end ] || ! kill -0 "$pid" 2>/dev/null; then
			"$@" # right before its end
			return
		fi
		sleep 0.05
	done
}

# Whether FILE has a line with TEXT.
says() {
	grep -qse "$2" "$1"
}

# Whether a socket of the host listens on TCP port PORT.
tcp_listens() {
	awk -v port="$(printf ':%04X$' "$1")" '$2 ~ port && $4 == "0A" { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6
}

# Whether a socket of the host listens at PATH: its file is there before it does.
unix_listens() {
	awk -v path="$1" '$8 == path && $4 == "00010000" { found = 1 } END { exit !found }' /proc/net/unix
}

# Starts a guest in the background ($server) and waits until it has printed LINE (empty: not).
start_guest() {
	local line=$1
	shift
	: >"$BATS_TEST_TMPDIR/server.out"
	: >"$BATS_TEST_TMPDIR/server.err"
	guest --timeout 300 "$@" >"$BATS_TEST_TMPDIR/server.out" 2>"$BATS_TEST_TMPDIR/server.err" 3>&- &
	server=$!
	# A shell that is ended before would end as the test does.
	wait_until "$server" pgrep -P "$server" >/dev/null || true
	[ -z "$line" ] || wait_until "$server" says "$BATS_TEST_TMPDIR/server.out" "$line" || {
		cat "$BATS_TEST_TMPDIR"/server.*
		return 1
	}
}

# Ends a background job and waits until it is gone; the job may be a shell, whose child runs a guest.
end_job() {
	pkill -P "$1" || kill "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

stop_guest() {
	[ -z "${server:-}" ] || end_job "$server"
	server=
}

# Setup and teardown of tests of one guest that serves ($server).
server_setup() {
	export UC_TIMEOUT=600
	cd "$BATS_TEST_TMPDIR" || return
}

# server_teardown [PID]: ends also that process, which ran beside the guest
server_teardown() {
	[ -n "${BATS_TEST_COMPLETED:-}" ] || cat "$BATS_TEST_TMPDIR"/server.* 2>/dev/null || true
	stop_guest
	[ -z "${1:-}" ] || end_job "$1"
}
