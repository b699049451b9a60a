#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Busybox applets, static and dynamic: the same output, errors, status and files as natively.
load ../lib

make_folder() {
	rm -rf "$1"
	mkdir -p "$1/d"
	seq 1 100 >"$1/a"
	printf 'x:1:y\nx:1:y\n\ttab:22\nlast \x01\x02 line\n' >"$1/b"
	echo inside >"$1/d/e"
	touch -d @1000000000 "$1"/a "$1"/b "$1"/d/e "$1"/d
}

# Runs every applet line natively; all the guests' runs are compared with that.
applets() {
	local image=$1 line args failures=0 runs=0 n=$BATS_TEST_TMPDIR/n g=$BATS_TEST_TMPDIR/g
	need busybox
	export UC_TIMEOUT=120
	while IFS= read -r line; do
		case $line in '#'* | '') continue ;; esac
		make_folder "$n"
		make_folder "$g"
		UC_STDIN=/dev/null
		if [[ $line == *'<' ]]; then
			UC_STDIN=$n/a
			line=${line%<}
		fi
		cp "$UC_STDIN" "$BATS_TEST_TMPDIR/stdin"
		eval "args=($line)"
		runs=$((runs + 1))
		UC_STDIN=$BATS_TEST_TMPDIR/stdin UC_NATIVE_DIR=$n native busybox "${args[@]}"
		UC_STDIN=$BATS_TEST_TMPDIR/stdin guest_recorded -m 64M -w /data -v "$g:/data" "$image" -- "${args[@]}"
		# Where the folder is, and file system statistics, are not the applet's doing.
		sed -i "s,$n,/data,g" "$BATS_TEST_TMPDIR/native.out" "$BATS_TEST_TMPDIR/native.err"
		if ! compare_runs || ! diff -r "$n" "$g"; then
			echo "applet: $line"
			failures=$((failures + 1))
		fi
	done <"$BATS_TEST_DIRNAME/data/applets"
	echo "$runs applet runs, $failures differ"
	[ "$runs" -ge 40 ]
	[ "$failures" = 0 ]
}

@test "busybox, static: applets" {
	applets "$(image_of deb:busybox-static)"
}

@test "busybox, dynamic: applets" {
	applets "$(image_of deb:busybox)"
}
