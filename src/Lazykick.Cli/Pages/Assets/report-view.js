// The view of the timeline: zoom, move, choose, search, and the axis and overview above the lanes.

class View {
  constructor(model, lanes) {
    this.model = model;
    this.lanes = lanes;
    this.whole = { from: 0, to: Math.max(1, model.length) };
    this.view = { ...this.whole };
    this.selection = null;
    this.matches = null;
    this.axis = byId('axis');
    this.overview = byId('overview');
    this.listen();
    themeListeners.push(() => this.resize());
    new ResizeObserver(() => this.resize()).observe(byId('lanes').parentElement);
  }

  place(cpus) {
    this.lanes.place(cpus);
    this.resize();
  }

  resize() {
    if (!this.lanes.rows) return;
    this.lanes.fit();
    for (const canvas of [this.axis, this.overview]) {
      const ratio = devicePixelRatio || 1;
      const height = Number(canvas.getAttribute('data-height') ?? canvas.getAttribute('height'));
      canvas.setAttribute('data-height', height);
      canvas.width = Math.round(this.lanes.width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.height = `${height}px`;
      canvas.getContext('2d').setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.draw();
  }

  // Shows a part, within the whole and not shorter than 20 units.
  show(from, to) {
    const least = Math.min(20, this.whole.to);
    let length = Math.min(Math.max(to - from, least), this.whole.to - this.whole.from);
    const middle = (from + to) / 2;
    let start = Math.max(this.whole.from, middle - length / 2);
    if (start + length > this.whole.to) start = this.whole.to - length;
    this.view = { from: start, to: start + length };
    this.later();
  }

  zoom(factor, at = (this.view.from + this.view.to) / 2) {
    this.show(at - (at - this.view.from) * factor, at + (this.view.to - at) * factor);
  }

  move(share) {
    const way = (this.view.to - this.view.from) * share;
    const from = Math.min(Math.max(this.view.from + way, this.whole.from), this.whole.to - (this.view.to - this.view.from));
    this.show(from, from + (this.view.to - this.view.from));
  }

  showAll() { this.show(this.whole.from, this.whole.to); }

  later() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => { this.asked = false; this.draw(); });
  }

  draw() {
    const began = performance.now();
    this.lanes.draw(this.view, this.selection, this.matches);
    this.drawAxis();
    this.drawOverview();
    this.drawn = performance.now() - began;
    const { unit, scale } = this.model;
    const shown = duration((this.view.to - this.view.from) * scale, unit);
    const kicks = this.lanes.last - this.lanes.first;
    byId('view').textContent =
      `${shown} from ${this.model.offset(this.view.from)}${this.lanes.arrows ? '' : `; ${count(kicks)} kicks, zoom in for arrows`}`;
    this.onView?.();
  }

  drawAxis() {
    const c = this.axis.getContext('2d');
    const { width } = this.lanes;
    c.fillStyle = colours.panel;
    c.fillRect(0, 0, width, 26);
    c.font = '12px system-ui, sans-serif';
    c.textBaseline = 'middle';
    c.fillStyle = colours.soft;
    const { scale, unit } = this.model;
    const length = (this.view.to - this.view.from) * scale;
    const step = niceStep(length / Math.max(3, (width - GUTTER) / 130));
    const start = this.view.from * scale;
    // Far in, ticks count from a base that stands at the left.
    const base = length < start / 1000 ? Math.floor(start / (step * 100)) * step * 100 : 0;
    c.textAlign = 'left';
    c.fillText(base ? `${exact(base, unit)} +` : 'time', 10, 13);
    c.textAlign = 'center';
    for (let at = Math.ceil(start / step); at * step <= start + length; at++) {
      const x = this.lanes.x((at * step) / scale);
      c.fillRect(Math.round(x), 20, 1, 6);
      c.fillText(exact(at * step - base, unit), Math.min(x, width - 30), 11);
    }
  }

