// SPDX-License-Identifier: BSD-3-Clause
// sources: ../mux_decode.c
/* First byte: how the rest is cut into pieces. */
#include <stdlib.h>
#include <uc/mux_codec.h>

static volatile uint8_t sink;

static void on_data(void *arg, unsigned stream, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sink += p[i];
	if (stream > UC_MUX_LOG || n > UC_MUX_MAX_PAYLOAD)
		abort();
}

static void on_control(void *arg, unsigned type, unsigned stream, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sink += p[i];
	if (n > 44)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct uc_mux_ops ops = {
		.types = UINT32_MAX, .streams = 15, .data = on_data, .control = on_control
	};
	struct uc_mux_decoder d = { 0 };
	if (!n)
		return 0;
	size_t step = p[0] + 1u;
	for (size_t at = 1; at < n; at += step)
		uc_mux_decode(&d, &ops, p + at, n - at < step ? n - at : step);
	return 0;
}
