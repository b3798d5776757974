// A lost line loses nothing: what is typed stays in this tab, by account and form, until the server has it, the account signs
// out or another one signs in. Never passwords, codes or files. What was sent carries a token (field "once"): the server does
// it once however often it comes (registry/access/sent_once.py), and names in a cookie what it has answered.
// <form data-keep="KEY" data-kept="VERSION">: a copy made for another VERSION is dropped, as the server has saved since.
const PREFIX = "motcua-kept:";
const COOKIE = "motcua_sent";
const FIELD = "once";
const NEVER = "[type=password], [autocomplete=one-time-code], [data-passkey], [data-sign-out], [role=search]";
const account = document.documentElement.dataset.account ?? "";
let waiting;

export function keepForms(root = document, store = tabStorage()) {
  if (!store) return;
  settle(root, store);
  addEventListener("pageshow", () => settle(root, store));
  if (root.querySelector("[data-offline-page]")) return waitForLine(store);
  for (const form of root.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", () => forget(store, () => true));
  if (!account) return;
  // Another account in this tab finds nothing of the one before.
  forget(store, (entry) => entry.account !== account);
  const forms = ours(root);
  for (const form of forms) bringBack(form, store);
  root.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!forms.includes(form)) return;
    form.elements.namedItem(FIELD)?.remove();
    write(form, store, {});
  });
  root.addEventListener("submit", (event) => forms.includes(event.target) && send(event, store), { capture: true });
  if (forms.length) navigator.serviceWorker?.register(document.documentElement.dataset.worker, { updateViaCache: "all" }).catch(() => {});
}

function tabStorage() {
  try {
    return window.sessionStorage;
  } catch {
    return null; // storage is switched off: nothing is kept, the page works all the same
  }
}

/** Forms that change something, but for those that hold what must not be kept. */
function ours(root) {
  const changing = [...root.querySelectorAll("main form")].filter((form) => form.getAttribute("method")?.toLowerCase() === "post");
  return changing.filter((form) => !form.matches(NEVER) && !form.querySelector(NEVER));
}

function keyOf(form) {
  const action = form.getAttribute("action") ?? "";
  const alike = [...document.forms].filter((it) => (it.getAttribute("action") ?? "") === action).indexOf(form);
  const page = `${location.pathname}#${form.id || `${action}#${alike}`}`;
  return `${PREFIX}${account}:${form.dataset.keep ?? page}`;
}

const read = (store, key) => {
  try {
    return JSON.parse(store.getItem(key));
  } catch {
    return null;
  }
};

const entries = (store) => Object.keys(store).filter((key) => key.startsWith(PREFIX)).map((key) => [key, read(store, key)]);

function forget(store, goes) {
  for (const [key, entry] of entries(store)) if (!entry || goes(entry)) store.removeItem(key);
}

/** What the server has answered is not kept any more, and its form may send something new. */
function settle(root, store) {
  const named = document.cookie.split("; ").find((it) => it.startsWith(`${COOKIE}=`))?.split("=")[1];
  if (!named) return;
  const tokens = named.split(".");
  forget(store, (entry) => tokens.includes(entry.token));
  for (const field of root.querySelectorAll(`input[name=${FIELD}]`)) if (tokens.includes(field.value)) field.remove();
}

const typed = (form) => [...form.elements].filter((field) => field.name && ![FIELD, "csrfmiddlewaretoken"].includes(field.name)
  && !["file", "submit", "button", "fieldset"].includes(field.type));
const isChosen = (field) => !["radio", "checkbox"].includes(field.type) || field.checked;
const hidden = (field) => field.type === "hidden";

function write(form, store, more) {
  const values = {};
  for (const field of typed(form)) if (isChosen(field)) (values[field.name] ??= []).push(field.value);
  const files = [...form.querySelectorAll("[type=file]")].some((field) => field.files.length);
  const page = location.pathname + location.search;
  const entry = { account, page, version: form.dataset.kept ?? "", at: Date.now(), values, files, ...more };
  try {
    store.setItem(keyOf(form), JSON.stringify(entry));
  } catch {
    return; // full: what the server has remains
  }
}

