// Draws every dashboard from a real Prometheus, to be looked at where there is no Grafana:
//   node deploy/observability/render.mjs http://127.0.0.1:9090 target/dashboards [minutes]
// Needs Node.js 20 and a Chromium on the PATH. It shows data, units and layout; Grafana's own looks it does not copy.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [prometheus, folder, minutes = '3'] = process.argv.slice(2);
if (!prometheus || !folder) {
  console.error('usage: node render.mjs PROMETHEUS_URL FOLDER [MINUTES]');
  process.exit(2);
}
const dashboards = new URL('./dashboards/', import.meta.url).pathname;
const COLOURS = ['#3274d9', '#e0b400', '#56a64b', '#e02f44', '#8f3bb8', '#ff780a', '#37872d', '#6e6e6e', '#b877d9', '#19730e'];
const CELL = 50;
const ROW = 38;
const end = Date.now() / 1000;
const start = end - Number(minutes) * 60;

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** @param {string} expr */
async function query(expr) {
  const url = new URL('/api/v1/query_range', prometheus);
  const resolved = expr.replaceAll('$__rate_interval', '1m').replace(/\$(namespace|pod)/g, '.*');
  url.search = new URLSearchParams({ query: resolved, start: `${start}`, end: `${end}`, step: '2' }).toString();
  const answer = await (await fetch(url)).json();
  if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
  return answer.data.result;
}

const scaled = (value, steps) => {
  const [factor, unit] = steps.find(([size]) => Math.abs(value) >= size) ?? steps.at(-1);
  return `${Number((value / factor).toPrecision(3))}${unit}`;
};
/** @param {number} value @param {string} unit Grafana's name of it */
function format(value, unit) {
  if (!Number.isFinite(value)) return 'no data';
  switch (unit) {
    case 's':
      return value === 0 ? '0 s' : scaled(value, [[60, ' min'], [1, ' s'], [1e-3, ' ms'], [1e-6, ' µs']]);
    case 'bytes':
    case 'Bps':
      return scaled(value, [[2 ** 30, ' GiB'], [2 ** 20, ' MiB'], [2 ** 10, ' KiB'], [1, ' B']]) + (unit === 'Bps' ? '/s' : '');
    case 'percentunit':
      return `${Number((value * 100).toPrecision(3))} %`;
    case 'currencyUSD':
      return `$${Number(value.toPrecision(3))}`;
    case 'cps':
      return `${Number(value.toPrecision(3))} /s`;
    default:
      return scaled(value, [[1e6, ' M'], [1e3, ' k'], [1, '']]);
  }
}

const legend = (template, labels) => template.replace(/\{\{(\w+)\}\}/g, (_, name) => labels[name] ?? '');

async function series(panel) {
  const found = [];
  for (const target of panel.targets) {
    for (const { metric, values } of await query(target.expr)) {
      found.push({
        name: legend(target.legendFormat, metric),
        points: values.map(([at, value]) => [at, Number(value)]).filter(([, value]) => Number.isFinite(value)),
        last: Number(values.at(-1)[1]),
      });
    }
  }
  return found;
}

