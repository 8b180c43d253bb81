// Draws the lanes. Every frame draws what is visible only: states are summed for each pixel from sums that are kept,
// and kicks become arrows when few enough are visible, columns of counts before that.

const GUTTER = 134;
const MOST_ARROWS = 1500;
const LANE = { kicks: 24, band: 28, marks: 10, gap: 16 };
const SMALL = { kicks: 0, band: 12, marks: 0, gap: 8 };

const STATE_COLOURS = ['unknown', 'kernel', 'user', 'user-eqs', 'idle', 'guest'];
const STATE_WORDS = ['not known', 'kernel', 'user mode, watched by RCU', 'user mode, EQS', 'idle', 'guest'];
const VERDICT_COLOURS = ['undecided', 'needless', 'raced', 'needed', 'never'];
const VERDICT_WORDS = ['not known', 'needless', 'raced', 'needed', 'never deferrable'];
const CAUSE_WORDS = ['nothing that is seen', 'system call', 'exception', 'function call', 'reschedule', 'irq_work', 'other IPI',
  'timer', 'device', 'NMI', 'other'];

class Lanes {
  constructor(canvas, model) {
    this.canvas = canvas;
    this.model = model;
    this.share = new Float64Array(STATES);
    this.hatches = null;
  }

  // Chooses lanes and gives each its place.
  place(cpus) {
    let y = 4;
    this.rows = [];
    this.rowOf = new Map();
    for (const cpu of cpus) {
      const size = this.model.reported.has(cpu) ? LANE : SMALL;
      const row = { cpu, top: y, band: y + size.kicks, height: size.band, marks: size.marks, kicks: size.kicks,
        lane: this.model.laneOf.get(cpu) };
      row.bottom = row.band + size.band + size.marks;
      y = row.bottom + size.gap;
      this.rows.push(row);
      this.rowOf.set(cpu, row);
    }
    this.height = y;
  }

  fit() {
    const ratio = devicePixelRatio || 1;
    const width = this.canvas.parentElement.clientWidth;
    this.width = width;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.canvas.style.height = `${this.height}px`;
    const context = this.canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context = context;
    this.hatches = null;
  }

  // Places and times; the view is { from, to }.
  x(time) { return GUTTER + ((time - this.view.from) / (this.view.to - this.view.from)) * (this.width - GUTTER - 8); }

  time(x) { return this.view.from + ((x - GUTTER) / (this.width - GUTTER - 8)) * (this.view.to - this.view.from); }

  draw(view, selection, matches) {
    this.view = view;
    this.selection = selection;
    this.matches = matches;
    const { context } = this;
    context.fillStyle = colours.back;
    context.fillRect(0, 0, this.width, this.height);
    this.visibleKicks();
    context.save();
    context.beginPath();
    context.rect(GUTTER, 0, this.width - GUTTER, this.height);
    context.clip();
    for (const row of this.rows) {
      if (row.lane) this.drawStates(row);
      if (row.marks) this.drawMarks(row);
      if (row.kicks && !this.arrows) this.drawColumns(row);
    }
    if (this.arrows) this.drawArrows();
    this.drawSelection();
    context.restore();
    this.rows.forEach((row) => this.drawLabel(row));
  }

  visibleKicks() {
    const { kicks, longestKick } = this.model;
    this.first = lowerBound(kicks.time, this.view.from - longestKick);
    this.last = lowerBound(kicks.time, this.view.to);
    this.arrows = this.last - this.first <= MOST_ARROWS;
  }

  fillOf(state) {
    if (state !== 0) return colours[STATE_COLOURS[state]];
    if (!this.hatches) {
      const tile = document.createElement('canvas');
      tile.width = tile.height = 6;
      const c = tile.getContext('2d');
      c.fillStyle = colours.unknown;
      c.fillRect(0, 0, 6, 6);
      c.strokeStyle = colours.hatch;
      c.beginPath();
      for (const shift of [-3, 3, 9]) { c.moveTo(shift - 3, 9); c.lineTo(shift + 6, 0); }
      c.stroke();
      this.hatches = this.context.createPattern(tile, 'repeat');
    }
    return this.hatches;
  }

