// A process wider than its window is shown where the work stands, not at its beginning.
export function showCurrentStep() {
  for (const box of document.querySelectorAll(".processpicture__scroll")) {
    const step = box.querySelector(".is-now");
    if (!step) continue;
    const [at, frame] = [step.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollLeft += at.left + at.width / 2 - (frame.left + frame.width / 2);
    box.scrollTop += at.top + at.height / 2 - (frame.top + frame.height / 2);
  }
}
