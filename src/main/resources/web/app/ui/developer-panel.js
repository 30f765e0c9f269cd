import { html, nothing } from 'lit';
import { costs, sumOf } from '../metrics/cost.js';
import { latencyView } from './latency-panel.js';

/** Details for developers: latency, the messages of the connection, tokens, the session. */

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {import('../state/event-log.js').WireEvent} WireEvent */
/** @typedef {'latency' | 'events' | 'usage' | 'session'} Tab */

/** @type {Record<Tab, (host: Host) => unknown>} */
const TABS = { latency: latencyView, events: eventsView, usage: usageView, session: sessionView };
const NAMES = /** @type {Tab[]} */ (Object.keys(TABS));

/** Messages about functions. */
const TOOLS = new Set(['toolCall', 'toolCallCancellation', 'toolResponse', 'part']);
/** Messages that keep the connection alive, and media. */
const BACKGROUND = new Set(['ping', 'pong', 'beacon', 'timing', 'voiceActivity', 'resumeToken', 'media']);
const SHOWN = 200;
/** Members that are good for a conversation of somebody else. */
const SECRET = new Set(['token']);

/** What is chosen in the panel, as long as the page is open. */
const chosen = { tab: /** @type {Tab} */ ('latency'), filter: 'conversation', event: 0 };

/** @param {Host} host */
export function developerView(host) {
  const { words } = host;
  const choose = (/** @type {Tab} */ tab) => {
    chosen.tab = tab;
    host.requestUpdate();
  };
  const turn = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const way = getComputedStyle(/** @type {Element} */ (event.currentTarget)).direction === 'rtl' ? -step : step;
    choose(NAMES[(NAMES.indexOf(chosen.tab) + way + NAMES.length) % NAMES.length]);
    const list = /** @type {HTMLElement} */ (event.currentTarget);
    void host.updateComplete.then(() =>
      /** @type {HTMLElement | null} */ (list.querySelector('[tabindex="0"]'))?.focus(),
    );
  };
  return html`
    <div class="tabs" role="tablist" aria-label=${words.text('developer.title')} @keydown=${turn}>
      ${NAMES.map(
        (tab) => html`<button
          type="button"
          role="tab"
          id=${`tab-${tab}`}
          class="button quiet"
          aria-selected=${tab === chosen.tab ? 'true' : 'false'}
          aria-controls="tab-panel"
          tabindex=${tab === chosen.tab ? '0' : '-1'}
          @click=${() => choose(tab)}
        >
          ${words.text(`developer.${tab}`)}
        </button>`,
      )}
    </div>
    <div id="tab-panel" class="tab" role="tabpanel" aria-labelledby=${`tab-${chosen.tab}`}>${TABS[chosen.tab](host)}</div>
  `;
}

/** @param {WireEvent} event @returns {{type: string, body: unknown}} */
function read({ text, up }) {
  if (text === '') return { type: 'media', body: null };
  try {
    const body = JSON.parse(text);
    return { type: String(up ? Object.keys(body)[0] : body.type), body };
  } catch {
    // Cut because of its length, or not JSON at all.
    return { type: '…', body: text };
  }
}

/** @param {string} type */
function passes(type) {
  if (chosen.filter === 'all') return true;
  return chosen.filter === 'tools' ? TOOLS.has(type) : !BACKGROUND.has(type);
}

/** @param {Host} host */
function eventsView(host) {
  const { words, conversation } = host;
  const events = conversation.events
    .map((event) => ({ event, ...read(event) }))
    .filter(({ type }) => passes(type))
    .slice(-SHOWN);
  return html`
    <label class="field">
      <span>${words.text('developer.filter')}</span>
      <select
        @change=${(/** @type {Event} */ event) => {
          chosen.filter = /** @type {HTMLSelectElement} */ (event.target).value;
          host.requestUpdate();
        }}
      >
        ${['conversation', 'tools', 'all'].map(
          (filter) =>
            html`<option value=${filter} ?selected=${filter === chosen.filter}>${words.text(`developer.filter.${filter}`)}</option>`,
        )}
      </select>
    </label>
    ${
      events.length === 0
        ? html`<p class="hint">${words.text('developer.noEvents')}</p>`
        : html`<ol class="events" reversed>${events.toReversed().map((entry) => eventView(host, entry))}</ol>`
    }
  `;
}

