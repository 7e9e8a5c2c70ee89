import { http } from './http'
import type { Schema } from './types'

export type Setting = Schema<'SettingPublic'>
export type SettingValue = Setting['value']

export const settings = {
  list: async (signal?: AbortSignal) => (await http.get<{ items: Setting[] }>('/settings', { signal })).data.items,
  change: async (values: Record<string, SettingValue>) =>
    (await http.patch<{ items: Setting[] }>('/settings', { values })).data.items,
  reset: async (path: string) =>
    (await http.delete<{ items: Setting[] }>(`/settings/${encodeURIComponent(path)}`)).data.items,
}
