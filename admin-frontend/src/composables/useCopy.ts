import { ref } from 'vue'

/** Copies a text; `copied` is true for two seconds after it worked. */
export function useCopy() {
  const copied = ref(false)

  async function copy(text: string): Promise<boolean> {
    copied.value = await write(text)
    if (copied.value) setTimeout(() => (copied.value = false), 2000)
    return copied.value
  }

  return { copied, copy }
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return writeWithoutPermission(text)
  }
}

// Over plain http (not localhost) browsers offer no clipboard API.
function writeWithoutPermission(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
