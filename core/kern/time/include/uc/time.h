// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_TIME_H
#define UC_TIME_H
/* Clocks and one-shot timers. Units: nanoseconds. Context: thread unless stated. */
#include <uc/list.h>
#include <uc/rbtree.h>
#include <uc/types.h>
/* Since boot, monotonic. Any context. */
uc_nsec uc_time_mono(void);
/* Monotonic time begins anew: the machine was entered again (uc/abi/prepared.h). */
void uc_time_restart(void);
/* Since the epoch; asks the host once, on first use (may block then). */
uc_nsec uc_time_real(void);
/* Sets the real-time clock of this guest. */
void uc_time_set_real(uc_nsec ns);
/* Called after each uc_time_set_real, in the caller's context; must not block. */
struct uc_time_set_hook { struct uc_list link; void (*fn)(struct uc_time_set_hook *h); };
void uc_time_on_set(struct uc_time_set_hook *h);
/* Page shared with the vDSO (uc/vvar.h): physical address, for mapping read-only right below the
 * vDSO image. Allocated on first use; 0: no memory. */
uc_paddr uc_time_vvar_page(void);

struct uc_timer {
	struct uc_rbnode node; uc_nsec deadline; bool armed;
	void (*fn)(struct uc_timer *t); /* thread context, must not block */
	void *arg;
};
void uc_timer_init(struct uc_timer *t, void (*fn)(struct uc_timer *), void *arg);
void uc_timer_arm(struct uc_timer *t, uc_nsec deadline); /* re-arming moves it */
bool uc_timer_cancel(struct uc_timer *t);                /* whether it was armed */
/* Runs what is due. Called by the scheduler's deferred work (uc_upcall_sched_timers). Returns the
 * next deadline or UC_FOREVER. */
uc_nsec uc_timer_run(void);

/* ---- downward interface: what a platform provides (uc/plat.h) is used through these ---- */
/* Bound by core/boot to the console channel or RTC: CLOCK_REALTIME in ns, or -errno. May block. */
int uc_upcall_host_realtime(uc_nsec *out);
#endif
