'use strict';

// What all pages share: elements, numbers with units, light and dark.

function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') Object.assign(element.style, value);
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null));
  return element;
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null));
  return element;
}

const byId = (id) => document.getElementById(id);
const dataOf = (id) => JSON.parse(byId(id).textContent);

const plain = new Intl.NumberFormat('en-US');
const count = (value) => (value === null || value === undefined ? '?' : plain.format(value));

// A duration in the unit that fits, with three figures that count.
function duration(ns, unit = 'ns') {
  if (ns === null || ns === undefined) return '?';
  if (unit !== 'ns') return `${count(Math.round(ns))} ${unit}`;
  const size = Math.abs(ns);
  const [scale, name] = size < 1e3 ? [1, 'ns'] : size < 1e6 ? [1e3, '\u00b5s'] : size < 1e9 ? [1e6, 'ms'] : [1e9, 's'];
  const value = ns / scale;
  const digits = scale === 1 ? 0 : Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${name}`;
}

const percent = (part, whole) => {
  if (!whole) return '0 %';
  const share = (100 * part) / whole;
  return `${share > 0 && share < 0.1 ? '< 0.1' : share > 99.9 && share < 100 ? '> 99.9' : share.toFixed(1)} %`;
};

// Colours live in the style sheet; canvases ask for them by name.
const themeListeners = [];
let colours = {};
function readColours() {
  const style = getComputedStyle(document.documentElement);
  colours = {};
  for (const name of ['back', 'panel', 'line', 'text', 'soft', 'accent', 'user-eqs', 'user', 'idle', 'kernel', 'guest',
    'unknown', 'hatch', 'needless', 'raced', 'needed', 'never', 'undecided', 'mark', 'select', 'shade', 'old', 'new', 'flight',
    'flight-line', 'good', 'bad']) {
    colours[name] = style.getPropertyValue(`--${name}`).trim();
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  readColours();
  themeListeners.forEach((listener) => listener());
}

function themeButton() {
  return el('button', {
    id: 'theme', type: 'button', title: 'Light or dark (t)',
    onclick: () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
  }, 'Light / dark');
}

setTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (e) => setTheme(e.matches ? 'dark' : 'light'));

function tableOf(head, rows, attributes = {}) {
  return el('div', { class: 'table' }, el('table', attributes,
    el('thead', {}, el('tr', {}, head.map((cell) =>
      el('th', { scope: 'col', class: cell.startsWith('#') ? 'num' : '' }, cell.replace(/^#/, ''))))),
    el('tbody', {}, rows)));
}

const cell = (content, className) => el('td', { class: className }, content ?? '');
const numberCell = (content, title) => el('td', { class: 'num', title }, content);

const typing = (event) => /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
