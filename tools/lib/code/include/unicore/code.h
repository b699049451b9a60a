// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CODE_H
#define UNICORE_CODE_H
/*
 * x86-64 machine code of an ELF file, for questions of reachability: which functions there are,
 * what each refers to, which numbers its system calls can have. docs/design/0013 says how and why.
 * Input is untrusted: every offset is checked, every table is bounded by the file, and the work by
 * a budget of instructions.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicore/util.h>

struct uc_code_range { /* of virtual addresses, end exclusive */
	uint64_t start, end;
};
struct uc_code_segment {
	uint64_t vaddr, filesz, memsz, offset;
	bool exec, write;
};
struct uc_code_symbol {
	const char *name, *version; /* in the file; version NULL: none */
	uint64_t value, size;
	bool defined, function, hidden; /* hidden: not the default version */
};
enum uc_code_reloc_kind {
	UC_RELOC_ADDRESS, /* the slot gets the address `value` of this object */
	UC_RELOC_SYMBOL,  /* … the address of symbol number `value` */
	UC_RELOC_CALL,    /* … what the function at `value` returns (IRELATIVE) */
	UC_RELOC_COPY,    /* … the bytes of symbol `value` of another object */
};
struct uc_code_reloc {
	uint64_t at, value;
	enum uc_code_reloc_kind kind;
};
struct uc_code_fde {
	struct uc_code_range range;
	uint64_t lsda, personality; /* addresses, 0: none; personality is that of its slot */
};
struct uc_code_vec { /* growing array of addresses */
	uint64_t *v;
	size_t n;
};
void uc_code_add(struct uc_code_vec *v, uint64_t a);

/* An object in memory; `data` must stay. All tables are sorted by address. */
struct uc_code {
	const uint8_t *data;
	size_t size;
	uint64_t entry;
	bool surveyed; /* cuts and starts are complete */
	bool pic;      /* ET_DYN: every address in data has a relocation */
	/* Set by the caller, or NULL: can a function of this name, of any object, return? */
	bool (*returns)(void *arg, const char *name, unsigned depth);
	void *arg;
	bool loader; /* set by the caller: it starts other programs, never itself as one */
	struct uc_code_segment *segments;
	struct uc_code_symbol *symbols;
	struct uc_code_reloc *relocs;
	struct uc_code_fde *fdes;
	struct uc_code_range *stubs; /* sections of linkage stubs (.plt*) */
	size_t nsegments, nsymbols, nrelocs, nfdes, nstubs;
	struct uc_code_symbol *labels; /* functions of .symtab and .dynsym, by address, for names */
	size_t nlabels;
	struct uc_code_vec init;     /* functions that the loader calls */
	struct uc_code_vec starts;   /* functions that no unwind entry tells */
	struct uc_code_vec cuts;     /* where objects of data begin (uc_code_cuts) */
	uint64_t budget;             /* instructions that may still be decoded */
	struct uc_code_known *known; /* private: functions of which is known whether they return */
};
#define UC_CODE_KNOWN 4096
struct uc_code_known {
	uint64_t at;
	bool returns;
};

/* false: not x86-64 ELF to load, or malformed (*why). Close after true. */
bool uc_code_open(struct uc_code *c, const uint8_t *data, size_t n, const char **why);
void uc_code_close(struct uc_code *c);

/* n bytes of the file's image at an address; NULL: not all of them are in the file. */
const uint8_t *uc_code_at(const struct uc_code *c, uint64_t vaddr, uint64_t n);
bool uc_code_is_text(const struct uc_code *c, uint64_t vaddr);
bool uc_code_is_data(const struct uc_code *c, uint64_t vaddr); /* mapped, not text */
/* The text at an address as a string, if there is a printable one of less than 4096 bytes. */
const char *uc_code_text(const struct uc_code *c, uint64_t vaddr);
/* Index of the first relocation at or behind an address. */
size_t uc_code_reloc_from(const struct uc_code *c, uint64_t vaddr);
/* The function that an address lies in. false: not in text. */
bool uc_code_function(const struct uc_code *c, uint64_t vaddr, struct uc_code_range *out);
const struct uc_code_fde *uc_code_fde_of(const struct uc_code *c, uint64_t vaddr); /* or NULL */
/* false: the function there never returns. depth: of calls that led to the question. */
bool uc_code_returns(struct uc_code *c, uint64_t at, unsigned depth);
/* Name of the function with this start, or NULL. */
const char *uc_code_label(const struct uc_code *c, uint64_t start);

