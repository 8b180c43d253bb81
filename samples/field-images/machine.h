/* What the two images need of the machine: serial port, local APIC, the way out of QEMU. */
#pragma once
#include <stdint.h>

#define APIC 0xFEE00000u
#define VECTOR_TEXT 0x41
#define VECTOR_FLUSH 0x42

static inline void outb(uint16_t port, uint8_t value) { __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }
static inline uint8_t inb(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}
static inline uint64_t now(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}
static inline void cli(void) { __asm__ volatile("cli" : : : "memory"); }
static inline void sti(void) { __asm__ volatile("sti" : : : "memory"); }
static inline void pause(void) { __asm__ volatile("pause" : : : "memory"); }
static inline void barrier_full(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
static inline uint32_t apic_read(uint32_t at) { return *(volatile uint32_t *)(APIC + at); }
static inline void apic_write(uint32_t at, uint32_t value) { *(volatile uint32_t *)(APIC + at) = value; }
static inline int self(void) { return (int)(apic_read(0x20) >> 24); }
static inline void end_of_interrupt(void) { apic_write(0xB0, 0); }

void say(const char *words);
void say_number(uint32_t number);
/* Ends QEMU: its status is 2 * code + 1. */
void leave(int code);
void send(int cpu, uint32_t low);
void send_ipi(int cpu, int vector);
void send_nmi(int cpu);

/* The two images: each says what CPU0 and CPU1 do, and what the interrupts do. */
void rendezvous(int cpu, int mended);
void rendezvous_text(void);
void rendezvous_flush(void);
void deferral(int cpu, int mended);
void deferral_flush(void);
void deferral_nmi(void);
