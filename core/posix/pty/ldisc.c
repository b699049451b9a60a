// SPDX-License-Identifier: BSD-3-Clause
#include "ldisc.h"
#include <asm/signal.h>
#include <uc/string.h>

#define TAB 8u

static const struct termios2 defaults = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = { 3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0 },
	.c_ispeed = 38400,
	.c_ospeed = 38400,
};

void ldisc_init(struct ldisc *l)
{
	memset(l, 0, sizeof(*l));
	l->t = defaults;
}

static bool lflag(const struct ldisc *l, unsigned f) { return l->t.c_lflag & f; }
static bool iflag(const struct ldisc *l, unsigned f) { return l->t.c_iflag & f; }
static bool oflag(const struct ldisc *l, unsigned f) { return l->t.c_oflag & f; }
static bool control(uint8_t c) { return c < 32 || c == 127; }
/* A special character; 0 disables it. */
static bool is_cc(const struct ldisc *l, unsigned i, uint8_t c) { return c && l->t.c_cc[i] == c; }
static bool continuation(const struct ldisc *l, uint8_t c)
{
	return iflag(l, IUTF8) && (c & 0xc0) == 0x80;
}

static uint8_t at(const struct ldisc *l, uint32_t i) { return l->in[i % LDISC_IN]; }

static bool marked(const struct ldisc *l, uint32_t i)
{
	i %= LDISC_IN;
	return l->mark[i / 8] >> (i % 8) & 1;
}

static void set_mark(struct ldisc *l, uint32_t i, bool on)
{
	uint8_t bit = (uint8_t)(1u << (i % LDISC_IN % 8)), *m = &l->mark[i % LDISC_IN / 8];

	*m = on ? *m | bit : *m & (uint8_t)~bit;
}

/* ---- display ---- */

bool ldisc_room(const struct ldisc *l)
{
	return l->otail - l->ohead + LDISC_OUT_STEP <= LDISC_OUT;
}

/* Echo that does not fit is lost. */
static void out(struct ldisc *l, uint8_t c)
{
	if (l->otail - l->ohead < LDISC_OUT)
		l->out[l->otail++ % LDISC_OUT] = c;
}

static void newline(struct ldisc *l)
{
	if (oflag(l, ONLRET))
		l->column = 0;
	if (oflag(l, ONLCR)) {
		l->column = 0;
		out(l, '\r');
	}
	l->canon_column = l->column;
	out(l, '\n');
}

static void carriage_return(struct ldisc *l)
{
	if (oflag(l, ONOCR) && l->column == 0)
		return;
	if (oflag(l, OCRNL)) {
		if (oflag(l, ONLRET))
			l->column = l->canon_column = 0;
		out(l, '\n');
		return;
	}
	l->column = l->canon_column = 0;
	out(l, '\r');
}

static void tab(struct ldisc *l)
{
	unsigned n = TAB - l->column % TAB;

	l->column += n;
	if ((l->t.c_oflag & TABDLY) != XTABS) {
		out(l, '\t');
		return;
	}
	while (n-- > 0)
		out(l, ' ');
}

void ldisc_display(struct ldisc *l, uint8_t c)
{
	if (!oflag(l, OPOST)) {
		out(l, c);
		return;
	}
	switch (c) {
	case '\n':
		newline(l);
		return;
	case '\r':
		carriage_return(l);
		return;
	case '\t':
		tab(l);
		return;
	case '\b':
		if (l->column)
			l->column--;
		break;
	default:
		if (oflag(l, OLCUC) && c >= 'a' && c <= 'z')
			c = (uint8_t)(c - 32);
		if (!control(c) && !continuation(l, c))
			l->column++;
	}
	out(l, c);
}

uint32_t ldisc_take_output(struct ldisc *l, uint8_t *buf, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && l->ohead != l->otail)
		buf[i++] = l->out[l->ohead++ % LDISC_OUT];
	return i;
}

/* ---- echo ---- */

static void echo(struct ldisc *l, uint8_t c)
{
	if (lflag(l, ECHOCTL) && control(c) && c != '\t') {
		ldisc_display(l, '^');
		ldisc_display(l, c ^ 0100);
	} else {
		ldisc_display(l, c);
	}
}

