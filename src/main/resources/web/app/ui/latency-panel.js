import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { barsToCsv } from '../metrics/latency.js';

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {import('../metrics/latency.js').TurnBar} TurnBar */

/** Turns shown as bars; the copies hold all. */
const SHOWN = 12;

/** @param {Host} host */
export function latencyView(host) {
  const { words, now } = host;
  const summary = host.conversation.latency.summary(now);
  const { buffer, turns } = summary;
  const row = (
    /** @type {string} */ id,
    /** @type {{last: number | null, p50: number | null, p95: number | null}} */ figures,
  ) => html`<tr>
    <th scope="row">${words.text(id)}</th>
    <td>${words.ms(figures.last)}</td>
    <td>${words.ms(figures.p50)}</td>
    <td>${words.ms(figures.p95)}</td>
  </tr>`;
  const fact = (/** @type {string} */ id, /** @type {string} */ value, note = '') =>
    html`<div><dt>${words.text(id)}</dt><dd>${value} ${note ? html`<small>${note}</small>` : nothing}</dd></div>`;
  const copy = (/** @type {string} */ key, /** @type {string} */ id, /** @type {() => string} */ text) => html`<button
    type="button"
    class="button"
    @click=${() => host.copy(text(), key)}
  >
    ${words.text(host.copied === key ? 'action.copied' : id)}
  </button>`;
  return html`
    <table class="measures">
      <thead>
        <tr>
          <th scope="col">${words.text('latency.measure')}</th>
          <th scope="col">${words.text('latency.last')}</th>
          <th scope="col">${words.text('latency.p50')}</th>
          <th scope="col">${words.text('latency.p95')}</th>
        </tr>
      </thead>
      <tbody>
        ${row('latency.firstAudio', summary.firstAudio)} ${row('latency.interruption', summary.interruption)}
        ${row('latency.roundTrip', summary.roundTrip)}
      </tbody>
    </table>
    <dl class="facts">
      ${fact('latency.buffer', words.ms(buffer.depthMs), words.text('latency.target', { ms: words.ms(buffer.targetMs) }))}
      ${fact('latency.underruns', words.number(buffer.underruns))}
      ${fact('latency.chunkGap', words.ms(summary.chunkGapP95))}
      ${fact('latency.capture', words.ms(summary.captureToSocket.p95))}
      ${fact('latency.up', words.rate(summary.upBitsPerSecond))} ${fact('latency.down', words.rate(summary.downBitsPerSecond))}
      ${fact('latency.skipped', words.number(summary.skippedFrames))}
    </dl>
    ${turns.length === 0 ? html`<p class="hint">${words.text('latency.none')}</p>` : turnsView(host, turns)}
    <div class="row">
      ${copy('latency-json', 'latency.copyJson', () => JSON.stringify(summary, null, 2))}
      ${copy('latency-csv', 'latency.copyCsv', () => barsToCsv(turns))}
    </div>
  `;
}

/**
 * @param {Host} host
 * @param {TurnBar[]} turns
 */
function turnsView({ words }, turns) {
  const shown = turns.slice(-SHOWN);
  const longest = Math.max(...shown.map((bar) => bar.total), 1);
  const stamped = shown.some((bar) => bar.service !== null);
  const modelName = words.text(stamped ? 'latency.model' : 'latency.modelAndService');
  const piece = (/** @type {string} */ kind, /** @type {number} */ ms) =>
    html`<i class=${`part-${kind}`} ${ref((element) => setWidth(element, ms / longest))}></i>`;
  return html`
    <section>
      <h3>${words.text('latency.perTurn')}</h3>
      <p class="legend" aria-hidden="true">
        <span><i class="part-network"></i>${words.text('latency.network')}</span>
        ${stamped ? html`<span><i class="part-service"></i>${words.text('latency.service')}</span>` : nothing}
        <span><i class="part-model"></i>${modelName}</span>
        <span><i class="part-buffer"></i>${words.text('latency.bufferPart')}</span>
      </p>
      <ul class="bars" aria-hidden="true">
        ${shown.map(
          (bar) => html`<li>
            <span>${bar.turn}</span>
            <span class="bar">
              ${piece('network', bar.network)} ${bar.service === null ? nothing : piece('service', bar.service)}
              ${piece('model', bar.model)} ${piece('buffer', bar.buffer)}
            </span>
            <span>${words.ms(bar.total)}</span>
          </li>`,
        )}
      </ul>
    </section>
    ${
      turns.length < 2
        ? nothing
        : html`<section>
            <h3>${words.text('latency.course')}</h3>
            <canvas aria-hidden="true" ${ref((element) => drawCourse(element, turns))}></canvas>
          </section>`
    }
    <details>
      <summary>${words.text('latency.table')}</summary>
      <div class="wide-table" tabindex="0" role="region" aria-label=${words.text('latency.perTurn')}>
        <table>
          <thead>
            <tr>
              ${['latency.turn', 'latency.total', 'latency.network', 'latency.service'].map(
                (id) => html`<th scope="col">${words.text(id)}</th>`,
              )}
              <th scope="col">${modelName}</th>
              <th scope="col">${words.text('latency.bufferPart')}</th>
              <th scope="col">${words.text('latency.origin')}</th>
            </tr>
          </thead>
          <tbody>
            ${turns.map(
              (bar) => html`<tr>
                <th scope="row">${bar.turn}</th>
                <td>${words.ms(bar.total)}</td>
                <td>${words.ms(bar.network)}</td>
                <td>${words.ms(bar.service)}</td>
                <td>${words.ms(bar.model)}</td>
                <td>${words.ms(bar.buffer)}</td>
                <td>${words.text(`latency.origin.${bar.origin}`)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}

/**
 * @param {Element | undefined} element
 * @param {number} share 0 to 1
 */
function setWidth(element, share) {
  if (element instanceof HTMLElement) element.style.inlineSize = `${Math.max(0, share * 100)}%`;
}

/**
 * @param {Element | undefined} element
 * @param {TurnBar[]} turns
 */
function drawCourse(element, turns) {
  if (!(element instanceof HTMLCanvasElement)) return;
  const scale = devicePixelRatio;
  const width = Math.round(element.clientWidth * scale);
  const height = Math.round(element.clientHeight * scale);
  if (width === 0) {
    requestAnimationFrame(() => element.isConnected && drawCourse(element, turns));
    return;
  }
  element.width = width;
  element.height = height;
  const context = element.getContext('2d');
  if (!context) return;
  const highest = Math.max(...turns.map((bar) => bar.total), 1);
  const pad = 4 * scale;
  const points = turns.map((bar, index) => ({
    x: pad + (turns.length === 1 ? 0.5 : index / (turns.length - 1)) * (width - 2 * pad),
    y: height - pad - (bar.total / highest) * (height - 2 * pad),
  }));
  context.strokeStyle = getComputedStyle(element).color;
  context.fillStyle = context.strokeStyle;
  context.lineWidth = 2 * scale;
  context.lineJoin = 'round';
  context.beginPath();
  for (const [index, { x, y }] of points.entries()) {
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
  for (const { x, y } of points) {
    context.beginPath();
    context.arc(x, y, 3 * scale, 0, 2 * Math.PI);
    context.fill();
  }
}
