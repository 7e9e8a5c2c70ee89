/** A column of an OTable. Its cells are the slot `cell-KEY`, or else the row's field of that name. */
export interface Column {
  key: string
  title: string
  /** The word the API sorts by, if it can. */
  sort?: string
  align?: 'end'
  width?: string
  /** On cards: the head of the card, left out, or (otherwise) a line with its title. */
  card?: 'head' | 'none'
  /** Hidden until somebody chooses it. */
  extra?: boolean
  /** Cannot be hidden. */
  fixed?: boolean
}

/** `name` → `-name` → `name`: the next order when a header is clicked. */
export function nextSort(current: string, word: string): string {
  return current === word ? `-${word}` : word
}

export type SortState = 'ascending' | 'descending' | 'none'

export function sortState(current: string, word: string | undefined): SortState | undefined {
  if (!word) return undefined
  if (current === word) return 'ascending'
  return current === `-${word}` ? 'descending' : 'none'
}
