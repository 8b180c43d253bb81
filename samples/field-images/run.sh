#!/bin/sh
# Builds the image and runs it in QEMU without KVM: run.sh [rendezvous|deferral] [mended]; without a name all four.
# Prints what the image says; the status is 0 if it came to its end, 1 if it went wrong as drawn, else 2.
set -eu
here=$(dirname "$0")
out=${OUT:-$(mktemp -d)}
gcc -m32 -march=i686 -O1 -ffreestanding -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -nostdlib \
    -mgeneral-regs-only -Wall -Wextra -static -Wl,--build-id=none -Wl,-m,elf_i386 -Wl,-z,noexecstack -Wl,--no-warn-rwx-segments \
    -T "$here/image.ld" -o "$out/image" \
    "$here/start.S" "$here/machine.c" "$here/rendezvous.c" "$here/deferral.c"

one() {
    status=0
    timeout "${LIMIT:-120}" qemu-system-x86_64 -accel tcg,thread=multi -smp 2 -m 32 -nodefaults -no-reboot \
        -display none -serial stdio -device isa-debug-exit,iobase=0xf4,iosize=0x04 \
        -kernel "$out/image" -append "$*" < /dev/null || status=$?
    case $status in 1) return 0 ;; 3) return 1 ;; *) return 2 ;; esac
}

if [ $# -gt 0 ]; then
    one "$@"
    exit
fi
for image in "rendezvous" "rendezvous mended" "deferral" "deferral mended"; do
    printf '%-18s ' "$image:"
    one $image || true
done
