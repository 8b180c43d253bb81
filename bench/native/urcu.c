/*
 * The same operations as Lazykick.Bench.Runtime, with liburcu. One flavour per build:
 *   gcc -O2 -DRCU_QSBR urcu.c -lurcu-qsbr -lpthread     (URCU qsbr)
 *   gcc -O2 -DRCU_MEMBARRIER urcu.c -lurcu-memb -lpthread     (URCU memb)
 * Prints "operation nanoseconds" lines, of the calling thread's CPU time; each is one round of CALLS calls.
 */
#define _LGPL_SOURCE
#ifdef RCU_QSBR
#include <urcu-qsbr.h>
#else
#include <urcu.h>
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long value = 42;
static long *pointer = &value;
static volatile int stop, ready;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void *idle(void *unused)
{
	rcu_register_thread();
#ifdef RCU_QSBR
	rcu_thread_offline();
#endif
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (!stop) {
		struct timespec t = { 0, 1000000 };
		nanosleep(&t, NULL);
	}
#ifdef RCU_QSBR
	rcu_thread_online();
#endif
	rcu_unregister_thread();
	return NULL;
}

static void *reader(void *unused)
{
	long sum = 0;
	rcu_register_thread();
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (!stop) {
		rcu_read_lock();
		sum += *rcu_dereference(pointer);
		rcu_read_unlock();
#ifdef RCU_QSBR
		rcu_quiescent_state();
#endif
	}
	rcu_unregister_thread();
	return (void *)sum;
}

static void run(const char *name, int threads, void *(*body)(void *), long calls)
{
	pthread_t ids[64];
	stop = ready = 0;
	for (int i = 0; i < threads; i++)
		pthread_create(&ids[i], NULL, body, NULL);
	while (ready < threads)
		;
	double start = now();
	for (long i = 0; i < calls; i++)
		synchronize_rcu();
	printf("%s %.2f\n", name, (now() - start) / calls);
	stop = 1;
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
}

struct node {
	char content[64];
	struct rcu_head head;
};

static long retirements;

static void release(struct rcu_head *head)
{
	free(caa_container_of(head, struct node, head));
}

/* As RetireBench: allocate, retire; a quiescent state now and then, as a thread that is online has to pass them. */
static void *retire(void *time)
{
	rcu_register_thread();
	double start = now();
	for (long i = 0; i < retirements; i++) {
		struct node *node = malloc(sizeof(*node));
		*(volatile long *)node->content = i;
		call_rcu(&node->head, release);
#ifdef RCU_QSBR
		if (i % 64 == 0)
			rcu_quiescent_state();
#endif
	}
	*(double *)time = now() - start;
	rcu_unregister_thread();
	return NULL;
}

static void run_retire(int threads, long calls)
{
	pthread_t ids[8];
	double times[8], sum = 0;
	retirements = calls / threads;
	for (int i = 0; i < threads; i++)
		pthread_create(&ids[i], NULL, retire, &times[i]);
	for (int i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		sum += times[i];
	}
	rcu_barrier();
	printf("retire/call_rcu/%d %.2f\n", threads, sum / calls);
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : 1000, fast = 20000000;
	volatile long sink;
	long sum = 0;
	char name[64];
	double start;

	run_retire(1, 200000);
	run_retire(4, 200000);
	rcu_register_thread();
	start = now();
	for (long i = 0; i < fast; i++) {
		rcu_read_lock();
		sum += *rcu_dereference(pointer);
		rcu_read_unlock();
	}
	printf("read %.3f\n", (now() - start) / fast);
	sink = sum;
#ifdef RCU_QSBR
	start = now();
	for (long i = 0; i < fast; i++) {
		sum += *rcu_dereference(pointer);
		rcu_quiescent_state();
	}
	printf("read+quiescent %.3f\n", (now() - start) / fast);
	start = now();
	for (long i = 0; i < fast / 10; i++) {
		rcu_thread_online();
		sum += *rcu_dereference(pointer);
		rcu_thread_offline();
	}
	printf("enter+leave %.3f\n", (now() - start) / (fast / 10));
	rcu_thread_online();
	rcu_thread_offline();
#endif
	sink = sum;
	(void)sink;
	for (int n = 1; n <= 64; n *= 4) {
		snprintf(name, sizeof(name), "synchronize/idle/%d", n);
		run(name, n, idle, calls);
	}
	run("synchronize/reader/1", 1, reader, calls);
#ifdef RCU_QSBR
	rcu_thread_online();
#endif
	rcu_unregister_thread();
	return 0;
}
