#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Which system calls an image has without being told, and what a run adds to it.
bats_require_minimum_version 1.5.0
load ../lib

setup() {
	d=$BATS_TEST_TMPDIR
	mkdir "$d/v"
	chmod 755 "$d/v"
}

# Compiles standard input as the body of main (argc, argv): $d/NAME.
program() {
	{
		printf '#include <%s.h>\n' dlfcn errno fcntl pthread signal stdio stdlib string time unistd sys/syscall sys/wait
		echo 'int main(int argc, char **argv) { (void)argc; (void)argv;'
		cat
		echo '}'
	} >"$d/$1.c"
	gcc -w -O1 -D_GNU_SOURCE "$d/$1.c" -o "$d/$1"
}

@test "an image has the calls that its code can make; host folders, a card, a trace are added for the run" {
	unicore build -q -o "$d/cat" /bin/cat
	jq -e '.calls == "static" and (.ulibs | index("ninep") == null) and .code.programs == false' "$d/cat/image.json"
	[ "$(wc -l <"$d/cat/calls")" -lt 60 ]
	run ! grep -qx execve "$d/cat/calls"
	echo text >"$d/v/f"
	XDG_CACHE_HOME=$d/cache guest --json -v "$d/v:/data" "$d/cat" -- /data/f >"$d/out" 2>"$d/err"
	cmp "$d/v/f" "$d/out"
	# The same kernel and host folders.
	[ "$(report_value "$d/err" kernel_bytes)" -lt $(($(stat -c %s "$d/cat/kernel") + 45000)) ]
	ls "$d/cache/unicore/images" >"$d/kept"
	XDG_CACHE_HOME=$d/cache guest -v "$d/v:/data" "$d/cat" -- /data/f >"$d/out" 2>"$d/err"
	[ "$(wc -l <"$d/kept")" = 1 ]
	cmp "$d/kept" <(ls "$d/cache/unicore/images")
	guest --trace "$d/cat" -- /etc/hostname >/dev/null 2>"$d/err"
	grep -q 'exit_group(' "$d/err"
	# A mount over its libraries could bring others.
	lib=$(jq -r '.code.folders[] | select(startswith("/usr/lib"))' "$d/cat/image.json" | head -n 1)
	XDG_CACHE_HOME=$d/cache guest --json -v "$d/v:$lib/sub" "$d/cat" -- "$lib/sub/f" >"$d/out" 2>"$d/err"
	cmp "$d/v/f" "$d/out"
	[ "$(report_value "$d/err" kernel_bytes)" -gt $(($(stat -c %s "$d/cat/kernel") + 200000)) ]
}

@test "programs and libraries of a host folder have every call" {
	program v/ids <<-'END'
		printf("%ld\n", syscall(SYS_getppid) + syscall(SYS_sched_get_priority_max, 1));
	END
	program opens <<-'END'
		void *l = dlopen(argv[1], RTLD_NOW);
		int (*f)(void) = l ? dlsym(l, "answer") : 0;
		printf("%d\n", f ? f() : -1);
	END
	echo 'int answer(void) { return sched_get_priority_max(1) + 1; }' >"$d/l.c"
	gcc -w -shared -fPIC "$d/l.c" -o "$d/v/l.so"
	unicore build -q -o "$d/dash" /bin/dash
	run ! grep -qx sched_get_priority_max "$d/dash/calls"
	[ "$(guest -v "$d/v:/v" "$d/dash" -- -c '/v/ids')" -ge 99 ]
	unicore build -q -o "$d/image" "$d/opens"
	run ! grep -qx sched_get_priority_max "$d/image/calls"
	[ "$(guest -v "$d/v:/v" "$d/image" -- /v/l.so)" = 100 ]
}

@test "another program of the image, and --all-calls" {
	program ids <<-'END'
		printf("%d\n", sched_get_priority_max(1));
	END
	unicore build -q -o "$d/image" /bin/true "$d/ids"
	[ "$(guest --entrypoint "$d/ids" "$d/image")" = 99 ]
	program asks <<-'END'
		printf("%ld\n", syscall(argc > 1 ? SYS_getppid : SYS_getpid));
	END
	unicore build -q -o "$d/few" "$d/asks"
	grep -vx getppid "$d/few/calls" >"$d/list"
	unicore build -q --calls "$d/list" -o "$d/few" "$d/asks"
	run guest "$d/few" -- x
	[[ $output == *"getppid: the program made this system call"* ]]
	[ "$(guest --all-calls "$d/few" -- x)" = 0 ]
}

