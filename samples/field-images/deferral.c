/*
 * schemes/field/x86-v7-tlb.kick with order=loaded_flush, step by step: CPU0 changes a kernel mapping and skips CPU1
 * where a byte says that CPU1 has no kernel translations loaded; CPU1 sets the byte on its way in, and flushes then.
 * An NMI between the two finds the byte set and flushes nothing; "mended" lets it flush whenever it comes.
 */
#include "machine.h"

#define ROUNDS 1500u
#define AREA 0x40000000u
#define LIMIT 20000000000ull

static uint32_t directory[1024] __attribute__((aligned(4096)));
static uint32_t table[1024] __attribute__((aligned(4096)));
static uint32_t frames[2][1024] __attribute__((aligned(4096)));
static volatile uint32_t loaded, acknowledged, returned, nmis, skipped, kicked, ready, running;
static int nmi_flushes;

static void flush(void)
{
    uint32_t root;
    __asm__ volatile("mov %%cr3, %0; mov %0, %%cr3" : "=r"(root) : : "memory");
}
/* Is what the mapping shows older than what the last kick that has returned vouches for? */
static void touch(const char *who)
{
    uint32_t vouched = returned;
    barrier_full();
    uint32_t seen = *(volatile uint32_t *)AREA;
    if (seen >= vouched)
        return;
    say("STALE: ");
    say(who);
    say(" read version ");
    say_number(seen);
    say(" through the old translation, after the kick for version ");
    say_number(vouched);
    say(" had returned\n");
    leave(1);
}
static void paging(void)
{
    for (uint32_t i = 0; i < 4; i++)
        directory[i] = i << 22 | 0x83;
    directory[APIC >> 22] = (APIC & 0xFFC00000u) | 0x93;
    directory[AREA >> 22] = (uint32_t)table | 3;
    table[0] = (uint32_t)frames[0] | 3;
}
static void turn_on(void)
{
    __asm__ volatile("mov %%cr4, %%eax; or $0x10, %%eax; mov %%eax, %%cr4; mov %0, %%cr3;"
                     "mov %%cr0, %%eax; or $0x80000000, %%eax; mov %%eax, %%cr0"
                     : : "r"(directory) : "eax", "memory");
}
void deferral_flush(void)
{
    flush();
    acknowledged = 1;
}
void deferral_nmi(void)
{
    if (!loaded || nmi_flushes)
        flush();
    touch("an NMI of CPU1");
    nmis++;
}
static void enter(void)
{
    cli();
    loaded = 1;
    barrier_full();
    for (int wait = 0; wait < 40; wait++) /* the way in between the byte and the flush */
        pause();
    flush();
    sti();
}
static void out(void)
{
    cli();
    loaded = 0;
    barrier_full();
    sti();
}
static void change(uint32_t version)
{
    frames[version & 1][0] = version;
    table[0] = (uint32_t)frames[version & 1] | 3;
    barrier_full();
    flush();
    if (loaded) {
        kicked++;
        acknowledged = 0;
        send_ipi(1, VECTOR_FLUSH);
        for (uint64_t end = now() + LIMIT; !acknowledged; pause()) {
            if (now() > end) {
                say("no answer\n");
                leave(8);
            }
        }
    } else {
        skipped++;
    }
    returned = version;
}
void deferral(int cpu, int mended)
{
    nmi_flushes = mended;
    if (cpu == 0) {
        paging();
        turn_on();
        ready = 1;
        while (!running)
            pause();
    } else {
        while (!ready)
            pause();
        turn_on();
        running = 1;
        sti();
        for (uint32_t turn = 0;; turn++) {
            enter();
            touch("CPU1");
            out();
            for (uint32_t wait = 0; wait < 50 + turn % 37; wait++) /* user mode */
                pause();
        }
    }

    for (uint32_t version = 1; version <= ROUNDS; version++) {
        change(version);
        uint32_t before = nmis;
        send_nmi(1);
        for (uint64_t end = now() + LIMIT; nmis == before; pause()) {
            if (now() > end) {
                say("the NMI did not come\n");
                leave(8);
            }
        }
    }
    say("CURRENT: ");
    say_number(ROUNDS);
    say(" changes, ");
    say_number(skipped);
    say(" of them without a kick; ");
    say_number(nmis);
    say(" NMIs\n");
    leave(0);
}
