// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_USRSCTP_PTHREAD_H
#define UC_USRSCTP_PTHREAD_H
/*
 * usrsctp runs in system calls and deferred work, alone as long as it does not block, which it
 * never does: its sockets are all non-blocking. So there is nothing to lock, and nothing waits.
 */
#include <sys/types.h>
#include <time.h>

#define UC_USRSCTP_NOTHING(name, ...) \
	static inline int name(__VA_ARGS__) \
	{ \
		return 0; \
	}
UC_USRSCTP_NOTHING(pthread_mutexattr_init, pthread_mutexattr_t *a)
UC_USRSCTP_NOTHING(pthread_mutexattr_destroy, pthread_mutexattr_t *a)
UC_USRSCTP_NOTHING(pthread_mutexattr_settype, pthread_mutexattr_t *a, int type)
UC_USRSCTP_NOTHING(pthread_mutex_init, pthread_mutex_t *m, const pthread_mutexattr_t *a)
UC_USRSCTP_NOTHING(pthread_mutex_destroy, pthread_mutex_t *m)
UC_USRSCTP_NOTHING(pthread_mutex_lock, pthread_mutex_t *m)
UC_USRSCTP_NOTHING(pthread_mutex_trylock, pthread_mutex_t *m)
UC_USRSCTP_NOTHING(pthread_mutex_unlock, pthread_mutex_t *m)
UC_USRSCTP_NOTHING(pthread_cond_init, pthread_cond_t *c, const pthread_condattr_t *a)
UC_USRSCTP_NOTHING(pthread_cond_destroy, pthread_cond_t *c)
UC_USRSCTP_NOTHING(pthread_rwlock_init, pthread_rwlock_t *l, const pthread_rwlockattr_t *a)
UC_USRSCTP_NOTHING(pthread_rwlock_destroy, pthread_rwlock_t *l)
UC_USRSCTP_NOTHING(pthread_rwlock_rdlock, pthread_rwlock_t *l)
UC_USRSCTP_NOTHING(pthread_rwlock_wrlock, pthread_rwlock_t *l)
UC_USRSCTP_NOTHING(pthread_rwlock_tryrdlock, pthread_rwlock_t *l)
UC_USRSCTP_NOTHING(pthread_rwlock_unlock, pthread_rwlock_t *l)
UC_USRSCTP_NOTHING(pthread_cond_wait, pthread_cond_t *c, pthread_mutex_t *m)
UC_USRSCTP_NOTHING(pthread_join, pthread_t t, void **result)
#undef UC_USRSCTP_NOTHING

/* Somebody may want to look at a socket, or there is work for the iterator. */
int pthread_cond_broadcast(pthread_cond_t *c);
#endif
