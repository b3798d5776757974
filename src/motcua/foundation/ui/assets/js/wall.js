// The wall of the operations centre: values change in place as they come, by a stream or by asking. What is broken
// keeps its old values with their time.
import { focusErrors } from "./errors.js";
import { dayChart } from "./wall-chart.js";

const POLL = 2000; // milliseconds
const AGAIN = 60000; // until a stream is tried again by who was refused one
const SILENT = 15; // seconds without a word: the line is down
const OLD = 60;
const NEW_ALERT = 30000;

const { stream, now, behind: behindWords, broken: brokenWords } = document.body.dataset;
const behind = document.querySelector("[data-live='behind']");
let shown = {};
let heard = Date.now();
let seconds = 0;
let time = "";

const draw = dayChart(document.querySelector("[data-chart]"), values("chart-values"));

function values(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function show(changed) {
  shown = { ...shown, ...changed };
  for (const [name, value] of Object.entries(changed)) {
    const key = CSS.escape(name);
    for (const at of document.querySelectorAll(`[data-live="${key}"]`)) {
      if (at.textContent !== value && at !== behind) at.textContent = value;
    }
    for (const at of document.querySelectorAll(`[data-live-state="${key}"]`)) at.dataset.state = value;
    const list = document.querySelector(`[data-live-html="${key}"]`);
    if (list && list.innerHTML.trim() !== value.trim()) replace(list, value);
  }
  if (changed.chart) draw(changed.chart);
  if ("behind_seconds" in changed) seconds = changed.behind_seconds;
}

// A new alert gets an outline for half a minute.
function replace(list, html) {
  const before = new Set([...list.querySelectorAll("[data-alert]")].map((it) => it.dataset.alert));
  list.innerHTML = html;
  for (const alert of list.querySelectorAll("[data-alert]")) {
    if (before.has(alert.dataset.alert)) continue;
    alert.classList.add("alert--new");
    setTimeout(() => alert.classList.remove("alert--new"), NEW_ALERT);
  }
}

function hear(changed) {
  heard = Date.now();
  time = clock();
  show(changed);
}

function clock() {
  const options = { hour: "numeric", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" };
  return new Intl.DateTimeFormat("vi", options).format(new Date());
}

// How old the figures are, counted on while nothing is heard.
function tell() {
  const silent = Math.floor((Date.now() - heard) / 1000);
  const isBroken = silent > SILENT;
  const old = seconds + (silent > 5 ? silent : 0);
  const words = isBroken ? brokenWords.replace("%s", time) : behindWords.replace("%s", old);
  if (behind.textContent !== words) behind.textContent = words;
  behind.dataset.state = isBroken || old > OLD ? "old" : "";
}

function follow() {
  const source = new EventSource(stream);
  source.onmessage = (event) => hear(JSON.parse(event.data));
  source.addEventListener("beat", () => hear({}));
  source.addEventListener("over", () => {
    source.close();
    location.reload();
  });
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
    ask(Date.now() + AGAIN);
  };
}

async function ask(until) {
  try {
    const answer = await fetch(now, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.redirected || answer.status === 403) return location.reload();
    if (answer.ok) hear(await answer.json());
  } catch {
    // No network: asked again.
  }
  if (Date.now() > until) return follow();
  setTimeout(() => ask(until), POLL);
}

focusErrors();
if (stream) {
  time = clock();
  seconds = Number(behind.dataset.seconds);
  setInterval(tell, 1000);
  follow();
}
