#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Each check of build/ accepts a clean tree and refuses one violation of each kind.

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree"
	cd "$tree" || return 1
	ulib base lib
	ulib kern heap
	ulib posix file
	header core/base/lib/include/uc/low.h LOW "int uc_low(void);"
	header core/posix/file/include/uc/high.h HIGH "int uc_high(void);"
	source_file core/base/lib/low.c '#include <uc/low.h>' 'int uc_low(void) { return 1; }'
	source_file core/posix/file/high.c '#include <uc/high.h>' '#include <uc/low.h>' \
		'int uc_high(void) { return uc_low(); }'
}

ulib() {
	mkdir -p "core/$1/$2/include/uc"
	printf 'name: %s\nlayer: %s\ndescription: does one thing\n' "$2" "$1" >"core/$1/$2/ulib.yaml"
}

header() {
	printf '// SPDX-License-Identifier: BSD-3-Clause\n#ifndef %s_H\n#define %s_H\n%s\n#endif\n' "$2" "$2" "$3" >"$1"
}

source_file() {
	local f=$1
	shift
	mkdir -p "$(dirname "$f")"
	{
		echo '// SPDX-License-Identifier: BSD-3-Clause'
		printf '%s\n' "$@"
	} >"$f"
}

# passes CHECK / refuses CHECK TEXT
passes() {
	run "$root/build/check-$1" "$tree" "${@:2}"
	echo "$output"
	[ "$status" -eq 0 ]
}

refuses() {
	run "$root/build/check-$1" "$tree" "${@:3}"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"$2"* ]]
}

archive() {
	mkdir -p lib
	gcc -c -o x.o -xc - <<<"$2"
	rm -f "lib/$1.a"
	ar rc "lib/$1.a" x.o
	rm x.o
}

@test "a clean tree passes every check of code" {
	passes format
	passes layers
	passes headers
	passes banned
	passes generated
	passes static
}

@test "format: no licence line" {
	echo 'int x;' >a.c
	refuses format "a.c: no SPDX"
}

@test "format: trailing white space" {
	source_file a.c 'int x; '
	refuses format "a.c:2: trailing"
}

@test "format: indentation with spaces" {
	source_file a.c 'int f(void)' '{' '    return 1;' '}'
	refuses format "a.c:4: indented with spaces"
}

@test "format: more than 100 columns, a tab counting up to 8" {
	source_file a.c "	$(printf 'x%.0s' $(seq 93));"
	refuses format "a.c:2: 102 columns"
}

@test "format: carriage return" {
	printf '// SPDX-License-Identifier: BSD-3-Clause\r\n' >a.c
	refuses format "a.c:1: carriage return"
}

@test "format: no newline at the end" {
	printf '// SPDX-License-Identifier: BSD-3-Clause' >a.c
	refuses format "a.c: no newline"
}

@test "format: more than 800 lines" {
	source_file a.c "$(yes 'int x;' | head -n 801)"
	refuses format "more than 800"
}

@test "format: a path of one machine" {
	source_file a.c "// see /wo""rk/somewhere"
	refuses format "a.c:2: path of one machine"
}

@test "format: a registry host" {
	echo "get it from http://deb.deb""ian.org/debian" >a.md
	refuses format "a.md:1: name of a registry"
}

@test "format: a note to self" {
	source_file a.c "// TO""DO: later"
	refuses format "a.c:2: note to self"
}

@test "layers: an include that points upwards" {
	source_file core/base/lib/low.c '#include <uc/high.h>'
	refuses layers "depends upwards on posix/file"
}

@test "layers: an include of a header that nobody has" {
	source_file core/base/lib/low.c '#include <uc/nowhere.h>'
	refuses layers "belongs to no"
}

@test "layers: a folder that is no layer" {
	ulib middle thing
	refuses layers "'middle' is not a layer"
}

@test "layers: a cycle of includes inside a layer" {
	ulib kern vm
	header core/kern/heap/include/uc/heap.h HEAP "int h;"
	header core/kern/vm/include/uc/vm.h VM "int v;"
	source_file core/kern/heap/a.c '#include <uc/vm.h>'
	passes layers
	source_file core/kern/vm/b.c '#include <uc/heap.h>'
	refuses layers "cycle"
}

@test "layers: a symbol that points upwards, and an upcall that may" {
	archive posix_file 'int uc_high(void) { return 1; } int uc_upcall_x(void) { return 1; }'
	archive base_lib 'int uc_upcall_x(void); int uc_low(void) { return uc_upcall_x(); }'
	passes layers lib
	archive base_lib 'int uc_high(void); int uc_low(void) { return uc_high(); }'
	refuses layers "depends upwards on posix/file (posix) by uc_high" lib
}

