// SPDX-License-Identifier: BSD-3-Clause
/*
 * The clocks. Monotonic time is the cycle counter scaled by a 32.32 fixed-point factor; with
 * factors of at least 2^27 (counters below 32 GHz) its rounding error is under 10 ns a second.
 * Calibration and the question for the wall clock wait until somebody needs them.
 */
#include <uc/arch.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/time.h>
#include "time_internal.h"

#define NSEC_PER_SEC 1000000000ull

struct uc_vvar time_params;
struct uc_vvar *time_vvar;
static struct uc_list set_hooks = UC_LIST_INIT(set_hooks);

void time_publish(void)
{
	struct uc_vvar *v = time_vvar;
	if (!v)
		return;
	__atomic_store_n(&v->seq, v->seq + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	v->base_cycles = time_params.base_cycles;
	v->mult = time_params.mult;
	v->real_offset = time_params.real_offset;
	v->valid = time_params.valid;
	__atomic_store_n(&v->seq, v->seq + 1, __ATOMIC_RELEASE);
}

static void calibrate(void)
{
	uint64_t hz = uc_plat_tsc_hz();
	UC_ASSERT(hz, "the platform knows the frequency of its cycle counter");
	/* The machine was up for a second: programs take seconds of zero for "not yet". */
	time_params.base_cycles = uc_plat_entry_cycles() - hz;
	time_params.mult = (uint64_t)(((unsigned __int128)NSEC_PER_SEC << UC_VVAR_SHIFT) / hz);
	time_params.valid |= UC_VVAR_MONO;
	time_publish();
}

void uc_time_restart(void)
{
	time_params.mult = 0;
}

__attribute__((noinline)) uc_nsec uc_time_mono(void)
{
	if (UC_UNLIKELY(!time_params.mult))
		calibrate();
	return uc_vvar_to_ns(uc_cycles() - time_params.base_cycles, time_params.mult);
}

static void set_offset(uc_nsec real, uc_nsec mono)
{
	time_params.real_offset = (int64_t)(real - mono);
	time_params.valid |= UC_VVAR_REAL;
	time_publish();
}

static void ask_host(void)
{
	uc_nsec real, before = uc_time_mono();
	int r = uc_upcall_host_realtime(&real);
	if (time_params.valid & UC_VVAR_REAL)
		return; /* set by another thread while this one waited */
	if (r) {
		uc_log(UC_LOG_WARN, "time: no wall clock (%d); it starts at 1970", r);
		set_offset(0, 0);
		return;
	}
	/* The answer was true somewhere between question and reception: take the middle. */
	uc_nsec after = uc_time_mono();
	set_offset(real, before + (after - before) / 2);
}

uc_nsec uc_time_real(void)
{
	if (UC_UNLIKELY(!(time_params.valid & UC_VVAR_REAL)))
		ask_host();
	return uc_time_mono() + (uc_nsec)time_params.real_offset;
}

void uc_time_set_real(uc_nsec ns)
{
	set_offset(ns, uc_time_mono());
	UC_LIST_FOREACH_SAFE(it, &set_hooks) {
		struct uc_time_set_hook *h = UC_LIST_ENTRY(it, struct uc_time_set_hook, link);
		h->fn(h);
	}
}

void uc_time_on_set(struct uc_time_set_hook *h)
{
	uc_list_push_back(&set_hooks, &h->link);
}
