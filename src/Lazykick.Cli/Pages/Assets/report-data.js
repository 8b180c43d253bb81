// Unpacks what Pages/Timeline.cs packed. Points in time are units of the trace clock after the origin.

const GAP = 7;
const BLOCK = 64;
const STATES = 8;

async function unpack(id) {
  const text = byId(id).textContent;
  const part = 1 << 20; // A multiple of four characters, three bytes each.
  const bytes = new Uint8Array((text.length / 4) * 3);
  let length = 0;
  for (let at = 0; at < text.length; at += part) {
    const piece = atob(text.slice(at, at + part));
    for (let i = 0; i < piece.length; i++) bytes[length++] = piece.charCodeAt(i);
  }
  byId(id).remove();
  const stream = new Blob([bytes.subarray(0, length)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class Reader {
  constructor(bytes) { this.bytes = bytes; this.at = 0; this.time = 0; }

  number() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  // The first point is the way from zero of the clock: its origin is taken off before numbers get inexact.
  point(origin) {
    if (this.first) {
      const way = this.number();
      this.time += way % 2 ? -(way + 1) / 2 : way / 2;
    } else {
      this.first = true;
      this.time = Number(this.big() / 2n - origin);
    }
    return this.time;
  }

  big() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  restart() { this.first = false; this.time = 0; }
}

// A lane: stretches of states, and the time in each state up to every 64th of them.
function readLane(reader, { cpu, start, count: stretches }) {
  const bounds = new Float64Array(stretches + 1);
  const states = new Uint8Array(stretches);
  const sums = new Float64Array((Math.floor(stretches / BLOCK) + 1) * STATES);
  const running = new Float64Array(STATES);
  bounds[0] = start;
  for (let i = 0; i < stretches; i++) {
    if (i % BLOCK === 0) sums.set(running, (i / BLOCK) * STATES);
    const value = reader.number();
    const state = value % 8;
    const length = (value - state) / 8;
    states[i] = state;
    bounds[i + 1] = bounds[i] + length;
    running[state] += length;
  }
  if (stretches % BLOCK === 0) sums.set(running, (stretches / BLOCK) * STATES);
  return { cpu, bounds, states, sums, totals: running, count: stretches };
}

// Columns of records; `order` sorts them by their first column.
function readRecords(reader, records, origin, columns) {
  const table = { count: records, time: new Float64Array(records) };
  for (const [name, type] of columns) table[name] = new type(records);
  reader.restart();
  for (let i = 0; i < records; i++) {
    table.time[i] = reader.point(origin);
    for (const [name] of columns) table[name][i] = reader.number();
  }
  const { time } = table;
  let sorted = true;
  for (let i = 1; i < records && sorted; i++) sorted = time[i] >= time[i - 1];
  if (sorted) return table;
  const order = Array.from({ length: records }, (_, i) => i).sort((a, b) => time[a] - time[b] || a - b);
  for (const name of ['time', ...columns.map(([column]) => column)]) {
    const from = table[name];
    const to = new from.constructor(records);
    for (let i = 0; i < records; i++) to[i] = from[order[i]];
    table[name] = to;
  }
  return table;
}

const KICK_COLUMNS = [['arrival', Float64Array], ['run', Float64Array], ['took', Float64Array], ['sender', Uint16Array],
  ['target', Uint16Array], ['task', Uint32Array], ['name', Uint32Array], ['site', Uint32Array], ['vector', Uint8Array],
  ['delivery', Uint8Array], ['asked', Uint8Array], ['hit', Uint8Array], ['verdict', Uint8Array]];
const INTERRUPT_COLUMNS = [['took', Float64Array], ['cpu', Uint16Array], ['cause', Uint8Array], ['irq', Uint32Array],
  ['hit', Uint8Array]];
const BREAK_COLUMNS = [['took', Float64Array], ['cpu', Uint16Array], ['of', Uint8Array], ['cause', Uint8Array],
  ['irq', Uint32Array], ['name', Uint32Array], ['site', Uint32Array], ['task', Uint32Array]];

async function readTimeline(shape) {
  const reader = new Reader(await unpack('timeline'));
  const origin = BigInt(shape.origin);
  const lanes = shape.lanes.map((lane) => readLane(reader, lane));
  const kicks = readRecords(reader, shape.kicks, origin, KICK_COLUMNS);
  const interrupts = readRecords(reader, shape.interrupts, origin, INTERRUPT_COLUMNS);
  const breaks = readRecords(reader, shape.breaks, origin, BREAK_COLUMNS);
  return { lanes, kicks, interrupts, breaks };
}

// The first index whose value is not below a limit.
function lowerBound(values, limit, from = 0, to = values.length) {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle] < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

// The stretch of a lane at a time, or -1.
function stretchAt(lane, time) {
  const at = lowerBound(lane.bounds, time + 1e-9) - 1;
  return at >= 0 && at < lane.count ? at : -1;
}

// Adds up how long a lane was in each state between two times: the steps do not depend on how much happened.
function shareOf(lane, from, to, into) {
  into.fill(0);
  addUpTo(lane, to, into, 1);
  addUpTo(lane, from, into, -1);
}

function addUpTo(lane, time, into, sign) {
  const { bounds, states, sums, count: stretches } = lane;
  let at = lowerBound(bounds, time) - 1;
  if (at < 0) return;
  at = Math.min(at, stretches - 1);
  const block = Math.floor(at / BLOCK);
  for (let s = 0; s < STATES; s++) into[s] += sign * sums[block * STATES + s];
  for (let i = block * BLOCK; i < at; i++) into[states[i]] += sign * (bounds[i + 1] - bounds[i]);
  into[states[at]] += sign * (Math.min(time, bounds[at + 1]) - bounds[at]);
}
