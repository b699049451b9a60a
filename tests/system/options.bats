#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Options of `unicore build` and `unicore run`, and the figures of the smallest image.
load ../lib

hello_image() {
	image_of "$(guest_program hello musl-static)" --calls "$UC_ROOT/apps/hello/calls"
}

@test "hello: kernel of at most 100 KB (as a process too), 2 MB of memory are enough" {
	image=$(hello_image)
	guest --json -m 2M "$image" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = "Hello, world!" ]
	[ "$(report_value "$BATS_TEST_TMPDIR/err" kernel_bytes)" -le 102400 ]
	[ "$(report_value "$BATS_TEST_TMPDIR/err" memory_bytes)" -le 2097152 ]
}

@test "calls without paths: a host folder all the same" {
	program=$(guest_program hello musl-static)
	mkdir -p "$BATS_TEST_TMPDIR/v"
	for image in "$(hello_image)" "$(image_of "$program" --calls "$UC_ROOT/apps/hello/calls" --with ninep)"; do
		[ "$(guest -v "$BATS_TEST_TMPDIR/v:/v" -w /v "$image")" = "Hello, world!" ]
	done
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

# bats test_tags=kvm
@test "machines: microvm, q35, pc" {
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

@test "dir: source in run, with the program named; -w makes its folder" {
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/bin"
	cp "$(guest_program hello musl-static)" "$root/bin/hello"
	cp "$(guest_program startup musl-static)" "$root/bin/startup"
	[ "$(guest --entrypoint hello "dir:$root")" = "Hello, world!" ]
	run guest --entrypoint /bin/startup -w /made/for/it "dir:$root" -- word
	[[ $output == *"[word]"* ]]
	[[ $output != *"working directory"* ]]
	run guest "dir:$root"
	[ "$status" = 64 ] && [[ $output == *--entrypoint* ]]
	run guest -w relative "dir:$root"
	[ "$status" = 64 ]
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

# oci_layout DIR ROOT CONFIG: an image layout of one layer with the files below ROOT; CONFIG: JSON of its "config".
oci_layout() {
	local dir=$1 tmp=$BATS_TEST_TMPDIR/oci layer config manifest sum
	rm -rf "$tmp"
	mkdir -p "$dir/blobs/sha256" "$tmp"
	blob() {
		local sum
		sum=$(sha256sum <"$1" | cut -d' ' -f1)
		cp "$1" "$dir/blobs/sha256/$sum"
		echo "\"digest\":\"sha256:$sum\",\"size\":$(stat -c %s "$1")"
	}
	tar -C "$2" -cf "$tmp/layer.tar" .
	sum=$(sha256sum <"$tmp/layer.tar" | cut -d' ' -f1)
	gzip -kn "$tmp/layer.tar"
	layer=$(blob "$tmp/layer.tar.gz")
	echo "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":$3,\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:$sum\"]}}" \
		>"$tmp/config"
	config=$(blob "$tmp/config")
	cat >"$tmp/manifest" <<-JSON
		{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",$config},
		"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",$layer}]}
	JSON
	manifest=$(blob "$tmp/manifest")
	echo "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",$manifest}]}" >"$dir/index.json"
	echo '{"imageLayoutVersion":"1.0.0"}' >"$dir/oci-layout"
}

@test "oci: source" {
	mkdir -p "$BATS_TEST_TMPDIR/root/bin"
	cp "$(guest_program hello musl-static)" "$BATS_TEST_TMPDIR/root/bin/hello"
	oci_layout "$BATS_TEST_TMPDIR/layout" "$BATS_TEST_TMPDIR/root" '{"Cmd":["/bin/hello"]}'
	[ "$(guest "oci:$BATS_TEST_TMPDIR/layout")" = "Hello, world!" ]
}

@test "oci: entry point and command, -e, -w and users as with containers" {
	busybox=$(command -v busybox) || skip "no busybox"
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/bin" "$root/etc" "$root/srv"
	cp "$busybox" "$root/bin/busybox"
	for name in sh echo id pwd env cat; do ln -s busybox "$root/bin/$name"; done
	printf 'root:x:0:0::/root:/bin/sh\napp:x:1234:77::/srv/app:/bin/sh\n' >"$root/etc/passwd"
	printf 'root:x:0:\nstaff:x:50:\n' >"$root/etc/group"
	oci_layout "$BATS_TEST_TMPDIR/a" "$root" \
		'{"Entrypoint":["sh","-c"],"Cmd":["echo default $A $(pwd) $(id -u) $HOME"],"Env":["PATH=/bin","A=1"],"WorkingDir":"/srv","User":"app"}'
	unicore build -q -o "$BATS_TEST_TMPDIR/img" "oci:$BATS_TEST_TMPDIR/a"
	image() { unicore run --accel "$UC_ACCEL" "$@"; }
	img=$BATS_TEST_TMPDIR/img
	[ "$(image "$img")" = "default 1 /srv 1234 /srv/app" ]
	[ "$(image "$img" 'echo other "$0" "$@"' x y)" = "other x y" ]
	[ "$(image -e A=2 -w /etc --user root "$img")" = "default 2 /etc 0 /root" ]
	[ "$(image --user app:staff "$img" 'id -u; id -g' | tr '\n' ' ')" = "1234 50 " ]
	[ "$(image --user 1234 "$img" 'id -g')" = 77 ]
	[ "$(image --entrypoint echo "$img" plain)" = plain ]
	[ "$(image --entrypoint /bin/cat "$img" /etc/group | head -n 1)" = root:x:0: ]
	oci_layout "$BATS_TEST_TMPDIR/b" "$root" '{"Cmd":["sh","-c","echo default"],"Env":["PATH=/bin"]}'
	unicore build -q -o "$BATS_TEST_TMPDIR/img2" "oci:$BATS_TEST_TMPDIR/b"
	img=$BATS_TEST_TMPDIR/img2
	[ "$(image "$img")" = default ]
	[ "$(image "$img" -- echo the command)" = "the command" ]
	image "$img" absent 2>&1 && return 1 || [ $? = 127 ]
	oci_layout "$BATS_TEST_TMPDIR/c" "$root" '{}'
	[ "$(image --entrypoint /bin/echo "oci:$BATS_TEST_TMPDIR/c" named)" = named ]
	unicore build -q -o "$BATS_TEST_TMPDIR/img3" "oci:$BATS_TEST_TMPDIR/b" -- echo built in
	[ "$(image "$BATS_TEST_TMPDIR/img3")" = "built in" ]
}

# bats test_tags=kvm
@test "what an image was built without is linked for a run that needs it" {
	parts=(--without bus --without virtio_pci --without ninep --without virtio_rng)
	image=$(image_of "$(guest_program hello musl-static)" "${parts[@]}")
	for options in "-v $BATS_TEST_TMPDIR:/d" "--machine pc" "--rng" ""; do
		# shellcheck disable=SC2086 # words
		[ "$(guest $options "$image")" = "Hello, world!" ]
	done
	[ "$(guest "$(image_of "$(guest_program hello)" "${parts[@]}")")" = "Hello, world!" ]
}
