// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_RANDOM_H
#define UC_RANDOM_H
/*
 * Random numbers: a ChaCha20 (RFC 8439) DRBG with fast key erasure, seeded from every source
 * present: CPU instructions, virtio-rng, host-provided bytes, interrupt and TSC jitter.
 * Never returns predictable bytes: until 256 bits are credited, uc_random_bytes collects jitter.
 * Context: thread or boot; never blocks for long.
 */
#include <uc/types.h>
void uc_random_bytes(void *buf, size_t n);
uint64_t uc_random_u64(void);
/* Uniform in [0, bound), bound > 0. */
uint64_t uc_random_below(uint64_t bound);
/* Mixes in input; entropy_bits is a conservative estimate (0 allowed). Any context but
 * interrupt. */
void uc_random_mix(const void *data, size_t n, unsigned entropy_bits);
/* What the host's generator gave this boot, 256 bits: goes in with the CPU's at the first use.
 * It stays the caller's, until then. Boot only. */
#define UC_RANDOM_HOST 4
void uc_random_host(const uint64_t seed[UC_RANDOM_HOST]);
/* Instead: all numbers follow from n, until whoever started this again replaces the whole secret
 * state by bytes that nobody knows (uc/abi/prepared.h). Boot only. */
void uc_random_follow(uint64_t n);
void *uc_random_state(size_t *len);
bool uc_random_ready(void); /* 256 bits have been credited */
#endif