function lines(found, unit, stacked, w, h) {
  const shown = found.filter(({ points }) => points.length > 0);
  if (shown.length === 0) return nothing(w, h);
  const totals = new Map();
  const layers = shown.map(({ name, points, last }) => ({
    name,
    last,
    points: points.map(([at, value]) => {
      const base = stacked ? (totals.get(at) ?? 0) : 0;
      totals.set(at, base + value);
      return [at, base + value, base];
    }),
  }));
  const top = Math.max(...layers.flatMap(({ points }) => points.map(([, y]) => y)), 1e-9) * 1.05;
  const x = (at) => 62 + ((at - start) / (end - start)) * (w - 72);
  const y = (value) => h - 8 - (value / top) * (h - 18);
  const grid = [0, 0.5, 1].map((part) => {
    const at = y(top * part).toFixed(1);
    return `<line x1="62" x2="${w - 10}" y1="${at}" y2="${at}" stroke="#ddd"/><text x="56" y="${Number(at) + 4}" text-anchor="end">${escape(format(top * part, unit))}</text>`;
  });
  const drawn = layers.map(({ points }, i) => {
    const path = points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
    const floor = points.map(([at, , base]) => `${x(at).toFixed(1)},${y(base).toFixed(1)}`).reverse();
    const colour = COLOURS[i % COLOURS.length];
    const fill = stacked ? `<polygon points="${[...path, ...floor].join(' ')}" fill="${colour}" opacity="0.3"/>` : '';
    return `${fill}<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
  });
  const key = layers.map(
    ({ name, last }, i) =>
      `<span><i style="background:${COLOURS[i % COLOURS.length]}"></i>${escape(name)} <b>${escape(format(last, unit))}</b></span>`,
  );
  return `<svg width="${w}" height="${h}">${grid.join('')}${drawn.join('')}</svg><div class="key">${key.join('')}</div>`;
}

function heat(found, unit, w, h) {
  const rows = found
    .filter(({ name }) => name !== '+Inf')
    .sort((a, b) => Number(a.name) - Number(b.name));
  if (rows.length === 0) return nothing(w, h);
  // Buckets are cumulative; what lies in one is its count less the one below.
  const below = new Map();
  const cells = rows.map(({ name, points }) => ({
    name,
    cells: points.map(([at, value]) => {
      const own = Math.max(0, value - (below.get(at) ?? 0));
      below.set(at, value);
      return [at, own];
    }),
  }));
  const most = Math.max(...cells.flatMap((row) => row.cells.map(([, own]) => own)), 1e-9);
  const height = (h - 10) / rows.length;
  const width = Math.max(1, ((w - 72) * 2) / (end - start));
  const drawn = cells.flatMap(({ name, cells: own }, i) => {
    const y = h - 5 - (i + 1) * height;
    return [
      i % 2 === 0 ? `<text x="56" y="${y + height / 2 + 4}" text-anchor="end">${escape(format(Number(name), unit))}</text>` : '',
      ...own
        .filter(([, count]) => count > 0)
        .map(([at, count]) => {
          const x = 62 + ((at - start) / (end - start)) * (w - 72);
          return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${(height - 1).toFixed(1)}" fill="#08519c" opacity="${(0.15 + (0.85 * count) / most).toFixed(2)}"/>`;
        }),
    ];
  });
  return `<svg width="${w}" height="${h}">${drawn.join('')}</svg>`;
}

function figure(found, panel, h) {
  const value = found[0]?.last ?? Number.NaN;
  const { unit, thresholds } = panel.fieldConfig.defaults;
  const step = (thresholds?.steps ?? []).findLast(({ value: from }) => from === null || value >= from);
  return `<div class="figure" style="line-height:${h}px;color:${step?.color ?? '#333'}">${escape(format(value, unit))}</div>`;
}

const nothing = (w, h) => `<div class="nothing" style="width:${w}px;line-height:${h}px">no data</div>`;

async function draw(panel) {
  const { x, y, w, h } = panel.gridPos;
  const box = `left:${x * CELL}px;top:${y * ROW}px;width:${w * CELL - 8}px;height:${h * ROW - 8}px`;
  if (panel.type === 'row') return `<h2 style="${box}">${escape(panel.title)}</h2>`;
  const found = await series(panel);
  const unit = panel.fieldConfig.defaults.unit;
  const width = w * CELL - 10;
  const height = h * ROW - 78;
  const stacked = panel.fieldConfig.defaults.custom?.stacking?.mode === 'normal';
  const body =
    panel.type === 'timeseries'
      ? lines(found, unit, stacked, width, height)
      : panel.type === 'heatmap'
        ? heat(found, unit, width, height + 30)
        : figure(found, panel, height + 20);
  return `<section style="${box}"><h3 title="${escape(panel.description)}">${escape(panel.title)}</h3>${body}</section>`;
}

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(dashboards).filter((name) => name.endsWith('.json'))) {
  const dashboard = JSON.parse(readFileSync(join(dashboards, file), 'utf8'));
  const drawn = [];
  for (const panel of dashboard.panels) drawn.push(await draw(panel));
  const rows = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const page = resolve(folder, file.replace('.json', '.html'));
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><style>
body{margin:8px;font:12px sans-serif;background:#f4f5f5;color:#222}h1{font-size:18px;margin:4px 0 12px}
main{position:relative}h2,section{position:absolute;margin:0;box-sizing:border-box}
h2{font-size:14px;padding-top:8px}section{background:#fff;border:1px solid #ddd;border-radius:3px;overflow:hidden}
h3{font-size:13px;margin:6px 8px}svg text{font-size:10px;fill:#666}.figure{font-size:34px;text-align:center}
.nothing{text-align:center;color:#999}.key{font-size:10px;padding:2px 8px;line-height:14px}
.key span{margin-right:10px;white-space:nowrap}.key i{display:inline-block;width:10px;height:3px;margin-right:4px;vertical-align:middle}
</style><h1>${escape(dashboard.title)}</h1><main>${drawn.join('\n')}</main>`,
  );
  const picture = page.replace('.html', '.png');
  const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  if (!chromium) throw new Error('no Chromium on the PATH');
  execFileSync(
    chromium,
    ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--screenshot=${picture}`, `--window-size=1224,${rows * ROW + 60}`, `file://${page}`],
    { stdio: 'ignore' },
  );
  console.log(picture);
}