function bringBack(form, store) {
  const key = keyOf(form), entry = read(store, key);
  if (!entry) return;
  if (entry.version !== (form.dataset.kept ?? "")) return store.removeItem(key);
  // What is sent again is what was sent, on the state it was made for: a form that is out of date is told so.
  const changed = put(form, entry.values, typed(form).filter((field) => entry.failed || !hidden(field)));
  if (entry.failed && !entry.files) return again(form, store, entry);
  if (changed || entry.failed) tell(form, store, entry);
}

/** Puts values into fields; says whether any was another before. */
function put(form, values, fields) {
  const rest = structuredClone(values);
  let changed = false;
  for (const field of fields) {
    const kept = rest[field.name] ?? [];
    if (["radio", "checkbox"].includes(field.type)) {
      changed ||= field.checked !== kept.includes(field.value);
      field.checked = kept.includes(field.value);
    } else if (kept.length) {
      const value = kept.shift();
      changed ||= field.value !== value;
      field.value = value;
    }
  }
  return changed;
}

/** "What you typed is back", with a way to do without; where files were chosen, that they are to be chosen again. */
function tell(form, store, entry) {
  const note = document.querySelector("template[data-back]")?.content.firstElementChild.cloneNode(true);
  if (!note) return;
  note.querySelector("[data-back-files]").hidden = !entry.files;
  note.querySelector("button").addEventListener("click", () => {
    store.removeItem(keyOf(form));
    location.replace(location.href);
  });
  form.before(note);
}

function token(form, kept) {
  let field = form.elements.namedItem(FIELD);
  if (!field) {
    const random = crypto.getRandomValues(new Uint8Array(16));
    const value = kept ?? Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
    form.append((field = Object.assign(document.createElement("input"), { type: "hidden", name: FIELD, value })));
  }
  return field.value;
}

function send(event, store) {
  const form = event.target, by = event.submitter;
  if (form.dataset.sent) return; // on its way: send-once.js holds it
  write(form, store, { token: token(form), sent: Date.now(), by: by?.name ? [by.name, by.value] : null });
  if (navigator.onLine) return; // what does not arrive all the same leads to the page the service worker holds
  event.preventDefault();
  event.stopImmediatePropagation();
  document.querySelector("[data-offline]")?.scrollIntoView();
  if (waiting) return;
  waiting = whenBack(() => {
    waiting = undefined;
    form.requestSubmit(by);
  });
}

/** The same once more, with the same token and by the same button. */
function again(form, store, entry) {
  const button = entry.by && [...form.querySelectorAll("button, [type=submit]")].find((it) => it.name === entry.by[0] && it.value === entry.by[1]);
  if (entry.by && !button) return tell(form, store, entry);
  token(form, entry.token);
  // After this turn of the loop: the other scripts of the page are set up by then.
  setTimeout(() => form.requestSubmit(button ?? undefined));
}

/** The page in place of one that did not come: back to the form that was not sent, else the same address again. */
function waitForLine(store) {
  const unsent = entries(store).filter(([, entry]) => entry?.sent).sort(([, a], [, b]) => b.sent - a.sent)[0];
  document.querySelector("[data-offline-unsent]").hidden = !unsent;
  whenBack(() => {
    if (!unsent) return location.reload();
    // Only who comes from here sends without being asked again.
    store.setItem(unsent[0], JSON.stringify({ ...unsent[1], failed: true }));
    location.replace(unsent[1].page);
  });
}

/** Does something once, when the server answers again. */
async function whenBack(act) {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 15000)) {
    await new Promise((done) => {
      addEventListener("online", done, { once: true });
      setTimeout(done, pause);
    });
    try {
      if ((await fetch("/health/live", { cache: "no-store" })).ok) return act();
    } catch {
      // Still no line.
    }
  }
}
