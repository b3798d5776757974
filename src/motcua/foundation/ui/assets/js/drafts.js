// A copy of what was typed, on this device: dropped when the page is opened after the server saved it, at sign-out,
// and after some days. <form data-keep="KEY" data-kept="VERSION">:
// the server changes VERSION when it has saved, and the copy made for an older version is dropped.
const PREFIX = "motcua-draft:";
const DAYS_KEPT = 7;

export function keepDrafts(root = document, store = safeStorage()) {
  if (!store) return;
  forgetOld(store);
  // Who signs out leaves nothing behind on a shared computer.
  for (const form of root.querySelectorAll("form[data-sign-out]"))
    form.addEventListener("submit", () => copies(store).forEach((key) => store.removeItem(key)));
  for (const form of root.querySelectorAll("form[data-keep]")) keep(form, store);
}

function safeStorage() {
  try {
    return window.localStorage;
  } catch {
    return null; // storage is switched off: nothing is kept, the page works all the same
  }
}

const copies = (store) => Object.keys(store).filter((key) => key.startsWith(PREFIX));

function forgetOld(store) {
  for (const key of copies(store)) if (Date.now() - (read(store, key)?.at ?? 0) > DAYS_KEPT * 864e5) store.removeItem(key);
}

function keep(form, store) {
  const key = PREFIX + form.dataset.keep;
  const version = form.dataset.kept ?? "";
  const draft = read(store, key);
  if (draft && draft.version === version && Date.now() - draft.at < DAYS_KEPT * 864e5) restore(form, draft.values);
  else store.removeItem(key);
  form.addEventListener("input", () => {
    const values = {};
    for (const field of fields(form)) if (isChosen(field)) (values[field.name] ??= []).push(field.value);
    try {
      store.setItem(key, JSON.stringify({ version, at: Date.now(), values }));
    } catch {
      return; // full: the server's own draft remains
    }
  });
}

function read(store, key) {
  try {
    return JSON.parse(store.getItem(key));
  } catch {
    return null;
  }
}

function fields(form) {
  return [...form.elements].filter((field) => field.name && field.name !== "csrfmiddlewaretoken"
    && !["hidden", "password", "file", "submit", "button", "fieldset"].includes(field.type));
}

const isChosen = (field) => !["radio", "checkbox"].includes(field.type) || field.checked;

function restore(form, values) {
  const rest = structuredClone(values);
  for (const field of fields(form)) {
    const kept = rest[field.name] ?? [];
    if (["radio", "checkbox"].includes(field.type)) field.checked = kept.includes(field.value);
    else if (kept.length) field.value = kept.shift();
  }
}
