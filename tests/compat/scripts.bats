#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Scripts and programs that run a shell, from plain packages: interpreter, shell, tools and locale come along.
load ../lib

setup() {
	export UC_TIMEOUT=300
}

@test "perl: a locale without warnings, system and pipes through the shell" {
	need perl
	same_as_native "$(image_of deb:perl)" perl -- -we 'use POSIX; print setlocale(LC_ALL, ""), "\n";
		print system("echo from the shell; exit 3") >> 8, "\n"; print `echo "back\$\$" | while read x; do echo "[\${x%%[0-9]*}]"; done`'
}

@test "python3: os.system, subprocess with a shell, locale" {
	need python3
	same_as_native "$(image_of deb:python3)" python3 -- -c 'import locale, os, subprocess
print(locale.setlocale(locale.LC_ALL, ""), locale.getpreferredencoding(), flush=True)
print(os.system("echo $0; exit 5"), flush=True)
print(subprocess.run("echo out; echo err >&2; exit 6", shell=True, capture_output=True))
print(os.popen("echo popen").read(), subprocess.getstatusoutput("exit 7"))'
}

@test "a shell script of a package, with the tools it names" {
	need xzgrep
	printf 'one\ntwo\nthree\n' | xz >"$BATS_TEST_TMPDIR/f.xz"
	image=$(image_of deb:xz-utils:xzgrep)
	UC_NATIVE_DIR=$BATS_TEST_TMPDIR UC_GUEST_DIR=/data \
		same_as_native "$image" xzgrep -v "$BATS_TEST_TMPDIR:/data:ro" -- -n t f.xz
	UC_NATIVE_DIR=$BATS_TEST_TMPDIR UC_GUEST_DIR=/data \
		same_as_native "$image" xzgrep -v "$BATS_TEST_TMPDIR:/data:ro" -- four f.xz
	[ "$(cat "$BATS_TEST_TMPDIR/guest.status")" = 1 ]
}

@test "a Perl script and a Python script of packages" {
	need json_pp pydoc3
	echo '{"b": [1, 2, {"c": null}], "a": "\u00e9"}' >"$BATS_TEST_TMPDIR/in"
	UC_STDIN=$BATS_TEST_TMPDIR/in same_as_native "$(image_of deb:perl:json_pp)" json_pp -- -json_opt canonical,pretty
	same_as_native "$(image_of deb:python3:pydoc3)" pydoc3 -- struct
}

@test "a shell script of this machine, with the tools it names" {
	cat >"$BATS_TEST_TMPDIR/script" <<-'SH'
		#!/bin/sh
		# frobnicate is not needed
		seq 1 "$1" | ${SORT:-sort} -rn | head -n 3
		test -d /tmp && basename "$0"
	SH
	chmod +x "$BATS_TEST_TMPDIR/script"
	same_as_native "$BATS_TEST_TMPDIR/script" "$BATS_TEST_TMPDIR/script" -- 20
}

@test "a program that needs no locale and no shell gets none" {
	run unicore build -v -v -f -o "$BATS_TEST_TMPDIR/i" "$(guest_program hello musl-static)"
	[ "$status" = 0 ]
	[[ $output != *"rule"* ]]
	run unicore build -v -v -f -o "$BATS_TEST_TMPDIR/i" "$(guest_program hello)"
	[ "$status" = 0 ]
	[[ $output != *"rule"* ]]
	echo 'int system(const char *); int main(void) { return system("true"); }' | gcc -w -o "$BATS_TEST_TMPDIR/p" -xc -
	run unicore build -v -v -f -o "$BATS_TEST_TMPDIR/i" "$BATS_TEST_TMPDIR/p"
	[[ $output == *"rule "?shell* ]]
}
