import { html, LitElement, nothing } from 'lit';
import { Conversation } from './conversation.js';
import { pickLanguage, Words } from './i18n/index.js';
import { pageEnvironment } from './platform/environment.js';
import { SettingsStore } from './platform/settings-store.js';
import { toJson, toMarkdown, toVtt } from './state/export.js';
import { lookOf } from './state/look.js';
import { isLive } from './state/machine.js';
import { SETUP_KEYS } from './state/setup.js';
import { Announcer } from './ui/announcer.js';
import { shortcut } from './ui/keyboard.js';
import { orb } from './ui/orb-styles.js';
import { RichText } from './ui/rich-text.js';
import { conversation, layout, tokens } from './ui/styles.js';
import { conversationView, footerView, headerView, noticesView, stageView } from './ui/views.js';
import { Visualiser } from './ui/visualiser.js';

/** @typedef {import('./state/setup.js').PageConfiguration} PageConfiguration */
/** @typedef {import('./state/setup.js').Settings} Settings */

/** What the element believes when its page tells it nothing. @type {PageConfiguration} */
const PLAIN_CONFIGURATION = Object.freeze({
  backend: 'gemini',
  backendLabel: 'Gemini',
  simulated: false,
  endpoint: '/live',
  defaultModel: '',
  models: [],
  limits: { maxMessageBytes: 1_048_576, framesPerSecond: 1, maxDurationMs: 7_200_000, idleTimeoutMs: 600_000 },
});

/** Up to this width a panel covers everything else, pixels; 52rem in the style sheet. */
const COVERED_UP_TO = 832;

/** Within this distance of the end the list follows what is said, pixels. */
const FOLLOW_WITHIN = 32;

/**
 * A live conversation with Gemini. See docs/web-client.md for attributes, methods, events, parts and properties.
 */
export class GeminiLive extends LitElement {
  static properties = {
    endpoint: { type: String },
    ticketUrl: { type: String, attribute: 'ticket-url' },
    captureUrl: { type: String, attribute: 'capture-url' },
    playbackUrl: { type: String, attribute: 'playback-url' },
    model: { type: String },
    voice: { type: String },
    lang: { type: String },
    ptt: { type: Boolean },
    theme: { type: String, reflect: true },
    compact: { type: Boolean, reflect: true },
    noSettings: { type: Boolean, attribute: 'no-settings' },
    noCamera: { type: Boolean, attribute: 'no-camera' },
    noScreen: { type: Boolean, attribute: 'no-screen' },
  };

  static styles = [tokens, layout, conversation, orb];

  #settings = new SettingsStore();
  #richText = new RichText(() => this.requestUpdate());
  #announcer = new Announcer();
  #visualiser = new Visualiser();
  /** @type {typeof import('./ui/panels.js') | null} */
  #panels = null;
  #languageReady = Promise.resolve();
  #following = true;
  #seenItems = 0;
  /** @type {Element | null} */
  #returnFocus = null;
  /** @type {(() => void)[]} */
  #cancels = [];

  constructor() {
    super();
    this.endpoint = '';
    this.ticketUrl = '';
    this.captureUrl = '';
    this.playbackUrl = '';
    this.model = '';
    this.voice = '';
    this.lang = '';
    this.ptt = false;
    this.theme = '';
    this.compact = false;
    this.noSettings = false;
    this.noCamera = false;
    this.noScreen = false;
    /** What the service offers; set before the element is connected, or given as JSON in a child script element. */
    this.configuration = PLAIN_CONFIGURATION;
    /** Replaced by tests. */
    this.environment = pageEnvironment();
    /** @type {'' | 'latency' | 'settings' | 'help'} */
    this.panel = '';
    /** @type {Set<string>} */
    this.dismissed = new Set();
    /** @type {MediaDeviceInfo[]} */
    this.devices = [];
    this.setupChanged = false;
    this.announcement = '';
    this.copied = '';
    this.words = new Words('en');
    /** @type {Conversation} */
    this.conversation = this.#newConversation();
  }

  connectedCallback() {
    super.connectedCallback();
    const embedded = this.querySelector('script[type="application/json"]')?.textContent;
    if (embedded) this.configuration = { ...PLAIN_CONFIGURATION, ...JSON.parse(embedded) };
    this.#settings.load({ model: this.model, voice: this.voice, turns: this.ptt ? 'ptt' : 'auto' });
    this.#applyLooks();
    this.conversation = this.#newConversation();
    const hide = () => this.conversation.stop();
    const keydown = (/** @type {KeyboardEvent} */ event) => shortcut(this, event, true);
    const keyup = (/** @type {KeyboardEvent} */ event) => shortcut(this, event, false);
    const release = () => this.conversation.hold(false);
    window.addEventListener('pagehide', hide);
    window.addEventListener('blur', release);
    this.addEventListener('keydown', keydown);
    this.addEventListener('keyup', keyup);
    this.#cancels = [
      () => window.removeEventListener('pagehide', hide),
      () => window.removeEventListener('blur', release),
      () => this.removeEventListener('keydown', keydown),
      () => this.removeEventListener('keyup', keyup),
      this.environment.clock.every(250, () => this.#beat()),
    ];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#visualiser.stop();
    this.conversation.stop();
  }

