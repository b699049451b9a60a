// SPDX-License-Identifier: BSD-3-Clause
/*
 * QEMU plugin: guest instructions between two addresses.
 *   -plugin count.so,start=ADDR,stop=ADDR,out=FILE
 *   -plugin count.so,live=FILE
 * Counting begins when the instruction at `start` is first executed (without it: at reset) and ends
 * when the one at `stop` is; the number is written to FILE. live: the number up to now is written
 * every LIVE_MS. Interface: QEMU plugin API version 1
 * (QEMU documentation, "QEMU TCG Plugins"); Debian ships no header for it, so what is used is
 * declared here.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIVE_MS 100u

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;
enum cb_flags { CB_NO_REGS };
enum inline_op { INLINE_ADD_U64 };

#define EXPORT __attribute__((visibility("default")))
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
						  void (*cb)(qemu_plugin_id_t,
							     struct qemu_plugin_tb *));
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
						   void (*cb)(unsigned, void *),
						   enum cb_flags flags, void *data);
extern void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						       enum inline_op op, void *ptr, uint64_t imm);

EXPORT int qemu_plugin_version = 1;

static uint64_t executed, begun_at, start, stop;
static bool begun, ended;
static const char *out = "count.txt";

static void on_start(unsigned cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (!begun) {
		begun = true;
		begun_at = executed;
	}
}

static void write_number(const char *file, uint64_t n)
{
	char part[4096];
	FILE *f;

	snprintf(part, sizeof(part), "%s.part", file);
	f = fopen(part, "w");
	if (!f)
		return;
	fprintf(f, "%llu\n", (unsigned long long)n);
	fclose(f);
	rename(part, file);
}

static void on_stop(unsigned cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (!begun || ended)
		return;
	ended = true;
	write_number(out, executed - begun_at);
}

static void *keep_writing(void *file)
{
	for (;;) {
		write_number(file, __atomic_load_n(&executed, __ATOMIC_RELAXED) - begun_at);
		usleep(LIVE_MS * 1000);
	}
	return NULL;
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	size_t n = qemu_plugin_tb_n_insns(tb);
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t at = qemu_plugin_insn_vaddr(insn);
		if (start && at == start)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_start, CB_NO_REGS, NULL);
		if (stop && at == stop)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_stop, CB_NO_REGS, NULL);
		qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &executed, 1);
	}
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc,
			       char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		char *value = strchr(argv[i], '=');
		if (!value)
			return -1;
		value++;
		if (strncmp(argv[i], "start=", 6) == 0) {
			start = strtoull(value, NULL, 0);
		} else if (strncmp(argv[i], "stop=", 5) == 0) {
			stop = strtoull(value, NULL, 0);
		} else if (strncmp(argv[i], "out=", 4) == 0) {
			out = strdup(value);
		} else if (strncmp(argv[i], "live=", 5) == 0) {
			pthread_t thread;
			if (pthread_create(&thread, NULL, keep_writing, strdup(value)))
				return -1;
		} else {
			return -1;
		}
	}
	begun = start == 0;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
