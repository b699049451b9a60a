// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_RELAY_TTY_H
#define UNICORE_RELAY_TTY_H
/* The host's terminal: its settings follow the guest's and are restored at the end. */
#include <asm/termbits.h>
#include <stdbool.h>
#include <stdint.h>

#include <uc/abi/mux.h>

struct uc_tty {
	int fd;       /* a standard stream that is a terminal, or -1 */
	bool changed; /* by the guest */
	struct termios2 saved, guest;
};
void uc_tty_open(struct uc_tty *t);
bool uc_tty_winsize(const struct uc_tty *t, struct uc_mux_winsize *w);
void uc_tty_apply(struct uc_tty *t, const void *termios2);
/* The user's settings again (at the end, and while suspended); the guest's again. */
void uc_tty_restore(struct uc_tty *t);
void uc_tty_resume(struct uc_tty *t);
/* Output needs "\r\n" because the terminal does not translate. */
bool uc_tty_raw_output(const struct uc_tty *t);
#endif
