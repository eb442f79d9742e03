// What a test asks a page, from inside. Each function gives a list of faults in words, or what it saw.
(() => {
  const TARGETS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]'
  const SIZE = 24 // CSS pixels, WCAG 2.5.8

  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0 && !clipped(element)
  const clipped = (element) => {
    const { clipPath, position, width } = getComputedStyle(element)
    return position === 'absolute' && clipPath !== 'none' && parseFloat(width) <= 1
  }
  const named = (element) =>
    element.outerHTML.replace(/\s+/g, ' ').slice(0, 90) + ' ' + element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]

  function headings() {
    const levels = all('h1, h2, h3, h4, h5, h6').filter(shown).map((heading) => Number(heading.tagName[1]))
    const faults = levels.filter((level) => level === 1).length === 1 ? [] : [`not one h1: ${levels}`]
    const jumps = levels.some((level, index) => index > 0 && level - levels[index - 1] > 1)
    return jumps ? [...faults, `headings jump: ${levels}`] : faults
  }

  function sideways() {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wide = all('body *').filter((element) => element.getBoundingClientRect().right > clientWidth + 1 && shown(element))
    return [`moves sideways, ${scrollWidth} px in ${clientWidth}: ${wide.slice(0, 3).map(named).join(' | ')}`]
  }

  // A link in a sentence is as high as its line: its block says something beside the link.
  function isInSentence(element) {
    if (getComputedStyle(element).display !== 'inline') return false
    let block = element.parentElement
    while (getComputedStyle(block).display === 'inline') block = block.parentElement
    const copy = block.cloneNode(true)
    all('a, button, .govuk-visually-hidden', copy).forEach((link) => link.remove())
    return /[\p{L}\p{N}]/u.test(copy.textContent)
  }

  // A box to tick is pressed by its label too, which stands over or beside it.
  function areas(element) {
    const labels = ['checkbox', 'radio'].includes(element.type) ? [...element.labels] : []
    return [element, ...labels].map((part) => part.getBoundingClientRect())
  }

  function smallTargets() {
    const targets = all(TARGETS).filter((element) => shown(element) && element.tabIndex >= 0)
    const big = (element) => areas(element).some(({ width, height }) => width >= SIZE - 0.1 && height >= SIZE - 0.1)
    const middle = ({ left, top, width, height }) => ({ x: left + width / 2, y: top + height / 2 })
    const small = targets.filter((element) => !big(element) && !isInSentence(element))
    const crowded = (element) => {
      const { x, y } = middle(element.getBoundingClientRect())
      return targets.some((other) => {
        if (other === element || other.contains(element) || element.contains(other)) return false
        const box = other.getBoundingClientRect()
        const far = Math.hypot(x - Math.max(box.left, Math.min(x, box.right)), y - Math.max(box.top, Math.min(y, box.bottom)))
        const centre = middle(box)
        return far < SIZE / 2 || (small.includes(other) && Math.hypot(x - centre.x, y - centre.y) < SIZE)
      })
    }
    return small.filter(crowded).map((element) => {
      const { width, height } = element.getBoundingClientRect()
      return `target of ${Math.round(width)} by ${Math.round(height)} px: ${named(element)}`
    })
  }

  function moving() {
    const style = (element) => getComputedStyle(element)
    const moves = (times) => times.split(',').some((time) => parseFloat(time) > 0.01)
    return all('*')
      .filter((element) => moves(style(element).transitionDuration) || moves(style(element).animationDuration))
      .map((element) => `moves: ${named(element)}`)
  }

  // Focus: what each stop looks like before anybody comes to it, then at each press of Tab.

  const resting = new Map()
  let stops = []

  function parts(element) {
    const labels = element.labels ? [...element.labels] : []
    return [element, ...labels].flatMap((part) => [null, '::before', '::after'].map((pseudo) => [part, pseudo]))
  }

  const seeThrough = (colour) => /transparent|\/ 0\)|, 0\)$/.test(colour)
  const edge = (width, colour) => (parseFloat(width) > 0 && !seeThrough(colour) ? `${width} ${colour} ` : '')

  function look(element) {
    return parts(element).map(([part, pseudo]) => {
      const style = getComputedStyle(part, pseudo)
      return {
        outline: `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`,
        border: edge(style.borderTopWidth, style.borderTopColor) + edge(style.borderBottomWidth, style.borderBottomColor),
        shadow: style.boxShadow,
        background: style.backgroundColor,
        clipped: !pseudo && clipped(part)
      }
    })
  }

  // In colours that the reader chose, browsers drop shadows and backgrounds.
  function isMarked(before, now, forced) {
    return now.some((style, index) => {
      const was = before[index] || {}
      const changed = (name) => style[name] !== was[name]
      if (was.clipped && !style.clipped) return true // the link that skips to the content appears
      const [kind, width] = style.outline.split(' ')
      const outlined = kind !== 'none' && parseFloat(width) >= 2 && !seeThrough(style.outline)
      if (changed('outline') && outlined) return true
      if (changed('border') && style.border) return true
      if (forced) return false
      return (changed('shadow') && style.shadow !== 'none') || (changed('background') && !seeThrough(style.background))
    })
  }

  function startWalk() {
    // Wherever a page puts the focus by itself, the walk starts at its top.
    const top = document.createElement('span')
    top.tabIndex = -1
    document.body.prepend(top)
    top.focus()
    top.remove()
    stops = all(TARGETS).filter((element) => {
      const grouped = element.type === 'radio' && element.name
      const group = grouped ? all(`input[type=radio][name="${CSS.escape(element.name)}"]`) : []
      const chosen = group.find((radio) => radio.checked) || group[0]
      return element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true })
        && (!grouped || element === chosen)
    })
    resting.clear()
    stops.forEach((element) => resting.set(element, look(element)))
    return stops.length
  }

  function isCovered(element) {
    const seen = element.getClientRects()[0]
    const x = (Math.max(seen.left, 0) + Math.min(seen.right, innerWidth)) / 2
    const y = (Math.max(seen.top, 0) + Math.min(seen.bottom, innerHeight)) / 2
    const top = document.elementFromPoint(x, y)
    if (!top) return true
    const own = [element, ...(element.labels || [])]
    return !own.some((part) => part.contains(top))
  }

  // Gives where in the order the focus is now (-1: on nothing), and what is wrong there.
  function stop(forced) {
    const element = document.activeElement
    if (!element || element === document.body) return { at: -1, faults: [] }
    const at = stops.indexOf(element)
    const faults = []
    if (at < 0) faults.push(`focus on what nobody can use: ${named(element)}`)
    else if (!isMarked(resting.get(element), look(element), forced)) faults.push(`focus is not seen: ${named(element)}`)
    if (isCovered(element)) faults.push(`focus is hidden: ${named(element)}`)
    return { at, faults }
  }

  // What anybody gets from the page: its words as they stand, its links, and the boxes of its forms.

  function matter() {
    const lines = (element) => element.innerText.split('\n').map((line) => line.trim()).filter(Boolean)
    // How many letters are left changes as somebody types; without script the same limit is said once.
    const counts = all('.govuk-character-count__status').flatMap(lines)
    return {
      words: lines(document.querySelector('main')).filter((line) => !counts.includes(line)),
      links: all('a[href]').map((link) => `${link.getAttribute('href')} ${link.textContent.trim().replace(/\s+/g, ' ')}`),
      boxes: all('form [name]').map((box) => `${box.tagName} ${box.type} ${box.name}`)
    }
  }

  // Paper

  function pressable() {
    const furniture = 'nav, button, input[type=submit], [role=search], .govuk-skip-link, .app-filter'
    const stands = (element) => shown(element) && element.getBoundingClientRect().height > 0
    return all(furniture).filter(stands).map((element) => `printed: ${named(element)}`)
  }

  function silentLinks() {
    const leading = all('main a[href^="/"], main a[href^="http"]').filter((link) => shown(link) && !link.closest('.app-standing'))
    const says = (link) => getComputedStyle(link, '::after').content.includes('(')
    return { printed: leading.filter(says).length, faults: leading.filter((link) => !says(link)).map((link) => `no address: ${named(link)}`) }
  }

  function folded() {
    return all('details').filter(shown).flatMap((details) => all('*', details)).filter((element) => !element.closest('summary') && !element.checkVisibility())
      .map((element) => `folded on paper: ${named(element)}`).slice(0, 3)
  }

  return { headings, sideways, smallTargets, moving, startWalk, stop, matter, pressable, silentLinks, folded }
})()
