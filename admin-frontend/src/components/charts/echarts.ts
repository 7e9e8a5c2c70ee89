/** The only module that loads ECharts: what our charts need and no more, in a chunk of its own. */
import { BarChart, HeatmapChart, LineChart, PieChart } from 'echarts/charts'
import {
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([
  BarChart, LineChart, PieChart, HeatmapChart, GridComponent, LegendComponent, TooltipComponent,
  VisualMapComponent, CanvasRenderer,
])

export { init }
