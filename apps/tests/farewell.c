// SPDX-License-Identifier: BSD-3-Clause
// Sends a megabyte to HOST PORT and ends at once: all of it must arrive.
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	static char b[1 << 20];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (argc < 3)
		return 2;
	a.sin_port = htons(atoi(argv[2]));
	inet_pton(AF_INET, argv[1], &a.sin_addr);
	memset(b, 'x', sizeof(b));
	if (connect(fd, (void *)&a, sizeof(a)))
		return 1;
	return write(fd, b, sizeof(b)) != sizeof(b);
}
