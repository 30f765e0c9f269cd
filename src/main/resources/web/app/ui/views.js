import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { heardParts } from '../state/export.js';
import { lookOf, mainAction } from '../state/look.js';
import { isLive, isRunning } from '../state/machine.js';
import { icons } from './icons.js';

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {import('../state/transcript.js').Item} Item */

/** @param {Host} host */
export function headerView(host) {
  const { words, conversation, now } = host;
  const { state, latency } = conversation;
  const look = lookOf(state, now, host.settings);
  const { firstAudio, roundTrip, buffer } = latency;
  return html`<header>
    <slot name="header"><h1>${words.text('app.title')}</h1></slot>
    <span class="pill" part="state">${words.text(look.pill)}</span>
    ${state.flags.slowNetwork ? html`<span class="badge">${words.text('flag.slowNetwork')}</span>` : nothing}
    ${
      firstAudio.last === null
        ? nothing
        : html`<dl class="figures">
            <div><dt>${words.text('latency.firstAudio')}</dt><dd>${words.ms(firstAudio.last)}</dd></div>
            <div><dt>${words.text('latency.buffer')}</dt><dd>${words.ms(buffer.depthMs)}</dd></div>
            <div><dt>${words.text('latency.roundTrip')}</dt><dd>${words.ms(roundTrip.last)}</dd></div>
          </dl>`
    }
    <div class="tools">
      ${toolButton(host, 'help', 'help round', '?')} ${toolButton(host, 'latency', '', 'l')}
      ${host.noSettings ? nothing : toolButton(host, 'settings', '', ',')}
    </div>
  </header>`;
}

/**
 * @param {Host} host
 * @param {'latency' | 'settings' | 'help'} panel
 * @param {string} classes
 * @param {string} key
 */
function toolButton(host, panel, classes, key) {
  const name = host.words.text(`action.${panel}`);
  return html`<button
    type="button"
    class="button quiet ${classes}"
    aria-expanded=${host.panel === panel ? 'true' : 'false'}
    aria-label=${name}
    aria-keyshortcuts=${key}
    title=${name}
    @click=${() => host.togglePanel(panel)}
  >
    ${icons[panel]} ${panel === 'help' ? nothing : html`<span>${name}</span>`}
  </button>`;
}

/** @param {Host} host */
export function noticesView(host) {
  const { words, conversation, configuration } = host;
  const { session, problem } = conversation.state;
  const simulated = session ? session.backend === 'simulator' : configuration.simulated;
  const notices = session?.notices ?? [];
  return html`<section class="notices" aria-label=${words.text('app.notices')}>
    ${simulated && !problem && !host.dismissed.has('simulator') ? noticeView(host, 'simulator', words.text('app.simulator')) : nothing}
    ${notices.filter((notice) => !host.dismissed.has(notice)).map((notice) => noticeView(host, notice, notice))}
    <div role="alert">${problem ? alertView(host, problem) : nothing}</div>
  </section>`;
}

/**
 * @param {Host} host
 * @param {string} key
 * @param {string} text
 */
function noticeView(host, key, text) {
  return html`<div class="notice">
    ${icons.spark}
    <p>${text}</p>
    <button type="button" class="button quiet round" aria-label=${host.words.text('action.dismiss')} @click=${() => host.dismiss(key)}>
      ${icons.close}
    </button>
  </div>`;
}

/**
 * @param {Host} host
 * @param {import('../net/errors.js').Problem} problem
 */