@test "where analysis cannot tell, every call is linked, and the build says why" {
	program any <<-'END'
		printf("%ld\n", syscall(atoi(argv[1])) > 0);
	END
	run -0 unicore build -o "$d/image" "$d/any"
	[[ $output == *"every system call is linked, because the number "* ]]
	jq -e '.calls == "all"' "$d/image/image.json"
	run -0 --separate-stderr unicore build --json -f -o "$d/image" "$d/any"
	jq -e '.every_call_because' <<<"$output"
	[ "$(guest "$d/image" -- 39)" = 1 ]
	run -0 unicore build -e LD_PRELOAD=/x.so -o "$d/image" /bin/true
	[[ $output == *"every system call is linked, because LD_PRELOAD"* ]]
}

@test "a sleep that a stop interrupts goes on" {
	program sleeps <<-'END'
		struct timespec t = { 0, 300000000 };
		pid_t p = fork();
		if (!p) {
			usleep(50000);
			kill(getppid(), SIGSTOP);
			usleep(50000);
			kill(getppid(), SIGCONT);
			_exit(0);
		}
		if (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, 0)) return 1;
		waitpid(p, 0, 0);
		puts("slept");
	END
	cat >"$d/starts.c" <<-'END'
		#include <sys/wait.h>
		#include <unistd.h>
		int main(int c, char **v) { if (!fork()) execv(v[1], v + 1); int s; wait(&s); return s != 0; }
	END
	gcc -w "$d/starts.c" -o "$d/starts"
	unicore build -q -o "$d/image" "$d/starts" "$d/sleeps"
	grep -qx restart_syscall "$d/image/calls"
	[ "$(guest "$d/image" -- "$d/sleeps")" = slept ]
}

@test "hello has a kernel of 100 KB, with what its calls' arguments ask for" {
	local hello
	hello=$(guest_program hello musl-static)
	unicore build -q -o "$d/hello" "$hello"
	[ "$(stat -c %s "$d/hello/kernel")" -le 102400 ]
	grep -qx '!mmap_file' "$d/hello/calls"
	run ! grep -qx 'open' "$d/hello/calls"
	guest "$d/hello" >"$d/out"
	cmp "$d/out" <("$hello")
	# What a program with other rights than its user's does at its start is there if it has them.
	cp "$hello" "$d/set-user"
	chmod u+s "$d/set-user"
	unicore build -q -o "$d/set" "$d/set-user"
	grep -qx 'open' "$d/set/calls"
	guest "$d/set" >/dev/null
}

@test "what an image's arguments were not to ask for is named" {
	program ask <<-'EOF'
		int fd = open("/proc/self/exe", O_RDONLY);
		if (syscall(SYS_mmap, 0, 4096, 1, 2, fd, 0) != -1 || errno != ENODEV) return 1;
		if (syscall(SYS_futex, &fd, 6, 0, 0, 0, 0) != -1 || errno != ENOSYS) return 2;
		return 0;
	EOF
	gcc -w -O1 -static -D_GNU_SOURCE "$d/ask.c" -o "$d/ask"
	unicore build -q -o "$d/i" "$d/ask"
	grep -vx 'clone\|clone3\|fork\|vfork' "$d/i/calls" >"$d/list"
	printf '!%s\n' mmap_file mmap_file futex_other >>"$d/list"
	unicore build -q --calls "$d/list" -o "$d/i" "$d/ask"
	guest "$d/i" 2>"$d/err"
	grep -q 'mmap of a file' "$d/err"
	grep -q 'futex operation 6' "$d/err"
	echo '!nonsense' >>"$d/list"
	run -65 unicore build --calls "$d/list" -o "$d/j" "$d/ask"
	[[ $output == *nonsense* ]]
}

@test "a file that the code names and the image lacks is told when it is built" {
	program names <<-'EOF'
		FILE *f = fopen("/etc/hostname", "r");
		if (argc > 1) execl("/usr/bin/tac", "tac", argv[1], NULL);
		fopen("/no/such/file", "r");
		return f == NULL;
	EOF
	run -0 unicore build -o "$d/i" "$d/names"
	[[ $output == */usr/bin/tac*"may execute it (at 0x"*"the image lacks it"* ]]
	[[ $output != *no/such/file* ]]
	run -0 unicore build -o "$d/j" "$d/names" /usr/bin/tac
	[[ $output != *"may execute it"* ]]
}