  drawOverview() {
    const c = this.overview.getContext('2d');
    const { width } = this.lanes;
    const tall = 64;
    c.fillStyle = colours.back;
    c.fillRect(0, 0, width, tall);
    const counts = this.model.overview(Math.max(10, Math.floor((width - GUTTER - 8) / 4)));
    const inner = width - GUTTER - 8;
    const most = Math.max(1, counts.most);
    for (let column = 0; column < counts.columns; column++) {
      let y = tall - 4;
      for (const v of [4, 3, 0, 2, 1]) {
        const value = counts.values[column * 5 + v];
        if (!value) continue;
        const part = Math.max(1, (value / most) * (tall - 12));
        c.fillStyle = colours[VERDICT_COLOURS[v]];
        c.fillRect(GUTTER + (column * inner) / counts.columns, y - part, Math.max(1, inner / counts.columns - 1), part);
        y -= part;
      }
    }
    const left = GUTTER + (this.view.from / this.whole.to) * inner;
    const right = GUTTER + (this.view.to / this.whole.to) * inner;
    c.fillStyle = colours.shade;
    c.fillRect(GUTTER, 0, left - GUTTER, tall);
    c.fillRect(right, 0, width - right, tall);
    c.strokeStyle = colours.accent;
    c.lineWidth = 1.5;
    c.strokeRect(left, 1, Math.max(2, right - left), tall - 2);
    c.fillStyle = colours.soft;
    c.font = '12px system-ui, sans-serif';
    c.textBaseline = 'middle';
    c.fillText('kicks', 10, 24);
    c.font = '11px system-ui, sans-serif';
    c.fillText(`up to ${count(counts.most)}`, 10, 42);
  }

  overviewTime(event) {
    const box = this.overview.getBoundingClientRect();
    const share = (event.clientX - box.left - GUTTER) / (box.width - GUTTER - 8);
    return Math.max(0, Math.min(1, share)) * this.whole.to;
  }

  listen() {
    const canvas = this.lanes.canvas;
    let drag = null;
    canvas.addEventListener('wheel', (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      if (!event.ctrlKey && !event.metaKey && !sideways) return;
      event.preventDefault();
      if (sideways) this.move((event.deltaX || event.deltaY) / 1000);
      else this.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.006), this.lanes.time(event.offsetX));
    }, { passive: false });
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      drag = { x: event.offsetX, y: event.offsetY, view: { ...this.view }, choose: event.shiftKey, moved: false };
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!drag) { this.hover(event); return; }
      if (Math.abs(event.offsetX - drag.x) < 3 && !drag.moved) return;
      drag.moved = true;
      byId('tip').hidden = true;
      canvas.classList.add('drag');
      const perPixel = (drag.view.to - drag.view.from) / (this.lanes.width - GUTTER - 8);
      if (drag.choose) {
        const a = this.lanes.time(drag.x);
        const b = this.lanes.time(event.offsetX);
        this.selection = { from: Math.min(a, b), to: Math.max(a, b) };
        this.later();
      } else {
        const way = (drag.x - event.offsetX) * perPixel;
        this.show(drag.view.from + way, drag.view.to + way);
      }
    });
    canvas.addEventListener('pointerup', (event) => {
      canvas.classList.remove('drag');
      if (drag?.choose && drag.moved) {
        const { from, to } = this.selection;
        this.selection = null;
        this.show(from, to);
      } else if (drag && !drag.moved) {
        this.onPick?.(this.lanes.find(event.offsetX, event.offsetY));
      }
      drag = null;
    });
    canvas.addEventListener('pointercancel', () => { drag = null; canvas.classList.remove('drag'); });
    canvas.addEventListener('pointerleave', () => { byId('tip').hidden = true; });
    canvas.addEventListener('dblclick', (event) => this.zoom(0.2, this.lanes.time(event.offsetX)));
    let chosen = null;
    this.overview.addEventListener('pointerdown', (event) => {
      this.overview.setPointerCapture(event.pointerId);
      chosen = { x: event.clientX, time: this.overviewTime(event) };
    });
    this.overview.addEventListener('pointermove', (event) => {
      if (!chosen || Math.abs(event.clientX - chosen.x) < 4) return;
      const now = this.overviewTime(event);
      this.show(Math.min(now, chosen.time), Math.max(now, chosen.time));
    });
    this.overview.addEventListener('pointerup', (event) => {
      if (chosen && Math.abs(event.clientX - chosen.x) < 4) {
        const half = (this.view.to - this.view.from) / 2;
        this.show(chosen.time - half, chosen.time + half);
      }
      chosen = null;
    });
  }

  hover(event) {
    const tip = byId('tip');
    const lines = this.describe?.(this.lanes.find(event.offsetX, event.offsetY));
    tip.hidden = !lines;
    if (!lines) return;
    tip.replaceChildren(...lines.map((line, at) => el('div', {}, at === 0 ? el('b', {}, line) : line)));
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 10)}px`;
    tip.style.top = `${Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 10)}px`;
  }
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-3)));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough);
}

// A time with all figures that count: no rounding that would make two ticks alike.
function exact(ns, unit) {
  if (unit !== 'ns') return `${count(Math.round(ns))}`;
  const size = Math.abs(ns);
  const [scale, name] = size >= 1e9 ? [1e9, 's'] : size >= 1e6 ? [1e6, 'ms'] : size >= 1e3 ? [1e3, '\u00b5s'] : [1, 'ns'];
  return ns === 0 ? '0' : `${Number((ns / scale).toFixed(9))} ${name}`;
}
