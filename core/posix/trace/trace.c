// SPDX-License-Identifier: BSD-3-Clause
/*
 * One line per system call, written when it returns. A call that has been under way for a while is
 * shown as unfinished, so that the log tells where a program waits; its result follows later.
 */
#include <uc/console.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/string.h>
#include <uc/time.h>
#include "trace_internal.h"

#define LINE_BYTES   1200u
#define RESULT_BYTES 96u          /* of these, kept free for the result */
#define PATIENCE     500000000ull /* ns after which a call is shown as unfinished */

struct record { /* a call under way */
	struct uc_list link;
	const struct uc_task *task; /* compared only: the task may be gone */
	int tid, pid;
	uc_nsec since;
	struct trace_call call;
	uint64_t nr;
	unsigned next; /* first argument not shown yet */
	bool shown;    /* as unfinished */
	bool known;    /* nr is in the table */
	struct trace_text t;
	char text[LINE_BYTES];
};
static struct uc_list under_way = UC_LIST_INIT(under_way);
static struct uc_timer timer;

/* What cannot be sent in order (the thread is being killed) goes the way of other log lines. */
static void put_line(const char *s, size_t n)
{
	ssize_t r = uc_console_write(UC_MUX_LOG, s, n);
	size_t done = r > 0 ? (size_t)r : 0;
	if (done < n)
		uc_console_log(s + done, n - done);
}

static void show(struct record *r)
{
	trace_put(&r->t, "\n");
	put_line(r->text, r->t.n);
}

static void drop(struct record *r)
{
	uc_list_remove(&r->link);
	uc_heap_free(r);
}

static struct record *find(const struct uc_task *t)
{
	UC_LIST_FOREACH (it, &under_way) {
		struct record *r = UC_LIST_ENTRY(it, struct record, link);
		if (r->task == t)
			return r;
	}
	return NULL;
}

static bool lives(const struct record *r)
{
	return uc_task_find(r->tid) == r->task;
}

static void show_unfinished(struct record *r, void (*out)(const char *, size_t))
{
	char mark[] = " <unfinished ...>\n";
	struct trace_text t = r->t;
	if (r->shown)
		return;
	r->shown = true;
	out(t.p, t.n);
	out(mark, sizeof(mark) - 1);
}

static void timer_ran(struct uc_timer *t)
{
	uc_nsec now = uc_time_mono(), next = UC_FOREVER;
	UC_LIST_FOREACH_SAFE (it, &under_way) {
		struct record *r = UC_LIST_ENTRY(it, struct record, link);
		if (!lives(r))
			drop(r);
		else if (!r->shown && r->since + PATIENCE <= now)
			show_unfinished(r, uc_console_log);
		else if (!r->shown)
			next = UC_MIN(next, r->since + PATIENCE);
	}
	if (next != UC_FOREVER)
		uc_timer_arm(t, next);
}

static void begin(struct record *r)
{
	trace_put(&r->t, "[%d] %s%s", r->tid, r->shown ? "<... " : "", r->call.name);
	trace_put(&r->t, "%s", r->shown ? " resumed>" : "(");
	if (!r->known && !r->shown)
		trace_put(&r->t, "%lu%s", r->nr, r->call.nargs ? ", " : "");
}

static struct record *record_new(uint64_t nr)
{
	struct uc_task *task = uc_task_current();
	struct record *r = uc_heap_alloc(sizeof(*r));
	if (!r)
		return NULL;
	*r = (struct record){ .task = task,
			      .tid = task->tid,
			      .pid = task->proc->pid,
			      .since = uc_time_mono(),
			      .nr = nr };
	r->t = (struct trace_text){ .p = r->text, .cap = sizeof(r->text) - RESULT_BYTES };
	r->known = trace_call_get(nr, &r->call);
	if (!r->known) {
		r->call = (struct trace_call){ .name = "syscall", .result = K_LONG, .nargs = 6 };
		for (unsigned i = 0; i < 6; i++)
			r->call.arg[i].kind = K_HEX;
	}
	uc_list_push_back(&under_way, &r->link);
	return r;
}

/* The process ends: what its threads wait for will not come back. */
static void end_process(struct record *mine)
{
	UC_LIST_FOREACH_SAFE (it, &under_way) {
		struct record *r = UC_LIST_ENTRY(it, struct record, link);
		if (r == mine || r->pid != mine->pid)
			continue;
		if (lives(r))
			show_unfinished(r, put_line);
		drop(r);
	}
}

void uc_trace_enter(uint64_t nr, const uint64_t a[6])
{
	struct record *r = find(uc_task_current());
	if (r) /* of an earlier task at this address, or a call left by a signal */
		drop(r);
	r = record_new(nr);
	if (!r)
		return;
	begin(r);
	r->next = trace_put_args(&r->t, &r->call, a, 0, false, 0);
	if (r->call.result == K_NONE) {
		r->t.cap = sizeof(r->text);
		trace_put(&r->t, ") = ?");
		show(r);
		if (!strcmp(r->call.name, "exit_group"))
			end_process(r);
		drop(r);
		return;
	}
	if (!timer.armed)
		uc_timer_arm(&timer, r->since + PATIENCE);
}

void uc_trace_leave(uint64_t nr, const uint64_t a[6], long ret)
{
	struct record *r = find(uc_task_current());
	if (!r) { /* there was no memory when it began */
		r = record_new(nr);
		if (!r)
			return;
		begin(r);
	}
	if (r->shown) {
		r->t.n = 0;
		begin(r);
	}
	trace_put_args(&r->t, &r->call, a, r->next, true, ret);
	r->t.cap = sizeof(r->text);
	trace_put(&r->t, ")");
	trace_put_result(&r->t, &r->call, ret);
	show(r);
	drop(r);
}

static int trace_init(void)
{
	uc_timer_init(&timer, timer_ran, NULL);
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, trace_init);
