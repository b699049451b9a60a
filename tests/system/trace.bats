#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# `unicore run --trace`: one line a system call, with decoded arguments and result.
load ../lib

# Compiles standard input as the body of main (argc, argv) into the test's folder and traces it: out, err.
trace_c() {
	local d=$BATS_TEST_TMPDIR
	{
		printf '#include <%s.h>\n' errno fcntl poll pthread signal stdio stdlib string time unistd \
			sys/epoll sys/ioctl sys/mman sys/socket sys/stat sys/syscall sys/un sys/wait arpa/inet netinet/in
		echo 'static void *waiter(void *fd) { char c; return (void *)read(*(int *)fd, &c, 1); }'
		echo 'static void handler(int sig) { (void)sig; }'
		echo 'int main(int argc, char **argv) { (void)argc; (void)argv; (void)waiter; (void)handler;'
		cat
		echo '}'
	} >"$d/t.c"
	gcc -w -O1 -D_GNU_SOURCE -static -pthread "$d/t.c" -o "$d/t"
	code=0
	guest --trace "$d/t" >"$d/out" 2>"$d/err" || code=$?
	cat "$d/err"
}

# The trace has this line, in full.
traced() {
	grep -qxF "unicore[kernel]: $1" "$BATS_TEST_TMPDIR/err" || {
		echo "not in the trace: $1"
		return 1
	}
}

traced_like() {
	grep -qxE "unicore\[kernel\]: $1" "$BATS_TEST_TMPDIR/err" || {
		echo "nothing in the trace is like: $1"
		return 1
	}
}

@test "files: paths, flags, data, errors by name, the call that does not return" {
	trace_c <<-'END'
		char b[4096];
		int fd = open("/tmp/f", O_CREAT | O_RDWR | O_TRUNC, 0640);
		write(fd, "tab\there \"quoted\" \\ \1\0012\377\n", 25);
		lseek(fd, 4, SEEK_SET);
		read(fd, b, 8);
		write(fd, "0123456789abcdef0123456789ABCDEFtail", 36);
		mkdir("/tmp/d", 0755);
		open("/no/such", O_RDONLY | O_CLOEXEC | O_DIRECTORY);
		openat(AT_FDCWD, (void *)8, O_WRONLY);
		access("/tmp/f", R_OK | W_OK);
		close(77);
		puts("output");
		return 3;
	END
	[ "$code" = 3 ]
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = output ]
	traced '[1] openat(AT_FDCWD, "/tmp/f", O_RDWR|O_CREAT|O_TRUNC, 0640) = 3'
	traced '[1] write(3, "tab\there \"quoted\" \\ \1\0012\377\n", 25) = 25'
	traced '[1] lseek(3, 4, SEEK_SET) = 4'
	traced '[1] read(3, "here \"qu", 8) = 8'
	traced '[1] write(3, "0123456789abcdef0123456789ABCDEF"..., 36) = 36'
	traced '[1] mkdir("/tmp/d", 0755) = 0'
	traced '[1] openat(AT_FDCWD, "/no/such", O_RDONLY|O_DIRECTORY|O_CLOEXEC) = -1 ENOENT'
	traced '[1] openat(AT_FDCWD, 0x8, O_WRONLY) = -1 EFAULT'
	traced '[1] access("/tmp/f", R_OK|W_OK) = 0'
	traced '[1] close(77) = -1 EBADF'
	traced '[1] write(1, "output\n", 7) = 7'
	traced '[1] exit_group(3) = ?'
}

