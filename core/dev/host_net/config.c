// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/abi/procfd.h>
#include <uc/fmt.h>
#include <uc/string.h>
#include "hnet.h"

#define MTU_MIN 576u
#define MTU_MAX 65521u

static bool starts(const char **s, const char *with)
{
	size_t n = strlen(with);

	if (strncmp(*s, with, n))
		return false;
	*s += n;
	return true;
}

/* A number up to max, by its base; false: none is there. */
static bool number(const char **s, unsigned base, unsigned max, unsigned *out)
{
	const char *p = *s;
	unsigned v = 0, digit;

	for (; v <= max; v = v * base + digit, p++) {
		if (*p >= '0' && *p <= '9')
			digit = (unsigned)(*p - '0');
		else if (base == 16 && *p >= 'a' && *p <= 'f')
			digit = (unsigned)(*p - 'a') + 10;
		else
			break;
	}
	*out = v;
	if (p == *s || v > max)
		return false;
	*s = p;
	return true;
}

static bool address(const char **s, uint8_t mac[6])
{
	unsigned byte;

	for (unsigned i = 0; i < 6; i++) {
		if ((i && !starts(s, ":")) || !number(s, 16, 255, &byte))
			return false;
		mac[i] = (uint8_t)byte;
	}
	return true;
}

int hnet_config_parse(struct hnet_config *c, const char *s)
{
	unsigned fd, mtu;

	static const char *const kinds[] = {
		[HNET_PACKET] = "packet,",
		[HNET_STREAM] = "stream,",
		[HNET_MEMIF] = "memif,",
	};

	*c = (struct hnet_config){ 0 };
	while (c->kind <= HNET_MEMIF && !starts(&s, kinds[c->kind]))
		c->kind++;
	if (c->kind > HNET_MEMIF)
		return -EINVAL;
	if (!starts(&s, "fd=") || !number(&s, 10, 1u << 16, &fd) || fd < UC_PROCFD_9P ||
	    !starts(&s, ",mac=") || !address(&s, c->mac) || !starts(&s, ",mtu=") ||
	    !number(&s, 10, MTU_MAX, &mtu) || mtu < MTU_MIN || *s)
		return -EINVAL;
	c->fd = (int)fd;
	c->mtu = (uint16_t)mtu;
	return 0;
}
