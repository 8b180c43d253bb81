/* Starts both CPUs, and runs the image that the command line names: "rendezvous|deferral [mended]". */
#include "machine.h"

struct gate { uint16_t low, selector, flags, high; } __attribute__((packed));

extern char trampoline[], trampoline_end[], isr_text[], isr_flush[], isr_nmi[];
static struct gate idt[256];
static volatile int second_is_up, go;
static int mended, is_deferral;

void say(const char *words)
{
    for (; *words; words++) {
        while (!(inb(0x3FD) & 0x20))
            pause();
        outb(0x3F8, (uint8_t)*words);
    }
}
void say_number(uint32_t number)
{
    char digits[11];
    int at = 10;
    digits[at] = 0;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    say(digits + at);
}
void leave(int code)
{
    for (;;)
        outb(0xF4, (uint8_t)code);
}
void send(int cpu, uint32_t low)
{
    while (apic_read(0x300) & 1 << 12)
        pause();
    apic_write(0x310, (uint32_t)cpu << 24);
    apic_write(0x300, low);
}
void send_ipi(int cpu, int vector) { send(cpu, 0x4000u | (uint32_t)vector); }
void send_nmi(int cpu) { send(cpu, 0x4400); }

void text_ipi(void)
{
    rendezvous_text();
    end_of_interrupt();
}
void flush_ipi(void)
{
    if (is_deferral)
        deferral_flush();
    else
        rendezvous_flush();
    end_of_interrupt();
}
void nmi(void) { deferral_nmi(); }

static void set_gate(int vector, void *handler)
{
    uint32_t at = (uint32_t)handler;
    idt[vector] = (struct gate){ (uint16_t)at, 8, 0x8E00, (uint16_t)(at >> 16) };
}
static void load_idt(void)
{
    struct { uint16_t limit; uint32_t base; } __attribute__((packed)) pointer = { sizeof idt - 1, (uint32_t)idt };
    __asm__ volatile("lidt %0" : : "m"(pointer));
    apic_write(0xF0, 0x1FF);
}
static int holds(const char *words, const char *word)
{
    for (; *words; words++) {
        int i = 0;
        while (word[i] && words[i] == word[i])
            i++;
        if (!word[i])
            return 1;
    }
    return 0;
}
static void run(int cpu)
{
    if (is_deferral)
        deferral(cpu, mended);
    else
        rendezvous(cpu, mended);
}
void second_main(void)
{
    load_idt();
    second_is_up = 1;
    while (!go)
        pause();
    run(1);
}
static void wait_for(uint64_t cycles)
{
    for (uint64_t end = now() + cycles; now() < end;)
        pause();
}
void boot_main(const uint32_t *multiboot)
{
    const char *command = multiboot[0] & 4 ? (const char *)multiboot[4] : "";
    outb(0x21, 0xFF); /* no interrupts of devices */
    outb(0xA1, 0xFF);
    mended = holds(command, "mended");
    is_deferral = holds(command, "deferral");
    set_gate(VECTOR_TEXT, isr_text);
    set_gate(VECTOR_FLUSH, isr_flush);
    set_gate(2, isr_nmi);
    load_idt();
    for (char *from = trampoline, *to = (char *)0x8000; from < trampoline_end;)
        *to++ = *from++;
    send(1, 0x4500);
    wait_for(20000000);
    send(1, 0x4608);
    wait_for(2000000);
    if (!second_is_up)
        send(1, 0x4608);
    for (uint64_t end = now() + 10000000000ull; !second_is_up;) {
        if (now() > end) {
            say("CPU1 did not start\n");
            leave(9);
        }
    }
    go = 1;
    run(0);
}
