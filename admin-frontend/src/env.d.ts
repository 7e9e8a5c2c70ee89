/// <reference types="vite/client" />
/// <reference types="@arco-design/web-vue/es/components" />
/// <reference types="@arco-design/web-vue/es/icon/icon-components" />

declare module '@arco-design/web-vue/es/*/style/css.js'
