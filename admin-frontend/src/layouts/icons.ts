import {
  IconApps, IconBarChart, IconCloud, IconDashboard, IconHistory, IconList, IconMessage, IconSafe, IconSettings,
  IconStorage, IconUserGroup,
} from '@arco-design/web-vue/es/icon'
import type { Component } from 'vue'

const ICONS: Record<string, Component> = {
  'icon-apps': IconApps,
  'icon-bar-chart': IconBarChart,
  'icon-cloud': IconCloud,
  'icon-dashboard': IconDashboard,
  'icon-history': IconHistory,
  'icon-list': IconList,
  'icon-message': IconMessage,
  'icon-safe': IconSafe,
  'icon-settings': IconSettings,
  'icon-storage': IconStorage,
  'icon-user-group': IconUserGroup,
}

/** The icon of a page, by the name in its route. */
export const iconOf = (name = ''): Component | undefined => ICONS[name]
