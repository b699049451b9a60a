#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Unmodified programs of Debian packages do real work; output, errors, status and files are the native ones.
load ../lib

setup() {
	export UC_TIMEOUT=600
	n=$BATS_TEST_TMPDIR/n g=$BATS_TEST_TMPDIR/g
	mkdir "$n" "$g"
}

# both COMMAND...: prepares the two folders alike
both() {
	(cd "$n" && "$@")
	(cd "$g" && "$@")
}

# in_folder SOURCE COMMAND -- ARGS: runs in two equal folders, then compares all files.
in_folder() {
	local source=$1 command=$2
	shift 2
	UC_NATIVE_DIR=$n UC_GUEST_DIR=/data same_as_native "$source" "$command" -v "$g:/data" "$@"
	diff -r "$n" "$g"
}

@test "openssl: dgst, enc, round trip, genpkey and use of the key" {
	need openssl
	image=$(image_of deb:openssl)
	both sh -c 'seq 1 200000 >plain; printf "key material" >pass'
	in_folder "$image" openssl -- dgst -sha256 plain
	in_folder "$image" openssl -- dgst -sha3-512 -hex plain
	in_folder "$image" openssl -- enc -aes-256-cbc -pbkdf2 -S 0102030405060708 -pass file:pass -in plain -out coded
	in_folder "$image" openssl -- enc -d -aes-256-cbc -pbkdf2 -S 0102030405060708 -pass file:pass -in coded
	in_folder "$image" openssl -- enc -chacha20 -K 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff \
		-iv 00000000000000000000000000000000 -in plain -out stream
	guest -w /data -v "$g:/data" "$image" -- genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
	openssl pkey -in "$g/key.pem" -noout -check
	guest -w /data -v "$g:/data" "$image" -- pkeyutl -sign -inkey key.pem -rawin -digest sha256 -in plain -out sig
	openssl pkeyutl -verify -inkey "$g/key.pem" -rawin -digest sha256 -in "$g/plain" -sigfile "$g/sig"
	guest -w /data -v "$g:/data" "$image" -- genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem 2>/dev/null
	openssl pkey -in "$g/rsa.pem" -noout -check
}

@test "ImageMagick convert: JPEG to a resized PNG through pipes and through a folder" {
	need convert
	image=$(image_of deb:imagemagick:convert)
	convert -size 320x240 gradient:red-blue -swirl 90 -quality 90 "$n/in.jpg"
	cp "$n/in.jpg" "$g/in.jpg"
	UC_STDIN=$n/in.jpg same_as_native "$image" convert -m 512M -- jpeg:- -resize 100x75 -strip \
		-define png:exclude-chunks=date,time png:-
	in_folder "$image" convert -m 512M -- in.jpg -resize 100x75 -strip -define png:exclude-chunks=date,time out.png
	[ -s "$g/out.png" ]
}

@test "ffmpeg: transcode of a generated clip of 5 s" {
	need ffmpeg
	image=$(image_of deb:ffmpeg:ffmpeg)
	both ffmpeg -v error -f lavfi -i testsrc=size=160x120:rate=25 -f lavfi -i sine=frequency=440 -t 5 \
		-threads 1 -c:v mpeg4 -c:a mp2 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact clip.avi
	cmp "$n/clip.avi" "$g/clip.avi"
	in_folder "$image" ffmpeg -m 1G -- -v error -nostdin -y -i clip.avi -threads 1 -c:v mpeg1video -c:a mp2 -fflags +bitexact \
		-flags:v +bitexact -flags:a +bitexact out.mpg
	[ -s "$g/out.mpg" ]
}

