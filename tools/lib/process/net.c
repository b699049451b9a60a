// SPDX-License-Identifier: BSD-3-Clause
/* The host's side of a process's network card: a tap, an interface's packets, passt(1), or memory
 * shared with a peer. */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/virtio_net.h>
#include <unicore/msg.h>

#include "internal.h"

/* ---- a tap ---- */
static int tap_failed(int fd, const char *name, int err)
{
	close(fd);
	return uc_fail_os(UC_ST_UNAVAILABLE, name,
			  "make it first, as root: ip tuntap add dev NAME mode tap user YOU", err,
			  "cannot use it as a tap");
}

static int open_tap(const struct uc_net *n, int *out)
{
	const char *name = n->ifname ? n->ifname : "tap";
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int header = sizeof(struct virtio_net_hdr), fd;

	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return uc_fail_os(UC_ST_OSERR, "/dev/net/tun", NULL, errno, "cannot open it");
	if (n->ifname)
		snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", n->ifname);
	if (ioctl(fd, TUNSETIFF, &r) < 0 || ioctl(fd, TUNSETVNETHDRSZ, &header) < 0 ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) < 0)
		return tap_failed(fd, name, errno);
	*out = fd;
	return 0;
}

/* ---- packets of an interface ---- */
/* To the card's address, or to several stations. */
static int filter(int fd, const char *mac)
{
	uint32_t a[6];

	for (unsigned i = 0; i < 6; i++) /* it was checked: two digits and a colon each */
		a[i] = (uint32_t)strtoul(mac + 3 * i, NULL, 16);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 4, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, a[0] << 24 | a[1] << 16 | a[2] << 8 | a[3], 0,
			 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, a[4] << 8 | a[5], 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog prog = { sizeof(code) / sizeof(code[0]), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

static int set_up_packets(int fd, const struct uc_net *n)
{
	int on = 1;
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_ALL),
				  .sll_ifindex = (int)if_nametoindex(n->ifname) };
	struct packet_mreq all = { .mr_ifindex = at.sll_ifindex, .mr_type = PACKET_MR_PROMISC };

	if (!at.sll_ifindex || filter(fd, n->mac) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return -1;
	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all));
}

/* Without a protocol nothing is received until the socket is bound. */
static int open_packets(const struct uc_net *n, int *out)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && set_up_packets(fd, n) == 0) {
		*out = fd;
		return 0;
	}
	int err = errno;
	if (fd >= 0)
		close(fd);
	return uc_fail_os(UC_ST_UNAVAILABLE, n->ifname,
			  err == EPERM ? "run it as root, or use --net user or tap" : NULL, err,
			  "cannot take part in its packets");
}

/* ---- a user network ---- */
static void add_port(struct uc_vec *argv, const struct uc_net_port *p)
{
	uc_vec_add(argv, p->udp ? "-u" : "-t");
	uc_vec_take(argv, uc_xasprintf("%s%s%u:%u", p->host, *p->host ? "/" : "", p->from, p->to));
}

static void passt_argv(struct uc_vec *argv, const struct uc_net *n, const char *fd)
{
	static const char *const fixed[] = { "passt",
					     "-q",
					     "-1",
					     "-4",
					     "-a",
					     UC_NET_USER_IP,
					     "-n",
					     UC_NET_USER_BITS,
					     "-g",
					     UC_NET_USER_GATEWAY,
					     "--dns-forward",
					     UC_NET_USER_DNS,
					     "-F" };

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		uc_vec_add(argv, fixed[i]);
	uc_vec_add(argv, fd);
	for (size_t i = 0; i < n->nports; i++)
		add_port(argv, &n->ports[i]);
}

static _Noreturn void become_passt(int fd, int said, struct uc_vec *argv)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	fcntl(fd, F_SETFD, 0);
	execvp(argv->v[0], argv->v);
	_exit(errno == ENOENT ? 127 : 126);
}

/* It goes to the background when it listens, and ends when the other end of its socket is closed.
 * Standard error is the program's, so what passt says is shown only if it fails. */
static int start_passt(const struct uc_net *n, int fd)
{
	struct uc_vec argv = { 0 };
	char number[16];
	int status = 0, said = memfd_create("passt", MFD_CLOEXEC);
	pid_t pid;

	snprintf(number, sizeof(number), "%d", fd);
	passt_argv(&argv, n, number);
	pid = fork();
	if (pid == 0)
		become_passt(fd, said, &argv);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
	uc_vec_free(&argv);
	if (status && said >= 0 && sendfile(STDERR_FILENO, said, &(off_t){ 0 }, 1 << 16) < 0)
		uc_note(0, "what passt said cannot be shown");
	if (said >= 0)
		close(said);
	if (pid < 0)
		return uc_fail_os(UC_ST_OSERR, "passt", NULL, errno, "cannot make a process");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return uc_fail(UC_ST_UNAVAILABLE, "passt",
			       "install it, in Debian: apt install passt, or use --net tap",
			       "this program, which --net user needs, is not installed");
	return status ? uc_fail(UC_ST_UNAVAILABLE, "passt", "see above; is a port in use?",
				"cannot make the user network")
		      : 0;
}

static int open_user(const struct uc_net *n, int *out)
{
	int p[2], status;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p) < 0)
		return uc_fail_os(UC_ST_OSERR, "user network", NULL, errno,
				  "cannot make its channel");
	status = start_passt(n, p[1]);
	close(p[1]);
	if (status)
		close(p[0]);
	else
		*out = p[0];
	return status;
}

/* ---- memory shared with a peer ---- */
static int open_memif(const struct uc_net *n, struct uc_process_card *card)
{
	const struct uc_memif_opts o = { .path = n->ifname,
					 .server = n->memif_server,
					 .id = n->memif_id };
	struct uc_memif *m = &card->memif;
	int status = uc_memif_open(&o, m);

	if (status)
		return status;
	card->has_memif = true;
	card->fd[card->n++] = m->wake_in;
	card->fd[card->n++] = m->wake_out;
	card->fd[card->n++] = m->told;
	for (unsigned i = 0; i < m->layout.nregions; i++) {
		card->fd[card->n++] = m->region[i];
		m->region[i] = -1;
	}
	m->wake_in = m->wake_out = m->told = -1;
	return 0;
}

static int open_one(const struct uc_net *n, int *fd)
{
	switch (n->mode) {
	case UC_NET_USER:
		return open_user(n, fd);
	case UC_NET_TAP:
		return open_tap(n, fd);
	default:
		return open_packets(n, fd);
	}
}

int uc_process_net(const struct uc_net *n, struct uc_process_card *card)
{
	*card = (struct uc_process_card){ 0 };
	if (!n || n->mode == UC_NET_NONE)
		return 0;
	if (n->mode == UC_NET_MEMIF)
		return open_memif(n, card);
	int status = open_one(n, &card->fd[0]);
	card->n = !status;
	return status;
}
