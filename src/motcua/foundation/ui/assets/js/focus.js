// <form data-focus="NAME">: the cursor begins at this question, as its first box or its first choice.
export function focusQuestion(root = document) {
  for (const form of root.querySelectorAll("form[data-focus]")) {
    const name = CSS.escape(form.dataset.focus);
    form.querySelector(`[name="${name}"], [name="${name}_day"]`)?.focus();
  }
}
