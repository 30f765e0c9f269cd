import { html, LitElement } from 'lit';
import { embeddedConfiguration, PLAIN_CONFIGURATION } from './configuration.js';
import { Conversation } from './conversation/conversation.js';
import { pickLanguage, pickLocale, Words } from './i18n/index.js';
import { Access } from './net/access.js';
import { findTarget } from './net/target.js';
import { pageEnvironment } from './platform/environment.js';
import { SettingsStore } from './platform/settings-store.js';
import { lookOf } from './state/look.js';
import { isLive, isRunning } from './state/machine.js';
import { isBlank } from './state/segments.js';
import { SETUP_KEYS } from './state/setup.js';
import { Announcer } from './ui/announcer.js';
import { controls } from './ui/control-styles.js';
import { conversation } from './ui/conversation-styles.js';
import { conversationView } from './ui/conversation-view.js';
import { FocusKeeper } from './ui/focus.js';
import { Follow } from './ui/follow.js';
import { closeMenu, listenToKeys } from './ui/keyboard.js';
import { isComposing } from './ui/keys.js';
import { layout } from './ui/layout-styles.js';
import { low } from './ui/low-styles.js';
import { narrow } from './ui/narrow-styles.js';
import { noticesView } from './ui/notices.js';
import { OpenPanel } from './ui/open-panel.js';
import { orb } from './ui/orb-styles.js';
import { Parts } from './ui/parts.js';
import { RichText } from './ui/rich-text.js';
import { theme } from './ui/theme-styles.js';
import { footerView, headerView, pageTitle, stageView } from './ui/views.js';
import { Visualiser } from './ui/visualiser.js';

/** @typedef {import('./state/setup.js').Settings} Settings */

/** Up to this width a panel covers everything else, pixels; 52rem in the style sheet. */
const COVERED_UP_TO = 832;

/** Fetched when something is taken away for the first time. */
const reports = () => import('./ui/reports.js');

