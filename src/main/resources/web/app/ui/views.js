import { html, nothing } from 'lit';
import { newestWords } from '../state/caption.js';
import { heardParts } from '../state/heard.js';
import { isSimulated, lookOf, mainAction } from '../state/look.js';
import { isLive, isRunning } from '../state/machine.js';
import { closeWhenLeft, spokenLength } from './conversation-view.js';
import { icons } from './icons.js';
import { introView } from './intro.js';
import { isComposing } from './keys.js';

/** @typedef {import('../gemini-live.js').GeminiLive} Host */

/** @param {Host} host */
export function headerView(host) {
  const { words, conversation, now } = host;
  const look = lookOf(conversation.state, now, host.settings);
  return html`<header>
    <slot name="header"><h1>${words.text('app.title')}</h1></slot>
    <span class="pill" part="state">${words.text(look.pill)}</span>
    ${badgeView(host)}
    <div class="tools" ?inert=${host.panel !== ''}>
      ${host.access.session?.admitted ? toolButton(host, 'account', '', '') : nothing}
      ${toolButton(host, 'help', 'help round', '?')} ${host.settings.developer ? toolButton(host, 'developer', '', 'l') : nothing}
      ${host.noSettings ? nothing : toolButton(host, 'settings', '', ',')}
    </div>
  </header>`;
}

/** One thing at a time that is worth knowing and needs nothing done. @param {Host} host */
function badgeView({ words, conversation, configuration }) {
  const { flags, passing, phase } = conversation.state;
  const badge = (/** @type {string} */ id, name = 'badge') => html`<span class=${name}>${words.text(id)}</span>`;
  if (flags.renewing && isLive(phase)) return badge('flag.renewing');
  // The others are in the conversation itself.
  if (passing?.note === 'continued') return badge('note.continued');
  if (flags.slowNetwork) return badge('flag.slowNetwork');
  return isRunning(phase) && isSimulated(conversation.state, configuration) ? badge('flag.simulator', 'chip') : nothing;
}

/**
 * @param {Host} host
 * @param {import('./open-panel.js').PanelName} panel
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
    aria-keyshortcuts=${key || nothing}
    title=${withKey(name, key)}
    @click=${() => host.togglePanel(panel)}
  >
    ${icons[panel]} ${panel === 'help' ? nothing : html`<span>${name}</span>`}
  </button>`;
}

/** @param {Host} host */
export function stageView(host) {
  const { words, conversation, now } = host;
  const { state } = conversation;
  const look = lookOf(state, now, host.settings);
  const caption = state.phase === 'idle' && host.access.loginUrl ? 'caption.logIn' : look.caption;
  return html`<section class="stage">
    ${state.flags.camera || state.flags.screen ? host.parts.previews.module?.previewsView(host) : nothing}
    <div class="presence">
      <div class="orb" part="orb" aria-hidden="true">
        <i class="halo"></i>
        <i class="ball"><i class="swirl"></i><i class="drift"></i><i class="gloss"></i></i>
      </div>
      <div class="caption">
        ${introView(host)}
        <p>${words.text(caption, captionParams(words, look.params))}</p>
        ${isRunning(state.phase) ? html`<p class="live" dir="auto" aria-hidden="true">${liveCaption(host)}</p>` : nothing}
        <div class="meter" aria-hidden="true"><i></i></div>
        <div class="actions">${stageActions(host)}</div>
      </div>
    </div>
  </section>`;
}

/**
 * @param {import('../i18n/index.js').Words} words
 * @param {import('../state/look.js').Look['params']} params
 * @returns {Record<string, string>}
 */
function captionParams(words, { seconds, ms }) {
  if (seconds !== undefined) return { when: words.until(Number(seconds) * 1000) };
  return ms === undefined ? {} : { duration: words.duration(Number(ms)) };
}

/** The newest words of either speaker, large, to be read from a distance. @param {Host} host */
function liveCaption(host) {
  const item = host.conversation.transcript.current.findLast(({ role }) => role === 'user' || role === 'model');
  if (!item || item.turn === 0 || host.settings.captions === 'after') return '';
  const heard = item.interrupted ? heardParts(item).heard : item.text.slice(0, spokenLength(host, item));
  const text = item.role === 'user' ? `${item.text} ${item.interim}` : heard;
  return newestWords(text);
}

