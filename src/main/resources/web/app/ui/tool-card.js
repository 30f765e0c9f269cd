import { css, html, nothing, svg } from 'lit';
import texts from '../i18n/en-panels.js';
import { addEnglish } from '../i18n/index.js';
import { argumentSummary, prettyJson, toolState, toolTitle } from '../state/tool.js';

/** Cards of function calls and of code that the model runs. Fetched when the first one is shown. */

addEnglish(texts);

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {import('../state/transcript.js').Item} Item */

/** @param {ReturnType<typeof svg>} shape */
const icon = (
  shape,
) => svg`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"
  stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shape}</svg>`;
const FUNCTION = icon(svg`<path d="M14.500 6.500a4 4 0 0 0-5 5L4 17l3 3 5.500-5.500a4 4 0 0 0 5-5L15 12l-3-3z"/>`);
const CODE = icon(svg`<path d="m8 8-4 4 4 4m8-8 4 4-4 4M13.500 5.500l-3 13"/>`);
const MARKS = {
  done: icon(svg`<path d="m5.500 12.500 4 4 9-9"/>`),
  failed: icon(svg`<path d="m7 7 10 10M17 7 7 17"/>`),
  cancelled: icon(svg`<path d="M6 12h12"/>`),
};

/**
 * @param {Host} host
 * @param {Item} item
 * @returns {import('lit').TemplateResult | typeof nothing}
 */
export function toolCard(host, item) {
  const { words } = host;
  const { tool } = item;
  if (!tool) return nothing;
  const state = toolState(tool);
  const code = tool.code !== undefined;
  const title = code ? words.text('tool.code') : toolTitle(tool.name);
  const line = code ? (tool.code ?? '').trim().split('\n', 1)[0] : argumentSummary(tool.args);
  const time = item.endedAt === null || state === 'running' ? '' : words.ms(item.endedAt - item.startedAt);
  return html`<details class="card" data-state=${state}>
    <summary>
      ${code ? CODE : FUNCTION}
      <b dir="auto">${title}</b>
      <span class="line" dir="auto">${line}</span>
      ${state === 'running' ? html`<i class="spinner"></i>` : MARKS[state]}
      <span class="time"><span class="hidden">${words.text(`tool.${state}`)}</span> ${time}</span>
    </summary>
    ${
      code
        ? section(host, item, 'tool.code', tool.code ?? '')
        : section(host, item, 'tool.arguments', prettyJson(tool.args ?? {}))
    }
    ${
      tool.result === undefined
        ? nothing
        : section(host, item, code ? 'tool.output' : 'tool.result', prettyJson(tool.result))
    }
  </details>`;
}

/**
 * @param {Host} host
 * @param {Item} item
 * @param {string} id
 * @param {string} text
 */
function section(host, item, id, text) {
  const { words } = host;
  const key = `${id} ${item.id}`;
  return html`<div class="code">
    <div class="bar">
      <span>${words.text(id)}</span>
      <button type="button" class="button quiet" @click=${() => host.copy(text, key)}>
        ${words.text(host.copied === key ? 'action.copied' : 'action.copy')}
      </button>
    </div>
    <pre tabindex="0" dir="ltr">${text}</pre>
  </div>`;
}

export const styles = css`
  .card {
    border: 1px solid var(--hairline);
    border-radius: 0.75rem;
    background: var(--surface);
    overflow: hidden;
  }

  .card > summary {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-block-size: 2.75rem;
    padding: 0.375rem 0.75rem;
    cursor: pointer;
    list-style: none;
    color: var(--muted);
  }

  .card > summary::-webkit-details-marker {
    display: none;
  }

  .card > summary .icon {
    flex: none;
  }

  .card b {
    flex: none;
    max-inline-size: 60%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
    color: var(--text);
  }

  .card .line {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 0.8125rem;
  }

  .card .time {
    flex: none;
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }

  .card[data-state='failed'] > summary .icon:last-of-type {
    color: var(--danger);
  }

  .card .spinner {
    flex: none;
    inline-size: 1rem;
    block-size: 1rem;
    border: 2px solid var(--hairline);
    border-block-start-color: var(--accent);
    border-radius: 50%;
    animation: turn 900ms linear infinite;
  }

  .card .code {
    border-radius: 0;
    border-block-start: 1px solid var(--hairline);
    background: none;
  }

  .card pre {
    margin: 0;
    max-block-size: 20rem;
    overflow: auto;
    padding: 0.625rem 0.75rem;
    font: 0.8125rem / 1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    color: var(--text);
    text-align: start;
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .card .spinner {
      animation: none;
    }
  }
`;
