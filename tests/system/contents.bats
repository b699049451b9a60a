#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# What is in an image, and why: --calls traced, why, why-not, size, sbom.
bats_require_minimum_version 1.5.0
load ../lib

setup_file() {
	export IMAGE=$BATS_FILE_TMPDIR/sort
	unicore build -q --calls static -o "$IMAGE" /usr/bin/sort
}

setup() {
	d=$BATS_TEST_TMPDIR
}

@test "calls of traced runs: enough for that workload, others are named with how to mend it" {
	local status
	# As it will run: another locale makes other calls.
	LANG=C.UTF-8 unicore build -q --calls traced -o "$d/cat" /bin/cat -- /etc/hostname >/dev/null
	[ "$(wc -l <"$d/cat/calls")" -lt 40 ]
	run ! grep -qx socket "$d/cat/calls"
	echo text >"$d/in"
	mkdir "$d/vol"
	cp "$d/in" "$d/vol"
	guest -v "$d/vol:/vol" "$d/cat" -- /vol/in >"$d/out" 2>"$d/err"
	cmp "$d/in" "$d/out"
	unicore build -q --calls traced -o "$d/echo" "$(guest_program getppid)"
	grep -vx getppid "$d/echo/calls" >"$d/few"
	unicore build -q --calls "$d/few" -o "$d/lacks" "$(guest_program getppid)"
	guest "$d/lacks" >/dev/null 2>"$d/err" || true
	grep -q 'warning: getppid: .*built without.*why-not getppid' "$d/err"
}

@test "a manifest's workloads are traced, each" {
	cat >"$d/m.yaml" <<-END
		source: /bin/cat
		calls: traced
		workloads:
		  - [/etc/hostname]
		  - [--version]
	END
	unicore build -q -o "$d/m" "$d/m.yaml" >/dev/null
	grep -qx openat "$d/m/calls"
	jq -e '.calls == "traced"' "$d/m/image.json"
	printf 'source: /bin/cat\nworkloads:\n  - x\n' >"$d/bad.yaml"
	run -65 unicore build -q -o "$d/bad" "$d/bad.yaml"
	[[ $output == *"bad.yaml:3:5:"* ]]
	printf 'source: /bin/cat\ncalls: [read,\n  opnat]\n' >"$d/bad.yaml"
	run -65 unicore build -q -o "$d/bad" "$d/bad.yaml"
	[[ $output == *"bad.yaml:3:3:"*"no system call"* ]]
	printf 'source: /bin/cat\ncwd: tmp\n' >"$d/bad.yaml"
	run -65 unicore build -q -o "$d/bad" "$d/bad.yaml"
	[[ $output == *"bad.yaml:2:6:"*"absolute"* ]]
	printf 'source: /bin/cat\nulibs:\n  sched: coop\n  heap: stack\n' >"$d/bad.yaml"
	run -65 unicore build -q -o "$d/bad" "$d/bad.yaml"
	[[ $output == *"bad.yaml:4:3:"*"no \`stack\`"* ]]
	printf 'source: /bin/cat\nwith: trace\nwithout: [ninep,\n  nine]\n' >"$d/bad.yaml"
	run -65 unicore build -q -o "$d/bad" "$d/bad.yaml"
	[[ $output == *"bad.yaml:4:3:"*"\`nine\`"* ]]
	printf 'source: /bin/cat\nuser:   nobodyhere\n' >"$d/bad.yaml"
	run -65 unicore build -q -o "$d/bad" "$d/bad.yaml"
	[[ $output == *"bad.yaml:2:9:"*"no user"* ]]
	mkdir "$d/root"
	cp "$(guest_program getppid musl-static)" "$d/root/prog"
	run -64 unicore build -q --calls traced -o "$d/bad" -x /prog "dir:$d/root"
	[[ $output == *"only programs of this machine"* ]]
}

