import '@arco-design/web-vue/es/style/index.css'
// Called from scripts, so that no template brings their styles.
import '@arco-design/web-vue/es/message/style/css.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/arco.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, speak } from './i18n'
import { router } from './router'
import { useUi } from './stores/ui'

const app = createApp(App)
app.use(createPinia())
app.use(i18n)
await speak(useUi().locale)
app.use(router)
app.mount('#app')
