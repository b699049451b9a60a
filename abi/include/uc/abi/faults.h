// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_FAULTS_H
#define UC_ABI_FAULTS_H
/*
 * Faults that an image linked with the µlib `faults` injects into system calls, to show that a
 * comparison notices them. Chosen by the boot parameter
 *   fault=KIND:CALL:NTH:EVERY:VALUE
 * CALL: number of the system call; NTH: the how many-th call that the fault could change, from 1;
 * EVERY: then each so many-th again, 0: no other; VALUE: of the kind, 0: its usual one.
 * The first time that it happens is logged in one line that begins with UC_INJECT_LOG.
 */
#define UC_INJECT_LOG "fault injected: "

/* name, what goes wrong (VALUE in capitals) */
#define UC_INJECT_KINDS(X) \
	X(ERRNO, "errno", "the call is not made and fails with errno VALUE (5, EIO)") \
	X(WRONG_ERRNO, "wrong-errno", "a call that fails does so with errno VALUE (1, EPERM)") \
	X(DROP, "drop", "the call is not made and claims success") \
	X(SHORT, "short", "half of the bytes, or of the parts, are moved") \
	X(FLIP, "flip", "byte VALUE of what is read, written or reported is another") \
	X(RESULT, "result", "VALUE (1) is added to the result") \
	X(ARGUMENT, "argument", "bits VALUE of an argument are inverted: mode, flags, length") \
	X(TWICE, "twice", "the call is made twice") \
	X(LATE, "late", "the call takes VALUE (1500) milliseconds more") \
	X(CLOCK, "clock", "the clock jumps by VALUE (7200) seconds at the call") \
	X(LEAK, "leak", "a descriptor that nobody knows of is opened before") \
	X(OFFSET, "offset", "a byte, or for mmap a page, VALUE (1) further in the file") \
	X(STALE, "stale", "a mapping does not show the file") \
	X(LOST, "lost", "the first byte of what is received is lost") \
	X(REORDER, "reorder", "the halves of what is received or sent change places") \
	X(EVENTS, "events", "what poll reports is something else") \
	X(MODE, "mode", "a file's permissions are reported with bits VALUE (0111) inverted") \
	X(KIND, "kind", "a file is reported as one of another kind") \
	X(SIZE, "size", "a file's size is reported VALUE (1) larger") \
	X(OWNER, "owner", "a file's owner is reported VALUE (1) higher") \
	X(MTIME, "mtime", "a file's time is reported VALUE (7200) seconds later") \
	X(LINKS, "links", "a file's links are reported VALUE (1) higher") \
	X(DIRENT_LOST, "dirent-lost", "an entry of a directory is missing") \
	X(DIRENT_TWICE, "dirent-twice", "an entry of a directory comes twice") \
	X(STATUS, "status", "the exit status has bits VALUE (1) inverted") \
	X(ARGV, "argv", "the last byte of argument NTH is another; CALL is execve") \
	X(ENV, "env", "the last byte of variable NTH is another; CALL is execve")

enum uc_inject_kind {
#define UC_INJECT_ENUM(id, name, text) UC_INJECT_##id,
	UC_INJECT_KINDS(UC_INJECT_ENUM)
#undef UC_INJECT_ENUM
		UC_INJECT_NKINDS
};

#endif
