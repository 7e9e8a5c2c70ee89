import type { Column } from '@/components/table'

export function organizationColumns(t: (key: string) => string): Column[] {
  return [
    { key: 'name', title: t('organizations.name'), sort: 'name', card: 'head', fixed: true },
    { key: 'status', title: t('app.status') },
    { key: 'admins', title: t('organizations.admins'), extra: true },
    { key: 'keys', title: t('organizations.keysActive'), sort: 'keys', align: 'end' },
    { key: 'requests', title: t('organizations.requests'), sort: 'requests', align: 'end' },
    { key: 'tokens', title: t('organizations.tokens'), sort: 'tokens', align: 'end', card: 'none' },
    { key: 'cost', title: t('organizations.cost'), sort: 'cost', align: 'end' },
    { key: 'limit', title: t('limits.fullest'), sort: 'limit_percent' },
    { key: 'last_used_at', title: t('keys.lastUsed'), sort: 'last_used_at', card: 'none' },
    { key: 'created_at', title: t('organizations.created'), sort: 'created_at', extra: true, card: 'none' },
    { key: 'id', title: t('organizations.id'), extra: true, card: 'none' },
  ]
}
