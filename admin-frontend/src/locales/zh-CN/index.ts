import 'dayjs/locale/zh-cn'

/** One file a page: `keys.json` holds what is asked for as `t('keys.…')`. */
const files = import.meta.glob<object>('./*.json', { eager: true, import: 'default' })

export default Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [path.slice(2, -'.json'.length), texts]),
)
