/** The plot of the results: one panel of horizontal bars a scenario. Needs no library. */
import type { ScenarioResult } from './compare.js';
import { median } from './stats.js';
import { figure } from './table.js';

const WIDTH = 720;
const LABEL_WIDTH = 190;
const VALUE_WIDTH = 70;
const BAR = 16;
const ROW = 22;
const PANEL_HEAD = 44;
const MARGIN = 16;

/** Readable on a light and on a dark page. */
const STYLE = `text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-size: 14px; font-weight: 600 }
.own { fill: #2f6f4f } .peer { fill: #8c96a3 } .page { fill: #ffffff }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .own { fill: #56b886 } .peer { fill: #6e7681 } .page { fill: #0d1117 } }`;

/** Median CPU of what is measured, shorter is better. */
export function plot(results: readonly ScenarioResult[], subtitle: string): string {
  let top = MARGIN;
  const panels = results.map((result) => {
    const bars = barsOf(result);
    const panel = drawPanel(result, bars, top);
    top += PANEL_HEAD + bars.length * ROW;
    return panel;
  });
  const height = top + 2 * MARGIN;
  const footer = text(MARGIN, height - MARGIN, subtitle);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">
<style>${STYLE}</style>
<rect class="page" width="100%" height="100%"/>
${panels.join('\n')}
${footer}
</svg>
`;
}

interface Bar {
  name: string;
  value: number;
}

function barsOf(result: ScenarioResult): Bar[] {
  const bars = [...result.samples].map(([name, samples]) => {
    return { name, value: median(samples.flatMap((sample) => (sample === null ? [] : [sample.cpuUs]))) };
  });
  return bars.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.value - b.value);
}

function drawPanel({ scenario }: ScenarioResult, bars: readonly Bar[], top: number): string {
  const largest = Math.max(...bars.map(({ value }) => value));
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH - MARGIN) / largest;
  const heading = `${scenario.name}: CPU a ${scenario.unit}, µs`;
  const rows = bars.map(({ name, value }, index) => {
    const y = top + PANEL_HEAD - 12 + index * ROW;
    const width = (value * scale).toFixed(1);
    const kind = name.startsWith('mioloop') ? 'own' : 'peer';
    const bar = `<rect class="${kind}" x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`;
    const end = LABEL_WIDTH + value * scale + 6;
    return `${text(MARGIN, y + 12, name)}${bar}${text(end, y + 12, figure(value))}`;
  });
  return [text(MARGIN, top + 16, heading, 'title'), ...rows].join('\n');
}

function text(x: number, y: number, content: string, style?: string): string {
  const escaped = content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `<text${style === undefined ? '' : ` class="${style}"`} x="${x.toFixed(0)}" y="${y}">${escaped}</text>`;
}