function alertView(host, problem) {
  const { words, conversation } = host;
  const id = `problem.${problem.id}`;
  const failed = conversation.state.phase === 'failed';
  const { session = '', message = '' } = problem.params;
  return html`<div class="alert">
    ${icons.warning}
    <div class="words">
      <p>${words.text(words.has(id) ? id : 'problem.other', problem.params)}</p>
      ${message ? html`<small>${message}</small>` : nothing}
      ${
        problem.retryAfterMs
          ? html`<small>${words.text('problem.retryAfter', { time: words.duration(problem.retryAfterMs) })}</small>`
          : nothing
      }
      ${session ? html`<small>${words.text('problem.reference', { session })}</small>` : nothing}
    </div>
    ${
      failed && problem.source === 'microphone'
        ? html`<button type="button" class="button" @click=${() => host.typeInstead()}>${words.text('action.typeInstead')}</button>`
        : nothing
    }
    ${
      failed
        ? nothing
        : html`<button type="button" class="button quiet round" aria-label=${words.text('action.dismiss')}
            @click=${() => conversation.dismiss()}>${icons.close}</button>`
    }
    ${
      problem.detail
        ? html`<details>
            <summary>${words.text('action.details')}</summary>
            <code>${problem.detail}</code>
            <button type="button" class="button quiet" @click=${() => host.copy(problem.detail)}>${words.text('action.copy')}</button>
          </details>`
        : nothing
    }
  </div>`;
}

/** @param {Host} host */
export function stageView(host) {
  const { words, conversation, now } = host;
  const { state } = conversation;
  const look = lookOf(state, now, host.settings);
  const params = 'ms' in look.params ? { duration: words.duration(Number(look.params.ms)) } : look.params;
  return html`<section class="stage">
    <div class="presence">
      <div class="orb" part="orb" aria-hidden="true">
        <i class="halo"></i>
        <i class="ball"><i class="swirl"></i><i class="drift"></i><i class="gloss"></i></i>
      </div>
      <div class="caption">
        <p>${words.text(look.caption, params)}</p>
        <div class="meter" aria-hidden="true"><i></i></div>
        <div class="actions">${stageActions(host)}</div>
      </div>
    </div>
    <div class="previews">${previewView(host, 'screen')} ${previewView(host, 'camera')}</div>
  </section>`;
}

/** @param {Host} host */
function stageActions(host) {
  const { words, conversation } = host;
  const { phase, patience, flags, retry } = conversation.state;
  const button = (/** @type {string} */ id, /** @type {() => void} */ run) =>
    html`<button type="button" class="button" @click=${run}>${words.text(id)}</button>`;
  return [
    flags.soundBlocked && isRunning(phase) ? button('action.enableSound', () => conversation.enableSound()) : nothing,
    phase === 'reconnecting' && retry ? button('action.retryNow', () => conversation.retryNow()) : nothing,
    patience === 'askAgain' ? button('action.askAgain', () => conversation.askAgain()) : nothing,
  ];
}

/**
 * @param {Host} host
 * @param {'camera' | 'screen'} source
 */
function previewView(host, source) {
  const { words, conversation } = host;
  const stream = conversation.pictures.stream(source);
  if (!stream) return nothing;
  const sent = conversation.pictures.sent(source);
  return html`<figure class="preview">
    <span class="frame" data-source=${source}>
      <video autoplay playsinline .muted=${true} .srcObject=${stream} aria-label=${words.text(`preview.${source}`)}></video>
    </span>
    <figcaption>
      ${words.text(`preview.${source}`)}<span class="more">
        · ${words.text('preview.rate', { rate: words.number(conversation.pictures.rate) })}
        ${sent ? html`· ${words.text('preview.size', { width: sent.width, height: sent.height })}` : nothing}</span
      >
    </figcaption>
  </figure>`;
}

