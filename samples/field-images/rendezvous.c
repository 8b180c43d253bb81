/*
 * schemes/field/dragonos.kick, step by step: CPU0 patches text and parks the other CPU by an interrupt, CPU1 flushes
 * translations on the other CPU by an interrupt. Both wait with interrupts masked; "mended" lets CPU1 wait with them on.
 */
#include "machine.h"

#define ROUNDS 400u
#define LIMIT 6000000000ull /* cycles: some seconds of QEMU's counter */

enum { NONE, REQUESTED, PARKED, SYNCED, RELEASED };
enum { IDLE, PARK, SYNC, RELEASE };

static volatile int mailbox, phase, flush_done = 1, flushed_rounds, patched_rounds, inside[2];

static void stuck(const char *who)
{
    say("HANGS after ");
    say_number((uint32_t)patched_rounds);
    say(" patches and ");
    say_number((uint32_t)flushed_rounds);
    say(" flushes: ");
    say(who);
    say(mailbox == REQUESTED ? ", mailbox is requested" : ", mailbox is something else");
    say(flush_done ? ", the flush is done\n" : ", the flush is not done\n");
    leave(1);
}
static void wait_mailbox(int value)
{
    for (uint64_t end = now() + LIMIT; mailbox != value; pause()) {
        if (now() > end)
            stuck("CPU0 waits for its mailbox with interrupts masked");
    }
}
/* The window, widened: one CPU waits for the other to be as far, for some milliseconds at most. */
static void meet(int cpu)
{
    inside[cpu] = 1;
    for (uint64_t end = now() + LIMIT / 100; !inside[1 - cpu] && now() < end;)
        pause();
}
static void commit(void)
{
    cli();
    meet(0);
    phase = PARK;
    mailbox = REQUESTED;
    barrier_full();
    send_ipi(1, VECTOR_TEXT);
    wait_mailbox(PARKED);
    phase = SYNC;
    wait_mailbox(SYNCED);
    phase = RELEASE;
    wait_mailbox(RELEASED);
    phase = IDLE;
    inside[0] = 0;
    sti();
}
static void flush_other(int mended)
{
    if (!mended)
        cli();
    meet(1);
    flush_done = 0;
    barrier_full();
    send_ipi(0, VECTOR_FLUSH);
    while (!flush_done)
        pause();
    inside[1] = 0;
    sti();
}
void rendezvous_text(void)
{
    if (mailbox != REQUESTED)
        return;
    mailbox = PARKED;
    while (phase != SYNC)
        pause();
    __asm__ volatile("cpuid" : : "a"(0) : "ebx", "ecx", "edx", "memory");
    mailbox = SYNCED;
    while (phase != RELEASE)
        pause();
    mailbox = RELEASED;
}
void rendezvous_flush(void) { flush_done = 1; }

void rendezvous(int cpu, int mended)
{
    sti();
    if (cpu == 1) {
        for (;;) {
            flush_other(mended);
            flushed_rounds++;
        }
    }

    for (uint32_t i = 0; i < ROUNDS; i++) {
        commit();
        patched_rounds++;
        for (int wait = 0; wait < 200; wait++)
            pause();
    }
    say("RETURNS: ");
    say_number(ROUNDS);
    say(" patches beside ");
    say_number((uint32_t)flushed_rounds);
    say(" flushes\n");
    leave(0);
}
