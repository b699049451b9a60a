# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
# Small files that workloads of unmodified programs work on.
fixture() {
	mkdir -p "$1/folder"
	cd "$1" || exit 1
	seq 1 2000 >nums
	printf 'the quick brown fox\njumps over\nthe lazy dog\n%.0s' 1 2 3 4 5 >text
	printf '<r><a n="1">t</a><a n="2">u &amp; v</a></r>' >x.xml
	echo '{"a":[1,2,{"b":null}],"s":"x"}' >j.json
	echo 'int main(void) { return 0; }' >a.c
	echo 'puts [clock seconds]' >a.tcl
	echo 'puts [expr {6 * 7}]' >b.tcl
	echo '2^100' >a.bc
	echo 'digraph { a -> b }' >a.dot
	echo 'all: ; $(info made)' >a.mk
	printf '1d0\n< 1\n' >p.diff
	cp nums text folder
	cp /bin/true a.so
}
