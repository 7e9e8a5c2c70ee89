import { Message } from '@arco-design/web-vue'
import { ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { organizations } from '@/api/organizations'
import type { OrganizationListed } from '@/api/types'
import { useProblem } from '@/composables/useProblem'

export type OrganizationAction = 'edit' | 'enable' | 'disable' | 'delete' | 'restore'

/** Which dialog is open, for which organization; what stops nothing is done at once. */
export function useOrganizationDialogs(changed: () => unknown) {
  const { t } = useI18n()
  const { report } = useProblem()
  const creating = ref(false)
  const editing = shallowRef<OrganizationListed | null>(null)
  const disabling = shallowRef<OrganizationListed | null>(null)
  const removing = shallowRef<OrganizationListed | null>(null)

  async function act(action: OrganizationAction, org: OrganizationListed): Promise<void> {
    if (action === 'edit') editing.value = org
    else if (action === 'disable') disabling.value = org
    else if (action === 'delete') removing.value = org
    else await bringBack(action, org)
  }

  async function bringBack(action: 'enable' | 'restore', org: OrganizationListed): Promise<void> {
    try {
      if (action === 'restore') await organizations.restore(org.id)
      else await organizations.update(org.id, { enabled: true })
      Message.success(t(action === 'restore' ? 'organizations.restored' : 'organizations.enabledNow', { name: org.name }))
      await changed()
    } catch (error) {
      report(error)
    }
  }

  return { creating, editing, disabling, removing, act }
}
