#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Lock, and the same bytes from the same input.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	d=$BATS_TEST_TMPDIR
}

# bats test_tags=kvm
@test "a manifest gets a lock, which later builds keep to" {
	printf 'source: deb:hostname\nfiles:\n  - from: f\n    to: /f\n' >"$d/m.yaml"
	echo one >"$d/f"
	run -66 unicore build -q --locked -o "$d/i" "$d/m.yaml"
	unicore build -q -o "$d/i" "$d/m.yaml"
	jq -e '.lock == "unicore.lock/1" and any(.packages[]; .name == "hostname" and (.sha256 | length) == 64) and .files["/f"]' "$d/unicore.lock"
	cp "$d/unicore.lock" "$d/first"
	unicore build -q --locked -o "$d/i" "$d/m.yaml"
	cmp "$d/first" "$d/unicore.lock"
	run -0 unicore update "$d/m.yaml"
	[ -z "$output" ]
	# What changed is named, and nothing is built.
	echo two >"$d/f"
	run -65 unicore build -q --locked -f -o "$d/j" "$d/m.yaml"
	[[ $output == *"~ file /f"*"would differ"*"unicore update"* ]]
	[ ! -e "$d/j" ]
	run -0 unicore update --dry-run --json "$d/m.yaml"
	jq -e '. == ["~ file /f"]' <<<"$output"
	cmp "$d/first" "$d/unicore.lock"
	unicore update "$d/m.yaml"
	unicore build -q --locked -o "$d/i" "$d/m.yaml"
}

# bats test_tags=kvm
@test "locked packages are taken, and only with their content" {
	unicore build -q --lock "$d/l" -o "$d/i" deb:hostname
	# One package less: the lock says which there are, not apt.
	jq 'del(.packages[] | select(.name == "netbase"))' "$d/l" >"$d/fewer"
	unicore build -q --lock "$d/fewer" --locked -o "$d/i" deb:hostname
	jq -e 'all(.packages[]; startswith("netbase=") | not)' "$d/i/image.json"
	jq '(.packages[] | select(.name == "hostname")).sha256 |= sub("^.."; "00")' "$d/l" >"$d/other"
	run -65 unicore build -q --lock "$d/other" -o "$d/i" deb:hostname
	[[ $output == *"not the one that was locked"* ]]
	# Another source: resolved anew.
	run -65 unicore build -q --lock "$d/l" --locked -o "$d/i" deb:debianutils:which.debianutils
	[[ $output == *"~ sources"* ]]
	echo '{"lock": "unicore.lock/1", "sources": [], "packages": [{"file": "../x"}]}' >"$d/bad"
	run -65 unicore build -q --lock "$d/bad" -o "$d/i" deb:hostname
	run -64 unicore update deb:hostname
}

# in_other_place FOLDER: everything else that a build could pick up differs, too.
in_other_place() {
	mkdir -p "$1"
	cp "$(guest_program stdio)" "$1/prog"
	echo text >"$1/f"
	touch -d 2001-02-03 "$1/prog" "$1/f"
	chmod 755 "$1/prog"
	chmod 644 "$1/f"
	printf 'source: /usr/bin/sort\ncalls: static\nfiles:\n  - from: f\n    to: /data/f\n  - from: prog\n    to: /bin/prog\n' >"$1/m.yaml"
}

# bats test_tags=kvm
@test "two builds at other times, in other folders, with other settings are the same bytes" {
	local f
	in_other_place "$d/a"
	(cd "$d/a" && umask 022 && LC_ALL=C TZ=UTC unicore build -q -o image m.yaml && unicore sbom -o sbom image)
	sleep 1.1
	in_other_place "$d/b/c"
	touch "$d/b/c/prog" "$d/b/c/f"
	(
		cd "$d/b/c"
		umask 077
		export LC_ALL=C.UTF-8 TZ=Asia/Kathmandu XDG_CACHE_HOME=$d/cache HOME=$d TMPDIR=$d
		command -v faketime >/dev/null && pre=(faketime 2031-05-06) || pre=()
		"${pre[@]}" timeout 120 "$UC_BUILD/bin/unicore" build -q -o image m.yaml && unicore sbom -o sbom image
	)
	[ "$(ls "$d/a/image")" = "$(ls "$d/b/c/image")" ]
	for f in "$d"/a/image/*; do cmp "$f" "$d/b/c/image/${f##*/}"; done
	cmp "$d/a/sbom" "$d/b/c/sbom"
	cmp "$d/a/unicore.lock" "$d/b/c/unicore.lock"
}

# bats test_tags=kvm
@test "the micro-libraries are the same bytes from another folder" {
	local a
	mkdir "$d/tree"
	cp -r "$UC_ROOT/core" "$UC_ROOT/abi" "$UC_ROOT/ext" "$UC_ROOT/Makefile" "$d/tree"
	mkdir "$d/tree/build"
	cp "$UC_ROOT"/build/*.* "$UC_ROOT"/build/ext-fetch "$d/tree/build"
	for a in service_erofs posix_poll arch_cpu; do
		env -u MAKEFLAGS TZ=Asia/Kathmandu make -s -C "$d/tree" O=out EXT_CACHE="$UC_BUILD/cache" "out/lib/unicore/x86_64/$a.a" >/dev/null
		cmp "$d/tree/out/lib/unicore/x86_64/$a.a" "$UC_BUILD/lib/unicore/x86_64/$a.a"
	done
}

# bats test_tags=kvm
@test "an external micro-library is upgraded by one line" {
	run -0 make --no-print-directory -C "$UC_ROOT" ext-check
	[[ $output == *"ext-check: lwip: "*"by one line"* ]]
}
