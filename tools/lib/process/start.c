// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <uc/abi/procfd.h>
#include <unicore/msg.h>

#include "internal.h"

/* Both sides of what connects us. Every descriptor here is -1 or ours. */
struct setup {
	struct uc_process_fds fds;
	int *folder, *channel; /* by volume: the folder, our end of its channel */
	size_t nvolumes;
	int console, text; /* our ends */
	struct uc_process_card card;
};

static void close_all(int *fd, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (fd[i] >= 0)
			close(fd[i]);
		fd[i] = -1;
	}
}

static int *no_fds(size_t n)
{
	int *fd = uc_xmalloc((n + 1) * sizeof(*fd));

	for (size_t i = 0; i < n; i++)
		fd[i] = -1;
	return fd;
}

static void setup_init(struct setup *s, size_t nvolumes)
{
	size_t n = UC_PROCFD_9P - UC_PROCFD_TEXT + nvolumes;

	*s = (struct setup){ .fds = { .fd = no_fds(n + UC_PROCESS_CARD_FDS), .n = n, .kernel = -1 },
			     .folder = no_fds(nvolumes),
			     .channel = no_fds(nvolumes),
			     .nvolumes = nvolumes,
			     .console = -1,
			     .text = -1 };
}

static void setup_free(struct setup *s)
{
	close_all(s->fds.fd, s->fds.n);
	close_all(&s->fds.kernel, 1);
	close_all(s->folder, s->nvolumes);
	close_all(s->channel, s->nvolumes);
	close_all(&s->console, 1);
	close_all(&s->text, 1);
	if (s->card.has_memif)
		uc_memif_close(&s->card.memif);
	free(s->fds.fd);
	free(s->folder);
	free(s->channel);
}

static int *place_of(struct setup *s, int number)
{
	return &s->fds.fd[number - UC_PROCFD_TEXT];
}

static int cannot(const char *doing)
{
	return uc_fail_os(UC_ST_OSERR, "kernel process", NULL, errno, doing);
}

static int open_files(struct setup *s, const struct uc_process_opts *o)
{
	s->fds.kernel = open(o->kernel, O_RDONLY | O_CLOEXEC);
	if (s->fds.kernel < 0)
		return uc_fail_os(UC_ST_NOINPUT, o->kernel, "build the image again", errno,
				  "cannot read the kernel");
	const char *root = o->root ? o->root : "/dev/null";
	int fd = open(root, O_RDONLY | O_CLOEXEC);
	*place_of(s, UC_PROCFD_ROOT) = fd;
	if (fd < 0)
		return uc_fail_os(UC_ST_NOINPUT, root, "build the image again", errno,
				  "cannot read the root image");
	for (size_t i = 0; i < o->nvolumes; i++) {
		s->folder[i] = open(o->volumes[i].host, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (s->folder[i] < 0)
			return uc_fail_os(UC_ST_NOINPUT, o->volumes[i].host, NULL, errno,
					  "cannot use it as a volume");
	}
	return 0;
}

/* Memory that can neither grow nor shrink: the limit is real on both sides. */
static int make_ram(struct setup *s, uint64_t bytes)
{
	uint64_t unit = UC_PROC_RAM_UNIT, size = (bytes + unit - 1) / unit * unit;
	int fd = memfd_create("unicore-ram", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	*place_of(s, UC_PROCFD_RAM) = fd;
	s->fds.ram_bytes = size;
	if (fd < 0 || uc_process_set_size(fd, size) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		return cannot("cannot make its memory");
	return 0;
}

static int make_channel(struct setup *s, int number, int *ours)
{
	int p[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p) < 0)
		return cannot("cannot make its channels");
	*ours = p[0];
	*place_of(s, number) = p[1];
	return 0;
}

static int make_channels(struct setup *s)
{
	int text[2];
	int status = make_channel(s, UC_PROCFD_CONSOLE, &s->console);

	for (size_t i = 0; !status && i < s->nvolumes; i++)
		status = make_channel(s, UC_PROCFD_9P + (int)i, &s->channel[i]);
	if (status)
		return status;
	if (pipe2(text, O_CLOEXEC) < 0)
		return cannot("cannot make its channels");
	s->text = text[0];
	*place_of(s, UC_PROCFD_TEXT) = text[1];
	s->fds.console = s->console;
	fcntl(s->console, F_SETFL, O_NONBLOCK);
	fcntl(s->text, F_SETFL, O_NONBLOCK);
	return 0;
}

/* Makes the process and waits until it is the kernel. */
static int spawn(struct setup *s, const struct uc_process_opts *o, struct uc_vm *vm)
{
	int err = 0;

	vm->start_ns = uc_now_ns();
	vm->pid = uc_process_spawn(&s->fds, o->sandbox, &err);
	if (vm->pid < 0) {
		errno = -vm->pid;
		return cannot("cannot make it");
	}
	close_all(s->fds.fd, s->fds.n);
	if (!err)
		return 0;
	waitpid(vm->pid, NULL, 0);
	return uc_fail_os(UC_ST_VMM, o->kernel, "build the image again", err, "cannot be executed");
}

static void end(struct uc_vm *vm)
{
	kill(vm->pid, SIGKILL);
	waitpid(vm->pid, NULL, 0);
}

/* The card's descriptors come behind all others. */
static int open_card(struct setup *s, const struct uc_net *net)
{
	int status = uc_process_net(net, &s->card);

	for (size_t i = 0; i < s->card.n; i++)
		s->fds.fd[s->fds.n++] = s->card.fd[i];
	return status;
}

static int serve(struct setup *s, const struct uc_process_opts *o)
{
	if (s->card.has_memif) {
		s->card.has_memif = false;
		int status = uc_memif_serve(&s->card.memif);

		if (status)
			return status;
	}
	for (size_t i = 0; i < s->nvolumes; i++) {
		int err = uc_process_serve(s->folder[i], o->volumes[i].ro, s->channel[i]);

		s->folder[i] = s->channel[i] = -1;
		if (err)
			return uc_fail_os(UC_ST_OSERR, o->volumes[i].host, NULL, -err,
					  "cannot serve it to the guest");
	}
	return 0;
}

int uc_process_start(const struct uc_process_opts *o, int bundle_fd, struct uc_vm *vm)
{
	struct setup s;

	*vm = (struct uc_vm){ .con_fd = -1, .early_fd = -1, .err_fd = -1 };
	setup_init(&s, o->nvolumes);
	*place_of(&s, UC_PROCFD_BUNDLE) = bundle_fd;
	int status = open_files(&s, o);
	if (!status)
		status = make_ram(&s, o->memory);
	if (!status)
		status = make_channels(&s);
	if (!status)
		status = open_card(&s, o->net);
	if (!status)
		status = spawn(&s, o, vm);
	if (!status) {
		status = serve(&s, o);
		if (status)
			end(vm);
	}
	if (!status) {
		vm->con_fd = s.console;
		vm->early_fd = s.text;
		s.console = s.text = -1;
	}
	setup_free(&s);
	return status;
}
