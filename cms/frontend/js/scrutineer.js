// Enhances what the page already does without script: nothing here is needed to read, search or send a form.
import { Button, CharacterCount, Checkboxes, ErrorSummary, Radios, SkipLink, createAll } from 'govuk-frontend'

import { followAnswers } from './only-if.js'

// A radio button may not carry aria-expanded; the package sets it on those that reveal a question, so it is taken off again.
class QuietRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute('aria-expanded')
  }
}

// The policy on scripts forbids the usual inline line, so the marks that the styles look for are set here.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')

createAll(Button, { preventDoubleClick: true })
createAll(CharacterCount)
createAll(Checkboxes)
createAll(ErrorSummary)
createAll(QuietRadios)
createAll(SkipLink)
followAnswers()