  drawStates({ lane, band, height }) {
    const { context, view } = this;
    const first = Math.max(0, lowerBound(lane.bounds, view.from) - 1);
    const last = Math.min(lane.count, lowerBound(lane.bounds, view.to));
    if (last - first <= 2 * this.width) {
      for (let i = first; i < last; i++) {
        if (lane.states[i] === GAP) continue;
        const from = Math.max(GUTTER, this.x(lane.bounds[i]));
        const to = Math.min(this.width - 8, this.x(lane.bounds[i + 1]));
        context.fillStyle = this.fillOf(lane.states[i]);
        context.fillRect(from, band, Math.max(to - from, 0.7), height);
      }
    } else {
      // More stretches than pixels: each column shows the shares of its time.
      const step = (view.to - view.from) / (this.width - GUTTER - 8);
      for (let x = GUTTER, time = view.from; x < this.width - 8; x++, time += step) {
        shareOf(lane, time, time + step, this.share);
        let y = band + height;
        const known = step - this.share[GAP];
        for (const state of [4, 3, 2, 5, 0, 1]) {
          const part = (this.share[state] / step) * height;
          if (part <= 0 || known <= 0) continue;
          context.fillStyle = this.fillOf(state);
          context.fillRect(x, y - part, 1, part);
          y -= part;
        }
        // A stay in the kernel that is too short for a pixel is still seen.
        if (this.share[1] > 0 && (this.share[1] / step) * height < 2) {
          context.fillStyle = this.fillOf(1);
          context.fillRect(x, band, 1, 2);
        }
      }
    }
    context.strokeStyle = colours.line;
    context.strokeRect(GUTTER - 0.5, band - 0.5, this.width - GUTTER - 7, height + 1);
  }

  drawMarks(row) {
    const { interrupts } = this.model;
    const list = this.model.interruptsOf.get(row.cpu);
    if (!list) return;
    const { context, view } = this;
    const y = row.band + row.height + 2;
    let at = firstOf(list, interrupts.time, view.from - this.model.longestInterrupt);
    let edge = -1;
    for (; at < list.length; at++) {
      const i = list[at];
      if (interrupts.time[i] > view.to) break;
      const from = this.x(interrupts.time[i]);
      const to = this.x(interrupts.time[i] + interrupts.took[i] - 1);
      if (to < GUTTER || to - edge < 0.7) continue;
      context.fillStyle = interrupts.cause[i] >= 7 ? colours.soft : colours.mark;
      const left = Math.max(from, edge, GUTTER);
      context.fillRect(left, y, Math.max(1.2, to - left), row.marks - 3);
      edge = Math.max(to, left + 1.2);
    }
  }

