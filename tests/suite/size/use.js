"use strict";
const errors = [];
addEventListener("error", event => errors.push(event.message));
const frame = () => new Promise(done => setTimeout(done, 100));
const press = key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const current = () => document.querySelector("#trail [aria-current]").textContent;
const colour = () => getComputedStyle(document.body).backgroundColor;

addEventListener("load", async () => {
  const seen = { errors };
  try {
    await frame();
    const whole = map.clientWidth * map.clientHeight;
    const top = [...map.children];
    seen.owners = top.length;
    seen.cells = map.querySelectorAll(".cell").length;
    // A pixel on each side of a cell is the gap to the next.
    const parts = top.map(cell => ({ area: (cell.offsetWidth + 2) * (cell.offsetHeight + 2) / whole, bytes: cell.node.bytes / report.bytes }));
    seen.covered = parts.reduce((sum, part) => sum + part.area, 0);
    seen.off = Math.max(...parts.map(part => Math.abs(part.area - part.bytes)));
    map.querySelector('[tabindex="0"]').focus();
    press("ArrowRight");
    seen.moved = document.activeElement.node.name;
    press("Enter");
    seen.entered = current();
    press("Escape");
    seen.back = current();
    top[0].dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 200, clientY: 300 }));
    const cell = map.querySelector(".cell");
    cell.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 200, clientY: 300 }));
    seen.told = tip.hidden ? "" : tip.querySelector("p").textContent;
    search.value = "rustls";
    search.dispatchEvent(new Event("input"));
    seen.found = map.querySelectorAll(".found").length;
    seen.rows = [...document.querySelectorAll("tbody tr")].filter(row => !row.hidden).length;
    search.value = "";
    search.dispatchEvent(new Event("input"));
    document.querySelector('tr[data-name="rustls"]').click();
    await frame();
    seen.linked = decodeURIComponent(location.hash).split("/")[1].split(" ")[0];
    seen.day = colour();
    document.getElementById("theme").click();
    seen.night = colour();
    document.getElementById("theme").click();
  } catch (error) {
    errors.push(String(error));
  }
  const out = document.createElement("pre");
  out.id = "seen";
  out.textContent = JSON.stringify(seen);
  document.body.append(out);
});
