#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Options of `unicore build` and `unicore run`, and the figures of the smallest image.
load ../lib

hello_image() {
	image_of "$(guest_program hello musl-static)" --calls "$UC_ROOT/apps/hello/calls" "$@"
}

# Without the parts that serve other machines, folders and fault reports.
smallest() {
	local part
	for part in bus virtio_pci virtio_rng ninep dev report; do
		echo "--without $part"
	done
}

@test "hello: kernel of at most 100 KB (as a process 110 KB), 2 MB of memory are enough" {
	limit=102400
	[ "$UC_PLAT" = kvm ] || limit=112640
	# shellcheck disable=SC2046 # each word is an argument
	image=$(hello_image $(smallest))
	guest --json -m 2M "$image" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = "Hello, world!" ]
	[ "$(report_value "$BATS_TEST_TMPDIR/err" kernel_bytes)" -le "$limit" ]
	[ "$(report_value "$BATS_TEST_TMPDIR/err" memory_bytes)" -le 2097152 ]
}

@test "the report is one JSON object with what the schema requires" {
	image=$(hello_image)
	guest --json "$image" >/dev/null 2>"$BATS_TEST_TMPDIR/err"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/err")" = 1 ]
	schema=$UC_ROOT/docs/schema/run.json
	[ -s "$schema" ]
	for key in $(jq -r '.required[]' "$schema"); do
		jq -e "has(\"$key\")" "$BATS_TEST_TMPDIR/err"
	done
	[ "$(report_value "$BATS_TEST_TMPDIR/err" exit_status)" = 0 ]
	[ "$(report_value "$BATS_TEST_TMPDIR/err" exit_kind)" = normal ]
	[ "$(report_value "$BATS_TEST_TMPDIR/err" 'boot_ms > 0')" = true ]
}

@test "machines: microvm, q35, pc" {
	kvm_only
	image=$(image_of "$(guest_program hello musl-static)")
	for machine in microvm q35 pc; do
		[ "$(guest --machine "$machine" "$image")" = "Hello, world!" ]
	done
}

@test "heaps are interchangeable" {
	program=$(guest_program threads)
	for heap in slab tlsf; do
		image=$(image_of "$program" --heap "$heap")
		[ "$(guest "$image" | tail -n 1)" = ok ]
	done
}

@test "-e, -w, -- ARGS" {
	program=$(guest_program startup)
	run guest -e EXTRA=1 -e 'SPACE=a b' -w / "$program" -- -x --json
	[[ $output == *"env EXTRA=1"* && $output == *"env SPACE=a b"* ]]
	[[ $output == *"[-x]"*"[--json]"* ]]
}

@test "-v: a folder of the host, writable and read-only" {
	mkdir "$BATS_TEST_TMPDIR/d"
	echo 'from the host' >"$BATS_TEST_TMPDIR/d/in"
	chmod 755 "$BATS_TEST_TMPDIR/d"
	busybox=$(command -v busybox) || skip "no busybox"
	guest -v "$BATS_TEST_TMPDIR/d:/d" "$busybox" -- cp /d/in /d/out
	cmp "$BATS_TEST_TMPDIR/d/in" "$BATS_TEST_TMPDIR/d/out"
	run guest -v "$BATS_TEST_TMPDIR/d:/d:ro" "$busybox" -- rm /d/out
	[ "$status" -ne 0 ]
	[ -e "$BATS_TEST_TMPDIR/d/out" ]
	[[ $output == *"Read-only"* ]]
	run guest -v "$BATS_TEST_TMPDIR/d:/d:ro" "$busybox" -- cat /d/in
	[ "$output" = 'from the host' ]
}

@test "--trace names calls with arguments and results" {
	image=$(image_of "$(guest_program hello musl-static)" --trace)
	guest --trace "$image" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = "Hello, world!" ]
	cat "$BATS_TEST_TMPDIR/err"
	grep -qE 'writev\(1, .*= 14' "$BATS_TEST_TMPDIR/err"
	grep -q 'exit_group(0' "$BATS_TEST_TMPDIR/err"
}

@test "--strict stops at what is not implemented; without it the call fails as Linux documents" {
	program=$(guest_program syscalls)
	run guest --strict "$program"
	[ "$status" = 123 ]
	[[ $output == *9999* ]]
}

@test "a call outside --calls is named" {
	image=$(image_of "$(guest_program stdio musl-static)" --calls "$UC_ROOT/apps/hello/calls")
	run guest --strict "$image" </dev/null
	[ "$status" = 123 ]
	[[ $output == *read* ]]
}

@test "--timeout" {
	run guest --timeout 3 "$(guest_program sleeper)"
	[ "$status" = 124 ]
}

@test "dir: source, and the same image twice is the same" {
	mkdir -p "$BATS_TEST_TMPDIR/root/bin"
	cp "$(guest_program hello musl-static)" "$BATS_TEST_TMPDIR/root/bin/hello"
	unicore build -q -x /bin/hello -o "$BATS_TEST_TMPDIR/a" "dir:$BATS_TEST_TMPDIR/root"
	[ "$(guest "$BATS_TEST_TMPDIR/a")" = "Hello, world!" ]
	unicore build -q -x /bin/hello -o "$BATS_TEST_TMPDIR/b" "dir:$BATS_TEST_TMPDIR/root"
	cmp "$BATS_TEST_TMPDIR/a/kernel" "$BATS_TEST_TMPDIR/b/kernel"
	cmp "$BATS_TEST_TMPDIR/a/root.erofs" "$BATS_TEST_TMPDIR/b/root.erofs"
}

@test "manifest source" {
	cat >"$BATS_TEST_TMPDIR/unicore.yaml" <<-YAML
		source: $(guest_program startup)
		args: [one, "two three"]
		env:
		  FROM: manifest
	YAML
	run guest "$BATS_TEST_TMPDIR/unicore.yaml"
	[[ $output == *"[one]"*"[two three]"*"env FROM=manifest"* ]]
}

@test "oci: source" {
	dir=$BATS_TEST_TMPDIR/layout
	mkdir -p "$dir/blobs/sha256" "$BATS_TEST_TMPDIR/root/bin"
	cp "$(guest_program hello musl-static)" "$BATS_TEST_TMPDIR/root/bin/hello"
	blob() {
		local sum
		sum=$(sha256sum <"$1" | cut -d' ' -f1)
		cp "$1" "$dir/blobs/sha256/$sum"
		echo "\"digest\":\"sha256:$sum\",\"size\":$(stat -c %s "$1")"
	}
	tar -C "$BATS_TEST_TMPDIR/root" -cf "$BATS_TEST_TMPDIR/layer.tar" bin
	sum=$(sha256sum <"$BATS_TEST_TMPDIR/layer.tar" | cut -d' ' -f1)
	gzip -kn "$BATS_TEST_TMPDIR/layer.tar"
	layer=$(blob "$BATS_TEST_TMPDIR/layer.tar.gz")
	echo "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"/bin/hello\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:$sum\"]}}" \
		>"$BATS_TEST_TMPDIR/config"
	config=$(blob "$BATS_TEST_TMPDIR/config")
	cat >"$BATS_TEST_TMPDIR/manifest" <<-JSON
		{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",$config},
		"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",$layer}]}
	JSON
	manifest=$(blob "$BATS_TEST_TMPDIR/manifest")
	echo "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",$manifest}]}" >"$dir/index.json"
	echo '{"imageLayoutVersion":"1.0.0"}' >"$dir/oci-layout"
	[ "$(guest "oci:$dir")" = "Hello, world!" ]
}
