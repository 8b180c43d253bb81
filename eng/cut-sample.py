#!/usr/bin/env python3
"""Cuts phases out of a capture: the sample of `lazykick report`, and the captures that the tests read.

usage: cut-sample.py CAPTURE PHASE OUT.dat
       cut-sample.py CAPTURE --all DIRECTORY [PHASE...]
       cut-sample.py CAPTURE --text DIRECTORY PHASE...
  CAPTURE    directory with raw/cpuN.raw[.zst], formats/, kallsyms, printk_formats, saved_cmdlines, uname.txt,
             or with trace.dat[.zst] (which `trace-cmd convert` turns into version 6 first)
  PHASE      the marked phase to keep (PHASE name begin ... end)
  OUT.dat    a trace.dat version 6 with the sub-buffers that overlap the phase; compress it with `zstd -19`
  DIRECTORY  gets PHASE.dat.zst of each phase named, or of every phase of the capture;
             with --text PHASE.txt.zst, what the kernel printed (trace.txt) of the events in PHASE.dat.zst

Sub-buffers are as recorded. Only the formats of events that occur, and the symbols, strings and tasks that they name, are kept.
"""
import bisect
import os
import re
import struct
import subprocess
import sys
import tempfile

PAGE = 4096


class Capture:
    """What a trace.dat holds, wherever it was read from: `pages` is a list of sub-buffers for each CPU, `formats` a list for each system."""


def read(path):
    if os.path.exists(path):
        return open(path, 'rb').read()
    return subprocess.run(['zstd', '-dcq', path + '.zst'], check=True, capture_output=True).stdout


def split_pages(data):
    return [data[i:i + PAGE] for i in range(0, len(data), PAGE)]


def from_directory(path):
    capture = Capture()
    cpus = sorted(int(m[1]) for name in os.listdir(path + '/raw') if (m := re.match(r'cpu(\d+)\.raw', name)))
    capture.pages = {cpu: split_pages(read(f'{path}/raw/cpu{cpu}.raw')) for cpu in cpus}
    capture.formats = {}
    for system in sorted(os.listdir(path + '/formats')):
        directory = f'{path}/formats/{system}'
        if os.path.isdir(directory):
            capture.formats[system] = [read(f'{directory}/{event}/format') for event in sorted(os.listdir(directory))]
    capture.header_page = read(path + '/formats/header_page')
    capture.header_event = read(path + '/formats/header_event')
    capture.kallsyms = read(path + '/kallsyms')
    capture.printk = read(path + '/printk_formats')
    capture.cmdlines = read(path + '/saved_cmdlines')
    capture.clock = re.search(rb'\[(\w[\w-]*)\]', read(path + '/trace_clock.txt'))[1]
    capture.uname = read(path + '/uname.txt').strip()
    return capture


def from_dat(path):
    """A trace.dat of any version (man trace-cmd.dat.v6)."""
    with tempfile.TemporaryDirectory() as directory:
        source, plain = directory + '/source.dat', directory + '/plain.dat'
        with open(source, 'wb') as file:
            file.write(read(path))
        subprocess.run(['trace-cmd', 'convert', '-i', source, '-o', plain, '--file-version', '6', '--compression', 'none'],
                       check=True, stdout=subprocess.DEVNULL)
        data = open(plain, 'rb').read()
    at = 0

    def take(count):
        nonlocal at
        at += count
        return data[at - count:at]

    def number(form):
        return struct.unpack(form, take(struct.calcsize(form)))[0]

    def word():
        return take(data.index(b'\0', at) + 1 - at)[:-1]

    capture = Capture()
    assert take(12) == b'\x17\x08\x44tracing6\0' and take(2) == bytes([0, 8]) and number('<I') == PAGE
    assert word() == b'header_page'
    capture.header_page = take(number('<Q'))
    assert word() == b'header_event'
    capture.header_event = take(number('<Q'))
    capture.formats = {'ftrace': [take(number('<Q')) for _ in range(number('<I'))]}
    for _ in range(number('<I')):
        system = word().decode()
        capture.formats[system] = [take(number('<Q')) for _ in range(number('<I'))]
    capture.kallsyms = take(number('<I'))
    capture.printk = take(number('<I'))
    capture.cmdlines = take(number('<Q'))
    cpus = number('<I')
    capture.clock, capture.uname = b'local', b''
    assert word() == b'options  '
    while option := number('<H'):
        value = take(number('<I'))
        if option == 4:
            capture.clock = re.search(rb'\[(\w[\w-]*)\]', value)[1]
        elif option == 5:
            capture.uname = value.rstrip(b'\0')
    assert word() == b'flyrecord'
    extents = [(number('<Q'), number('<Q')) for _ in range(cpus)]
    capture.pages = {cpu: split_pages(data[offset:offset + size]) for cpu, (offset, size) in enumerate(extents)}
    return capture


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


def find_phases(capture):
    """First begin and last end of each phase."""
    phases = {}
    for pages in capture.pages.values():
        for page in pages:
            if b'PHASE ' not in page:
                continue
            for time, payload in events(page):
                if mark := re.search(rb'PHASE ([\w.-]+) (begin|end)', payload):
                    span = phases.setdefault(mark[1].decode(), [1 << 63, 0])
                    span[0] = min(span[0], time)
                    span[1] = max(span[1], time)
    return phases


def overlapping(capture, begin, end):
    """The sub-buffers of each CPU that overlap a span, as indices."""
    kept = {}
    for cpu, pages in capture.pages.items():
        starts = [struct.unpack_from('<Q', page)[0] for page in pages] + [1 << 63]
        kept[cpu] = [i for i in range(len(pages)) if starts[i + 1] >= begin and starts[i] <= end]
    return kept


