import { Message } from '@arco-design/web-vue'
import { ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { keys } from '@/api/keys'
import type { Key, KeyIssued } from '@/api/types'
import { useProblem } from '@/composables/useProblem'

export type KeyAction = 'edit' | 'rotate' | 'move' | 'enable' | 'disable' | 'delete' | 'restore'

/** Which dialog is open, for which key; what needs no dialog is done at once. */
export function useKeyDialogs(changed: () => unknown) {
  const { t } = useI18n()
  const { report } = useProblem()
  const issuing = ref(false)
  const issued = shallowRef<KeyIssued | null>(null)
  const editing = shallowRef<Key | null>(null)
  const rotating = shallowRef<Key | null>(null)
  const moving = shallowRef<Key | null>(null)
  const removing = shallowRef<Key | null>(null)
  const dialogs = { edit: editing, rotate: rotating, move: moving, delete: removing }

  async function toggle(key: Key, enabled: boolean): Promise<void> {
    await keys.update(key.id, { enabled })
    Message.success(t(enabled ? 'keys.enabled' : 'keys.disabled', { name: key.name }))
  }

  async function act(action: KeyAction, key: Key): Promise<void> {
    if (action === 'edit' || action === 'rotate' || action === 'move' || action === 'delete') {
      dialogs[action].value = key
      return
    }
    try {
      if (action === 'restore') await keys.restore(key.id)
      else await toggle(key, action === 'enable')
      await changed()
    } catch (error) {
      report(error)
    }
  }

  function shown(key: KeyIssued): void {
    issued.value = key
    void changed()
  }

  return { issuing, issued, editing, rotating, moving, removing, act, shown }
}
