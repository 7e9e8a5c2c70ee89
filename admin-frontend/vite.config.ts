import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { ArcoResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vite'
import { compressed } from './scripts/compressed.ts'

/** The server that `npm run dev` asks: a running `orouter quickstart` or `orouter serve`. */
const gateway = process.env.OROUTER_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  base: '/admin/',
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  plugins: [
    vue(),
    components({
      dirs: [],
      dts: false,
      resolvers: [ArcoResolver({ sideEffect: true, importStyle: 'css', resolveIcons: true })],
    }),
    compressed(),
  ],
  define: { __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  server: {
    port: Number(process.env.PORT ?? 5173),
    host: '127.0.0.1',
    proxy: { '/api': { target: gateway }, '/v1': { target: gateway } },
  },
  build: {
    outDir: '../orouter/admin_static',
    emptyOutDir: true,
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
