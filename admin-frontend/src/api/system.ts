import { http } from './http'
import type { Schema } from './types'

/** What runs here. */
export type System = Schema<'SystemPublic'>

export const system = {
  show: async (signal?: AbortSignal) => (await http.get<System>('/system', { signal })).data,
}
