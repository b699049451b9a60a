#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Bad input ends soon, in one clear message `unicore: WHAT: WHY`, with the documented status.
load ../lib

# fails_with STATUS TEXT COMMAND...
fails_with() {
	local want=$1 text=$2
	shift 2
	UC_TIMEOUT=60 run "$@"
	echo "status $status: $output"
	[ "$status" = "$want" ]
	[[ $output == *"$text"* ]]
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "no such program, image, package, folder" {
	fails_with 66 /no/such/program unicore run /no/such/program
	fails_with 66 no-such-package-here unicore build -o x deb:no-such-package-here
	fails_with 66 /no/such unicore build -o x dir:/no/such
	fails_with 66 /no/such unicore build -o x oci:/no/such
	fails_with 64 "" unicore run
	fails_with 64 frobnicate unicore frobnicate
	fails_with 64 --frobnicate unicore run --frobnicate x
	fails_with 64 12Q unicore run -m 12Q x
}

@test "an ELF that is truncated at every kind of place" {
	program=$(guest_program hello)
	size=$(stat -c %s "$program")
	for n in 0 3 16 63 64 100 700 $((size / 2)); do
		head -c "$n" "$program" >part
		chmod +x part
		fails_with 65 part unicore run ./part
	done
}

@test "an ELF whose header is corrupt" {
	program=$(guest_program hello musl-static)
	# class, data encoding, type, program header offset, entry size, count
	for at in 4 5 16 32 54 56; do
		cp "$program" bad
		printf '\377\377' | dd of=bad bs=1 seek="$at" conv=notrunc status=none
		UC_TIMEOUT=60 run unicore run "${UC_PLATFORM[@]}" ./bad
		echo "status $status: $output"
		# what only the loader of the guest refuses is status 126
		[ "$status" = 65 ] || [ "$status" = 126 ]
		[[ $output == *bad:* ]]
	done
}

@test "an ELF of another architecture, a text file, a folder" {
	cp "$(guest_program hello musl-static)" arm
	printf '\267\000' | dd of=arm bs=1 seek=18 conv=notrunc status=none
	fails_with 65 arm unicore run ./arm
	[[ $output == *[aA][rA][cCmM]* ]]
	echo 'just text' >text
	chmod +x text
	fails_with 65 text unicore run ./text
	mkdir folder
	UC_TIMEOUT=60 run unicore run ./folder
	[ "$status" = 65 ] || [ "$status" = 66 ]
}

@test "a random file never hangs or crashes the tools" {
	program=$(guest_program hello)
	for seed in 1 2 3 4 5 6; do
		cp "$program" fuzzed
		for k in 1 2 3; do
			at=$(((seed * 7919 + k * 104729) % 4096))
			printf "\\x$(printf %02x $(((seed * 37 + k * 91) & 255)))" | dd of=fuzzed bs=1 seek="$at" conv=notrunc status=none
		done
		UC_TIMEOUT=60 run unicore build -q -o img-fuzzed -f ./fuzzed
		[ "$status" -lt 124 ]
	done
}

@test "a missing library is named, with who needs it" {
	echo 'int gone(void) { return 1; }' | gcc -shared -fPIC -o libgone.so -xc -
	echo 'int gone(void); int main(void) { return gone(); }' | gcc -xc - -o needs -L. -lgone
	rm libgone.so
	fails_with 69 libgone.so unicore build -o x ./needs
	[[ $output == *needs* ]]
}

@test "a library that is there but no use is named, with what is wrong with it" {
	mkdir lib
	echo 'int dep(void) { return 1; }' | gcc -shared -fPIC -o lib/libdep.so -xc -
	echo 'int dep(void); int main(void) { return dep(); }' |
		gcc -xc - -o needs -Llib -ldep -Wl,-rpath,"$PWD/lib"
	truncate -s 500 lib/libdep.so
	fails_with 69 "lib/libdep.so cannot be used" unicore build -o x ./needs
	echo 'text' >lib/libdep.so
	fails_with 69 "not an ELF file" unicore build -o x ./needs
	[[ $output == *needs* ]]
}

@test "manifests: not YAML, unknown key, wrong type, no source" {
	printf 'source: [unclosed\n' >unicore.yaml
	fails_with 65 unicore.yaml unicore build -o x ./unicore.yaml
	printf 'source: /bin/true\nfrobnicate: 1\n' >unicore.yaml
	fails_with 65 frobnicate unicore build -o x ./unicore.yaml
	printf 'source: /bin/true\nargs: {a: 1}\n' >unicore.yaml
	fails_with 65 unicore.yaml:2 unicore build -o x ./unicore.yaml
	: >unicore.yaml
	fails_with 65 unicore.yaml unicore build -o x ./unicore.yaml
}

@test "an image that is damaged" {
	image=$(image_of "$(guest_program hello musl-static)")
	cp -r "$image" damaged
	rm damaged/kernel damaged/kernel-linux
	UC_TIMEOUT=60 run unicore run "${UC_PLATFORM[@]}" ./damaged
	[ "$status" = 65 ] || [ "$status" = 66 ] || [ "$status" = 122 ]
	rm -rf damaged
	cp -r "$image" damaged
	truncate -s 50000 damaged/kernel
	fails_with 65 "kernel: it is truncated" unicore run --accel tcg ./damaged
	echo text >damaged/kernel
	fails_with 65 "kernel: it is not the kernel" unicore run --accel tcg ./damaged
	rm -rf damaged
	cp -r "$image" damaged
	echo '{' >damaged/image.json
	fails_with 65 image.json unicore run "${UC_PLATFORM[@]}" ./damaged
	rm -rf damaged
	cp -r "$image" damaged
	chmod u+w damaged/*
	printf 'x' | dd of=damaged/root.erofs bs=1 seek=1024 conv=notrunc status=none
	fails_with 65 "root.erofs: it is not an EROFS" unicore run "${UC_PLATFORM[@]}" ./damaged
	rm -rf damaged
	cp -r "$image" damaged
	chmod u+w damaged/*
	printf '\377\377' | dd of=damaged/root.erofs bs=1 seek=1036 conv=notrunc status=none
	fails_with 65 "do not match its digest" unicore run --accel tcg ./damaged
	rm damaged/root.erofs
	fails_with 66 "root.erofs: cannot read" unicore run "${UC_PLATFORM[@]}" ./damaged
	rm -rf damaged
	cp -r "$image" damaged
	chmod u+w damaged/*
	truncate -s 1024 damaged/root.erofs
	fails_with 65 "root.erofs: it is truncated" unicore run "${UC_PLATFORM[@]}" ./damaged
	for change in '.version = 2' '.arch = "aarch64"' '.exec = 5' '.argv_fixed = 9' '.memory = "much"'; do
		jq "$change" "$image/image.json" >damaged/image.json
		fails_with 65 image.json unicore run "${UC_PLATFORM[@]}" ./damaged
	done
	rm -rf damaged
	cp -r "$image" damaged
	cp /bin/true damaged/kernel
	fails_with 65 "not the kernel of an image" unicore run --accel tcg ./damaged
}

# elf CLASS DATA TYPE MACHINE: a small ELF file, each a number.
elf() {
	python3 - "$@" <<-'PY'
		import struct, sys
		cls, data, kind, machine = map(int, sys.argv[1:])
		e = "<" if data == 1 else ">"
		if cls == 1:
		    head = struct.pack(e + "HHIIIIIHHHHHH", kind, machine, 1, 0x8048000, 52, 0, 0, 52, 32, 1, 40, 0, 0)
		    segment = struct.pack(e + "IIIIIIII", 1, 0, 0x8048000, 0x8048000, 200, 200, 5, 4096)
		else:
		    head = struct.pack(e + "HHIQQQIHHHHHH", kind, machine, 1, 0x400000, 64, 0, 0, 64, 56, 1, 64, 0, 0)
		    segment = struct.pack(e + "IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 200, 200, 4096)
		image = b"\x7fELF" + bytes([cls, data, 1, 0]) + bytes(8) + head + segment
		sys.stdout.buffer.write(image + bytes(400 - len(image)))
	PY
}

@test "ELF files of other machines and other kinds are named for what they are" {
	need python3
	while read -r cls data kind machine text; do
		elf "$cls" "$data" "$kind" "$machine" >file
		chmod +x file
		fails_with 65 "./file: it is $text" unicore run ./file
	done <<-KINDS
		1 1 2 3 32-bit x86 code
		1 1 2 62 32-bit x86-64 code
		1 2 2 8 32-bit big-endian MIPS code
		2 2 2 22 64-bit big-endian S/390 code
		2 1 2 183 64-bit AArch64 code
		2 1 2 9999 64-bit code for machine type 9999 (
		2 1 1 62 an object file, not a program
		2 1 4 62 a core dump, not a program
	KINDS
	echo 'int x(void) { return 1; }' | gcc -shared -fPIC -Wl,-soname,l.so -o l.so -xc -
	fails_with 65 "it is a library, not a program" unicore run ./l.so
	: >empty
	fails_with 65 "./empty: it is empty" unicore run ./empty
	fails_with 65 "/dev/null: it is not a regular file" unicore run /dev/null
}

@test "an ELF interpreter that is no use is named, and a kept image is not used when it changes" {
	real=$(readlink -f /lib64/ld-linux-x86-64.so.2)
	echo 'int main(void) { return 7; }' | gcc -Wl,--dynamic-linker="$PWD/ld.so" -o p -xc -
	cp "$real" ld.so
	UC_TIMEOUT=60 run unicore run "${UC_PLATFORM[@]}" ./p
	[ "$status" = 7 ]
	head -c 3000 "$real" >ld.so
	fails_with 69 "ld.so cannot be used: a segment lies beyond" unicore run "${UC_PLATFORM[@]}" ./p
	echo text >ld.so
	fails_with 69 "ld.so cannot be used: it is not an ELF file" unicore run "${UC_PLATFORM[@]}" ./p
	[[ $output == *"needed by $PWD/p"* ]]
	rm ld.so
	fails_with 69 "$PWD/ld.so: needed by $PWD/p, but not found" unicore run "${UC_PLATFORM[@]}" ./p
}

@test "manifests: each error with its line and column" {
	while IFS='|' read -r text want; do
		printf '%b' "$text" >unicore.yaml
		fails_with 65 "unicore.yaml:$want" unicore build -o x ./unicore.yaml
	done <<-'CASES'
		source: /bin/true\n  bad: indent\n|2:6: not valid YAML
		source: /bin/true\nsuorce: x\n|2:1: unknown key `suorce` (did you mean `source`?)
		source: /bin/true\nsource: /bin/true\n|2:1: key `source` is given twice
		source: /bin/true\nenv: [A=1]\n|2:6: names with values
		source: /bin/true\nenv:\n  A: [1]\n|3:6: a text is expected
		source: /bin/true\nmemory: lots\n|2:9: a size is expected
		source: /bin/true\nmemory: 100\n|2:9: no machine is so small
		source: /bin/true\nfiles: x\n|2:8: a list of files
		source: /bin/true\nfiles:\n  - to: /x\n|3:5: a file comes either
		source: /bin/true\nloglevel: loud\n|2:11: not a log level
		source: {}\n|1:9: a list of texts
		source: &a [*a]\n|1:9: a text is expected
		42\n|1:1: keys with values
	CASES
}

@test "a program that the image does not hold, or that cannot be executed" {
	image=$(image_of "$(guest_program hello musl-static)")
	fails_with 127 /nothing/here unicore run "${UC_PLATFORM[@]}" --entrypoint /nothing/here "$image"
	mkdir -p root/etc
	echo text >root/etc/text
	cp "$(guest_program hello musl-static)" root/hello
	unicore build -q -x /hello -o img dir:root
	fails_with 126 /etc/text unicore run "${UC_PLATFORM[@]}" --entrypoint /etc/text img
}

@test "an image too large for its memory" {
	mkdir root
	cp "$(guest_program hello musl-static)" root/hello
	head -c 3000000 /dev/urandom >root/ballast
	unicore build -q -x /hello -o img dir:root
	UC_TIMEOUT=60 run unicore run "${UC_PLATFORM[@]}" -m 1M img
	echo "$status $output"
	# A process has the files of its image from the host and may get by with what it has.
	[ "$UC_PLAT" != linux ] || [ "$status" -ne 0 ] || return 0
	[ "$status" -ne 0 ]
	[ "$status" -ne 124 ]
	[[ $output == *memory* ]]
}

# ends_clearly IMAGE MACHINE KIB: the program runs, or a lack of memory is named with its status.
ends_clearly() {
	UC_TIMEOUT=60 run unicore run --accel tcg --machine "$2" -m "$3K" "$1"
	[ "$status" = 0 ] && [[ $output == *"Hello, world!"* ]] && return
	echo "$2 $3K: status $status: $output"
	[ "$status" = 121 ] || [ "$status" = 122 ]
	[[ $output == *memory* ]]
}

@test "memory around what an image needs: it works, or the lack is named" {
	for variant in musl-static glibc; do
		image=$(image_of "$(guest_program hello $variant)")
		for machine in microvm q35 pc; do
			fails_with 122 "need " unicore run --accel tcg --machine $machine -m 1M "$image"
			need=${output##*need } need=${need%%K*}
			fails_with 122 "need ${need}K" unicore run --accel tcg --machine $machine -m $((need - 4))K "$image"
			for more in 0 4 12 72; do
				ends_clearly "$image" $machine $((need + more))
			done
		done
		for more in 20 28 36 48 60 100 160; do
			need=$(unicore run --accel tcg -m 1M "$image" 2>&1 | sed 's/.*need \([0-9]*\)K.*/\1/')
			ends_clearly "$image" microvm $((need + more))
		done
	done
}

@test "out of memory in the guest" {
	fails_with 121 memory unicore run "${UC_PLATFORM[@]}" -m 32M "$(guest_program eat)" -- 100
}

@test "memory within limits is not out of memory" {
	run unicore run "${UC_PLATFORM[@]}" -m 64M "$(guest_program eat)" -- 40
	[ "$status" = 0 ]
	[ "$output" = "40 MB touched" ]
}

@test "volumes: a folder that is not there, a guest path that is relative" {
	program=$(guest_program hello musl-static)
	UC_TIMEOUT=60 run unicore run -v /no/such/folder:/x "$program"
	[ "$status" = 66 ] || [ "$status" = 64 ]
	[[ $output == */no/such/folder* ]]
	UC_TIMEOUT=60 run unicore run -v /tmp:relative "$program"
	[ "$status" = 64 ]
}

@test "call sets: an unknown call, an unreadable file" {
	echo frobnicate >calls
	fails_with 65 frobnicate unicore build -o x --calls calls "$(guest_program hello musl-static)"
	UC_TIMEOUT=60 run unicore build -o x --calls /no/such/file "$(guest_program hello musl-static)"
	[ "$status" = 66 ]
}

# bats test_tags=kvm
@test "a missing emulator is named" {
	UC_TIMEOUT=60 run unicore run --qemu /no/such/qemu "$(guest_program hello musl-static)"
	[ "$status" = 69 ] || [ "$status" = 66 ] || [ "$status" = 125 ]
	[[ $output == */no/such/qemu* ]]
}

@test "an output that cannot be written, an output folder that is no image" {
	UC_TIMEOUT=60 run unicore build -o /proc/nothing/x "$(guest_program hello musl-static)"
	[ "$status" = 73 ]
	mkdir precious
	echo keep >precious/file
	UC_TIMEOUT=60 run unicore build -o precious "$(guest_program hello musl-static)"
	[ "$status" -ne 0 ]
	[ -s precious/file ]
}
