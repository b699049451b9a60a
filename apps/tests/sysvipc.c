// SPDX-License-Identifier: BSD-3-Clause
// System V shared memory, semaphores, message queues.
#define _GNU_SOURCE
#include "check.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

union arg { int val; struct semid_ds *buf; unsigned short *array; };

static unsigned long attached(int id)
{
	struct shmid_ds ds;
	CHECK(shmctl(id, IPC_STAT, &ds) == 0);
	return ds.shm_nattch;
}

static void memory(void)
{
	key_t key = (key_t)(0x55430000 + getpid());
	CHECK_ERR(shmget(key, 4096, 0600), ENOENT);
	CHECK_ERR(shmget(key, 0, IPC_CREAT | 0600), EINVAL);
	int id = shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0600);
	CHECK(id >= 0);
	CHECK_ERR(shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	CHECK_ERR(shmget(key, 10001, 0), EINVAL);
	CHECK(shmget(key, 10000, 0) == id && shmget(key, 1, 0) == id);
	struct shmid_ds ds;
	CHECK(shmctl(id, IPC_STAT, &ds) == 0 && ds.shm_segsz == 10000 && ds.shm_nattch == 0 &&
	      ds.shm_perm.__key == key && (ds.shm_perm.mode & 0777) == 0600 &&
	      ds.shm_cpid == getpid() && ds.shm_lpid == 0);
	char *a = shmat(id, NULL, 0), *b = shmat(id, NULL, SHM_RDONLY);
	CHECK(a != (void *)-1 && b != (void *)-1 && a != b && attached(id) == 2);
	CHECK(a[9999] == 0);
	strcpy(a + 5000, "shared");
	CHECK(strcmp(b + 5000, "shared") == 0);
	CHECK_ERR(mprotect(b, 12288, PROT_READ | PROT_WRITE), EACCES);
	CHECK_ERR(shmat(id, a + 1, 0), EINVAL);
	CHECK_ERR(shmat(id, a, 0), EINVAL);
	CHECK_ERR(shmat(-1, NULL, 0), EINVAL);
	CHECK_ERR(shmdt(a + 4096), EINVAL);
	pid_t pid = fork();
	if (pid == 0) {
		CHECK(attached(id) == 4);
		strcpy(a, "child");
		_exit(check_failures);
	}
	int status;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(attached(id) == 2 && strcmp(b, "child") == 0);
	CHECK(shmdt(b) == 0 && attached(id) == 1);
	CHECK(shmctl(id, IPC_RMID, NULL) == 0);
	CHECK(shmctl(id, IPC_STAT, &ds) == 0 && ds.shm_perm.__key == 0);
	CHECK_ERR(shmget(key, 1, 0), ENOENT);
	char *c = shmat(id, NULL, 0); /* removed, but not gone while attached */
	CHECK(c != (void *)-1 && strcmp(c, "child") == 0);
	CHECK(munmap(c + 4096, 4096) == 0 && attached(id) == 3);
	CHECK(shmdt(c) == 0 && shmdt(a) == 0);
	CHECK_ERR(shmctl(id, IPC_STAT, &ds), EINVAL);
	CHECK_ERR(shmdt(a), EINVAL);
}

static int op(int id, int num, int by, int flags)
{
	struct sembuf s = { (unsigned short)num, (short)by, (short)flags };
	return semop(id, &s, 1);
}

