// Builds dist/scrutineer.css, large-print.css and paper.css, dist/scrutineer.js and dist/favicon.svg, and refuses to pass the size budget.
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, transform } from 'esbuild'
import { compile } from 'sass'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const BUDGET = 20 * 1024 // bytes of gzip, for each file
const LICENCE = '/*! Includes parts of govuk-frontend (MIT licence, Crown copyright) */'

async function css(name) {
  const compiled = compile(here(`scss/${name}.scss`), {
    loadPaths: [here('node_modules/govuk-frontend/dist')],
    style: 'compressed'
  })
  const { code } = await transform(compiled.css, { loader: 'css', minify: true, legalComments: 'none' })
  return `${LICENCE}\n${code}`
}

async function js() {
  const result = await build({
    entryPoints: [here('js/scrutineer.js')],
    bundle: true,
    format: 'esm',
    legalComments: 'none',
    minify: true,
    target: 'es2020',
    banner: { js: LICENCE },
    write: false
  })
  return result.outputFiles[0].text
}

async function main() {
  const files = { 'scrutineer.js': await js() }
  for (const name of ['scrutineer', 'large-print', 'paper']) {
    files[`${name}.css`] = await css(name)
  }
  await rm(here('dist'), { recursive: true, force: true })
  await mkdir(here('dist'), { recursive: true })
  await copyFile(here('favicon.svg'), here('dist/favicon.svg'))
  for (const [name, text] of Object.entries(files)) {
    await writeFile(here(`dist/${name}`), text)
    const size = gzipSync(text, { level: 9 }).length
    console.log(`${name}: ${text.length} bytes, ${size} gzipped`)
    if (size > BUDGET) {
      throw new Error(`${name} is ${size} bytes gzipped; the budget is ${BUDGET}`)
    }
  }
}

await main()
