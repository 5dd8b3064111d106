"use strict";
const report = JSON.parse(document.getElementById("report").textContent);
const map = document.getElementById("map");
const tip = document.getElementById("tip");
const search = document.getElementById("search");
const digits = new Intl.NumberFormat("en");
// Under these sizes, in pixels, a cell shows no text and no cells of its own.
const TEXT = { width: 44, height: 17 };
const INSIDE = { width: 54, height: 44, title: 19 };

// The tree: the file, its owners, their crates, those crates' functions.
function leaf(name, bytes, more) { return { name, bytes, ...more }; }
function branch(name, children, more) {
  children = children.filter(child => child.bytes > 0).sort((a, b) => b.bytes - a.bytes);
  return { name, children, bytes: children.reduce((sum, child) => sum + child.bytes, 0), ...more };
}
function crate(share) {
  const named = share.largest.map(item => leaf(item.name, item.bytes, { kind: "function or constant" }));
  const bytes = share.code + share.constants;
  const others = bytes - named.reduce((sum, item) => sum + item.bytes, 0);
  const count = share.symbols - named.length;
  if (others > 0) named.push(leaf(`${digits.format(count)} smaller ones`, others, { kind: "functions and constants", others: true }));
  const label = share.version ? `${share.name} ${share.version}` : share.name;
  return branch(label, named, { kind: "crate", crate: share.name, code: share.code, constants: share.constants });
}
const holder = share => typeof share.holder === "string" ? share.holder : share.holder.component;
const held = name => report.crates.filter(share => holder(share) === name).map(crate);
const HUES = [285, 148, 350, 65, 200, 315, 120, 20, 260, 170];
const owners = report.components
  .map((one, at) => branch(one.id, held(one.id), { kind: "component, with the crates it alone needs", hue: HUES[at % HUES.length] }));
owners.push(branch("shared crates", held("shared"), { kind: "what several components need, or the framework", hue: 235 }));
owners.push(branch("Rust's standard library", held("standard"), { kind: "standard library", hue: 35 }));
owners.push(branch("C library", held("system").flatMap(share => share.children), { kind: "the system's C library, linked statically", hue: 85 }));
owners.push(branch("no crate's", report.rest.map(rest => leaf(rest.what, rest.bytes, { kind: "what no symbol names" })), { kind: "what no symbol names" }));
const file = branch(report.name, owners, { kind: "the file" });
(function finish(node, above, hue) {
  node.above = above;
  node.hue ??= hue;
  for (const child of node.children ?? []) finish(child, node, node.hue);
})(file);