@test "perl: text, sorting, formats, files, fork" {
	need perl
	cat >"$n/t.pl" <<-'PERL'
		use strict; use warnings; use POSIX qw(floor strftime); use List::Util qw(sum shuffle); use Data::Dumper;
		my %h; $h{length $_}++ for split /\W+/, "the quick brown fox jumps over the lazy dog";
		print join(",", map {"$_=$h{$_}"} sort keys %h), "\n";
		open my $f, ">", "out.txt" or die; print $f sprintf("%05.2f %s\n", $_ / 3, "x" x $_) for 1 .. 20; close $f;
		open $f, "<", "out.txt"; my @l = <$f>; print scalar(@l), " ", $l[-1];
		print strftime("%Y-%m-%d %H:%M:%S", gmtime(1e9)), " ", sum(1 .. 100), "\n";
		$Data::Dumper::Sortkeys = 1; print Dumper({ a => [1, { b => undef }], c => \"s" });
		(my $t = "a.b.c") =~ s/\.(\w)/uc $1/ge; print "$t\n";
		my $pid = fork; if (!$pid) { exit 9 } waitpid $pid, 0; print "child ", $? >> 8, "\n";
		$SIG{ALRM} = sub { print "alarm\n" }; alarm 1; select undef, undef, undef, 2;
		print STDERR "to stderr\n"; my @big = map { $_ * 2 } 1 .. 200000; print $big[-1], "\n";
		unlink "/no/such" or print "error: $!\n"; exit 5;
	PERL
	cp "$n/t.pl" "$g"
	in_folder "$(image_of deb:perl)" perl -- t.pl
	[ "$(cat "$BATS_TEST_TMPDIR/guest.status")" = 5 ]
}

@test "lua5.4: closures, strings, coroutines, files, errors" {
	need lua5.4
	cat >"$n/t.lua" <<-'LUA'
		local function fib(n) if n < 2 then return n end return fib(n-1) + fib(n-2) end
		print(fib(22), 2^53, 7 // 2, math.maxinteger, string.format("%q %5.2f %x", "a\nb", math.pi, 255))
		local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)
		print(co(), co(), co())
		local f = assert(io.open("out.txt", "w")); for i = 1, 100 do f:write(i, "\n") end f:close()
		local n = 0 for line in io.lines("out.txt") do n = n + tonumber(line) end print(n)
		print(("hello world"):gsub("o", "0"), #arg, arg[1], pcall(error, "caught"))
		local t = {} for i = 1, 1000 do t[i] = (i * 7919) % 1000 end table.sort(t) print(t[1], t[500], t[1000])
		print(os.rename("nope", "x")) io.stderr:write("to stderr\n") print(io.read("a"))
		error("at the end")
	LUA
	cp "$n/t.lua" "$g"
	printf 'from stdin\n\0binary' >"$BATS_TEST_TMPDIR/in"
	UC_STDIN=$BATS_TEST_TMPDIR/in in_folder "$(image_of deb:lua5.4)" lua5.4 -- t.lua argument
}

# Compresses 50 MB through pipes in the guest, compares with the native result, and decompresses it again.
round_trip() {
	local package=$1 program=$2 image
	need "$program"
	shift 2
	image=$(image_of "deb:$package:$program")
	{
		seq 1 4000000
		head -c 18000000 /dev/zero
		head -c 6000000 "$UC_BUILD/bin/unicore"
	} | head -c 50000000 >"$BATS_TEST_TMPDIR/plain"
	truncate -s 50000000 "$BATS_TEST_TMPDIR/plain"
	UC_STDIN=$BATS_TEST_TMPDIR/plain same_as_native "$image" "$program" -m 512M -- "$@" -c
	mv "$BATS_TEST_TMPDIR/guest.out" "$BATS_TEST_TMPDIR/packed"
	guest -m 512M "$image" -- -d -c <"$BATS_TEST_TMPDIR/packed" | cmp - "$BATS_TEST_TMPDIR/plain"
}

@test "gzip: round trip of 50 MB" {
	round_trip gzip gzip -1 -n
}

@test "xz: round trip of 50 MB" {
	round_trip xz-utils xz -0 -T1
}

@test "zstd: round trip of 50 MB" {
	round_trip zstd zstd -q -1 -T1
}
