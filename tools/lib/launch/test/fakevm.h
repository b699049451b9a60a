// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_TEST_FAKEVM_H
#define UNICORE_TEST_FAKEVM_H
#include <stdbool.h>
/*
 * A program that takes QEMU's command line and plays the guest on its console socket, for tests of
 * everything on the host side. What it does is a script of words in $UC_FAKEVM:
 *   ready  out:TEXT  err:TEXT  log:TEXT  early:TEXT  vmm:TEXT (its own stderr)
 *   stats:TEXT  big:BYTES (to stdout, obeying credit)  flood:BYTES (not obeying it)
 *   cat (stdin to stdout until the end)  take:BYTES (exactly so many, to stdout)  param:KEY (its
 * values)
 *   args (its own)  time  signal (waits for one, prints its number)  eof:STREAM (waits for it)
 *   winsize (waits for it, prints)  raw (sets the terminal raw)  sleep:MS
 *   inventory (what a process of platform linux was given)
 *   exit:KIND:VALUE  die:STATUS (no frame)  kill:SIGNAL (itself)  garbage
 */
/* Writes a file that passes for a kernel of an image, 4 KiB in memory at 1 MiB. 0: done. */
int fakevm_kernel(int fd);
/* A folder with the files of unicore that a start needs, in UNICORE_LIBDIR from now on. */
int fakevm_libdir(const char *dir);
int fakevm_main(int argc, char **argv, const char *script);
/* It was started as the kernel process of platform linux: no argument, no environment. The
 * script is then UC_FAKEVM in the environment of the image's program. */
bool fakevm_is_process(int argc, char **argv);
#endif
