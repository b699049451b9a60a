#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Programs of apps/tests, one behaviour each: right natively, and the same in a guest.
load ../lib

every='glibc glibc-nopie glibc-static glibc-static-pie musl musl-static'

@test "start: arguments, environment, auxiliary vector, constructors, TLS, IFUNC" {
	VARIANTS='glibc glibc-nopie glibc-static glibc-static-pie' guest_case startup a 'b c' '' $'tab\tnew\nline'
}

@test "files on tmpfs" {
	VARIANTS='glibc musl-static' guest_case files /tmp
}

@test "files in a folder shared by 9P" {
	mkdir -p "$BATS_TEST_TMPDIR/shared"
	program=$(guest_program files)
	native "$program" "$BATS_TEST_TMPDIR/shared"
	guest_recorded -v "$BATS_TEST_TMPDIR/shared:/mnt" "$program" -- /mnt
	compare_runs
	[ "$(cat "$BATS_TEST_TMPDIR/native.status")" = 0 ]
}

@test "memory: mmap, mprotect, mremap, madvise, copy on write, heap" {
	VARIANTS='glibc musl-static' guest_case memory
}

@test "faults as signals, with their siginfo" {
	VARIANTS='glibc glibc-static musl-static' guest_case sigfault
}

@test "signals: restart, masks, queues, alternate stack" {
	VARIANTS='glibc musl' guest_case signals
}

@test "stack overflow on an alternate stack, stack growth to the limit" {
	guest_case overflow
}

@test "threads" {
	VARIANTS='glibc glibc-static' guest_case threads
}


@test "futex" {
	VARIANTS='glibc musl musl-static' guest_case futex
}

@test "threads and processes that compute do not starve others" {
	VARIANTS='glibc musl-static' guest_case preempt
}

@test "C++: exceptions, threads, thread_local, streams" {
	UC_ANY_STATUS=1 VARIANTS='glibc glibc-static' guest_case cxx
	[ "$(cat "$BATS_TEST_TMPDIR/guest.status")" = 3 ]
}

@test "processes: fork, exec, wait, pipes" {
	VARIANTS='glibc musl-static' guest_case processes
}

@test "pipes and FIFOs" {
	guest_case pipes
}

@test "signals of asynchronous input and output, as natively" {
	VARIANTS='glibc musl-static' guest_case sigio
}

@test "poll, select, epoll, eventfd, timerfd" {
	VARIANTS='glibc musl' guest_case waiting
}

@test "clocks and timers" {
	VARIANTS='glibc musl-static' guest_case clocks
}

@test "timers of a microsecond: the program goes on" {
	[ "$(guest "$(guest_program hurried)")" = ok ]
}

@test "random numbers" {
	VARIANTS='glibc musl-static' guest_case random
}

@test "/proc and /dev" {
	guest_case procfs
}

@test "identity, limits, information" {
	guest_case system
}

@test "system calls: rewritten, trapped, from generated code; registers and red zone" {
	VARIANTS="$every" guest_case syscalls
}

@test "vector and floating-point state" {
	VARIANTS='glibc musl-static' guest_case vectors
}

@test "contexts, long jumps, dlopen" {
	guest_case contexts
}

@test "processes as descriptors" {
	guest_case pidfd
}

@test "inotify" {
	VARIANTS='glibc musl-static' guest_case inotify
}

@test "System V shared memory, semaphores, message queues" {
	VARIANTS='glibc musl-static' guest_case sysvipc
}

@test "a library opened by name is in the image" {
	guest_case byname
}

@test "pseudo-terminals" {
	VARIANTS='glibc musl-static' guest_case pty
}

@test "capability sets, subreapers" {
	guest_case caps
}

@test "limits of CPU time and file size" {
	guest_case limits
}

@test "names relative to folders, old forms of calls, attributes of files" {
	VARIANTS='glibc musl-static' guest_case ats
	VARIANTS='glibc musl-static' guest_case xattrs
}

@test "users, groups, names of the machine, roots, mounts" {
	guest_case ids
}

@test "scheduling, locked memory, keys, hints, clocks" {
	guest_case scheds
}

@test "vectors, splices, memory of other processes" {
	VARIANTS='glibc musl-static' guest_case moving
}

@test "signals by their calls" {
	VARIANTS='glibc musl-static' guest_case rtsignals
}