/** @param {Host} host */
function stageActions(host) {
  const { words, conversation } = host;
  const { phase, patience, flags, retry } = conversation.state;
  const button = (/** @type {string} */ id, /** @type {() => void} */ run) =>
    html`<button type="button" class="button" @click=${run}>${words.text(id)}</button>`;
  return [
    (phase === 'idle' || phase === 'ended') && conversation.resumable
      ? button('action.continue', () => host.resume())
      : nothing,
    (flags.soundBlocked || flags.microphoneBlocked) && isRunning(phase)
      ? button('action.enableSound', () => conversation.enableSound())
      : nothing,
    phase === 'reconnecting' && retry ? button('action.retryNow', () => conversation.retryNow()) : nothing,
    patience === 'askAgain' && conversation.question !== ''
      ? button('action.askAgain', () => conversation.askAgain())
      : nothing,
  ];
}

/** Title of a page of its own; while a conversation runs with its state, for a tab in the background. @param {Host} host */
export function pageTitle({ words, conversation, now, settings }) {
  const title = words.text('app.title');
  if (!isRunning(conversation.state.phase)) return title;
  return `${words.text(lookOf(conversation.state, now, settings).pill)} – ${title}`;
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
  // Not disabled: a disabled button loses the focus, at the end of each answer.
  const interruptible = phase === 'speaking' || phase === 'thinking' || state.facts.audible;
  const action = mainAction(state);
  const begin = action !== 'cancel' && action !== 'end';
  if (begin && host.access.loginUrl) {
    return html`<div class="controls" part="controls">
      <a class="button control primary start" href=${host.access.loginUrl}>${icons.account} ${words.text('action.logIn')}</a>
    </div>`;
  }
  if (begin) {
    return html`<div class="controls" part="controls">
      <button type="button" class="button control primary start" @click=${() => host.start()}>
        ${icons.start} <span>${words.text(`action.${action}`)}</span>
      </button>
    </div>`;
  }
  if (action === 'cancel') {
    return html`<div class="controls" part="controls">
      <button type="button" class="button control cancel" @click=${() => host.stop()}>
        ${icons.close} <span>${words.text('action.cancel')}</span>
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
    title=${withKey(words.text(`action.${id}`), key)}
    aria-pressed=${pressed ? 'true' : 'false'}
    aria-keyshortcuts=${key}
    ?disabled=${!isLive(phase) && id !== 'mute'}
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
    ${
      host.camera
        ? withMenu(
            host,
            'camera',
            toggle('camera', flags.camera, icons.camera, 'v', () => void pictures.toggle('camera')),
          )
        : nothing
    }
    ${
      pictures.canShareScreen && host.screen
        ? toggle('screen', flags.screen, icons.screen, 's', () => void pictures.toggle('screen'))
        : nothing
    }
    ${flags.ptt && !flags.textOnly ? talkButton(host) : nothing}
    ${
      flags.textOnly
        ? html`<button
            type="button"
            class="button control"
            title=${withKey(words.text('action.microphone'), 'm')}
            aria-keyshortcuts="m"
            @click=${() => void conversation.openMicrophone()}
          >
            ${icons.microphone} <span>${words.text('action.microphone')}</span>
          </button>`
        : withMenu(
            host,
            'microphone',
            toggle('mute', flags.muted, flags.muted ? icons.microphoneOff : icons.microphone, 'm', () =>
              host.mute(!flags.muted),
            ),
          )
    }
    ${withMenu(
      host,
      'sound',
      html`<button
      type="button"
      class="button control sound"
      aria-label=${words.text('action.sound')}
      title=${words.text(flags.silent ? 'action.soundOn' : 'action.soundOff')}
      aria-pressed=${flags.silent ? 'false' : 'true'}
      @click=${() => conversation.silence(!flags.silent)}
    >
      ${flags.silent ? icons.soundOff : icons.sound} <span aria-hidden="true">${words.text('action.sound')}</span>
    </button>`,
    )}
    <button
      type="button"
      class="button control"
      aria-label=${words.text('action.interrupt')}
      title=${withKey(words.text('action.interrupt'), 'Esc')}
      aria-keyshortcuts="Escape"
      aria-disabled=${interruptible ? nothing : 'true'}
      @click=${() => host.interrupt()}
    >
      ${icons.interrupt} <span class="long" aria-hidden="true">${words.text('action.interrupt')}</span>
      <span class="short" aria-hidden="true">${words.text('action.interruptShort')}</span>
    </button>
    <button
      type="button"
      class="button control danger"
      aria-label=${words.text('action.end')}
      title=${words.text('action.end')}
      @click=${() => host.stop()}
    >
      ${icons.end} <span aria-hidden="true">${words.text('action.end')}</span>
    </button>
  </div>`;
}

/**
 * A control with a menu of its devices. Where room is short only the settings have them.
 * @param {Host} host
 * @param {import('./device-menus.js').Menu} menu
 * @param {unknown} control
 */
function withMenu(host, menu, control) {
  const toggled = (/** @type {Event} */ event) => {
    if (!(/** @type {HTMLDetailsElement} */ (event.currentTarget).open)) return;
    void host.parts.menus.fetch();
    void host.listDevices();
  };
  return html`<span class="with-menu">
    ${control}
    ${
      host.noSettings
        ? nothing
        : html`<details class="choose" @toggle=${toggled} @focusout=${closeWhenLeft}>
            <summary class="button quiet" aria-label=${host.words.text(`menu.${menu}`)} title=${host.words.text(`menu.${menu}`)}></summary>
            <div class="menu">${host.parts.menus.ready ? host.parts.menus.module?.menuView(host, menu) : nothing}</div>
          </details>`
    }
  </span>`;
}

/**
 * The name of a control with the key that does the same.
 * @param {string} name
 * @param {string} key
 */
const withKey = (name, key) => (key ? `${name} (${key.length === 1 ? key.toUpperCase() : key})` : name);

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
      if (event.key === 'Enter' && !event.repeat && !isComposing(event)) conversation.hold(true);
    }}
    @keyup=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter') conversation.hold(false);
    }}
    @blur=${() => conversation.hold(false)}
  >
    ${icons.microphone} <span>${words.text('action.talk')}</span>
  </button>`;
}

/** Fetched when the first picture is added. */
const pictureInput = async () => (await import('./later.js')).pictureInput;

/** @param {Host} host */
function composerView(host) {
  const { words } = host;
  const files = (/** @type {DataTransfer | null} */ transfer, /** @type {Event} */ event) => {
    if (!host.camera || !transfer || transfer.files.length === 0) return;
    event.preventDefault();
    void pictureInput().then(({ addPictures }) => addPictures(host, [...transfer.files]));
  };
  return html`<div
    class="composer"
    part="composer"
    ?inert=${host.panel !== ''}
    @dragover=${(/** @type {DragEvent} */ event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    }}
    @drop=${(/** @type {DragEvent} */ event) => files(event.dataTransfer, event)}
    @paste=${(/** @type {ClipboardEvent} */ event) => files(event.clipboardData, event)}
  >
    <form @submit=${(/** @type {Event} */ event) => host.submit(event)}>
      <label class="hidden" for="message">${words.text('composer.label')}</label>
      <textarea
        id="message"
        rows="1"
        enterkeyhint="send"
        autocomplete="off"
        dir="auto"
        placeholder=${words.text('composer.placeholder')}
        @keydown=${(/** @type {KeyboardEvent} */ event) => host.composerKey(event)}
      ></textarea>
      ${
        host.camera
          ? html`<button
              type="button"
              class="button quiet round"
              aria-label=${words.text('action.picture')}
              title=${words.text('action.picture')}
              @click=${() => void pictureInput().then(({ choosePictures }) => choosePictures(host))}
            >
              ${icons.picture}
            </button>`
          : nothing
      }
      <button type="submit" class="button primary round" aria-label=${words.text('action.send')}>${icons.send}</button>
    </form>
  </div>`;
}
