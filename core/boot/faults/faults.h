// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FAULTS_H
#define UC_FAULTS_H
/* Shared by the files of this folder. */
#include <uc/abi/faults.h>
#include <uc/types.h>

typedef long (*fault_handler)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
struct fault_call {
	uint64_t nr, *a; /* six arguments, may be changed */
	fault_handler h;
	uint64_t value;
};
/* Makes the call. */
long fault_pass(const struct fault_call *c);
/* A system call of the image, or NULL. */
fault_handler fault_find(uint64_t nr);
/* Counts a call that the fault can change; whether it is this one's turn. */
bool fault_due(void);

/* Each makes the call, with its fault if it is due. */
typedef long (*fault_fn)(const struct fault_call *c);
long fault_flip(const struct fault_call *c);
long fault_reorder(const struct fault_call *c);
long fault_lost(const struct fault_call *c);
long fault_dirent_lost(const struct fault_call *c);
long fault_dirent_twice(const struct fault_call *c);
long fault_mode(const struct fault_call *c);
long fault_kind(const struct fault_call *c);
long fault_size(const struct fault_call *c);
long fault_owner(const struct fault_call *c);
long fault_mtime(const struct fault_call *c);
long fault_links(const struct fault_call *c);
long fault_events(const struct fault_call *c);

/* Memory of the application that a call reads from or writes to. */
struct fault_span {
	uc_uptr p;
	uint64_t n; /* of a buffer that takes a result: its room */
	bool in;    /* the kernel reads it */
	bool fixed; /* n bytes are written whatever the result says */
};
bool fault_span_of(const struct fault_call *c, struct fault_span *s);
/* Bytes in the vector of a call that has one, else 0. */
uint64_t fault_iov_bytes(const struct fault_call *c);
#endif
