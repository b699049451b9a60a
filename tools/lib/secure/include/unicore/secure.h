// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_SECURE_H
#define UNICORE_SECURE_H
/*
 * Probes of an image's defences (docs/design/0024). The image's own kernel runs a program that
 * looks around from inside (apps/probe); what it saw, the kernel's file, and what the host sees
 * of the running machine are evidence, which each probe judges.
 */
#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include <unicore/util.h>

struct uc_secure {                  /* strings and vectors are the caller's */
	const char *dir;            /* the image */
	const char *accel;          /* or NULL */
	const char *sabotage;       /* name of a probe whose defence is switched off, or NULL;
			      * only that one is judged then */
	const struct uc_vec *plats; /* "kvm", "linux" */
	unsigned boots;             /* to see what differs between them, at least 2 */
	double timeout_s;           /* of a boot */
};

/* Names of all probes in the order of the report. */
void uc_secure_names(struct uc_vec *out);
/* Runs all probes on all platforms. *report: docs/schema/secure.json, the caller's. Prints what
 * keeps it from running; 0 or a status. */
int uc_secure_run(const struct uc_secure *s, json_t **report);
/* Did a probe of the report fail? */
bool uc_secure_failed(const json_t *report);
void uc_secure_text(const json_t *report, FILE *f);
#endif
