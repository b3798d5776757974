// A form is sent once: the button says so and rests until the page is shown again.
export function sendOnce(root = document) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "get" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter ?? form.querySelector("button:not([type=button])");
    if (!button || button.classList.contains("linklike")) return;
    const words = button.querySelector("span") ?? button;
    button.dataset.words = words.textContent;
    // After this turn of the loop, so that the button's own name and value are still sent.
    setTimeout(() => {
      button.disabled = true;
      words.textContent = form.dataset.sending || document.documentElement.dataset.sending || "…";
    });
    // What comes is a file, so this page stays.
    if ("download" in form.dataset) setTimeout(() => restore(form), 5000);
  });
  addEventListener("pageshow", () => root.querySelectorAll("form[data-sent]").forEach(restore));
}

function restore(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[data-words]")) {
    button.disabled = false;
    (button.querySelector("span") ?? button).textContent = button.dataset.words;
    delete button.dataset.words;
  }
}