/*
 * Finds where objects of data begin: every address that code or data takes. A reference to one is
 * taken to reach up to the next. Decodes the whole text once. A text beyond the budget gets no
 * cuts: sections are then one object each.
 */
void uc_code_cuts(struct uc_code *c);
/* Is the address itself taken somewhere (uc_code_cuts)? */
bool uc_code_taken(const struct uc_code *c, uint64_t vaddr);
uint32_t uc_code_word32(const struct uc_code *c, uint64_t vaddr); /* 0: not in the file */
struct uc_code_range uc_code_extent(const struct uc_code *c, uint64_t vaddr);

/* ---- what a function refers to ---- */
enum uc_ref_kind {
	UC_REF_CALL, /* call or jump to `to` */
	UC_REF_TAKE, /* takes the address of code */
	UC_REF_DATA, /* takes the address of data */
	UC_REF_SLOT, /* reads `size` bytes of data there */
};
struct uc_ref {
	enum uc_ref_kind kind;
	uint32_t size;
	uint64_t at, to;
	uint32_t args; /* number of what is passed, from 1; 0: not known */
};
#define UC_VALUE_ANY 255
#define UC_ARGS      6 /* in registers: rdi rsi rdx rcx r8 r9 */
#define UC_ARG_MAX   8
struct uc_code_args {
	struct uc_code_arg {
		uint8_t n; /* of constants that it can be; UC_VALUE_ANY: unknown */
		int64_t v[UC_ARG_MAX];
	} reg[UC_ARGS];
};
struct uc_entry {                         /* how a function is entered */
	const struct uc_code_args *args;  /* at its start; NULL: unknown */
	const struct uc_code_vec *others; /* other places in it that something leads to */
};
struct uc_refs {
	struct uc_ref *v;
	size_t n;
	struct uc_code_args *args;
	size_t nargs;
	uint64_t *sites; /* of syscall instructions */
	size_t nsites;
	uint64_t legacy; /* address of an `int $0x80` or sysenter, 0: none */
	bool partial;    /* the budget ended */
};
/* e NULL: whatever the function holds counts; else only what it can execute when entered so. */
void uc_code_refs(struct uc_code *c, const struct uc_code_range *f, const struct uc_entry *e,
		  struct uc_refs *out);
/* false: nothing new. */
bool uc_code_args_join(struct uc_code_args *to, const struct uc_code_args *from);
bool uc_code_args_known(const struct uc_code_args *a); /* any of them */
void uc_refs_free(struct uc_refs *r);
/* Is the instruction a call or jump? */
bool uc_code_transfers(const struct uc_code *c, uint64_t at);

/* ---- values ---- */
/*
 * What a register or stack slot can hold at an instruction, as a set of atoms. ARG: what the
 * register or stack slot `where` held when the function was entered. LOAD: what memory at
 * (that + off) held. STACK: the address entry rsp + off. GLOBAL: what the variable at address off
 * holds. BEHIND: what memory at (that + where) holds.
 */
enum uc_atom_kind {
	UC_ATOM_CONST,
	UC_ATOM_ARG,
	UC_ATOM_LOAD,
	UC_ATOM_STACK,
	UC_ATOM_GLOBAL,
	UC_ATOM_BEHIND
};
struct uc_atom {
	enum uc_atom_kind kind;
	int32_t where; /* 0..15: registers in encoding order; UC_WHERE_STACK + offset */
	int64_t off;   /* CONST: the value */
};
#define UC_WHERE_STACK 32 /* where >= this: entry rsp + (where - this) */
#define UC_ATOMS_MAX   12
struct uc_value {
	uint8_t n; /* of atoms; UC_VALUE_ANY: unknown; 0: never gets there */
	struct uc_atom v[UC_ATOMS_MAX];
};
/*
 * The values at the instruction `at`, when the function f is entered at its start with unknown
 * contents: of what `want` names, read right before `at`. An atom LOAD of want asks for memory at
 * that register's value + off, GLOBAL for what the instruction stores, BEHIND for memory there.
 * If `at` is a call or jump and want a stack slot, it is as the callee sees it.
 */
void uc_code_values(struct uc_code *c, const struct uc_code_range *f, uint64_t at,
		    const struct uc_atom *want, struct uc_value *out);
/* Is the instruction of f executed only by a program that runs with other rights than its user's,
 * as the kernel's auxiliary vector tells? What is not understood is executed by all. */
bool uc_code_privileged(struct uc_code *c, const struct uc_code_range *f, uint64_t at);
void uc_value_add(struct uc_value *v, const struct uc_atom *a);
#endif