def text(capture, lines, begin, end):
    """The lines of the events in these sub-buffers: the n-th line of a CPU is its n-th event."""
    kept = overlapping(capture, begin, end)
    first, last, seen = {}, {}, {}
    for cpu, indices in kept.items():
        counts = [sum(1 for _ in events(page)) for page in capture.pages[cpu]]
        first[cpu] = sum(counts[:indices[0]]) if indices else 0
        last[cpu] = sum(counts[:indices[-1] + 1]) if indices else 0
    result = []
    for line in lines:
        if match := re.match(r'^.{16}-\S+ +\[(\d+)\] ', line):
            cpu = int(match[1])
            seen[cpu] = seen.get(cpu, -1) + 1
            if first[cpu] <= seen[cpu] < last[cpu]:
                result.append(line)
    return '\n'.join(result) + '\n'


def cut(capture, begin, end):
    """The trace.dat of the sub-buffers that overlap a span."""
    kept = {cpu: [capture.pages[cpu][i] for i in indices] for cpu, indices in overlapping(capture, begin, end).items()}

    used, pointers, numbers = set(), set(), set()
    for pages in kept.values():
        for page in pages:
            for _, payload in events(page):
                used.add(struct.unpack_from('<H', payload)[0])
                for i in range(8, len(payload) - 7, 4):  # fields of kprobes are packed
                    pointers.add(struct.unpack_from('<Q', payload, i)[0])
                for i in range(4, len(payload) - 3, 4):
                    numbers.add(struct.unpack_from('<I', payload, i)[0])
    systems = {}
    for system, texts in capture.formats.items():
        for text in texts:
            if int(re.search(rb'^ID: (\d+)', text, re.M)[1]) in used:
                systems.setdefault(system, []).append(text)

    functions = []
    for line in capture.kallsyms.decode().splitlines():
        address, kind, name = line.split(None, 2)
        if kind in 'tTwW' and not name.startswith('$'):
            functions.append((int(address, 16), line))
    functions.sort()
    starts = [f[0] for f in functions]
    wanted = set()
    for pointer in pointers:
        i = bisect.bisect_right(starts, pointer) - 1
        # The neighbour ends the function, so that an address behind it does not seem to belong to it.
        if i >= 0 and pointer - starts[i] < 1 << 16:
            wanted.update((i, i + 1))

    def lines(data, wanted_line):
        return b''.join(line for line in data.splitlines(keepends=True) if wanted_line(line))

    kallsyms = '\n'.join(functions[i][1] for i in sorted(wanted) if i < len(functions)).encode() + b'\n'
    printk = lines(capture.printk, lambda line: int(line.split(b':')[0].split()[0], 16) in pointers)
    cmdlines = lines(capture.cmdlines, lambda line: int(line.split()[0]) in numbers)

    def sized(data, form='<Q'):
        return struct.pack(form, len(data)) + data

    head = bytearray(b'\x17\x08\x44tracing6\0' + bytes([0, 8]) + struct.pack('<I', PAGE))
    head += b'header_page\0' + sized(capture.header_page)
    head += b'header_event\0' + sized(capture.header_event)
    ftrace = systems.pop('ftrace', [])
    head += struct.pack('<I', len(ftrace)) + b''.join(sized(text) for text in ftrace)
    head += struct.pack('<I', len(systems))
    for system, texts in systems.items():
        head += system.encode() + b'\0' + struct.pack('<I', len(texts)) + b''.join(sized(text) for text in texts)
    head += sized(kallsyms, '<I') + sized(printk, '<I') + sized(cmdlines)
    cpus = max(capture.pages) + 1
    head += struct.pack('<I', cpus)
    head += b'options  \0'
    for number, data in ((5, capture.uname + b'\0'), (4, b'[' + capture.clock + b']\0')):
        head += struct.pack('<HI', number, len(data)) + data
    head += struct.pack('<H', 0) + b'flyrecord\0'
    offset = (len(head) + 16 * cpus + 8 + len(capture.clock) + 3 + PAGE - 1) // PAGE * PAGE
    body = b''
    for cpu in range(cpus):
        data = b''.join(kept.get(cpu, []))
        head += struct.pack('<QQ', offset + len(body), len(data))
        body += data
    head += sized(b'[' + capture.clock + b']\0')
    return bytes(head).ljust(offset, b'\0') + body


def main(path, phase, out, *wanted):
    is_dat = any(os.path.exists(f'{path}/trace.dat{end}') for end in ('', '.zst'))
    capture = from_dat(path + '/trace.dat') if is_dat else from_directory(path)
    phases = find_phases(capture)

    def write(name, data):
        with open(f'{out}/{name}.zst', 'wb') as file:
            subprocess.run(['zstd', '-19', '-cq'], input=data, stdout=file, check=True)

    if phase not in ('--all', '--text'):
        with open(out, 'wb') as file:
            file.write(cut(capture, *phases[phase]))
        return
    os.makedirs(out, exist_ok=True)
    lines = read(path + '/trace.txt').decode(errors='replace').splitlines() if phase == '--text' else []
    for name in wanted or [name for name in phases if name != 'WINDOW']:
        if phase == '--text':
            write(name + '.txt', text(capture, lines, *phases[name]).encode())
        else:
            write(name + '.dat', cut(capture, *phases[name]))


main(*sys.argv[1:])