/**
 * @param {Host} host
 * @param {{event: WireEvent, type: string, body: unknown}} entry
 */
function eventView(host, { event, type, body }) {
  const { words, environment } = host;
  const open = chosen.event === event.id;
  const wall = environment.clock.wall() - environment.clock.now() + event.at;
  const toggle = () => {
    chosen.event = open ? 0 : event.id;
    host.requestUpdate();
  };
  const name = type === 'media' ? words.text(`developer.media.${event.kind}`) : type;
  const size =
    type === 'media' ? `${words.number(event.count)} × ${words.number(Math.round(event.bytes / event.count))} B` : '';
  return html`<li>
    <button type="button" class="event" aria-expanded=${open ? 'true' : 'false'} ?disabled=${type === 'media'} @click=${toggle}>
      <time>${words.clock(wall)}</time>
      <span class="way" role="img" aria-label=${words.text(event.up ? 'developer.up' : 'developer.down')}>${event.up ? '↑' : '↓'}</span>
      <b dir="ltr">${name}</b>
      <span class="line" dir="auto">${size || glance(body)}</span>
    </button>
    ${open ? html`<pre tabindex="0" dir="ltr">${shown(body)}</pre>` : nothing}
  </li>`;
}

/** The most telling member of a message. @param {unknown} body */
function glance(body) {
  const m = /** @type {Record<string, any>} */ (body ?? {});
  const told =
    m.text ?? m.message ?? m.code ?? m.state ?? m.reason ?? m.calls?.[0]?.name ?? m.totalTokens ?? m.model ?? '';
  return typeof told === 'object' ? '' : String(told).slice(0, 200);
}

/** @param {unknown} body */
function shown(body) {
  return typeof body === 'string'
    ? body
    : JSON.stringify(body, (key, value) => (SECRET.has(key) && typeof value === 'string' ? '…' : value), 2);
}

/** @param {Host} host */
function usageView(host) {
  const { words, conversation, configuration } = host;
  const model = conversation.state.session?.model ?? '';
  const turns = costs(conversation.usage, configuration.prices[model]);
  if (turns.length === 0) return html`<p class="hint">${words.text('developer.noUsage')}</p>`;
  const all = sumOf(turns);
  const usd = new Intl.NumberFormat(words.language, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 4,
    maximumFractionDigits: 4,
  });
  const cost = (/** @type {number | null} */ value) => (value === null ? '–' : usd.format(value));
  const head = (/** @type {string} */ id) => html`<th scope="col">${words.text(id)}</th>`;
  return html`
    <table>
      <thead>
        <tr>${head('latency.turn')} ${head('developer.input')} ${head('developer.output')} ${head('developer.cost')}</tr>
      </thead>
      <tbody>
        ${turns.slice(-50).map(
          ({ turn, input, output, usd: price }) => html`<tr>
            <th scope="row">${words.number(turn)}</th>
            <td>${words.number(input)}</td>
            <td>${words.number(output)}</td>
            <td>${cost(price)}</td>
          </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">${words.text('latency.total')}</th>
          <td>${words.number(all.input)}</td>
          <td>${words.number(all.output)}</td>
          <td>${cost(all.usd)}</td>
        </tr>
      </tfoot>
    </table>
    <p class="hint">${words.text(all.usd === null ? 'developer.noPrices' : 'developer.estimate')}</p>
  `;
}

/** @param {Host} host */
function sessionView(host) {
  const { words, conversation } = host;
  const { session, phase } = conversation.state;
  const fact = (/** @type {string} */ id, /** @type {string} */ value) =>
    html`<div><dt>${words.text(id)}</dt><dd dir="ltr">${value || '–'}</dd></div>`;
  return html`
    <dl class="facts wide-facts">
      ${fact('developer.id', session?.id ?? '')} ${fact('settings.modelName', session?.model ?? '')}
      ${fact('settings.voice', host.settings.voice)} ${fact('developer.backend', session?.backend ?? '')}
      ${fact('developer.state', phase)}
    </dl>
    <div class="row">
      <button type="button" class="button" @click=${() => host.copy(host.diagnostics(), 'diagnostics')}>
        ${words.text(host.copied === 'diagnostics' ? 'action.copied' : 'settings.diagnostics')}
      </button>
    </div>
  `;
}