  /** Milliseconds on the page's clock. */
  get now() {
    return this.environment.clock.now();
  }

  /** @returns {Settings} */
  get settings() {
    return this.#settings.value;
  }

  /** Items that came while the reader was elsewhere. */
  get unseen() {
    return this.#following ? 0 : this.conversation.transcript.items.length - this.#seenItems;
  }

  /** Begins a spoken conversation. Call inside a gesture. */
  async start() {
    this.setupChanged = false;
    await this.conversation.start({ keep: this.conversation.state.phase === 'failed' });
  }

  stop() {
    this.conversation.stop();
  }

  /** @param {boolean} on */
  mute(on) {
    this.conversation.mute(on);
  }

  interrupt() {
    this.conversation.interrupt();
  }

  /** @param {string} text */
  send(text) {
    this.#following = true;
    this.conversation.send(text);
  }

  /**
   * @param {'markdown' | 'json' | 'vtt'} format
   * @returns {string}
   */
  exportTranscript(format) {
    const { items } = this.conversation.transcript;
    const { session } = this.conversation.state;
    const names = {
      user: this.words.text('conversation.you'),
      model: this.words.text('conversation.model'),
      tool: this.words.text('conversation.tool'),
      interrupted: this.words.text('conversation.interrupted'),
    };
    if (format === 'json') return toJson(items, { session: session?.id ?? null, model: session?.model ?? null });
    return format === 'vtt' ? toVtt(items, names) : toMarkdown(items, names);
  }

  /** @param {Partial<Settings>} change */
  changeSettings(change) {
    const previous = this.settings;
    this.#settings.change(change);
    this.conversation.apply(this.settings, previous);
    const needsNew = SETUP_KEYS.some((key) => key in change && previous[key] !== this.settings[key]);
    if (needsNew && isLive(this.conversation.state.phase)) this.setupChanged = true;
    this.#applyLooks();
    this.requestUpdate();
  }

