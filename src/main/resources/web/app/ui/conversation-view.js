import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { heardParts } from '../state/export.js';
import { icons } from './icons.js';

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {import('../state/transcript.js').Item} Item */

/** @param {Host} host */
export function conversationView(host) {
  const { words, conversation, unseen } = host;
  const { items } = conversation.transcript;
  const { captions, language } = host.settings;
  // Items are replaced, never changed: what is the same need not be looked at again, however long the conversation is.
  const once = (/** @type {Item} */ item) =>
    guard([item, words, captions, language, host.richText.ready], () => itemView(host, item));
  return html`<section class="conversation" part="transcript">
    <div class="head">
      <h2 id="conversation-title" tabindex="-1">${words.text('conversation.title')}</h2>
      ${items.length > 0 ? exportView(host) : nothing}
    </div>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="conversation-title" @scroll=${() => host.scrolled()}>
      ${
        items.length === 0
          ? html`<slot name="empty"><p class="empty">${words.text('conversation.empty')}</p></slot>`
          : html`<div class="items">${repeat(items, (item) => item.id, once)}</div>`
      }
    </div>
    ${
      unseen > 0
        ? html`<div class="jump">
            <button type="button" class="button" @click=${() => host.jumpToLatest()}>
              ${icons.down} ${words.text('action.jump', { count: unseen })}
            </button>
          </div>`
        : nothing
    }
  </section>`;
}

/** @param {Host} host */
function exportView(host) {
  const { words } = host;
  const entry = (/** @type {'markdown' | 'json' | 'vtt'} */ format) =>
    html`<button type="button" class="button quiet" @click=${() => host.download(format)}>${words.text(`export.${format}`)}</button>`;
  return html`<details class="export">
    <summary class="button quiet">${icons.export} ${words.text('action.export')}</summary>
    <div class="menu">${entry('markdown')} ${entry('json')} ${entry('vtt')}</div>
  </details>`;
}

/**
 * @param {Host} host
 * @param {Item} item
 */
function itemView(host, item) {
  const { words } = host;
  if (item.role === 'notice') return html`<article class="notice-item"><p>${words.text(item.text)}</p></article>`;
  const name = { user: 'conversation.you', model: 'conversation.model', tool: 'conversation.tool' }[item.role];
  return html`<article class=${item.role} lang=${host.settings.language || nothing}>
    <h3>
      ${words.text(name)}
      <time datetime=${new Date(item.startedAt).toISOString()}>${words.clock(item.startedAt)}</time>
      ${
        item.latencyMs === null
          ? nothing
          : html`<span class="ms" title=${words.text('conversation.firstAudio', { ms: words.ms(item.latencyMs) })}
              >${words.ms(item.latencyMs)}</span
            >`
      }
    </h3>
    ${item.tool ? toolBody(host, item.tool) : messageBody(host, item)}
  </article>`;
}

/**
 * @param {Host} host
 * @param {import('../state/transcript.js').ToolUse} tool
 */
function toolBody(host, tool) {
  const result = tool.result === undefined ? '' : ` → ${JSON.stringify(tool.result)}`;
  return html`<p class="body">${tool.name} ${JSON.stringify(tool.args ?? {})}${result}${
    tool.cancelled ? html`<span class="tag">${host.words.text('conversation.cancelled')}</span>` : nothing
  }</p>`;
}

/**
 * @param {Host} host
 * @param {Item} item
 */
function messageBody(host, item) {
  const { words } = host;
  const { heard, unheard } = heardParts(item);
  const waiting = item.role === 'model' && item.partial && host.settings.captions === 'after';
  const showUnheard = unheard !== '' && host.settings.captions !== 'spoken';
  const rich = item.role === 'model' && !item.partial && !item.interrupted ? host.richText.of(item) : null;
  return html`${
    item.thought
      ? html`<details>
          <summary>${words.text('conversation.thought')}</summary>
          <p class="body">${item.thought}</p>
        </details>`
      : nothing
  }${
    waiting
      ? html`<p class="body interim">${words.text('conversation.hidden')}</p>`
      : rich
        ? html`<div class="body rich">${rich}</div>`
        : html`<p class="body">${heard}${item.interim ? html`<span class="interim"> ${item.interim}</span>` : nothing}${
            showUnheard ? html` <s>${unheard.trim()}</s>` : nothing
          }${item.interrupted ? html`<span class="tag">${words.text('conversation.interrupted')}</span>` : nothing}</p>`
  }${
    item.sources.length > 0
      ? html`<ul class="sources" aria-label=${words.text('conversation.sources')}>
          ${item.sources.map(
            (source) =>
              html`<li><a href=${source.uri} target="_blank" rel="noopener noreferrer">${source.title}</a></li>`,
          )}
        </ul>`
      : nothing
  }`;
}
