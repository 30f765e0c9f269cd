import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { heardParts } from '../state/heard.js';
import { lookOf } from '../state/look.js';
import { isRunning } from '../state/machine.js';
import { heardLength, isBlank, segmentersFor } from '../state/segments.js';
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
    guard(
      [
        ...[item, words, captions, language, host.richText.ready, host.parts.cards.ready, spokenLength(host, item)],
        host.settings.developer,
        copiedOf(host, item),
      ],
      () => itemView(host, item),
    );
  return html`<section class="conversation" part="transcript" ?inert=${host.panel !== ''}>
    <div class="head">
      <h2 id="conversation-title" tabindex="-1">${words.text('conversation.title')}</h2>
      <div class="head-tools">${headTools(host)}</div>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="conversation-title" @scroll=${() => host.scrolled()}>
      ${
        items.length === 0
          ? html`<slot name="empty"><p class="empty">${words.text('conversation.empty')}</p></slot>`
          : html`<div class="items">${repeat(items, (item) => item.id, once)}${pendingView(host)}</div>`
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

/**
 * Length of the part that the voice has spoken, while it speaks.
 * @param {Host} host
 * @param {Item} item
 * @returns {number} the whole length for what is not being spoken
 */
export function spokenLength({ conversation, settings }, { role, turn, text, interrupted }) {
  const share = role === 'model' && !interrupted ? conversation.heardShare(turn) : null;
  return share === null ? text.length : heardLength(text, share, segmentersFor(settings.language));
}

/**
 * The name of the slot in which a host shows a call its own way.
 * @param {string} call
 * @param {number} item
 */
const slotOf = (call, item) => `tool-${/^[\w.-]{1,64}$/.test(call) ? call : item}`;

/** @param {Item} item */
const copyKey = ({ id }) => `item ${id}`;

/**
 * What of the item was copied last; empty for nothing.
 * @param {Host} host
 * @param {Item} item
 */
const copiedOf = ({ copied }, { id }) => (copied.endsWith(` ${id}`) ? copied : '');

/** What can be done with the text. @param {Host} host */
function headTools(host) {
  const { words, conversation } = host;
  const empty = conversation.transcript.items.length === 0;
  const button = (/** @type {string} */ id, /** @type {() => void} */ run, classes = '') =>
    html`<button type="button" class="button quiet ${classes}" @click=${run}>${words.text(id)}</button>`;
  if (empty) return host.cleared.length > 0 ? button('action.undo', () => host.undoClear()) : nothing;
  return [
    isRunning(conversation.state.phase) ? nothing : button('action.clear', () => host.clear()),
    button(
      host.copied === 'transcript' ? 'action.copied' : 'action.copyAll',
      () => host.copy(host.exportTranscript('markdown'), 'transcript'),
      'all',
    ),
    exportView(host),
  ];
}

/** What is about to become an item: the user speaks, or the model thinks. @param {Host} host */
function pendingView(host) {
  const { conversation, settings, now } = host;
  const { look } = lookOf(conversation.state, now, settings);
  const dots = html`<i></i><i></i><i></i>`;
  const last = conversation.transcript.items.at(-1);
  if (look === 'thinking') return html`<p class="pending" aria-hidden="true">${dots}</p>`;
  if (look !== 'userSpeaking' || (last?.role === 'user' && last.partial)) return nothing;
  return html`<p class="pending user" aria-hidden="true">${dots}</p>`;
}

/** Closes a menu when the focus goes elsewhere, and so by a click elsewhere. @param {FocusEvent} event */
export function closeWhenLeft(event) {
  const menu = /** @type {HTMLElement} */ (event.currentTarget);
  if (!menu.contains(/** @type {Node | null} */ (event.relatedTarget))) menu.removeAttribute('open');
}

/** @param {Host} host */
function exportView(host) {
  const { words } = host;
  const entry = (/** @type {'markdown' | 'json' | 'vtt'} */ format) =>
    html`<button type="button" class="button quiet" @click=${() => host.download(format)}>${words.text(`export.${format}`)}</button>`;
  return html`<details class="export" @focusout=${closeWhenLeft}>
    <summary class="button quiet" aria-label=${words.text('action.export')}>${icons.export} <span>${words.text('action.export')}</span></summary>
    <div class="menu">${entry('markdown')} ${entry('json')} ${entry('vtt')}</div>
  </details>`;
}

/**
 * @param {Host} host
 * @param {Item} item
 */
function itemView(host, item) {
  const { words } = host;
  if (item.role === 'notice') {
    return html`<article class="notice-item"><p>${words.text(item.text, { time: words.minute(item.startedAt) })}</p></article>`;
  }
  const name = { user: 'conversation.you', model: 'conversation.model', tool: 'conversation.tool' }[item.role];
  if (item.tool) {
    return html`<article class="tool" part="tool">
      <h3 class="hidden">${words.text(name)}</h3>
      <slot name=${slotOf(item.tool.id, item.id)}>
        ${host.parts.cards.module?.toolCard(host, item) ?? html`<p class="body" dir="auto">${item.tool.name}</p>`}
      </slot>
    </article>`;
  }
  return html`<article class=${item.role} lang=${host.settings.language || nothing}>
    <h3>
      ${words.text(name)}
      <time datetime=${new Date(item.startedAt).toISOString()} title=${words.clock(item.startedAt)}
        >${words.minute(item.startedAt)}</time
      >
      ${item.role === 'model' && !item.partial && !isBlank(item.text) ? copyButton(host, item) : nothing}
      ${
        item.latencyMs === null || !host.settings.developer
          ? nothing
          : html`<span class="ms" title=${words.text('conversation.firstAudio', { ms: words.ms(item.latencyMs) })}
              >${words.ms(item.latencyMs)}</span
            >`
      }
    </h3>
    ${messageBody(host, item)}
  </article>`;
}

/**
 * @param {Host} host
 * @param {Item} item
 */
function copyButton(host, item) {
  const key = copyKey(item);
  return html`<button type="button" class="button quiet copy" @click=${() => host.copy(item.text, key)}>
    ${host.words.text(host.copied === key ? 'action.copied' : 'action.copy')}
  </button>`;
}

/**
 * @param {Host} host
 * @param {Item} item
 */
function messageBody(host, item) {
  const { words } = host;
  const spoken = spokenLength(host, item);
  const { heard, unheard } = item.interrupted
    ? heardParts(item)
    : { heard: item.text.slice(0, spoken), unheard: item.text.slice(spoken) };
  // Some languages have no space between words.
  const gap = heard !== '' && /^\s/.test(unheard) ? ' ' : '';
  const waiting = item.role === 'model' && item.partial && host.settings.captions === 'after';
  const showUnheard = unheard !== '' && host.settings.captions !== 'spoken';
  const seen = !isBlank(item.text + item.interim) || item.interrupted;
  const rich = item.role === 'model' && !item.partial && !item.interrupted ? host.richText.of(item, words) : null;
  if (item.picture) {
    void host.parts.previews.module;
    return html`<img class="still" src=${item.picture} alt=${words.text('conversation.picture')} />`;
  }
  return html`${
    item.thought
      ? html`<details>
          <summary>${words.text('conversation.thought')}</summary>
          <p class="body" dir="auto">${item.thought}</p>
        </details>`
      : nothing
  }${
    waiting
      ? html`<p class="body interim">${words.text('conversation.hidden')}</p>`
      : rich
        ? rich
        : seen
          ? html`<p class="body" dir="auto">${heard}${item.interim ? html`<span class="interim"> ${item.interim}</span>` : nothing}${
              showUnheard
                ? html`${gap}<span class="unheard">${item.interrupted ? unheard.trim() : unheard.trimStart()}</span>`
                : nothing
            }${
              item.interrupted
                ? html`<span class="tag">${words.text(showUnheard ? 'conversation.unheard' : 'conversation.interrupted')}</span>`
                : nothing
            }</p>`
          : nothing
  }${groundingView(host, item)}`;
}

/**
 * What an answer rests on, and the searches that Google's terms want offered beside it. Made of text: the HTML that comes
 * along brings styles, pictures and addresses of its own, which neither this page's policy nor its reader has agreed to.
 * @param {Host} host
 * @param {Item} item
 */
function groundingView({ words }, { sources, suggestions }) {
  return html`${
    sources.length > 0
      ? html`<ul class="sources" aria-label=${words.text('conversation.sources')}>
          ${sources.map((source) => html`<li>${sourceView(words, source)}</li>`)}
        </ul>`
      : nothing
  }${
    suggestions.length > 0
      ? html`<div class="suggestions">
          <span aria-hidden="true">${words.text('conversation.suggestions')}</span>
          <ul class="sources" aria-label=${words.text('conversation.suggestions')}>
            ${suggestions.map(({ title, uri }) => html`<li>${linkView(uri, html`<span dir="auto">${title}</span>`)}</li>`)}
          </ul>
        </div>`
      : nothing
  }`;
}

/**
 * @param {import('../i18n/index.js').Words} words
 * @param {import('../proto/grounding.js').Source} source
 */
function sourceView(words, { kind, title, uri, page }) {
  const id = `source.${kind}`;
  const label = words.has(id) ? html`<span class="kind">${words.text(id)}</span> ` : nothing;
  const place = page > 0 ? html` <span class="kind">${words.text('source.page', { page })}</span>` : nothing;
  // The title alone decides the direction; words of the page's language beside it keep theirs.
  const shown = html`${label}<span dir="auto">${title}</span>${place}`;
  return uri === '' ? html`<span class="source">${shown}</span>` : linkView(uri, shown);
}

/**
 * @param {string} uri http or https, as it was decoded
 * @param {unknown} shown
 */
const linkView = (uri, shown) =>
  html`<a class="source" href=${uri} title=${uri} target="_blank" rel="noopener noreferrer">${shown}</a>`;
