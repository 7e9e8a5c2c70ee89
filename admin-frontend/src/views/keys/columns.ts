import type { Column } from '@/components/table'

/** The columns of a list of keys; inside one organization its name says nothing. */
export function keyColumns(t: (key: string) => string, inside: boolean): Column[] {
  const columns: Column[] = [
    { key: 'name', title: t('keys.name'), sort: 'name', card: 'head', fixed: true },
    { key: 'org_name', title: t('keys.org'), sort: 'org' },
    { key: 'status', title: t('app.status') },
    { key: 'permission', title: t('keys.permissionLabel'), sort: 'permission' },
    { key: 'requests', title: t('keys.requests'), sort: 'requests', align: 'end' },
    { key: 'cost', title: t('keys.cost'), sort: 'cost', align: 'end' },
    { key: 'last_used_at', title: t('keys.lastUsed'), sort: 'last_used_at' },
    { key: 'limit', title: t('limits.fullest'), sort: 'limit_percent', extra: true },
    { key: 'expires_at', title: t('keys.expires'), sort: 'expires_at' },
    { key: 'created_at', title: t('keys.created'), sort: 'created_at', extra: true },
    { key: 'id', title: t('keys.id'), extra: true, card: 'none' },
  ]
  return inside ? columns.filter(({ key }) => key !== 'org_name') : columns
}
