# A multiboot image for two CPUs, 32 bits: the second CPU starts by INIT and SIPI at 0x8000.
.set MAGIC, 0x1BADB002
.section .multiboot, "a"
.long MAGIC, 0, -MAGIC

.text
.code32
.global _start
_start:
    cli
    mov $stack0_top, %esp
    push %ebx                       # the multiboot information: the command line is in it
    lgdt gdt_pointer
    ljmp $8, $1f
1:  call load_segments
    call boot_main
2:  hlt
    jmp 2b

load_segments:
    mov $16, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %fs
    mov %ax, %gs
    mov %ax, %ss
    ret

.code16
.global trampoline, trampoline_end
trampoline:
    cli
    xor %ax, %ax
    mov %ax, %ds
    lgdtl (trampoline_gdt - trampoline + 0x8000)
    mov %cr0, %eax
    or $1, %eax
    mov %eax, %cr0
    ljmpl $8, $second_cpu
trampoline_gdt:
    .word 23
    .long gdt
trampoline_end:

.code32
second_cpu:
    mov $16, %ax                    # before the stack: a segment of real mode has a 16-bit stack pointer
    mov %ax, %ss
    mov $stack1_top, %esp
    call load_segments
    call second_main
3:  hlt
    jmp 3b

.macro handler name, function
.global \name
\name:
    pusha
    call \function
    popa
    iret
.endm
handler isr_text, text_ipi
handler isr_flush, flush_ipi
handler isr_nmi, nmi

.data
.align 8
gdt:
    .quad 0, 0x00CF9A000000FFFF, 0x00CF92000000FFFF
gdt_pointer:
    .word 23
    .long gdt

.bss
.align 16
    .space 16384
stack0_top:
    .space 16384
stack1_top:
