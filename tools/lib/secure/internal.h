// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_SECURE_INTERNAL_H
#define UNICORE_SECURE_INTERNAL_H
/* Shared by the files of this folder. */
#include <stdint.h>
#include <sys/types.h>

#include <unicore/runimage.h>
#include <unicore/secure.h>

#define SECURE_PAGE    4096ull
#define SECURE_PROGRAM "/uc-probe"

/* ---- evidence ---- */

struct secure_region { /* what is mapped; end exclusive */
	uint64_t start, end;
	uint64_t file, off; /* the same memory elsewhere has the same ones; file 0: nobody else's */
	bool r, w, x, user;
};

/* What was seen of one boot. Zero-initialise. */
struct secure_boot {
	struct uc_vec lines;           /* of the program in the guest */
	struct secure_region *regions; /* by address */
	size_t nregions;
	struct uc_vec status; /* of the host's process (proc(5)), if there is one to look at */
	struct uc_vec facts;  /* NAME VALUE lines about it */
	bool complete;
};
/* Takes over text, the program's output. */
void secure_boot_parse(struct secure_boot *b, char *text);
/* Adds the regions of a /proc/PID/maps. */
void secure_maps_parse(struct secure_boot *b, char *text);
void secure_boot_free(struct secure_boot *b);
/* What follows "NAME " on the nth line that has it; NULL: none. */
const char *secure_line(const struct uc_vec *lines, const char *name, size_t nth);
/* The same as a hexadecimal number. */
bool secure_word(const struct secure_boot *b, const char *name, uint64_t *v);
/* The region that holds an address, or NULL. */
const struct secure_region *secure_region_at(const struct secure_boot *b, uint64_t va);

/* The kernel's file: what will be in memory. */
struct secure_kernel {
	uint8_t *data;
	size_t size;
	const uint8_t *text; /* in data */
	size_t text_len;
	uint64_t constants_page,
		constants_end; /* from the image's start: never written after relocation */
	bool wx, symbols;
	/* distance from the entry of system calls to the tops of stacks, if the image has a file
	 * with symbols */
	bool have_stacks;
	uint64_t entry;
	int64_t boot_stack, trap_stack;
};
/* false: no usable ELF file. */
bool secure_kernel_load(const char *path, const char *debug, struct secure_kernel *k);
void secure_kernel_free(struct secure_kernel *k);
/* Starts of at most five instructions that end in a return or an indirect jump. */
size_t secure_gadgets(const uint8_t *text, size_t n);
/* Loads of the canary. */
size_t secure_canaries(const uint8_t *text, size_t n);

/* All that is known when a platform is judged. */
struct secure_case {
	const struct uc_secure *s;
	const struct uc_run_image *img;
	const char *plat;
	bool process;
	bool bare; /* boot without the processor's random numbers */
	char *probe;         /* image with the program in it */
	struct uc_vec names; /* the calls of the image */
	char *calls;         /* a bitmap of them */
	struct secure_kernel kernel;
	struct uc_vec files; /* of the root file system, FIELD PATH */
	struct secure_boot *boot;
	size_t nboots;
};

static inline const struct secure_boot *secure_last_boot(const struct secure_case *c)
{
	return &c->boot[c->nboots - 1];
}

/* ---- running ---- */

/* Makes below work an image with the kernels of img and the program. Prints; 0 or a status. */
int secure_image(const struct uc_run_image *img, const char *work, char **out);
/* One boot that reports. Prints; 0 or a status. */
int secure_report(const struct secure_case *c, struct secure_boot *out);
/* Does one forbidden thing. Returns the exit status of `unicore run`, or -1; *survived: the
 * program went on. */
int secure_fault(const struct secure_case *c, const char *name, bool broken, bool *survived);
/* What the host says of a process: status, maps, facts. */
void secure_look(pid_t pid, bool maps, struct secure_boot *out);

/* ---- judging ---- */

enum secure_verdict { SECURE_PASS, SECURE_FAIL, SECURE_NONE };

struct secure_probe {
	const char *name, *what;
	bool kvm, process;
	/* Writes into why what was found. One of the next three. */
	enum secure_verdict (*judge)(const struct secure_case *c, struct uc_buf *why);
	const char *place; /* its address must vary */
	const char *fault; /* that thing, done, must end the program, or */
	const char *needs; /* calls without which it cannot be done, separated by spaces, or NULL */
	bool panics;       /* the machine */
	const char *ulib;  /* only images with it have what it is about, or NULL */
};
extern const struct secure_probe secure_probes[];
extern const size_t secure_nprobes;
bool secure_sabotaged(const struct secure_case *c, const char *name);

/* judge_file.c */
enum secure_verdict secure_judge_segments(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_stripped(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_gadgets(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_protector(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_shell(const struct secure_case *c, struct uc_buf *why);
/* judge_memory.c */
enum secure_verdict secure_judge_wx(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_alias(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_text_alias(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_constants(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_null(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_kernel_stack(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_boot_stack(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_trap_stack(const struct secure_case *c, struct uc_buf *why);
/* judge_state.c */
enum secure_verdict secure_judge_canary(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_write_protect(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_supervisor(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_dma(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_leak_registers(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_leak_stack(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_leak_proc(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_clear(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_calls(const struct secure_case *c, struct uc_buf *why);
/* judge_random.c */
enum secure_verdict secure_judge_bias(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_repeat(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_sources(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_aslr(const struct secure_case *c, const char *what,
				      struct uc_buf *why);
/* judge_process.c */
enum secure_verdict secure_judge_filter(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_privileges(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_capabilities(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_namespaces(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_core(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_files(const struct secure_case *c, struct uc_buf *why);
enum secure_verdict secure_judge_root(const struct secure_case *c, struct uc_buf *why);

/* ---- numbers (entropy.c) ---- */

/* Bits of which n values tell that they vary: the sum over bit positions of the entropy of each
 * (with the correction of Miller and Madow), but no more than the dimension of what the values
 * span. The latter is below n. */
double secure_entropy(const uint64_t *v, size_t n);
/* What is wrong with bytes that should be random, or NULL. */
const char *secure_bias(const uint8_t *p, size_t n);

#endif