  resetSettings() {
    this.changeSettings(this.#settings.defaults);
  }

  renew() {
    this.setupChanged = false;
    void this.conversation.renew();
  }

  typeInstead() {
    void this.conversation.start({ textOnly: true, keep: true });
    this.focusComposer();
  }

  focusComposer() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('#message'))?.focus();
  }

  /** @param {'latency' | 'settings' | 'help'} panel */
  async togglePanel(panel) {
    if (this.panel === panel) {
      this.closePanel();
      return;
    }
    if (!this.panel) this.#returnFocus = /** @type {ShadowRoot} */ (this.renderRoot).activeElement;
    this.panel = panel;
    if (panel === 'settings') void this.#listDevices();
    await this.#loadPanels();
    this.requestUpdate();
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.panel h2'))?.focus();
  }

  closePanel() {
    this.panel = '';
    this.requestUpdate();
    const target = this.#returnFocus;
    this.#returnFocus = null;
    if (target instanceof HTMLElement) target.focus();
  }

  /** @param {string} key */
  dismiss(key) {
    this.dismissed.add(key);
    this.requestUpdate();
  }

  /**
   * @param {string} text
   * @param {string} [key] of the button that says so
   */
  async copy(text, key = '') {
    await navigator.clipboard.writeText(text);
    this.copied = key;
    this.requestUpdate();
  }

  /** @param {'markdown' | 'json' | 'vtt'} format */
  download(format) {
    const type = { markdown: 'text/markdown', json: 'application/json', vtt: 'text/vtt' }[format];
    const extension = { markdown: 'md', json: 'json', vtt: 'vtt' }[format];
    const url = URL.createObjectURL(new Blob([this.exportTranscript(format)], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `conversation.${extension}`;
    link.click();
    this.environment.clock.after(10_000, () => URL.revokeObjectURL(url));
    this.renderRoot.querySelector('.export')?.removeAttribute('open');
  }

  /** State, transitions and figures, without any content. */
  diagnostics() {
    const { state, log, latency, microphoneEffects, serviceClock } = this.conversation;
    return JSON.stringify(
      {
        schema: 'livebridge-diagnostics/1',
        agent: navigator.userAgent,
        state,
        microphone: microphoneEffects,
        clock: { rtt: serviceClock.rtt, offset: serviceClock.offset },
        latency: latency.summary(this.now),
        transitions: log,
      },
      null,
      2,
    );
  }

  /** @param {import('./state/transcript.js').Item} item */
  richText(item) {
    return this.#richText.of(item);
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const field = /** @type {HTMLTextAreaElement | null} */ (this.renderRoot.querySelector('#message'));
    if (!field?.value.trim()) return;
    this.send(field.value);
    field.value = '';
    field.focus();
  }

  /** @param {KeyboardEvent} event */
  composerKey(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.submit(event);
  }

  scrolled() {
    const list = this.renderRoot.querySelector('.scroll');
    if (!list) return;
    const following = list.scrollHeight - list.scrollTop - list.clientHeight <= FOLLOW_WITHIN;
    if (following === this.#following) return;
    this.#following = following;
    this.#seenItems = this.conversation.transcript.items.length;
    this.requestUpdate();
  }

  jumpToLatest() {
    this.#following = true;
    this.requestUpdate();
  }

  render() {
    const look = lookOf(this.conversation.state, this.now, this.settings).look;
    return html`<div class="app" data-look=${look} data-phase=${this.conversation.state.phase}
      ?data-empty=${this.conversation.transcript.items.length === 0} lang=${this.words.language}>
      <div class="under" ?inert=${this.panel !== '' && this.offsetWidth <= COVERED_UP_TO}>
        <button type="button" class="button skip" @click=${() => this.#focusConversation()}>${this.words.text('app.skip')}</button>
        ${headerView(this)} ${noticesView(this)}
        <main>${stageView(this)} ${conversationView(this)}</main>
        ${footerView(this)}
      </div>
      ${this.panel && this.#panels ? this.#panels.panelView(this) : nothing}
      <div class="hidden" role="status">${this.announcement}</div>
    </div>`;
  }

  updated() {
    const list = this.renderRoot.querySelector('.scroll');
    if (list && this.#following) list.scrollTop = list.scrollHeight;
    const surface = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.stage'));
    if (surface) this.#visualiser.show(surface, this.conversation, this.environment);
  }

  /** Waits for the language, so that nobody sees another one first. */
  async scheduleUpdate() {
    await this.#languageReady;
    super.scheduleUpdate();
  }

  /** Panels are fetched when the first one is opened. */
  async #loadPanels() {
    if (this.#panels) return;
    const panels = await import('./ui/panels.js');
    const root = /** @type {ShadowRoot} */ (this.renderRoot);
    const { styleSheet } = panels.styles;
    if (!this.#panels && styleSheet) root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet];
    this.#panels = panels;
  }

  #focusConversation() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('#conversation-title'))?.focus();
  }

  /** @returns {Conversation} */
  #newConversation() {
    return new Conversation(
      {
        environment: this.environment,
        captureUrl: this.captureUrl,
        playbackUrl: this.playbackUrl,
        configuration: this.configuration,
        settings: () => this.settings,
        target: () => this.#target(),
      },
      {
        onState: (state, previous) => {
          this.requestUpdate();
          if (state.phase !== previous.phase) this.#tell('gl-state', { state: state.phase, previous: previous.phase });
        },
        onTranscript: () => {
          this.requestUpdate();
          this.#tell('gl-transcript', { items: this.conversation.transcript.items });
        },
        onLatency: (turn, totalMs) => this.#tell('gl-latency', { turn, totalMs }),
        onToolCall: (calls) =>
          !this.#tell('gl-tool', { calls, respond: this.conversation.respond.bind(this.conversation) }),
        onProblem: (problem) => this.#tell('gl-error', { problem }),
        onPicture: (source) => this.#blink(source),
        onDevices: () => void this.#listDevices(),
      },
    );
  }

  /** @param {'camera' | 'screen'} source */
  #blink(source) {
    this.requestUpdate();
    const frame = this.renderRoot.querySelector(`.frame[data-source="${source}"]`);
    frame?.classList.remove('blink');
    requestAnimationFrame(() => frame?.classList.add('blink'));
  }

  /**
   * Where to connect, with a fresh ticket as subprotocol where the page asks for one: never in the address.
   * @returns {Promise<import('./net/connection.js').Target>}
   */
  async #target() {
    const url = new URL(this.endpoint || this.configuration.endpoint, location.href);
    url.protocol = url.protocol.replace(/^http/, 'ws');
    if (!this.ticketUrl) return { url: url.href, protocols: [] };
    const answer = await fetch(this.ticketUrl, { method: 'POST', credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
    const { protocols } = await answer.json();
    return { url: url.href, protocols };
  }

  async #listDevices() {
    this.devices = (await this.environment.mediaDevices?.enumerateDevices()) ?? [];
    this.requestUpdate();
  }

  #applyLooks() {
    const { theme, uiLanguage, camera } = this.settings;
    this.conversation.pictures.cameraId = camera;
    this.theme = theme === 'system' ? '' : theme;
    const wished = [uiLanguage, this.lang, ...navigator.languages].filter(Boolean);
    const language = pickLanguage(wished);
    if (language === this.words.language) return;
    this.#languageReady = Words.load(language).then((words) => {
      this.words = words;
      this.requestUpdate();
    });
  }

  #beat() {
    const { state } = this.conversation;
    const announcement = this.#announcer.next(this);
    if (announcement !== null) this.announcement = announcement;
    if (
      announcement !== null ||
      state.phase === 'reconnecting' ||
      state.phase === 'thinking' ||
      this.panel === 'latency'
    ) {
      this.requestUpdate();
    }
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} detail
   * @returns {boolean} false when a listener called preventDefault
   */
  #tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}