static void rub_out(struct ldisc *l, unsigned n)
{
	while (n-- > 0) {
		ldisc_display(l, '\b');
		ldisc_display(l, ' ');
		ldisc_display(l, '\b');
	}
}

static unsigned width(const struct ldisc *l, uint8_t c)
{
	if (continuation(l, c))
		return 0;
	return control(c) ? (lflag(l, ECHOCTL) ? 2 : 0) : 1;
}

/* How far the tab at the end of the line being edited moved the cursor. */
static unsigned tab_width(const struct ldisc *l)
{
	unsigned col = l->canon_column;

	for (uint32_t i = l->canon; i != l->tail; i++)
		col += at(l, i) == '\t' ? TAB - col % TAB : width(l, at(l, i));
	return TAB - col % TAB;
}

/* c, at l->tail, was just removed from the line. */
static void echo_erased(struct ldisc *l, uint8_t c, bool one)
{
	if (!lflag(l, ECHO))
		return;
	if (one && !lflag(l, ECHOE)) {
		echo(l, l->t.c_cc[VERASE]);
	} else if (c == '\t') {
		for (unsigned n = tab_width(l); n-- > 0;)
			ldisc_display(l, '\b');
	} else {
		rub_out(l, width(l, c));
	}
}

/* ---- editing ---- */

static bool kill_at_once(struct ldisc *l)
{
	if (!lflag(l, ECHO)) {
		l->tail = l->canon;
		return true;
	}
	if (lflag(l, ECHOK) && lflag(l, ECHOKE) && lflag(l, ECHOE))
		return false;
	l->tail = l->canon;
	echo(l, l->t.c_cc[VKILL]);
	if (lflag(l, ECHOK))
		ldisc_display(l, '\n');
	return true;
}

static bool wordlike(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c >= 128;
}

static void erase(struct ldisc *l, uint8_t key)
{
	bool one = is_cc(l, VERASE, key), word = is_cc(l, VWERASE, key) && !one, seen = false;

	if (l->tail == l->canon || (!one && !word && kill_at_once(l)))
		return;
	while (l->tail != l->canon) {
		uint32_t i = l->tail;

		do
			i--;
		while (continuation(l, at(l, i)) && i != l->canon);
		if (word && wordlike(at(l, i)))
			seen = true;
		else if (word && seen)
			break;
		l->tail = i;
		echo_erased(l, at(l, i), one);
		if (one)
			break;
	}
}

static void reprint(struct ldisc *l, uint8_t c)
{
	echo(l, c);
	ldisc_display(l, '\n');
	for (uint32_t i = l->canon; i != l->tail; i++)
		echo(l, at(l, i));
}

/* ---- input ---- */

static void put(struct ldisc *l, uint8_t c)
{
	set_mark(l, l->tail, false);
	l->in[l->tail++ % LDISC_IN] = c;
}

/* The last place is kept for what ends the line. */
bool ldisc_may_type(const struct ldisc *l)
{
	return l->tail - l->head < LDISC_IN - 1 || (lflag(l, ICANON) && l->canon == l->head);
}

static void end_line(struct ldisc *l, uint8_t c)
{
	if (l->tail - l->head >= LDISC_IN)
		return;
	put(l, c);
	set_mark(l, l->tail - 1, true);
	l->canon = l->tail;
}

static void ordinary(struct ldisc *l, uint8_t c)
{
	if (l->tail - l->head >= LDISC_IN - 1)
		return;
	if (lflag(l, ECHO)) {
		if (l->tail == l->canon)
			l->canon_column = l->column;
		if (c == '\n')
			ldisc_display(l, c);
		else
			echo(l, c);
	}
	put(l, c);
}

static int signal_of(const struct ldisc *l, uint8_t c)
{
	if (!lflag(l, ISIG))
		return 0;
	return is_cc(l, VINTR, c) ? SIGINT
	       : is_cc(l, VQUIT, c) ? SIGQUIT
	       : is_cc(l, VSUSP, c) ? SIGTSTP : 0;
}

