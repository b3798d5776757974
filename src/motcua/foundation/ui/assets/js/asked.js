// Questions that hang on answers of the same page. <div data-asked-if='[["work", "in", ["new"]]]' hidden>: shown while all
// tests hold, as the server judges them (foundation/kernel/conditions.py). Without this script the server asks on the next try.
const CHOSEN = ["radio", "checkbox"];

export function askedOnly(root = document) {
  for (const form of root.querySelectorAll("form")) {
    const parts = [...form.querySelectorAll("[data-asked-if]")].map((part) => [part, JSON.parse(part.dataset.askedIf)]);
    if (!parts.length) continue;
    const update = () => {
      // In the order of the page: what hangs on a hidden question sees it unanswered.
      for (const [part, tests] of parts) show(part, tests.every(([name, test, value]) => holds(answer(form, name), test, value)));
      for (const heading of form.querySelectorAll("[data-group]")) heading.hidden = isBare(heading);
    };
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
  }
}

function show(part, isAsked) {
  part.hidden = !isAsked;
  part.querySelector('input[name="unasked"]').disabled = isAsked;
}

/** Whether nothing that is asked stands below a heading, up to the next one. */
function isBare(heading) {
  let next = heading.nextElementSibling;
  while (next?.matches("p[data-group]")) next = next.nextElementSibling;
  const first = next;
  for (; next && !next.matches("h2, .taskend"); next = next.nextElementSibling) if (!next.hidden) return false;
  return Boolean(first?.matches(".asked"));
}

/** What stands in the page under a name, as the server would read it: undefined for nothing. */
function answer(form, name) {
  const among = [...form.elements].filter((field) => field.name && field.type !== "submit" && !field.closest(".asked[hidden]"));
  const own = among.filter((field) => field.name === name);
  if (!own.length) {
    const inner = among.filter((field) => field.name.startsWith(`${name}-`) || field.name.startsWith(`${name}_`));
    return inner.some(isFilled) || undefined;
  }
  if (own[0].type === "checkbox") return own.some((field) => field.checked) || undefined;
  return own.find(isFilled)?.value.trim();
}

const isFilled = (field) => (CHOSEN.includes(field.type) ? field.checked : field.value.trim() !== "");

/** "1.200" and "1,200" are 1200, "120,5" is 120.5. */
function number(text) {
  const found = /^(-?\d{1,3}(?:[., ]?\d{3})*)(?:[.,](\d{1,2}))?$/.exec(String(text));
  return found ? Number(`${found[1].replace(/[., ]/g, "")}.${found[2] ?? 0}`) : NaN;
}

const same = (value, wanted) => (typeof wanted === "number" ? number(value) === wanted : value === wanted);

export function holds(value, test, wanted) {
  switch (test) {
    case "equals": return same(value, wanted);
    case "not": return !same(value, wanted);
    case "in": return wanted.some((one) => same(value, one));
    case "not_in": return !wanted.some((one) => same(value, one));
    case "at_least": return number(value) >= wanted;
    case "at_most": return number(value) <= wanted;
    case "filled": return (value !== undefined) === wanted;
  }
  return true;
}
