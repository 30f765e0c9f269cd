import { html, nothing } from 'lit';
import { PLAIN_CONFIGURATION } from '../configuration.js';
import { GeminiLive } from '../gemini-live.js';
import { fetchConfiguration } from '../net/configuration.js';
import { asProblemOf } from '../net/errors.js';
import { lookOf } from '../state/look.js';
import { isRunning } from '../state/machine.js';
import { icons } from '../ui/icons.js';
import { isComposing } from '../ui/keys.js';
import { alertView } from '../ui/notices.js';
import { bubble } from './bubble-styles.js';

/** Where the widget of a bubble covers the page: as in the style sheet. */
const COVERING = '(max-width: 30rem), (max-height: 34rem)';

/** The element on pages that are not the service's own: it finds its service, and can be a bubble. */
export class EmbeddedLive extends GeminiLive {
  static properties = {
    ...GeminiLive.properties,
    gateway: { type: String },
    variant: { type: String, reflect: true },
    open: { type: Boolean, reflect: true },
    instruction: { type: String },
    language: { type: String },
    search: { type: Boolean },
  };

  static styles = [...GeminiLive.styles, bubble];

  #configured = Promise.resolve();
  #covering = matchMedia(COVERING);
  #onCovering = () => this.requestUpdate();
  /** Why there is no configuration. @type {import('../net/errors.js').Problem | null} */
  #problem = null;

  constructor() {
    super();
    /** Address of the service; that of this script when empty. */
    this.gateway = '';
    /** `bubble` for a round button that opens the element. */
    this.variant = '';
    /** Whether the bubble is open. */
    this.open = false;
    this.instruction = '';
    this.language = '';
    this.search = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#covering.addEventListener('change', this.#onCovering);
    this.#configured = this.#fetchConfiguration();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#covering.removeEventListener('change', this.#onCovering);
  }

  presets() {
    const { instruction, language, search } = this;
    return { ...super.presets(), instruction, language, search };
  }

  /** The address of the service. */
  get service() {
    // A script without an address, in a bundle of the page, uses the page's.
    return this.gateway || (/^https?:/.test(import.meta.url) ? new URL('/', import.meta.url).href : '/');
  }

  /** What is no address stays as it is, and its use reports it. @param {string} path */
  at(path) {
    try {
      const url = path && new URL(path, new URL(this.service, document.baseURI));
      return url && url.origin !== location.origin ? url.href : path;
    } catch {
      return path;
    }
  }

  /** The first rendering has the configuration, or says why there is none. */
  async scheduleUpdate() {
    await this.#configured;
    await super.scheduleUpdate();
  }

  render() {
    const content = this.#problem ? this.#unavailableView(this.#problem) : super.render();
    return this.variant === 'bubble' ? this.#bubbleView(content) : content;
  }

  async #fetchConfiguration() {
    if (this.configuration !== PLAIN_CONFIGURATION) return;
    try {
      this.configure(await fetchConfiguration(this.service, location.origin));
      this.#problem = null;
    } catch (error) {
      this.#problem = asProblemOf(error, () => {
        throw error;
      });
    }
  }

  /** @param {import('../net/errors.js').Problem} problem */
  #unavailableView(problem) {
    const { words } = this;
    return html`<div class="app" data-look="failed" lang=${words.tag} dir=${words.direction}>
      <header>
        <slot name="header"><h1>${words.text('app.title')}</h1></slot>
      </header>
      <section class="notices" aria-label=${words.text('app.notices')}>
        <div role="alert">${alertView(this, problem)}</div>
        <button type="button" class="button" @click=${() => this.#again()}>${words.text('action.tryAgain')}</button>
      </section>
    </div>`;
  }

  async #again() {
    await this.#fetchConfiguration();
    this.requestUpdate();
    await this.updateComplete;
    // The button is gone.
    if (!this.#problem) this.#focus('.controls :is(button, a)');
  }

  /** @param {unknown} content */
  #bubbleView(content) {
    const { words, open, conversation, configuration, now, settings } = this;
    const { state } = conversation;
    const { look, pill } = lookOf(state, now, settings);
    const title = words.text(`intro.${configuration.simulated ? 'simulator' : 'model'}.title`);
    // Without the state a closed bubble would hide that the microphone is open.
    const name = isRunning(state.phase) ? `${title} – ${words.text(pill)}` : title;
    return html`<div
        id="widget"
        class="widget"
        role="dialog"
        aria-modal=${this.#covers ? 'true' : 'false'}
        aria-label=${title}
        lang=${words.tag}
        ?hidden=${!open}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}
      >
        ${content}
      </div>
      <button
        type="button"
        class="bubble"
        part="bubble"
        lang=${words.tag}
        dir=${this.#covers ? words.direction : nothing}
        data-look=${isRunning(state.phase) ? look : ''}
        aria-label=${name}
        title=${name}
        aria-haspopup="dialog"
        aria-expanded=${open ? 'true' : 'false'}
        aria-controls="widget"
        @click=${() => (open ? this.#hide() : this.#show())}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}
      >
        ${open ? icons.close : icons.start}
      </button>`;
  }

  async #show() {
    this.open = true;
    await this.updateComplete;
    this.#focus(this.#problem ? '.notices > .button' : '.controls :is(button, a)');
  }

  async #hide() {
    this.open = false;
    await this.updateComplete;
    this.#focus('.bubble');
  }

  /** @param {string} selector */
  #focus(selector) {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(selector))?.focus();
  }

  /** Whether the open widget hides the page. */
  get #covers() {
    return this.open && this.#covering.matches;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || isComposing(event)) return;
    if (event.key === 'Tab' && this.#covers) this.#stayInside(event);
    if (event.key === 'Escape' && this.open) this.#leave(event);
  }

  /** The focus does not go to what the widget hides. @param {KeyboardEvent} event */
  #stayInside(event) {
    const inside = [
      ...this.renderRoot.querySelectorAll('.widget :is(a, button, input, select, textarea, summary), .bubble'),
    ];
    const usable = inside.filter((element) => element.checkVisibility() && !element.closest('[inert], [disabled]'));
    const [from, to] = event.shiftKey ? [usable.at(0), usable.at(-1)] : [usable.at(-1), usable.at(0)];
    if (event.composedPath()[0] !== from) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (to).focus();
  }

  /** Closes a menu, a panel or the model's answer first, and the bubble then. @param {KeyboardEvent} event */
  #leave(event) {
    const { panel, conversation, renderRoot } = this;
    const { phase, facts } = conversation.state;
    const answering = phase === 'speaking' || phase === 'thinking' || facts.audible;
    if (panel || answering || renderRoot.querySelector('.export[open]')) return;
    event.preventDefault();
    void this.#hide();
  }
}
