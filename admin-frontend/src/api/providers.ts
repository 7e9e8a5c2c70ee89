import { http } from './http'
import type { Schema } from './types'

export type Provider = Schema<'ProviderPublic'>
export type ProviderTest = Schema<'ProviderTest'>
export type ProviderCreate = Schema<'ProviderCreate'>
export type ProviderBody = Partial<Schema<'ProviderUpdate'>>

const at = (name: string): string => `/providers/${encodeURIComponent(name)}`

export const providers = {
  list: async (signal?: AbortSignal) => (await http.get<{ items: Provider[] }>('/providers', { signal })).data.items,
  add: async (body: ProviderBody & Pick<ProviderCreate, 'name' | 'type'>) =>
    (await http.post<Provider>('/providers', body)).data,
  update: async (name: string, body: ProviderBody) => (await http.patch<Provider>(at(name), body)).data,
  remove: (name: string) => http.delete(at(name)),
  /** Waits as long as the slowest of the provider's keys. */
  test: async (name: string) =>
    (await http.post<ProviderTest>(`${at(name)}/test`, undefined, { timeout: 90_000 })).data,
}
