import { compact, http } from './http'
import type { Listing, Page, Schema } from './types'

export type Model = Schema<'ModelPublic'>
export type ModelBody = Schema<'ModelUpdate'>
export type Alias = Schema<'AliasPublic'>
export type Fallback = Schema<'FallbackPublic'>

/** Ids keep their slashes in an address. */
const at = (noun: string, id: string): string => `/${noun}/${id.split('/').map(encodeURIComponent).join('/')}`

export interface ModelListing extends Listing {
  provider?: string
  enabled?: string
  unpriced?: string
}

export const models = {
  list: async (listing: ModelListing, signal?: AbortSignal) =>
    (await http.get<Page<Model>>('/models', { params: { ...compact(listing), include: 'usage' }, signal })).data,
  add: async (body: ModelBody & { id: string }) => (await http.post<Model>('/models', body)).data,
  update: async (id: string, body: ModelBody) => (await http.patch<Model>(at('models', id), body)).data,
  forget: (id: string) => http.delete(at('models', id)),
}

export const aliases = {
  list: async () => (await http.get<{ items: Alias[] }>('/aliases')).data.items,
  put: (name: string, model: string) => http.put(at('aliases', name), { model }),
  remove: (name: string) => http.delete(at('aliases', name)),
}

export const fallbacks = {
  list: async () => (await http.get<{ items: Fallback[] }>('/fallbacks')).data.items,
  put: (model: string, models: string[]) => http.put(at('fallbacks', model), { models }),
  remove: (model: string) => http.delete(at('fallbacks', model)),
}