/** How long a cleared transcript can be brought back. */
const UNDO_MS = 10_000;

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
    agent: { type: String },
    voice: { type: String },
    lang: { type: String },
    ptt: { type: Boolean },
    theme: { type: String, reflect: true },
    compact: { type: Boolean, reflect: true },
    noSettings: { type: Boolean, attribute: 'no-settings' },
    camera: { type: Boolean },
    screen: { type: Boolean },
    shortcuts: { type: String },
  };

  static styles = [theme, layout, controls, conversation, orb, narrow, low];

  #settings = new SettingsStore();
  #richText = new RichText(() => this.requestUpdate());
  #announcer = new Announcer();
  #visualiser = new Visualiser();
  #panel = new OpenPanel(this);
  #languageReady = Promise.resolve();
  #follow = new Follow();
  #focus = new FocusKeeper();
  /** @type {(() => void)[]} */
  #cancels = [];
  /** Whether the last rendering offered to continue; its token expires. */
  #offersResume = false;

  constructor() {
    super();
    this.parts = new Parts(this);
    this.endpoint = '';
    this.ticketUrl = '';
    this.captureUrl = '';
    this.playbackUrl = '';
    this.model = '';
    this.agent = '';
    this.voice = '';
    this.lang = '';
    this.ptt = false;
    this.theme = '';
    this.compact = false;
    this.noSettings = false;
    this.camera = false;
    this.screen = false;
    /** `page` where the element is the page's only content: shortcuts then work wherever the focus is. */
    this.shortcuts = '';
    /** Declarations of the functions that the page answers: `gl-tool`. @type {readonly unknown[]} */
    this.tools = [];
    /** What the service offers; set before the element is connected, or given as JSON in a child script element. */
    this.configuration = PLAIN_CONFIGURATION;
    this.access = new Access('', () => {});
    /** Replaced by tests. */
    this.environment = pageEnvironment();
    /** @type {Set<string>} */
    this.dismissed = new Set();
    /** @type {MediaDeviceInfo[]} */
    this.devices = [];
    this.setupChanged = false;
    this.announcement = '';
    this.copied = '';
    /** What {@link clear} removed. @type {readonly import('./state/transcript.js').Item[]} */
    this.cleared = [];
    this.words = new Words('en');
    /** @type {Conversation} */
    this.conversation = this.#newConversation();
  }

  connectedCallback() {
    super.connectedCallback();
    const configuration = embeddedConfiguration(this) ?? this.configuration;
    this.#settings.load({ ...this.presets(), developer: configuration.developer });
    this.#applyLooks();
    this.configure(configuration);
    const hide = () => this.conversation.leave();
    const release = () => this.conversation.hold(false);
    window.addEventListener('pagehide', hide);
    window.addEventListener('blur', release);
    this.#cancels = [
      () => window.removeEventListener('pagehide', hide),
      () => window.removeEventListener('blur', release),
      listenToKeys(this, this.shortcuts === 'page' ? document : this),
      this.environment.clock.every(250, () => this.#beat()),
    ];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#visualiser.stop();
    this.conversation.stop();
  }

  /** What the page asks for until the person chooses. @returns {Partial<Settings>} */
  presets() {
    return { model: this.model, voice: this.voice, turns: this.ptt ? 'ptt' : 'auto' };
  }

  /** @param {import('./state/setup.js').PageConfiguration} configuration */
  configure(configuration) {
    this.configuration = configuration;
    this.access = new Access(this.ticketUrl ? '' : this.at(configuration.sessionUrl), () => this.requestUpdate());
    void this.access.look();
    this.conversation = this.#newConversation();
  }

  /** The address of a part of the service, for this page. @param {string} path */
  at(path) {
    return path;
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
    return this.#follow.unseen(this.conversation.transcript.items.length);
  }

  /** Begins a spoken conversation. Call inside a gesture. */
  async start() {
    this.setupChanged = false;
    await this.conversation.start({ goOn: this.conversation.state.phase === 'failed' });
  }

  /** Resumes the conversation that this tab had before a reload. Call inside a gesture. */
  async resume() {
    await this.conversation.resume();
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
    this.#follow.resume();
    this.conversation.send(text);
  }

  /**
   * @param {'markdown' | 'json' | 'vtt'} format
   * @returns {Promise<string>}
   */
  async exportTranscript(format) {
    const { transcriptAs } = await reports();
    return transcriptAs(format, this.conversation, this.words);
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
    void this.conversation.start({ textOnly: true, goOn: true });
    this.focusComposer();
  }

  focusComposer() {
    if (this.panel) {
      this.closePanel();
      void this.updateComplete.then(() => this.focusComposer());
      return;
    }
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('#message'))?.focus();
  }

  /** The one that is open; empty for none. */
  get panel() {
    return this.#panel.name;
  }

  /** @param {import('./ui/open-panel.js').PanelName} panel */
  async togglePanel(panel) {
    if (panel === 'settings') void this.listDevices();
    if (panel === 'account') void this.access.count();
    await this.#panel.toggle(panel);
  }

  closePanel() {
    this.#panel.close();
  }

  /** @param {string} key */
  dismiss(key) {
    this.dismissed.add(key);
    this.requestUpdate();
  }

  /**
   * @param {string | Promise<string>} text
   * @param {string} [key] of the button that says so
   */
  async copy(text, key = '') {
    await navigator.clipboard.writeText(await text);
    this.copied = key;
    this.requestUpdate();
  }

  /** @param {'markdown' | 'json' | 'vtt'} format */
  async download(format) {
    const { save } = await reports();
    save(await this.exportTranscript(format), format, this.environment.clock);
    closeMenu(this.renderRoot);
  }

  /** Removes the transcript; {@link undoClear} brings it back for a while. */
  clear() {
    this.cleared = this.conversation.clear();
    this.environment.clock.after(UNDO_MS, () => {
      this.cleared = [];
      this.requestUpdate();
    });
  }

  undoClear() {
    this.conversation.restore(this.cleared);
    this.cleared = [];
  }

  /** State, transitions and figures, without any content. */
  async diagnostics() {
    const { diagnosticsOf } = await reports();
    return diagnosticsOf(this.conversation, this.now);
  }

  get richText() {
    return this.#richText;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const field = /** @type {HTMLTextAreaElement | null} */ (this.renderRoot.querySelector('#message'));
    if (!field || isBlank(field.value)) return;
    this.send(field.value);
    field.value = '';
    field.focus();
  }

  /** @param {KeyboardEvent} event */
  composerKey(event) {
    if (event.key === 'Enter' && !event.shiftKey && !isComposing(event)) this.submit(event);
  }

  scrolled() {
    const list = this.renderRoot.querySelector('.scroll');
    if (list && this.#follow.scrolled(list, this.conversation.transcript.items.length)) this.requestUpdate();
  }

  jumpToLatest() {
    this.#follow.resume();
    this.requestUpdate();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  update(changed) {
    const root = /** @type {ShadowRoot} */ (this.renderRoot);
    this.#focus.note(root);
    super.update(changed);
    this.#focus.handOn(root, isRunning(this.conversation.state.phase));
  }

  render() {
    const look = lookOf(this.conversation.state, this.now, this.settings).look;
    return html`<div class="app" data-look=${look} data-phase=${this.conversation.state.phase}
      ?data-empty=${this.conversation.transcript.items.length === 0} lang=${this.words.tag} dir=${this.words.direction}>
      <div class="under" ?inert=${this.panel !== '' && this.offsetWidth <= COVERED_UP_TO}>
        <button type="button" class="button skip" @click=${() => this.#focusConversation()}>${this.words.text('app.skip')}</button>
        ${headerView(this)} ${noticesView(this)}
        <main>${stageView(this)} ${conversationView(this)}</main>
        ${footerView(this)}
      </div>
      ${this.#panel.view()}
      <div class="hidden" role="status">${this.announcement}</div>
    </div>`;
  }

  updated() {
    this.#offersResume = this.conversation.resumable;
    const list = this.renderRoot.querySelector('.scroll');
    if (list) this.#follow.rendered(list);
    const surface = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.stage'));
    if (surface) this.#visualiser.show(surface, this.conversation, this.environment);
    if (this.shortcuts === 'page') {
      document.title = pageTitle(this);
      document.documentElement.lang = this.words.tag;
      document.documentElement.dir = this.words.direction;
    }
  }

  /** Waits for the texts of the language, so that the first rendering uses them. */
  async scheduleUpdate() {
    await this.#languageReady;
    super.scheduleUpdate();
  }

  #focusConversation() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('#conversation-title'))?.focus();
  }

  /** A stored choice may name an agent that is not offered any more. @param {Settings} settings */
  #agentOf({ agent }) {
    return this.agent || (this.agents.some(({ name }) => name === agent) ? agent : '');
  }

  /** The agents to choose from; none when the page has chosen one. */
  get agents() {
    return this.agent ? [] : (this.access.session?.agents ?? this.configuration.agents);
  }

  /** @param {boolean} begins whether the connection begins a conversation */
  async #target(begins) {
    await this.access.admit(begins);
    return await findTarget(this.#socketUrl, this.ticketUrl);
  }

  /** @param {number} inMs @returns {Promise<string>} */
  async #credential(inMs) {
    if (!this.ticketUrl) return await this.access.renew(inMs);
    const { protocols } = await findTarget(this.#socketUrl, this.ticketUrl);
    return protocols[protocols.length - 1];
  }

  get #socketUrl() {
    return this.at(this.endpoint || this.configuration.endpoint);
  }

  /** What a conversation of this element needs. @returns {import('./conversation/conversation.js').Options} */
  conversationOptions() {
    const { captureUrl, playbackUrl } = this.configuration;
    return {
      environment: this.environment,
      name: this.id,
      captureUrl: this.captureUrl || this.at(captureUrl),
      playbackUrl: this.playbackUrl || this.at(playbackUrl),
      configuration: this.configuration,
      settings: () => ({ ...this.settings, agent: this.#agentOf(this.settings) }),
      tools: () => this.tools ?? [],
      target: (begins) => this.#target(begins),
      whyRefused: (url, begins) => this.access.whyRefused(url, begins),
      credential: (inMs) => this.#credential(inMs),
    };
  }

  /** @returns {Conversation} */
  #newConversation() {
    return new Conversation(this.conversationOptions(), {
      onState: (state, previous) => {
        this.requestUpdate();
        if (state.phase === previous.phase) return;
        this.#emit('gl-state', { state: state.phase, previous: previous.phase });
        // What was said can be taken away without the service, too.
        if (isLive(state.phase)) reports().catch((error) => console.warn('Exports are not available yet', error));
      },
      onTranscript: () => {
        this.requestUpdate();
        this.#emit('gl-transcript', { items: this.conversation.transcript.items });
      },
      onSpoken: () => this.requestUpdate(),
      onLatency: (turn, totalMs) => this.#emit('gl-latency', { turn, totalMs }),
      onToolCall: (calls) =>
        !this.#emit('gl-tool', { calls, respond: this.conversation.respond.bind(this.conversation) }),
      onProblem: (problem) => this.#emit('gl-error', { problem }),
      onPicture: (source) => this.#blink(source),
      onDevices: () => void this.listDevices(),
    });
  }

  /** @param {'camera' | 'screen'} source */
  #blink(source) {
    this.requestUpdate();
    const frame = this.renderRoot.querySelector(`.frame[data-source="${source}"]`);
    frame?.classList.remove('blink');
    requestAnimationFrame(() => frame?.classList.add('blink'));
  }

  /** Updates `devices`. */
  async listDevices() {
    this.devices = (await this.environment.mediaDevices?.enumerateDevices()) ?? [];
    this.requestUpdate();
  }

  #applyLooks() {
    const { theme, uiLanguage, camera } = this.settings;
    this.conversation.pictures.cameraId = camera;
    this.theme = theme === 'system' ? '' : theme;
    const languages = [uiLanguage, this.lang, ...navigator.languages].filter(Boolean);
    const language = pickLanguage(languages);
    const locale = pickLocale(language, languages);
    if (language === this.words.language && locale === this.words.locale) return;
    this.#languageReady = Words.load(language, locale).then((words) => {
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
      state.modelLost ||
      state.warning ||
      this.panel === 'developer' ||
      this.#offersResume !== this.conversation.resumable
    ) {
      this.requestUpdate();
    }
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} detail
   * @returns {boolean} false when a listener called preventDefault
   */
  #emit(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}