/* Characters of line mode. True: c is done with. */
static bool edit(struct ldisc *l, uint8_t c)
{
	bool extended = lflag(l, IEXTEN);

	if (is_cc(l, VERASE, c) || is_cc(l, VKILL, c) || (is_cc(l, VWERASE, c) && extended)) {
		erase(l, c);
	} else if (is_cc(l, VLNEXT, c) && extended) {
		l->lnext = true;
		if (lflag(l, ECHO) && lflag(l, ECHOCTL)) {
			ldisc_display(l, '^');
			ldisc_display(l, '\b');
		}
	} else if (is_cc(l, VREPRINT, c) && lflag(l, ECHO) && extended) {
		reprint(l, c);
	} else if (c == '\n') {
		if (lflag(l, ECHO) || lflag(l, ECHONL))
			ldisc_display(l, '\n');
		end_line(l, c);
	} else if (is_cc(l, VEOF, c)) {
		end_line(l, 0);
	} else if (is_cc(l, VEOL, c) || (is_cc(l, VEOL2, c) && extended)) {
		if (lflag(l, ECHO))
			echo(l, c);
		end_line(l, c);
	} else {
		return false;
	}
	return true;
}

int ldisc_type(struct ldisc *l, uint8_t c)
{
	int sig;

	if (iflag(l, ISTRIP))
		c &= 0x7f;
	if (l->lnext) {
		l->lnext = false;
		ordinary(l, c);
		return 0;
	}
	if (iflag(l, IXON) && (is_cc(l, VSTART, c) || is_cc(l, VSTOP, c))) {
		l->stopped = !is_cc(l, VSTART, c);
		return 0;
	}
	sig = signal_of(l, c);
	if (sig)
		return sig;
	if (iflag(l, IXON) && iflag(l, IXANY))
		l->stopped = false;
	if (c == '\r') {
		if (iflag(l, IGNCR))
			return 0;
		if (iflag(l, ICRNL))
			c = '\n';
	} else if (c == '\n' && iflag(l, INLCR)) {
		c = '\r';
	}
	if (!lflag(l, ICANON) || !edit(l, c))
		ordinary(l, c);
	return 0;
}

void ldisc_signalled(struct ldisc *l, uint8_t c)
{
	if (!lflag(l, NOFLSH)) {
		ldisc_flush_input(l);
		ldisc_flush_output(l);
	}
	if (iflag(l, IXON))
		l->stopped = false;
	if (lflag(l, ECHO))
		echo(l, c);
}

bool ldisc_readable(const struct ldisc *l)
{
	return ldisc_available(l) > 0;
}

uint32_t ldisc_available(const struct ldisc *l)
{
	return (lflag(l, ICANON) ? l->canon : l->tail) - l->head;
}

uint32_t ldisc_take(struct ldisc *l, uint8_t *buf, uint32_t n, bool *end)
{
	uint32_t limit = ldisc_available(l), i = 0;
	bool lines = lflag(l, ICANON);

	*end = false;
	for (uint32_t seen = 0; seen < limit && !*end; seen++) {
		bool stop = lines && marked(l, l->head);
		uint8_t c = at(l, l->head);

		/* An EOF right behind the last byte that was asked for is taken with it. */
		if (i == n && !(stop && !c))
			break;
		l->head++;
		*end = stop;
		if (!stop || c)
			buf[i++] = c;
	}
	if (!lines && (int32_t)(l->canon - l->head) < 0)
		l->canon = l->head;
	return i;
}

void ldisc_flush_input(struct ldisc *l)
{
	l->head = l->canon = l->tail;
	l->lnext = false;
}

void ldisc_flush_output(struct ldisc *l)
{
	l->ohead = l->otail;
}

void ldisc_set(struct ldisc *l, const struct termios2 *t)
{
	bool was = lflag(l, ICANON);

	l->t = *t;
	l->lnext = false;
	if (!iflag(l, IXON))
		l->stopped = false;
	if (was == lflag(l, ICANON))
		return;
	for (uint32_t i = l->head; i != l->tail; i++)
		set_mark(l, i, false);
	/* What was typed before line mode counts as a line; what is left of it later is bytes. */
	if (!was && l->tail != l->head)
		set_mark(l, l->tail - 1, true);
	l->canon = was ? l->head : l->tail;
}