// What is written in a cell: of each path its last two names, since the crate stands above.
const short = name => name.replace(/(?:\b\w+::)+(\w+::)(?=[\w{<])/g, "$1");
const path = node => node.above ? [...path(node.above), node] : [node];
const percent = node => `${(node.bytes * 100 / file.bytes).toFixed(node.bytes * 1000 < file.bytes ? 2 : 1)} %`;
const size = bytes => bytes >= 999500 ? `${(bytes / 1e6).toFixed(2)} MB` : bytes >= 1000 ? `${(bytes / 1e3).toFixed(bytes < 9950 ? 1 : 0)} kB` : `${bytes} B`;
function tone(element, node) {
  element.classList.add("tone");
  if (node.hue === undefined) element.classList.add("grey");
  else element.style.setProperty("--hue", node.hue);
}

// Squarified: rows of cells whose shapes are as near to squares as can be.
function squarify(nodes, x, y, width, height, place) {
  let left = nodes.reduce((sum, node) => sum + node.bytes, 0);
  let at = 0;
  while (at < nodes.length && width > 0 && height > 0) {
    const side = Math.min(width, height);
    const scale = width * height / left;
    let sum = 0, worst = Infinity, end = at;
    while (end < nodes.length) {
      const next = sum + nodes[end].bytes;
      const thickness = next * scale / side;
      const shape = node => Math.max(thickness * thickness / (node.bytes * scale), node.bytes * scale / (thickness * thickness));
      const ratio = Math.max(shape(nodes[at]), shape(nodes[end]));
      if (ratio > worst) break;
      worst = ratio; sum = next; end++;
    }
    const thickness = sum * scale / side;
    let along = 0;
    for (; at < end; at++) {
      const length = nodes[at].bytes * scale / thickness;
      if (width >= height) place(nodes[at], x, y + along, thickness, length);
      else place(nodes[at], x + along, y, length, thickness);
      along += length;
    }
    if (width >= height) { x += thickness; width -= thickness; } else { y += thickness; height -= thickness; }
    left -= sum;
  }
}

let shown = file;
function draw(node, focus) {
  shown = node;
  map.textContent = "";
  const top = node.children ? node.children : [node];
  squarify(top, 0, 0, map.clientWidth, map.clientHeight, (child, ...box) => cell(child, map, box, 1));
  trail();
  find();
  const cells = map.querySelectorAll(".cell");
  const first = [...cells].find(element => element.node === focus) ?? cells[0];
  if (first) { first.tabIndex = 0; if (focus) first.focus({ preventScroll: true }); }
}
function cell(node, parent, [x, y, width, height], level) {
  const gap = Math.min(1, width / 4, height / 4);
  const element = document.createElement("div");
  const w = width - 2 * gap, h = height - 2 * gap;
  element.style.cssText = `left:${x + gap}px;top:${y + gap}px;width:${w}px;height:${h}px`;
  element.className = "cell";
  element.node = node;
  element.tabIndex = -1;
  element.setAttribute("role", "treeitem");
  element.setAttribute("aria-level", level);
  element.setAttribute("aria-label", `${node.name}, ${digits.format(node.bytes)} bytes, ${percent(node)}`);
  tone(element, node);
  if (!node.children) element.classList.add("leaf");
  if (node.others) element.classList.add("others");
  if (w < 8 || h < 8) element.classList.add("tiny");
  const inside = node.children && level < 3 && w >= INSIDE.width && h >= INSIDE.height;
  const text = document.createElement("span");
  if (inside || (w >= TEXT.width && h >= TEXT.height)) {
    const detail = document.createElement("small");
    detail.textContent = size(node.bytes);
    text.append(short(node.name), " ", detail);
    if (w < 62 && !(h >= 36)) detail.remove();
    element.append(text);
    element.classList.add(!inside && h >= 36 ? "two" : "one");
  } else if (h >= 70 && w >= TEXT.height) {
    text.append(short(node.name));
    element.append(text);
    element.classList.add("upright");
  }
  parent.append(element);
  if (inside) {
    element.classList.add("group");
    element.setAttribute("aria-expanded", "true");
    squarify(node.children, 3, INSIDE.title, w - 6, h - INSIDE.title - 3, (child, ...box) => cell(child, element, box, level + 1));
  }
}
function trail() {
  const steps = path(shown).map((node, at, all) => {
    const item = document.createElement("li");
    const last = at === all.length - 1;
    const step = document.createElement(last ? "span" : "button");
    step.textContent = node.name;
    if (last) {
      step.setAttribute("aria-current", "location");
      const detail = document.createElement("small");
      detail.textContent = `${digits.format(node.bytes)} bytes, ${percent(node)}`;
      item.append(step, detail);
    } else {
      step.type = "button";
      step.addEventListener("click", () => go(node));
      item.append(step);
    }
    return item;
  });
  document.getElementById("trail").replaceChildren(...steps);
}

// Where one is stands in the address, so that the browser's buttons and links work.
const address = node => "#" + path(node).slice(1).map(step => encodeURIComponent(step.name)).join("/");
function addressed() {
  let node = file;
  for (const name of location.hash.slice(1).split("/").filter(Boolean).map(decodeURIComponent)) {
    node = node.children?.find(child => child.name === name) ?? node;
  }
  return node;
}
function go(node, focus) {
  if (!node.children) node = node.above;
  if (address(node) !== (location.hash || "#")) history.pushState(null, "", address(node));
  tip.hidden = true;
  draw(node, focus);
}
window.addEventListener("popstate", () => draw(addressed()));
window.addEventListener("hashchange", () => draw(addressed()));

function describe(node) {
  const name = document.createElement("b");
  name.textContent = node.name;
  const lines = [`${digits.format(node.bytes)} bytes, ${percent(node)} of the file`, node.kind];
  if (node.code !== undefined) lines.push(`${digits.format(node.code)} code, ${digits.format(node.constants)} constants`);
  const above = path(node).slice(1, -1).map(step => step.name).join(" › ");
  if (above) lines.push(`in ${above}`);
  tip.replaceChildren(name, ...lines.map(line => Object.assign(document.createElement("p"), { textContent: line })));
}
function showTip(node, x, y) {
  describe(node);
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - box.width - 8))}px`;
  tip.style.top = `${y + 18 + box.height > innerHeight ? Math.max(8, y - box.height - 10) : y + 18}px`;
}
const cellOf = event => event.target.closest?.(".cell");
map.addEventListener("pointermove", event => {
  const element = cellOf(event);
  if (element) showTip(element.node, event.clientX, event.clientY);
});
map.addEventListener("pointerleave", () => { tip.hidden = true; });
map.addEventListener("click", event => {
  const element = cellOf(event);
  if (element && element.node !== shown) go(element.node);
});
map.addEventListener("focusin", event => {
  const element = cellOf(event);
  if (!element) return;
  for (const other of map.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  element.tabIndex = 0;
  const box = element.getBoundingClientRect();
  if (element.matches(":focus-visible")) showTip(element.node, box.left, Math.min(box.bottom - 14, innerHeight - 40));
});
map.addEventListener("focusout", () => { tip.hidden = true; });
map.addEventListener("keydown", event => {
  const element = cellOf(event);
  if (!element) return;
  const siblings = [...element.parentElement.children].filter(other => other.node);
  const at = siblings.indexOf(element);
  const into = [...element.children].find(other => other.node);
  const out = element.parentElement.closest(".cell");
  const moves = { ArrowRight: siblings[at + 1], ArrowLeft: siblings[at - 1], ArrowDown: into, ArrowUp: out, Home: siblings[0], End: siblings.at(-1) };
  if (event.key in moves) moves[event.key]?.focus();
  else if (event.key === "Enter" || event.key === " ") go(element.node, element.node.children?.[0] ?? element.node);
  else if (event.key === "Escape" || event.key === "Backspace") { if (shown.above) go(shown.above, shown); }
  else return;
  event.preventDefault();
});

function find() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  map.classList.toggle("searching", words.length > 0);
  for (const element of map.querySelectorAll(".cell")) {
    const matches = node => words.every(word => node.name.toLowerCase().includes(word));
    const within = node => matches(node) || (node.children ?? []).some(within);
    element.classList.toggle("found", words.length > 0 && (matches(element.node) || (!element.classList.contains("group") && within(element.node))));
    if (words.length && element.classList.contains("group") && within(element.node)) element.style.opacity = 1;
    else element.style.opacity = "";
  }
  for (const row of document.querySelectorAll("tbody tr")) {
    row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
  }
}
search.addEventListener("input", find);
document.addEventListener("keydown", event => {
  if (event.key === "/" && document.activeElement !== search) { search.focus(); event.preventDefault(); }
  if (event.key === "Escape" && document.activeElement === search) { search.value = ""; find(); search.blur(); }
});

const bar = document.getElementById("bar");
for (const owner of file.children) {
  const part = document.createElement("button");
  part.type = "button";
  part.style.flex = `${owner.bytes} 1 0`;
  part.title = `${owner.name}: ${digits.format(owner.bytes)} bytes, ${percent(owner)}`;
  part.setAttribute("aria-label", part.title);
  const name = document.createElement("b");
  name.textContent = owner.name;
  part.append(name, `${size(owner.bytes)}, ${percent(owner)}`);
  tone(part, owner);
  part.addEventListener("click", () => go(owner));
  bar.append(part);
}
// The observer reports the first size too, which is drawn already; a second time would take the focus away.
let fitted = "";
function fit() {
  const room = `${map.clientWidth} ${map.clientHeight}`;
  if (room === fitted) return;
  fitted = room;
  for (const part of bar.children) part.classList.toggle("narrow", part.clientWidth < 60);
  draw(shown);
}
for (const row of document.querySelectorAll("tr[data-name]")) {
  row.addEventListener("click", () => {
    const found = [...owners, ...owners.flatMap(owner => owner.children)].find(node => row.dataset.name === (node.crate ?? node.name));
    if (found) { go(found); map.scrollIntoView({ block: "center" }); }
  });
}
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
shown = addressed();
fit();
new ResizeObserver(fit).observe(map);
