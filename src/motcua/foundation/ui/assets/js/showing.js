// While a helper sees the screen. The person's page: <section data-showing="URL"> says who looks and what they point at,
// <form data-typed="URL"> sends what is being typed, to be kept in the draft. The helper's: <section data-screen="URL">.
import { isOver, poll } from "./screen-poll.js";
import { typed } from "./values.js";

const WAIT = 500;

export function showScreen(root = document) {
  const part = root.querySelector("[data-showing]");
  if (!part) return;
  const marked = () => mark(root, part.querySelector("[data-pointed]"));
  poll(part, part.dataset.showing, marked);
  marked();
  for (const form of root.querySelectorAll("form[data-typed]")) keepTyped(form, part);
}

export function seeScreen(root = document) {
  const part = root.querySelector("[data-screen]");
  if (part) poll(part, part.dataset.screen);
}

/** The question that is pointed at gets a frame, and the helper's words beneath its label. */
function mark(root, pointed) {
  root.querySelectorAll(".pointed").forEach((it) => it.classList.remove("pointed"));
  root.querySelectorAll(".pointed__words").forEach((it) => it.remove());
  const control = pointed && (root.getElementById(`id_${pointed.dataset.pointed}`) ?? root.getElementById(`id_${pointed.dataset.pointed}_0`));
  const question = control?.closest(".question, .framed");
  if (!question) return;
  question.classList.add("pointed");
  const words = pointed.querySelector("span")?.textContent;
  if (words) {
    const note = Object.assign(root.createElement("p"), { className: "pointed__words", textContent: words });
    question.querySelector("label, legend").after(note);
  }
  question.scrollIntoView({ block: "nearest" });
}

function keepTyped(form, part) {
  let timer, sending;
  const send = async () => {
    if (isOver(part)) return;
    try {
      const answer = await fetch(form.dataset.typed, { method: "POST", body: typed(form) });
      if (answer.ok) form.elements.namedItem("seen").value = (await answer.json()).seen;
    } catch {
      // No network: the copy on the device remains.
    }
    sending = undefined;
  };
  const begin = () => {
    // One at a time: the next one must send along what this one is answered.
    if (sending) return plan();
    sending = send();
  };
  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(begin, WAIT);
  };
  form.addEventListener("input", plan);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault();
    sending.then(() => form.requestSubmit(event.submitter));
  }, true);
}
