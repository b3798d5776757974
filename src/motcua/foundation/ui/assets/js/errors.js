// The summary of what is to be corrected gets the focus; its links go to the control, not only near it.
export function focusErrors() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const id = event.target.closest("a")?.hash?.slice(1);
    const target = id && document.getElementById(id);
    if (!target) return;
    event.preventDefault();
    const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    (control ?? target).focus();
    (control ?? target).scrollIntoView({ block: "center" });
  });
}