static void semaphores(void)
{
	key_t key = (key_t)(0x55430000 + getpid());
	CHECK_ERR(semget(key, 0, IPC_CREAT | 0600), EINVAL);
	int id = semget(key, 3, IPC_CREAT | IPC_EXCL | 0600);
	CHECK(id >= 0 && semget(key, 0, 0) == id && semget(key, 3, 0) == id);
	CHECK_ERR(semget(key, 4, 0), EINVAL);
	unsigned short v[3] = { 1, 2, 3 }, w[3] = { 0 };
	union arg all = { .array = v }, got = { .array = w }, five = { .val = 5 },
		  bad = { .val = 32768 };
	struct semid_ds ds;
	union arg st = { .buf = &ds };
	CHECK(semctl(id, 0, SETALL, all) == 0 && semctl(id, 0, GETALL, got) == 0 && w[2] == 3);
	CHECK(semctl(id, 1, SETVAL, five) == 0 && semctl(id, 1, GETVAL) == 5);
	CHECK_ERR(semctl(id, 1, SETVAL, bad), ERANGE);
	CHECK_ERR(semctl(id, 3, GETVAL), EINVAL);
	CHECK(semctl(id, 0, IPC_STAT, st) == 0 && ds.sem_nsems == 3 && ds.sem_otime == 0);
	CHECK_ERR(op(id, 0, -2, IPC_NOWAIT), EAGAIN);
	CHECK_ERR(op(id, 0, 0, IPC_NOWAIT), EAGAIN);
	CHECK_ERR(op(id, 3, 1, 0), EFBIG);
	CHECK_ERR(op(id, 0, 32767, 0), ERANGE);
	struct sembuf both[] = { { 0, -1, 0 }, { 1, -6, IPC_NOWAIT } };
	CHECK_ERR(semop(id, both, 2), EAGAIN);
	CHECK(semctl(id, 0, GETVAL) == 1); /* all or none */
	CHECK_ERR(semop(id, both, 501), E2BIG);
	CHECK_ERR(semop(id, both, 0), EINVAL);
	struct timespec ts = { 0, 20000000 };
	struct sembuf two = { 0, -2, 0 };
	CHECK_ERR(semtimedop(id, &two, 1, &ts), EAGAIN);
	pid_t pid = fork();
	if (pid == 0) {
		CHECK(op(id, 0, -2, 0) == 0); /* waits for the parent */
		CHECK(op(id, 2, -3, SEM_UNDO) == 0 && op(id, 1, 1, SEM_UNDO) == 0);
		CHECK(semctl(id, 2, GETVAL) == 0);
		_exit(check_failures);
	}
	while (semctl(id, 0, GETNCNT) != 1) usleep(1000);
	CHECK(op(id, 0, 1, 0) == 0);
	int status;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(semctl(id, 2, GETVAL) == 3 && semctl(id, 1, GETVAL) == 5); /* undone */
	CHECK(semctl(id, 0, GETVAL) == 0 && semctl(id, 0, GETPID) == pid);
	CHECK(op(id, 0, 0, 0) == 0);
	pid = fork();
	if (pid == 0) {
		CHECK_ERR(op(id, 0, -1, 0), EIDRM);
		_exit(check_failures);
	}
	while (semctl(id, 0, GETNCNT) != 1) usleep(1000);
	CHECK(semctl(id, 0, IPC_RMID) == 0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK_ERR(op(id, 0, 1, 0), EINVAL);
}

/* Until the process waits for something. */
static void wait_asleep(pid_t pid)
{
	char path[64], text[256] = "", *end;
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	do {
		usleep(1000);
		FILE *f = fopen(path, "r");
		CHECK(f && fgets(text, sizeof(text), f));
		if (f) fclose(f);
		end = strrchr(text, ')');
	} while (end && strncmp(end, ") S", 3));
}

static void messages(void)
{
	struct { long type; char text[64]; } m = { 1, "" };
	struct msqid_ds ds;
	int status, id = msgget(IPC_PRIVATE, 0600);
	CHECK(id >= 0);
	CHECK_ERR(msgrcv(id, &m, 64, 0, IPC_NOWAIT), ENOMSG);
	m.type = 0;
	CHECK_ERR(msgsnd(id, &m, 1, 0), EINVAL);
	CHECK_ERR(msgsnd(id, &m, 8193, 0), EINVAL);
	for (int i = 1; i <= 5; i++) {
		m.type = 6 - i;
		m.text[0] = (char)('0' + i);
		CHECK(msgsnd(id, &m, (size_t)i, 0) == 0);
	}
	CHECK(msgctl(id, IPC_STAT, &ds) == 0 && ds.msg_qnum == 5 && ds.__msg_cbytes == 15 &&
	      ds.msg_lspid == getpid() && ds.msg_qbytes == 16384);
	CHECK(msgrcv(id, &m, 64, 3, 0) == 3 && m.text[0] == '3'); /* that type */
	CHECK(msgrcv(id, &m, 64, -4, 0) == 5 && m.type == 1);     /* the lowest */
	CHECK(msgrcv(id, &m, 64, 5, MSG_EXCEPT) == 2 && m.type == 4);
	CHECK_ERR(msgrcv(id, &m, 0, 0, 0), E2BIG);
	CHECK(msgrcv(id, &m, 0, 0, MSG_NOERROR) == 0 && m.type == 5);
	CHECK(msgrcv(id, &m, 64, 0, 0) == 4);
	pid_t pid = fork();
	if (pid == 0) {
		CHECK(msgrcv(id, &m, 64, 7, 0) == 2); /* waits */
		CHECK_ERR(msgrcv(id, &m, 64, 8, 0), EIDRM);
		_exit(check_failures);
	}
	wait_asleep(pid);
	m.type = 7;
	CHECK(msgsnd(id, &m, 2, 0) == 0);
	char big[8200] = { 1 };
	*(long *)big = 9;
	while (msgsnd(id, big, 8192, IPC_NOWAIT) == 0) {}
	CHECK(errno == EAGAIN);
	while (msgctl(id, IPC_STAT, &ds) == 0 && ds.msg_lrpid != pid) usleep(1000);
	wait_asleep(pid);
	CHECK(msgctl(id, IPC_RMID, NULL) == 0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK_ERR(msgsnd(id, &m, 1, 0), EINVAL);
}

int main(void)
{
	setbuf(stdout, NULL); /* children print too */
	memory();
	semaphores();
	messages();
	return check_done();
}