@test "layers: a cycle of symbols inside a layer" {
	ulib kern vm
	archive kern_heap 'int uc_v(void); int uc_h(void) { return uc_v(); }'
	archive kern_vm 'int uc_h(void); int uc_v(void) { return uc_h(); }'
	refuses layers "cycle" lib
}

@test "layers: an interface and its implementation count as one" {
	ulib kern heap_a
	echo 'provides: heap' >>core/kern/heap_a/ulib.yaml
	archive kern_heap 'int uc_a(void); int uc_h(void) { return uc_a(); }'
	archive kern_heap_a 'int uc_h(void); int uc_a(void) { return uc_h(); }'
	passes layers lib
}

@test "layers: names of architectures and platforms" {
	source_file core/base/lib/low.c '#ifdef __x86_64__' 'int x;' '#endif'
	refuses layers "core/base/lib/low.c:2: architecture or platform name"
	source_file core/base/lib/low.c 'void f(void) { __asm__ volatile("nop"); }'
	refuses layers "low.c:2:"
	source_file core/base/lib/low.c 'int xen_domain;'
	refuses layers "low.c:2:"
	source_file core/base/lib/low.c 'int virtio_queue;'
	refuses layers "low.c:2:"
	source_file core/base/lib/low.c '#include <asm/errno.h>' '/* xen, __x86_64__ in words */' 'int x;'
	passes layers
	ulib dev virtio
	source_file core/dev/virtio/v.c 'int virtio_queue;'
	passes layers
}

@test "headers: one that needs another first" {
	header core/base/lib/include/uc/low.h LOW "uint32_t x(void);"
	refuses headers "low.h: does not compile alone"
}

@test "headers: one without a guard" {
	source_file core/base/lib/include/uc/low.h "int uc_low(void);"
	refuses headers "low.h: no include guard"
}

@test "headers: one that uses a higher layer" {
	header core/base/lib/include/uc/low.h LOW "#include <uc/high.h>"
	refuses headers "low.h: does not compile alone"
}

@test "banned: every banned function" {
	for f in strcpy strcat sprintf vsprintf gets strncpy strtok alloca atoi sscanf system popen mktemp; do
		source_file a.c "void f(void) { $f(0); }"
		refuses banned "a.c:2: $f is banned"
	done
	source_file a.c "/* strcpy(a, b) */ void f(void) { uc_strcpy(0); s.gets(1); }"
	passes banned
}

@test "docs: a µlib description that is incomplete or wrong" {
	rm core/kern/heap/ulib.yaml
	refuses docs "core/kern/heap/ulib.yaml: missing"
	printf 'name: other\nlayer: base\ncolour: red\n' >core/kern/heap/ulib.yaml
	refuses docs "name is 'other'"
	refuses docs "layer is 'base'"
	refuses docs "core/kern/heap/ulib.yaml: no description"
	refuses docs "unknown key 'colour'"
}

@test "docs: missing documents, dead links, notes without their parts, commands without a guide" {
	refuses docs "README.md: missing"
	echo '[here](docs/none.md) [web](https://example.org)' >README.md
	refuses docs "README.md: link to 'docs/none.md'"
	mkdir -p docs/design tools/cmd
	echo '## Context' >docs/design/0001-x.md
	refuses docs "0001-x.md: no part 'Decision'"
	echo '## Context' >docs/design/x.md
	refuses docs "x.md: not named"
	source_file tools/cmd/fly.c 'int x;'
	refuses docs "unicore fly"
}

@test "generated: a stale file and a generator that fails" {
	printf '/* Generated by: echo something else */\n' >gen.h
	refuses generated "gen.h: stale"
	printf '# Generated by: false\n' >gen.h
	refuses generated "its generator fails"
	echo 'cat source.txt' >make-it
	printf '# Generated by: sh make-it\nfresh\n' | tee source.txt >gen.h
	passes generated
}

@test "static: C that reads what it did not set, and a script that forgets quotes" {
	source_file a.c 'int f(int n)' '{' '	int x[2];' '	x[n > 5 ? 2 : 2] = 1;' '	return n;' '}'
	refuses static "a.c"
	rm a.c
	printf '#!/bin/bash\n# SPDX-License-Identifier: BSD-3-Clause\ncd somewhere\nrm -rf $1/*\n' >s.sh
	refuses static "s.sh"
}
