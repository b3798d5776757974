// Keys of the desk: "/" search, J and K rows, X choose, Enter open, "?" all keys, and the key an act shows. Never in fields.
const STORE = "motcua-keys-off";

export function deskKeys() {
  setUpSwitch();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target) || isOff()) return;
    if (document.querySelector("dialog[open]")) return;
    if (act(event.key)) event.preventDefault();
  });
  for (const box of document.querySelectorAll("[data-choose-all]")) {
    box.addEventListener("change", () => {
      for (const one of box.closest("table").querySelectorAll("[data-row] [type=checkbox]")) one.checked = box.checked;
    });
  }
}

const isField = (target) => target.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
const isOff = () => {
  try {
    return localStorage.getItem(STORE) === "1";
  } catch {
    return false;
  }
};

function act(key) {
  if (key === "/") return focus(document.querySelector("[data-search]"));
  if (key === "?") return showAll();
  const rows = [...document.querySelectorAll("[data-keys] [data-row]")];
  const here = rows.findIndex((row) => row.classList.contains("is-here"));
  const step = { j: 1, k: -1 }[key.toLowerCase()];
  if (step && rows.length) return go(rows, here, step);
  if (here >= 0 && key === "Enter" && !document.activeElement.matches("a, button, summary")) return click(rows[here].querySelector("a"));
  if (here >= 0 && key.toLowerCase() === "x") return click(rows[here].querySelector("[type=checkbox]"));
  return click(document.querySelector(`[data-key="${CSS.escape(key.toUpperCase())}"]`));
}

function go(rows, here, step) {
  rows[here]?.classList.remove("is-here");
  const next = rows[Math.min(rows.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
  next.classList.add("is-here");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a")?.focus({ preventScroll: true });
  return true;
}

function focus(target) {
  target?.focus();
  return Boolean(target);
}

function click(target) {
  target?.click();
  return Boolean(target);
}

function showAll() {
  const sheet = document.querySelector("dialog[data-keys-help]");
  sheet?.showModal();
  return Boolean(sheet);
}

function setUpSwitch() {
  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", showAll);
  }
  for (const button of document.querySelectorAll("[data-keys-switch]")) {
    const say = () => (button.textContent = isOff() ? button.dataset.on : button.dataset.off);
    button.hidden = false;
    button.addEventListener("click", () => {
      localStorage.setItem(STORE, isOff() ? "0" : "1");
      document.dispatchEvent(new Event("motcua:keys"));
    });
    document.addEventListener("motcua:keys", say);
    say();
  }
}
