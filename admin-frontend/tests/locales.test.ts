import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SOURCE = join(import.meta.dirname, '../src')
const files = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(SOURCE, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(SOURCE, folder, name))

type Texts = { [key: string]: string | Texts }
const textsOf = (path: string): Texts => JSON.parse(readFileSync(path, 'utf8')) as Texts

function flat(texts: Texts, before = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[before + key, value]] : Object.entries(flat(value, `${before}${key}.`)),
    ),
  )
}

function spoken(locale: string): Record<string, string> {
  const all = files(`locales/${locale}`, /\.json$/).map((path) => [path.split('/').at(-1)!.replace('.json', ''), textsOf(path)])
  return flat(Object.fromEntries(all) as Texts)
}

const en = spoken('en-US')
const zh = spoken('zh-CN')
// One and many, with `|` between them, have the same holes.
const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]!))].sort()

describe('the two languages', () => {
  it('say the same things', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort())
  })

  it('are filled in with the same values', () => {
    const unlike = Object.keys(en).filter((key) => holes(en[key]!).join() !== holes(zh[key] ?? '').join())
    expect(unlike).toEqual([])
  })

  it('leave nothing empty and nothing in the other language', () => {
    expect(Object.entries({ ...en, ...zh }).filter(([, text]) => !text.trim())).toEqual([])
    expect(Object.entries(en).filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([])
  })
})

describe('the source', () => {
  const sources = files('.', /\.(vue|ts)$/).filter((path) => !path.includes('/locales/'))
  const named = sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((call) => call[1]!),
  )

  it('asks for no text that is not there', () => {
    expect([...new Set(named)].filter((key) => !(key in en)).sort()).toEqual([])
  })

  it('has no text of its own in templates', () => {
    const found = files('.', /\.vue$/).flatMap((path) => literals(readFileSync(path, 'utf8')).map((text) => `${path}: ${text}`))
    expect(found).toEqual([])
  })

  it('keeps every component short enough to read', () => {
    const long = files('.', /\.vue$/).filter((path) => readFileSync(path, 'utf8').split('\n').length > 201)
    expect(long).toEqual([])
  })
})

// Names and signs that are the same in every language.
const SAME = /^(orouter( user passwd)?|API|CSV|JSON|\.env|curl|[\W\d_]+)$/

/** Words between tags, and in the attributes that people read. */
function literals(source: string): string[] {
  const template = /<template>([\s\S]*)<\/template>/.exec(source)?.[1] ?? ''
  const plain = template.replace(/<!--[\s\S]*?-->/g, '').replace(/\{\{[\s\S]*?\}\}/g, '')
  const attributes = [...plain.matchAll(/\s(?:title|label|placeholder|aria-label|alt)="([^"]+)"/g)].map((found) => found[1]!)
  const tagless = plain.replace(/<(?:[^<>"']|"[^"]*"|'[^']*')*>/g, '\n')
  const words = tagless.split('\n').map((line) => line.trim())
  return [...words, ...attributes].filter((text) => text && !SAME.test(text))
}
