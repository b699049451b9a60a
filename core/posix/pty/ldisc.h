// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PTY_LDISC_H
#define UC_PTY_LDISC_H
/*
 * A terminal's line discipline: termios(3), the rules of Linux's N_TTY. Pure: bytes typed come in,
 * lines or bytes come out on one side, what is displayed on the other; signals are reported, not
 * sent. Context: any, the caller makes sure that it runs alone.
 */
#include <asm/termbits.h>
#include <uc/types.h>

#define LDISC_IN 4096u   /* most bytes typed and not read; the longest line */
#define LDISC_OUT 8192u  /* most bytes displayed and not taken */
#define LDISC_OUT_STEP 8u /* one byte written displays at most so many */

struct ldisc {
	struct termios2 t;
	/* Free-running counters; the bytes are at the counter modulo the size. */
	uint32_t head, canon, tail; /* oldest byte, end of whole lines, end */
	uint32_t ohead, otail;
	unsigned column, canon_column; /* of the cursor; where the line being edited began */
	bool lnext, stopped;
	uint8_t in[LDISC_IN], mark[LDISC_IN / 8]; /* marked: the end of a line */
	uint8_t out[LDISC_OUT];
};

void ldisc_init(struct ldisc *l);
/* One byte typed. The signal it stands for, or 0. */
int ldisc_type(struct ldisc *l, uint8_t c);
/* After the signal of a typed byte was sent. */
void ldisc_signalled(struct ldisc *l, uint8_t c);
/* Whether a typed byte can be taken now (in line mode it can, at worst it is lost). */
bool ldisc_may_type(const struct ldisc *l);
/* Bytes that a read could return now; whole lines only in line mode. */
bool ldisc_readable(const struct ldisc *l);
uint32_t ldisc_available(const struct ldisc *l);
/* Up to n bytes typed, in line mode up to the end of a line; *eof: the line ended in EOF. */
uint32_t ldisc_take(struct ldisc *l, uint8_t *buf, uint32_t n, bool *end);
/* Displays one byte; ldisc_room() must have said yes. */
void ldisc_display(struct ldisc *l, uint8_t c);
bool ldisc_room(const struct ldisc *l);
uint32_t ldisc_take_output(struct ldisc *l, uint8_t *buf, uint32_t n);
void ldisc_flush_input(struct ldisc *l);
void ldisc_flush_output(struct ldisc *l);
void ldisc_set(struct ldisc *l, const struct termios2 *t);
#endif
