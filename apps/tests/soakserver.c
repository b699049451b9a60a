// SPDX-License-Identifier: BSD-3-Clause
/*
 * Server of the soak tests, port 7. A client sends an operation and a count (64 bits, the least
 * significant byte first):
 *   u  the pattern follows: answered by y if every byte was right, else n
 *   d  is answered by so many bytes of the pattern
 *   m  is answered by the free memory in KiB, as text
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORKERS 32
#define PIECE   65521 /* a prime: pieces do not fall on the pattern's period */

static uint8_t pattern(uint64_t i)
{
	return (uint8_t)(i * 7 + (i >> 8) * 13 + (i >> 16));
}

static int all(int fd, void *buf, size_t n)
{
	for (size_t got = 0; got < n;) {
		ssize_t r = read(fd, (char *)buf + got, n - got);
		if (r <= 0)
			return 0;
		got += (size_t)r;
	}
	return 1;
}

static void upload(int fd, uint64_t n)
{
	static __thread uint8_t buf[PIECE];
	int right = 1;
	ssize_t r = 1;
	for (uint64_t at = 0; at < n && r > 0;) {
		r = read(fd, buf, n - at < PIECE ? n - at : PIECE);
		for (ssize_t i = 0; i < r; i++, at++)
			right &= buf[i] == pattern(at);
	}
	if (write(fd, right && r > 0 ? "y" : "n", 1) != 1)
		return;
}

static void download(int fd, uint64_t n)
{
	static __thread uint8_t buf[PIECE];
	for (uint64_t at = 0; at < n;) {
		size_t now = n - at < PIECE ? n - at : PIECE;
		for (size_t i = 0; i < now; i++)
			buf[i] = pattern(at + i);
		for (size_t done = 0; done < now;) {
			ssize_t r = write(fd, buf + done, now - done);
			if (r <= 0)
				return;
			done += (size_t)r;
		}
		at += now;
	}
}

static void memory(int fd)
{
	char line[128], value[32];
	FILE *f = fopen("/proc/meminfo", "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemFree: %31s", value) == 1)
			dprintf(fd, "%s\n", value);
	if (f)
		fclose(f);
}

static void serve(int fd)
{
	uint8_t head[9];
	uint64_t n = 0;
	if (!all(fd, head, sizeof(head)))
		return;
	for (int i = 8; i > 0; i--)
		n = n << 8 | head[i];
	if (head[0] == 'u')
		upload(fd, n);
	else if (head[0] == 'd')
		download(fd, n);
	else if (head[0] == 'm')
		memory(fd);
}

static void *worker(void *arg)
{
	for (;;) {
		int fd = accept(*(int *)arg, NULL, NULL);
		if (fd < 0)
			continue;
		serve(fd);
		close(fd);
	}
}

int main(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(7) };
	pthread_t t;
	signal(SIGPIPE, SIG_IGN);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(s, (struct sockaddr *)&a, sizeof(a)) || listen(s, 128))
		return 1;
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&t, NULL, worker, &s);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
