import type { EChartsCoreOption } from 'echarts/core'

export interface Series {
  name: string
  data: (number | null)[]
  /** A CSS colour; else the palette's next. */
  colour?: string
}

export interface ChartData {
  kind: 'bar' | 'line' | 'area' | 'doughnut' | 'heat'
  /** The x axis; for `doughnut` the parts; for `heat` the columns. */
  labels: string[]
  /** For `doughnut` one series; for `heat` one series a row, from the top. */
  series: Series[]
  stacked?: boolean
  /** Left out where something beside the chart tells its colours. */
  legend?: false
  /** How a value is written, on the axis and in the tooltip. */
  format?: (value: number) => string
}

const colour = (name: string): string => getComputedStyle(document.body).getPropertyValue(name).trim()

export const palette = (): string[] => [1, 2, 3, 4, 5, 6, 7, 8].map((n) => colour(`--o-chart-${n}`))

/** Our calm chart: no frame, few lines, the values in a tooltip; colours of the current theme. */
export function optionsOf(data: ChartData, narrow: boolean): EChartsCoreOption {
  const text = colour('--color-text-3')
  const font = getComputedStyle(document.body).fontFamily
  const common: EChartsCoreOption = {
    animationDuration: 250,
    color: palette(),
    textStyle: { fontFamily: font, color: text },
    tooltip: {
      trigger: data.kind === 'bar' || data.kind === 'line' || data.kind === 'area' ? 'axis' : 'item',
      confine: true,
      backgroundColor: colour('--color-bg-popup') || colour('--color-bg-1'),
      borderColor: colour('--o-line'),
      textStyle: { color: colour('--color-text-1'), fontFamily: font, fontSize: 12 },
      valueFormatter: (value: unknown) => shown(data, value),
    },
  }
  if (data.kind === 'doughnut') return { ...common, ...doughnut(data, narrow) }
  return data.kind === 'heat' ? { ...common, ...heat(data, text) } : { ...common, ...axes(data, text, narrow) }
}

function shown(data: ChartData, value: unknown): string {
  const number = Array.isArray(value) ? value[2] : value
  if (number === null || number === undefined || number === '-') return '—'
  return data.format ? data.format(Number(number)) : String(number)
}

function axes(data: ChartData, text: string, narrow: boolean): EChartsCoreOption {
  const line = colour('--o-line')
  return {
    grid: { left: 4, right: 8, top: 12, bottom: data.series.length > 1 ? 36 : 4, containLabel: true },
    legend: data.series.length > 1 ? legend(narrow) : undefined,
    xAxis: {
      type: 'category',
      data: data.labels,
      boundaryGap: data.kind === 'bar',
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: text, hideOverlap: true, formatter: shortened(data.labels) },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      splitLine: { lineStyle: { color: line } },
      axisLabel: { color: text, formatter: (value: number) => shown(data, value) },
    },
    series: data.series.map((each) => ({
      name: each.name,
      type: data.kind === 'bar' ? 'bar' : 'line',
      data: each.data,
      stack: data.stacked ? 'all' : undefined,
      color: each.colour,
      areaStyle: data.kind === 'area' ? { opacity: data.stacked ? 0.5 : 0.12 } : undefined,
      lineStyle: { width: 2 },
      showSymbol: data.labels.length < 2,
      barMaxWidth: 36,
      emphasis: { focus: 'series' },
    })),
  }
}

/** Periods as the axis has room for: without the year if all share it; hours as a clock shows them. */
function shortened(labels: string[]): (label: string) => string {
  const oneYear = new Set(labels.map((label) => label.slice(0, 4))).size === 1
  const oneDay = new Set(labels.map((label) => label.slice(0, 10))).size === 1
  return (label) => {
    const [, day, hour] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d))?$/.exec(label) ?? []
    if (!day) return label
    const date = oneYear ? day.slice(5) : day
    if (!hour) return date
    return oneDay ? `${hour}:00` : `${date} ${hour}:00`
  }
}

function doughnut(data: ChartData, narrow: boolean): EChartsCoreOption {
  const values = data.series[0]?.data ?? []
  return {
    legend: data.legend === false ? undefined : legend(narrow),
    series: [
      {
        type: 'pie',
        radius: ['54%', '78%'],
        center: ['50%', data.legend === false ? '50%' : '44%'],
        label: { show: false },
        itemStyle: { borderColor: colour('--color-bg-2'), borderWidth: 2 },
        data: data.labels.map((name, place) => ({ name, value: values[place] })),
      },
    ],
  }
}

function heat(data: ChartData, text: string): EChartsCoreOption {
  const cells = data.series.flatMap((row, y) => row.data.map((value, x) => [x, y, value ?? '-']))
  const most = Math.max(...data.series.flatMap((row) => row.data.map((value) => value ?? 0))) || 1
  const plain = { axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: text } }
  return {
    grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: data.labels, ...plain },
    yAxis: { type: 'category', inverse: true, data: data.series.map((row) => row.name), ...plain },
    visualMap: {
      show: false,
      max: most,
      inRange: { color: [colour('--o-ground'), colour('--o-chart-1')] },
    },
    series: [{ type: 'heatmap', data: cells, itemStyle: { borderColor: colour('--color-bg-2'), borderWidth: 2, borderRadius: 3 } }],
  }
}

function legend(narrow: boolean): object {
  return {
    type: 'scroll',
    bottom: 0,
    left: narrow ? 'center' : 4,
    icon: 'roundRect',
    itemWidth: 10,
    itemHeight: 10,
    itemGap: 16,
    textStyle: { color: colour('--color-text-2'), fontSize: 12 },
    pageTextStyle: { color: colour('--color-text-3') },
    pageIconColor: colour('--color-text-2'),
  }
}
