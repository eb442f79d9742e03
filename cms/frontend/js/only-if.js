// Shows a question that depends on another of its page only once that answer is chosen. The server decides what counts:
// without script such a question is always there, under words that say when to answer it.
const PARTS = '[data-only-if]'

function chosen(form, name) {
  return [...form.elements]
    .filter((box) => box.name === name && !box.closest(`${PARTS}[hidden]`))
    .filter((box) => box.checked || box.tagName === 'SELECT')
    .map((box) => box.value)
}

function showWhatIsAsked(form) {
  // In the order of the page, since what is hidden decides nothing for what comes after it.
  for (const part of form.querySelectorAll(PARTS)) {
    const wanted = part.dataset.onlyIfValues.split('\n')
    part.hidden = !chosen(form, part.dataset.onlyIf).some((value) => wanted.includes(value))
  }
}

export function followAnswers() {
  for (const form of new Set([...document.querySelectorAll(PARTS)].map((part) => part.closest('form')))) {
    form.querySelectorAll('[data-only-if-words]').forEach((words) => { words.hidden = true })
    form.addEventListener('change', () => showWhatIsAsked(form))
    showWhatIsAsked(form)
  }
}
