// One line over the band of a usual day. Replaces the server's drawing, which stays where this fails.
import { LineChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, SVGRenderer]);

export function dayChart(place, first) {
  const box = document.createElement("div");
  box.className = "wall__drawn";
  box.setAttribute("role", "img");
  box.setAttribute("aria-labelledby", "chart-words");
  place.replaceChildren(box);
  const style = getComputedStyle(place);
  const colour = (name) => style.getPropertyValue(name).trim();
  const chart = init(box, null, { renderer: "svg" });
  // With the window, and when an alert above takes of its height.
  new ResizeObserver(() => chart.resize()).observe(box);
  const draw = (values) => chart.setOption(options(values, colour, parseFloat(style.fontSize)), true);
  draw(first);
  return draw;
}

// `first`, `last`: the quarters of an hour between which the day is shown; nothing came before.
function options({ slots, band, until, first, last }, colour, size) {
  const sums = slots.reduce((found, it) => [...found, (found.at(-1) ?? 0) + it], []);
  const at = (slot) => (slot + 1) / 4;
  const line = [[first / 4, 0]];
  for (let slot = first; slot < last && (slot + 1) * 15 <= until; slot += 1) line.push([at(slot), sums[slot]]);
  if (until > first * 15) line.push([Math.min(until, last * 15) / 60, sums.at(-1)]);
  const range = band.slice(first, last).map((it, index) => [at(first + index), ...it]);
  const words = { color: colour("--faint"), fontSize: size, fontFamily: "inherit" };
  const plain = { type: "line", symbol: "none", silent: true, animation: false, lineStyle: { width: 0 } };
  return {
    animation: false,
    grid: { left: 4, right: size * 3.6, top: size * 0.7, bottom: size * 2.2 },
    xAxis: {
      type: "value", min: first / 4, max: last / 4, interval: 3, axisLabel: { ...words, margin: size * 0.6, formatter: (it) => (it % 3 ? "" : `${it}`) },
      splitLine: { show: false }, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("--edge") } },
    },
    yAxis: {
      type: "value", position: "right", splitNumber: 2, minInterval: 1, axisLabel: { ...words, formatter: (it) => (it ? it.toLocaleString(document.documentElement.lang) : "") },
      splitLine: { lineStyle: { color: colour("--line") } }, axisLine: { show: false }, axisTick: { show: false },
    },
    series: [
      { ...plain, stack: "band", data: range.map(([x, low]) => [x, low]) },
      { ...plain, stack: "band", data: range.map(([x, low, high]) => [x, high - low]), areaStyle: { color: colour("--band"), opacity: 1 } },
      { ...plain, data: line, lineStyle: { width: size / 4, color: colour("--good"), cap: "round" } },
      { ...plain, data: line.slice(-1), symbol: "circle", showSymbol: true, symbolSize: size * 0.8, itemStyle: { color: colour("--good"), borderColor: colour("--panel"), borderWidth: 3 } },
    ],
  };
}