  drawColumns(row) {
    const { context } = this;
    const { kicks } = this.model;
    const list = this.model.kicksTo.get(row.cpu);
    if (!list) return;
    const width = 3;
    const columns = Math.ceil((this.width - GUTTER - 8) / width);
    const counts = new Uint32Array(columns * 5);
    const found = new Uint32Array(columns);
    for (let at = firstOf(list, kicks.time, this.view.from); at < list.length; at++) {
      const i = list[at];
      if (kicks.time[i] >= this.view.to) break;
      if (this.model.onlyVerdict >= 0 && kicks.verdict[i] !== this.model.onlyVerdict) continue;
      const column = Math.floor((this.x(kicks.time[i]) - GUTTER) / width);
      if (column < 0 || column >= columns) continue;
      counts[column * 5 + kicks.verdict[i]]++;
      if (this.matches?.kicks[i]) found[column]++;
    }
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let v = 0; v < 5; v++) sum += counts[column * 5 + v];
      if (sum === 0) continue;
      const tall = Math.min(1, 0.18 + Math.log10(sum) / 3.2) * (row.kicks - 4);
      let y = row.band - 2;
      context.globalAlpha = this.matches && !found[column] ? 0.25 : 1;
      for (const v of [4, 3, 0, 2, 1]) {
        const part = (counts[column * 5 + v] / sum) * tall;
        context.fillStyle = colours[VERDICT_COLOURS[v]];
        context.fillRect(GUTTER + column * width, y - part, width - 1, part);
        y -= part;
      }
      context.globalAlpha = 1;
    }
  }

  // From the sender's lane when it was asked for to the target's when it arrived.
  arrowOf(i) {
    const { kicks } = this.model;
    const target = this.rowOf.get(kicks.target[i]);
    if (!target) return null;
    const sender = this.rowOf.get(kicks.sender[i]);
    const from = this.x(kicks.time[i]);
    const seen = kicks.arrival[i] || kicks.run[i];
    const to = seen ? this.x(kicks.time[i] + seen - 1) : from + 4;
    const y0 = sender ? sender.band + sender.height / 2 : target.top;
    const down = !sender || sender.band < target.band;
    const y1 = down ? target.band : target.band + target.height;
    return { x0: from, y0, x1: to, y1, down, seen: seen > 0 };
  }

  isShown(i) { return this.model.onlyVerdict < 0 || this.model.kicks.verdict[i] === this.model.onlyVerdict; }

  drawArrows() {
    const { context } = this;
    const { kicks } = this.model;
    const dense = this.last - this.first > 300;
    for (let i = this.first; i < this.last; i++) {
      if (!this.isShown(i)) continue;
      const arrow = this.arrowOf(i);
      if (!arrow || arrow.x1 < GUTTER || arrow.x0 > this.width) continue;
      context.globalAlpha = this.matches && !this.matches.kicks[i] ? 0.15 : dense ? 0.75 : 1;
      this.drawArrow(arrow, colours[VERDICT_COLOURS[kicks.verdict[i]]], dense ? 1 : 1.6);
    }
    context.globalAlpha = 1;
  }

  drawArrow({ x0, y0, x1, y1, down, seen }, colour, width) {
    const { context } = this;
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = width;
    context.setLineDash(seen ? [] : [3, 3]);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.arc(x0, y0, width + 0.6, 0, 7);
    context.fill();
    const way = Math.atan2(y1 - y0, x1 - x0);
    const size = 5 + width;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x1 - size * Math.cos(way - 0.42), y1 - size * Math.sin(way - 0.42));
    context.lineTo(x1 - size * Math.cos(way + 0.42), y1 - size * Math.sin(way + 0.42));
    context.fill();
    context.lineWidth = 1;
  }

  drawSelection() {
    const { context, selection } = this;
    if (!selection) return;
    const row = this.rowOf.get(selection.cpu);
    const from = Math.max(this.x(selection.from), GUTTER - 4);
    const to = Math.min(this.x(selection.to), this.width + 4);
    context.fillStyle = colours.shade;
    context.fillRect(from, 0, Math.max(1, to - from), this.height);
    context.strokeStyle = colours.mark;
    context.lineWidth = 2;
    if (row) context.strokeRect(from - 2, row.band - 3, Math.max(4, to - from + 4), row.height + 6);
    if (selection.kick !== undefined) {
      const arrow = this.arrowOf(selection.kick);
      if (arrow) {
        this.drawArrow(arrow, colours.back, 6);
        this.drawArrow(arrow, colours[VERDICT_COLOURS[this.model.kicks.verdict[selection.kick]]], 3);
      }
    }
    context.lineWidth = 1;
  }

  drawLabel(row) {
    const { context } = this;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.font = `${row.height > 16 ? '600 13px' : '12px'} system-ui, sans-serif`;
    context.fillStyle = row.height > 16 ? colours.text : colours.soft;
    context.fillText(`CPU ${row.cpu}`, 10, row.band + row.height / 2);
    context.font = '11px system-ui, sans-serif';
    context.fillStyle = colours.soft;
    context.textAlign = 'right';
    const note = this.model.noteOf.get(row.cpu);
    if (note && row.height > 16) context.fillText(note, GUTTER - 8, row.band + row.height / 2);
  }

  // What is under a point: a kick's arrow, an interrupt or a state.
  find(x, y) {
    if (x < GUTTER) return null;
    if (this.arrows) {
      let best = -1;
      let nearest = 6;
      for (let i = this.first; i < this.last; i++) {
        if (!this.isShown(i)) continue;
        const arrow = this.arrowOf(i);
        if (!arrow) continue;
        const away = distance(x, y, arrow);
        if (away < nearest) [nearest, best] = [away, i];
      }
      if (best >= 0) return { kick: best };
    }
    const row = this.rows.find((r) => y >= r.top && y <= r.bottom + 3);
    if (!row) return null;
    const time = this.time(x);
    if (row.marks && y > row.band + row.height) {
      const interrupt = this.interruptAt(row.cpu, x);
      if (interrupt >= 0) return { interrupt };
    }
    const stretch = row.lane ? stretchAt(row.lane, time) : -1;
    return stretch >= 0 && row.lane.states[stretch] !== GAP ? { row, stretch, time } : null;
  }

  interruptAt(cpu, x) {
    const list = this.model.interruptsOf.get(cpu);
    if (!list) return -1;
    const { interrupts } = this.model;
    const from = firstOf(list, interrupts.time, this.time(x - 3) - this.model.longestInterrupt);
    for (let at = from; at < list.length; at++) {
      const i = list[at];
      if (interrupts.time[i] > this.time(x + 3)) break;
      if (this.x(interrupts.time[i] + interrupts.took[i]) >= x - 3) return i;
    }
    return -1;
  }
}

// The first place in a list of indices whose time is not below a limit.
function firstOf(list, times, limit) {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (times[list[middle]] < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

function distance(x, y, { x0, y0, x1, y1 }) {
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length));
  return Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
}
