#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Small programs of many packages, as `deb:PACKAGE:PROGRAM`: what they print, their status and the files they write.
load ../lib

setup() {
	export UC_TIMEOUT=300
	n=$BATS_TEST_TMPDIR/n g=$BATS_TEST_TMPDIR/g
	mkdir "$n" "$g"
	for d in "$n" "$g"; do
		seq 1 2000 >"$d/nums"
		printf 'the quick brown fox\njumps over\nthe lazy dog\n%.0s' 1 2 3 4 5 >"$d/text"
		printf '<r><a n="1">t</a><a n="2">u &amp; v</a></r>' >"$d/x.xml"
		echo '{"a":[1,2,{"b":null}],"s":"x\u00e9"}' >"$d/j.json"
		touch -d 2001-02-03 "$d"/*
	done
}

# same PACKAGE PROGRAM ARGS...: in two equal folders, which are equal afterwards.
same() {
	local package=$1 program=$2
	shift 2
	need "$program"
	UC_NATIVE_DIR=$n UC_GUEST_DIR=/data same_as_native "$(image_of "deb:$package:$program")" "$program" -v "$g:/data" -- "$@" || {
		echo "in $package: $program $*"
		return 1
	}
	diff -r "$n" "$g"
}

@test "coreutils, findutils, diffutils" {
	same coreutils sort -rn nums
	same coreutils sha256sum nums text
	same coreutils split -l 500 nums part.
	same coreutils stat -c '%n %s %a %F' nums text
	same findutils find . -type f -size +0 -printf '%s %m\n'
	same diffutils diff -u nums text
}

@test "grep, sed, gawk, mawk" {
	same grep grep -nE '(quick|lazy) [a-z]+' text
	same grep grep -c nothing text
	same sed sed -E 's/([a-z]+) ([a-z]+)/\2 \1/g;3d' text
	same sed sed -i.old '1,5s/^/# /' text
	same gawk gawk '{n[length($0)]++} END {PROCINFO["sorted_in"] = "@ind_num_asc"; for (i in n) print i, n[i]; print strftime("%Y", 0, 1)}' text
	same mawk mawk '{for (i = 1; i <= NF; i++) c[$i]++} END {print c["the"], length(c)}' text
}

@test "bc, dc, jq" {
	need bc
	echo 'scale=60; a(1)*4; 2^500; sqrt(2)' >"$BATS_TEST_TMPDIR/in"
	UC_STDIN=$BATS_TEST_TMPDIR/in same bc bc -lq
	echo '20k 2v p 3 4 ^ p [lb]sa 16o 255 p' >"$BATS_TEST_TMPDIR/in"
	UC_STDIN=$BATS_TEST_TMPDIR/in same dc dc
	same jq jq -S '.a[2], (.s|length), @base64 "\(.s)"' j.json
	same jq jq .absent.x nums
}

@test "tar, bzip2, xxd, file, less" {
	same tar tar cvf t.tar --sort=name --mtime=@0 --owner=0 --group=0 nums text j.json
	same bzip2 bzip2 -kv9 text
	same xxd xxd -l 200 nums
	same file file nums text j.json x.xml
	same less less text
}

@test "tcl, xmllint" {
	need tclsh
	cat >"$n/t.tcl" <<-'TCL'
		puts [expr 2**100]; puts [clock format 0 -gmt 1]; puts [encoding system]; puts [lsort {b a c}]
		set f [open out w]; puts $f x; close $f; exit 3
	TCL
	cp -p "$n/t.tcl" "$g"
	same tcl tclsh t.tcl
	same libxml2-utils xmllint --format --noout --xpath 'count(//a)' x.xml
	same libxml2-utils xmllint --format x.xml
}

@test "graphviz: plug-ins that its package registers when it is installed" {
	for d in "$n" "$g"; do
		echo 'digraph g { rankdir=LR; a -> b -> c; a -> c [label="x"]; b [shape=box]; }' >"$d/t.dot"
	done
	same graphviz dot -Tsvg -o g.svg t.dot
	[ -s "$g/g.svg" ]
}

@test "gcc: compiles and links with the packages it needs" {
	for d in "$n" "$g"; do
		printf '#include <stdio.h>\nint main(void) { return printf("%%d\\n", 6 * 7) < 0; }\n' >"$d/t.c"
	done
	UC_NATIVE_DIR=$n UC_GUEST_DIR=/data same_as_native "$(image_of deb:gcc:gcc deb:cpp-12 deb:binutils deb:libc6-dev)" gcc \
		-v "$g:/data" -m 512M -- -O2 -o t t.c
	[ "$("$g/t")" = 42 ]
	cmp "$n/t" "$g/t"
}
