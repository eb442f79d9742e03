// Enhances what the page already does without script: nothing here is needed to read, search or send a form.
import { Button, CharacterCount, Checkboxes, ErrorSummary, Radios, SkipLink, createAll } from 'govuk-frontend'

// The policy on scripts forbids the usual inline line, so the marks that the styles look for are set here.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')

createAll(Button, { preventDoubleClick: true })
createAll(CharacterCount)
createAll(Checkboxes)
createAll(ErrorSummary)
createAll(Radios)
createAll(SkipLink)