/** @param {Host} host */
export function conversationView(host) {
  const { words, conversation, unseen } = host;
  const { items } = conversation.transcript;
  return html`<section class="conversation" part="transcript">
    <div class="head">
      <h2 id="conversation-title" tabindex="-1">${words.text('conversation.title')}</h2>
      ${items.length > 0 ? exportView(host) : nothing}
    </div>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="conversation-title" @scroll=${() => host.scrolled()}>
      ${
        items.length === 0
          ? html`<slot name="empty"><p class="empty">${words.text('conversation.empty')}</p></slot>`
          : html`<div class="items">${repeat(
              items,
              (item) => item.id,
              (item) => itemView(host, item),
            )}</div>`
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
  if (item.role === 'notice') return html`<article class="notice-item"><p>${item.text}</p></article>`;
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
  const rich = item.role === 'model' && !item.partial && !item.interrupted ? host.richText(item) : null;
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

/** @param {Host} host */
export function footerView(host) {
  return html`<footer>${controlsView(host)} ${composerView(host)}</footer>`;
}

/** @param {Host} host */
function controlsView(host) {
  const { words, conversation } = host;
  const { state, pictures } = conversation;
  const { phase, flags } = state;
  const running = isRunning(phase);
  const action = mainAction(state);
  const begin = action === 'start' || action === 'startAgain' || action === 'tryAgain';
  if (begin) {
    return html`<div class="controls" part="controls">
      <button type="button" class="button control primary start" @click=${() => host.start()}>
        ${icons.start} ${words.text(`action.${action}`)}
      </button>
    </div>`;
  }
  const toggle = (
    /** @type {'mute' | 'camera' | 'screen'} */ id,
    /** @type {boolean} */ pressed,
    /** @type {unknown} */ icon,
    /** @type {string} */ key,
    /** @type {() => void} */ run,
  ) => html`<button
    type="button"
    class="button control"
    aria-label=${words.text(`action.${id}`)}
    aria-pressed=${pressed ? 'true' : 'false'}
    aria-keyshortcuts=${key}
    ?disabled=${!isLive(phase)}
    @click=${run}
  >
    ${icon}
    ${
      id === 'screen'
        ? html`<span class="long" aria-hidden="true">${words.text('action.screen')}</span
            ><span class="short" aria-hidden="true">${words.text('action.screenShort')}</span>`
        : html`<span aria-hidden="true">${words.text(`action.${id}`)}</span>`
    }
  </button>`;
  return html`<div class="controls" part="controls">
    ${flags.ptt && !flags.textOnly ? talkButton(host) : nothing}
    ${
      flags.textOnly
        ? nothing
        : toggle('mute', flags.muted, flags.muted ? icons.microphoneOff : icons.microphone, 'm', () =>
            host.mute(!flags.muted),
          )
    }
    ${host.noCamera ? nothing : toggle('camera', flags.camera, icons.camera, 'v', () => void pictures.toggle('camera'))}
    ${
      pictures.canShareScreen && !host.noScreen
        ? toggle('screen', flags.screen, icons.screen, 's', () => void pictures.toggle('screen'))
        : nothing
    }
    <button
      type="button"
      class="button control"
      aria-keyshortcuts="Escape"
      ?disabled=${phase !== 'speaking' && phase !== 'thinking'}
      @click=${() => host.interrupt()}
    >
      ${icons.interrupt} ${words.text('action.interrupt')}
    </button>
    <button type="button" class="button control danger" ?disabled=${!running} @click=${() => host.stop()}>
      ${icons.end} ${words.text(`action.${action}`)}
    </button>
  </div>`;
}

/** @param {Host} host */
function talkButton(host) {
  const { conversation, words } = host;
  const { phase } = conversation.state;
  return html`<button
    type="button"
    class="button control primary talk"
    aria-pressed=${phase === 'userSpeaking' ? 'true' : 'false'}
    ?disabled=${!isLive(phase)}
    @pointerdown=${(/** @type {PointerEvent} */ event) => {
      /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
      conversation.hold(true);
    }}
    @pointerup=${() => conversation.hold(false)}
    @pointercancel=${() => conversation.hold(false)}
    @lostpointercapture=${() => conversation.hold(false)}
    @keydown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter' && !event.repeat) conversation.hold(true);
    }}
    @keyup=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter') conversation.hold(false);
    }}
    @blur=${() => conversation.hold(false)}
  >
    ${icons.microphone} ${words.text('action.talk')}
  </button>`;
}

/** @param {Host} host */
function composerView(host) {
  const { words } = host;
  return html`<div class="composer" part="composer">
    <form @submit=${(/** @type {Event} */ event) => host.submit(event)}>
      <label class="hidden" for="message">${words.text('composer.label')}</label>
      <textarea
        id="message"
        rows="1"
        enterkeyhint="send"
        autocomplete="off"
        placeholder=${words.text('composer.placeholder')}
        @keydown=${(/** @type {KeyboardEvent} */ event) => host.composerKey(event)}
      ></textarea>
      <button type="submit" class="button primary round" aria-label=${words.text('action.send')}>${icons.send}</button>
    </form>
  </div>`;
}
