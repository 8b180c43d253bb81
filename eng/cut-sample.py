#!/usr/bin/env python3
"""Cuts the sample that `lazykick report` shows without arguments out of a raw capture.

usage: cut-sample.py CAPTURE PHASE OUT.dat
  CAPTURE  directory with raw/cpuN.raw[.zst], formats/, kallsyms, printk_formats, saved_cmdlines, uname.txt
  PHASE    the marked phase to keep (PHASE name begin ... end)
  OUT.dat  a trace.dat version 6 with the sub-buffers that overlap the phase; compress it with `zstd -19`

Only the formats of events that occur and the symbols that they name are kept.
"""
import os
import re
import struct
import subprocess
import sys

PAGE = 4096


def read(path):
    if os.path.exists(path):
        return open(path, 'rb').read()
    return subprocess.run(['zstd', '-dcq', path + '.zst'], check=True, capture_output=True).stdout


def events(page):
    """Yields (time, payload) of a sub-buffer (Documentation/trace/ring-buffer-map, facts of ring_buffer.c)."""
    time, commit = struct.unpack_from('<QQ', page)
    at, end = 16, 16 + (commit & 0xFFFFFFF)
    while at + 4 <= end:
        word, = struct.unpack_from('<I', page, at)
        kind, delta = word & 31, word >> 5
        if kind == 29:
            if delta == 0:
                return
            at += 4 + struct.unpack_from('<I', page, at + 4)[0]
        elif kind in (30, 31):
            high, = struct.unpack_from('<I', page, at + 4)
            value = delta + (high << 27)
            time = time + value if kind == 30 else (time & (0xF8 << 56)) | value
            at += 8
        else:
            time += delta
            if kind == 0:
                length, = struct.unpack_from('<I', page, at + 4)
                start, size, step = at + 8, length - 4, 4 + ((length + 3) & ~3)
            else:
                start, size, step = at + 4, kind * 4, 4 + kind * 4
            yield time, page[start:start + size]
            at += step


def main(capture, phase, out):
    cpus = sorted(int(m[1]) for name in os.listdir(capture + '/raw') if (m := re.match(r'cpu(\d+)\.raw', name)))
    pages = {}
    begin = end = None
    for cpu in cpus:
        raw = read(f'{capture}/raw/cpu{cpu}.raw')
        pages[cpu] = [raw[i:i + PAGE] for i in range(0, len(raw), PAGE)]
        for page in pages[cpu]:
            for time, payload in events(page):
                if b'PHASE %s begin' % phase.encode() in payload:
                    begin = time
                elif b'PHASE %s end' % phase.encode() in payload:
                    end = time
    kept = {}
    for cpu in cpus:
        starts = [struct.unpack_from('<Q', page)[0] for page in pages[cpu]] + [1 << 63]
        kept[cpu] = [page for i, page in enumerate(pages[cpu]) if starts[i + 1] >= begin and starts[i] <= end]

    used, pointers = set(), set()
    for cpu in cpus:
        for page in kept[cpu]:
            for _, payload in events(page):
                used.add(struct.unpack_from('<H', payload)[0])
                for i in range(8, len(payload) - 7, 8):
                    pointers.add(struct.unpack_from('<Q', payload, i)[0])
    systems = {}
    for system in sorted(os.listdir(capture + '/formats')):
        directory = f'{capture}/formats/{system}'
        if os.path.isdir(directory):
            for event in sorted(os.listdir(directory)):
                text = read(f'{directory}/{event}/format')
                number = int(re.search(rb'^ID: (\d+)', text, re.M)[1])
                if number in used:
                    systems.setdefault(system, []).append(text)

    functions = []
    for line in read(capture + '/kallsyms').decode().splitlines():
        address, kind, name = line.split(None, 2)
        if kind in 'tTwW' and not name.startswith('$'):
            functions.append((int(address, 16), line))
    functions.sort()
    starts = [f[0] for f in functions]
    import bisect
    wanted = set()
    for pointer in pointers:
        i = bisect.bisect_right(starts, pointer) - 1
        # The neighbour ends the function, so that an address behind it does not seem to belong to it.
        if i >= 0 and pointer - starts[i] < 1 << 16:
            wanted.update((i, i + 1))
    kallsyms = '\n'.join(functions[i][1] for i in sorted(wanted) if i < len(functions)).encode() + b'\n'

    def sized(data, form='<Q'):
        return struct.pack(form, len(data)) + data

    head = bytearray(b'\x17\x08\x44tracing6\0' + bytes([0, 8]) + struct.pack('<I', PAGE))
    head += b'header_page\0' + sized(read(capture + '/formats/header_page'))
    head += b'header_event\0' + sized(read(capture + '/formats/header_event'))
    ftrace = systems.pop('ftrace', [])
    head += struct.pack('<I', len(ftrace)) + b''.join(sized(text) for text in ftrace)
    head += struct.pack('<I', len(systems))
    for system, texts in systems.items():
        head += system.encode() + b'\0' + struct.pack('<I', len(texts)) + b''.join(sized(text) for text in texts)
    head += sized(kallsyms, '<I') + sized(read(capture + '/printk_formats'), '<I') + sized(read(capture + '/saved_cmdlines'))
    head += struct.pack('<I', len(cpus))
    clock = re.search(rb'\[(\w[\w-]*)\]', read(capture + '/trace_clock.txt'))[1]
    uname = read(capture + '/uname.txt').strip()
    head += b'options  \0'
    for number, data in ((5, uname + b'\0'), (4, b'[' + clock + b']\0')):
        head += struct.pack('<HI', number, len(data)) + data
    head += struct.pack('<H', 0) + b'flyrecord\0'
    table = len(head)
    offset = (table + 16 * len(cpus) + 8 + len(clock) + 3 + PAGE - 1) // PAGE * PAGE
    body = b''
    for cpu in cpus:
        data = b''.join(kept[cpu])
        head += struct.pack('<QQ', offset + len(body), len(data))
        body += data
    head += sized(b'[' + clock + b']\0')
    with open(out, 'wb') as file:
        file.write(bytes(head).ljust(offset, b'\0') + body)


main(*sys.argv[1:])
