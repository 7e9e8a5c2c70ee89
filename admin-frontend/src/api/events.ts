/** The data of server-sent events in pieces of text, however they are cut; ends at `[DONE]`. */
export async function* eventsOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let waiting = ''
  for await (const piece of pieces) {
    waiting += piece
    const events = waiting.split(/\r?\n\r?\n/)
    waiting = events.pop() ?? ''
    for (const event of events) {
      const data = dataOf(event)
      if (data === '[DONE]') return
      if (data) yield data
    }
  }
  const data = dataOf(waiting)
  if (data && data !== '[DONE]') yield data
}

const dataOf = (event: string): string =>
  event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart())
    .join('\n')