@test "memory, signals, pipes, sockets" {
	trace_c <<-'END'
		int p[2], s;
		void *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		mprotect(m, 4096, PROT_NONE);
		struct sigaction a = { .sa_handler = handler, .sa_flags = SA_RESTART };
		sigaddset(&a.sa_mask, SIGINT);
		sigaddset(&a.sa_mask, SIGTERM);
		sigaction(SIGUSR1, &a, NULL);
		kill(getpid(), SIGUSR1);
		pipe2(p, O_CLOEXEC);
		write(p[1], "x", 1);
		struct pollfd f = { p[0], POLLIN | POLLPRI };
		poll(&f, 1, 50);
		fcntl(p[0], F_GETFD);
		fcntl(p[0], F_SETFD, FD_CLOEXEC);
		struct sockaddr_un u = { AF_UNIX, "/tmp/none" };
		s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		connect(s, (void *)&u, 2 + sizeof("/tmp/none"));
		return 0;
	END
	[ "$code" = 0 ]
	traced_like '\[1\] mmap\(NULL, 8192, PROT_READ\|PROT_WRITE, MAP_PRIVATE\|MAP_ANONYMOUS, -1, 0\) = 0x[0-9a-f]+'
	traced_like '\[1\] mprotect\(0x[0-9a-f]+, 4096, PROT_NONE\) = 0'
	traced_like '\[1\] rt_sigaction\(SIGUSR1, \{sa_handler=0x[0-9a-f]+, sa_mask=\[INT TERM\], sa_flags=SA_RESTART\|SA_RESTORER\}, NULL, 8\) = 0'
	traced '[1] kill(1, SIGUSR1) = 0'
	traced '[1] pipe2([3, 4], O_CLOEXEC) = 0'
	traced '[1] poll([{fd=3, events=POLLIN|POLLPRI, revents=POLLIN}], 1, 50) = 1'
	traced '[1] fcntl(3, F_GETFD) = 1'
	traced '[1] fcntl(3, F_SETFD, FD_CLOEXEC) = 0'
	traced '[1] socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 5'
	traced '[1] connect(5, {sa_family=AF_UNIX, sun_path="/tmp/none"}, 12) = -1 ENOENT'
}

@test "a call that waits is shown as unfinished, then resumed" {
	trace_c <<-'END'
		int p[2], q[2];
		pthread_t t, u;
		pipe(p);
		pipe(q);
		pthread_create(&t, NULL, waiter, &p[0]);
		pthread_create(&u, NULL, waiter, &q[0]);
		usleep(1500000);
		write(p[1], "x", 1);
		pthread_join(t, NULL);
		return 0;
	END
	[ "$code" = 0 ]
	traced '[2] read(3 <unfinished ...>'
	traced '[2] <... read resumed>, "x", 1) = 1'
	traced '[3] read(5 <unfinished ...>'
}

@test "processes: fork, execve with its arguments, wait" {
	trace_c <<-'END'
		int status;
		if (argc > 1)
			return 7;
		if (!fork())
			execl("/proc/self/exe", "again", "one", "two words", NULL);
		wait(&status);
		return WEXITSTATUS(status);
	END
	[ "$code" = 7 ]
	traced_like '\[2\] execve\("/proc/self/exe", \["again", "one", "two words"\], \[.*\]\) = 0'
	traced '[2] exit_group(7) = ?'
	traced '[1] wait4(-1, [1792], 0, NULL) = 2'
}

@test "a call that is not implemented is named, an unknown number is shown" {
	trace_c <<-'END'
		syscall(SYS_io_uring_setup, 8, NULL);
		syscall(4000, 1, 2, 3, 4, 5, 6);
		return 0;
	END
	[ "$code" = 0 ]
	grep -q 'not implemented: .*io_uring_setup' "$BATS_TEST_TMPDIR/err"
	traced '[1] io_uring_setup(8, NULL) = -1 ENOSYS'
	traced '[1] syscall(4000, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS'
}

@test "a source in the cache without the trace is linked anew with it, and the other way round" {
	program=$(guest_program hello musl-static)
	run guest "$program"
	[ "$output" = "Hello, world!" ]
	guest --trace "$program" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	traced '[1] exit_group(0) = ?'
	run guest "$program"
	[ "$output" = "Hello, world!" ]
}

@test "an image without the trace gets it for the run" {
	image=$(image_of "$(guest_program hello musl-static)")
	run guest --trace "$image"
	[ "$status" = 0 ]
	[[ $output == *"exit_group(0"* ]]
	[[ $output == *"Hello, world!"* ]]
}