# bats test_tags=kvm
@test "why: libraries, files, parts of the kernel, calls" {
	run -0 unicore why libc.so.6 "$IMAGE"
	[[ $output == *"libc.so.6 ("*"package libc6): needed by /usr/bin/sort"*"needed to start /usr/bin/sort"* ]]
	run -0 unicore why openat "$IMAGE"
	[[ ${lines[0]} == "system call openat: the program can make it"* && ${#lines[@]} -gt 2 ]]
	run -0 unicore why service_vfs/open.c "$IMAGE"
	[[ $output == *"needs uc_vfs_open"*"handles a system call"* ]]
	run -0 unicore why erofs "$IMAGE"
	[[ $output == "service_erofs: "*" objects"* ]]
	run -0 unicore why --json openat "$IMAGE"
	jq -e '.what == "openat" and (.why | length) > 1' <<<"$output"
	run -66 unicore why no-such-thing "$IMAGE"
	run -66 unicore why libc.so.6 "$d"
}

# bats test_tags=kvm
@test "every object of a kernel has a reason, and a chain that ends" {
	jq -e '.kernel.objects as $o | $o | length > 100 and all(.[]; .why != "symbol" or (.by < ($o | length)))' "$IMAGE/contents.json"
	jq -e '[.kernel.objects[] | select(.why == "other")] | length == 0' "$IMAGE/contents.json"
	jq -e '.kernel.objects as $o | all(range($o | length); {i: ., n: 0} |
		until($o[.i].why != "symbol" or .n > 200; {i: $o[.i].by, n: (.n + 1)}) | .n <= 200)' "$IMAGE/contents.json"
}

# bats test_tags=kvm
@test "why-not: not made, not implemented, there after all, unknown" {
	run -0 unicore why-not reboot "$IMAGE"
	[[ $output == *"no code of the image's files"*"--calls all" ]]
	run -0 unicore why-not openat "$IMAGE"
	[[ $output == *"has it"* ]]
	unicore build -q --calls all -o "$d/all" /bin/true
	run -0 unicore why-not io_uring_setup "$d/all"
	[[ $output == *"no micro-library implements it"* ]]
	run -64 unicore why-not opnat "$IMAGE"
	[[ $output == *"did you mean open"* ]]
}

# bats test_tags=kvm
@test "sizes: they add up, and treemaps need nothing else" {
	unicore size --json "$IMAGE" >"$d/sizes.json"
	jq -e '(.children | map(.name) | sort) == ["kernel", "root"] and
		all(.. | objects | select(.children); .bytes == ([.children[].bytes] | add))' "$d/sizes.json"
	# What the linker placed is the file but for its tables.
	jq -e --argjson k "$(stat -c %s "$IMAGE/kernel")" \
		'.children[] | select(.name == "kernel") | .bytes | . > $k * 0.9 and . <= $k' "$d/sizes.json"
	unicore size --html "$d/p.html" --svg "$d/p.svg" "$IMAGE"
	python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$d/p.svg"
	grep -q 'libc.so.6' "$d/p.html"
	run ! grep -E '(src|href)=' "$d/p.html"
	unicore size "$IMAGE" | grep -q ' libc6$'
}

# bats test_tags=kvm
@test "the bill of materials is valid SPDX 2.3 and complete" {
	unicore sbom "$IMAGE" >"$d/a.json"
	unicore sbom -o "$d/b.json" "$IMAGE"
	cmp "$d/a.json" "$d/b.json"
	python3 "$BATS_TEST_DIRNAME/data/check-spdx.py" "$d/a.json"
	jq -e --argjson n "$(jq .files "$IMAGE/image.json")" '.files | length == $n' "$d/a.json"
	jq -e --arg v "$(dpkg-query -W -f '${Version}' coreutils)" \
		'any(.packages[]; .name == "coreutils" and .versionInfo == $v and (.licenseDeclared | contains("GPL-3.0-or-later")))' "$d/a.json"
	run -66 unicore sbom "$d/absent"
}

# bats test_tags=kvm
@test "damaged contents are refused" {
	cp -r "$IMAGE" "$d/image"
	echo '{"contents": "unicore.contents/1", "kernel": {"objects": [{"by": 5}]}}' >"$d/image/contents.json"
	run -65 unicore why x "$d/image"
	[[ $output == *"damaged"* ]]
	echo '{' >"$d/image/contents.json"
	run -65 unicore size "$d/image"
}
