import { html, nothing } from 'lit';
import { LANGUAGE_NAMES } from '../i18n/index.js';
import { Speaker } from '../media/speaker.js';
import { isLive } from '../state/machine.js';
import { capabilitiesOf } from '../state/setup.js';
import { instructionField, voiceTitle } from './manner-settings.js';
import { voiceSample } from './voice-sample.js';

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {import('../state/setup.js').Settings} Settings */
/** @typedef {keyof {[K in keyof Settings as Settings[K] extends string ? K : never]: 0}} TextKey */
/** @typedef {keyof {[K in keyof Settings as Settings[K] extends boolean ? K : never]: 0}} FlagKey */
/** @typedef {keyof {[K in keyof Settings as Settings[K] extends number ? K : never]: 0}} NumberKey */
/** @typedef {[value: string | number, label: string][]} Choices */

const SILENCES = [0, 300, 500, 800, 1200, 2000];
const PREFIXES = [0, 20, 100, 300, 500];
const PREBUFFERS = [0, 60, 120, 200, 400];

/** Whether the settings for experts are shown, as long as the page is open. */
const expert = { open: false };

/** @param {Event} event */
function remember(event) {
  expert.open = /** @type {HTMLDetailsElement} */ (event.currentTarget).open;
}

/** @param {Host} host */
export function settingsView(host) {
  const { words, conversation } = host;
  const live = isLive(conversation.state.phase);
  return html`
    ${
      host.setupChanged
        ? html`<div class="renew" role="status">
            <p>${words.text('settings.needsNew')}</p>
            <button type="button" class="button primary" ?disabled=${!live} @click=${() => host.renew()}>
              ${words.text('action.reconnectNow')}
            </button>
          </div>`
        : nothing
    }
    <div>
      ${voiceGroup(host)} ${listenGroup(host)} ${looksGroup(host)}
      <details class="experts" ?open=${expert.open} @toggle=${remember}>
        <summary>${words.text('settings.experts')}</summary>
        ${modelGroup(host)} ${turnsGroup(host)} ${inputGroup(host)} ${outputGroup(host)} ${videoGroup(host)}
        ${captionsGroup(host)} ${pageGroup(host)} ${privacyGroup(host)}
      </details>
    </div>
  `;
}

/**
 * @param {Host} host
 * @param {string} id
 * @param {unknown} content
 */
const group = (host, id, content) => html`<fieldset><legend>${host.words.text(id)}</legend>${content}</fieldset>`;

/**
 * @param {Host} host
 * @param {TextKey | NumberKey} key
 * @param {string} id
 * @param {Choices} choices
 * @param {{reason?: string}} [how] why it can not be used
 */
export function choice(host, key, id, choices, { reason = '' } = {}) {
  const value = String(host.settings[key]);
  const numeric = typeof host.settings[key] === 'number';
  return html`<label class="field">
    <span>${host.words.text(id)}</span>
    <select
      name=${key}
      ?disabled=${reason !== ''}
      @change=${(/** @type {Event} */ event) => {
        const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
        host.changeSettings({ [key]: numeric ? Number(chosen) : chosen });
      }}
    >
      ${choices.map(([option, label]) => html`<option value=${option} ?selected=${String(option) === value}>${label}</option>`)}
    </select>
    ${reason ? html`<span class="hint">${reason}</span>` : nothing}
  </label>`;
}

/**
 * @param {Host} host
 * @param {FlagKey} key
 * @param {string} id
 * @param {{reason?: string}} [how]
 */
function check(host, key, id, { reason = '' } = {}) {
  return html`<label class="check">
    <input
      type="checkbox"
      name=${key}
      .checked=${host.settings[key]}
      ?disabled=${reason !== ''}
      @change=${(/** @type {Event} */ event) =>
        host.changeSettings({ [key]: /** @type {HTMLInputElement} */ (event.target).checked })}
    />
    <span>${host.words.text(id)} ${reason ? html`<span class="hint">${reason}</span>` : nothing}</span>
  </label>`;
}

/** @param {Host} host */
function agentChoice(host) {
  if (host.agents.length === 0) return nothing;
  /** @type {Choices} */
  const agents = host.agents.map(({ name, title }) => [name, title]);
  return choice(host, 'agent', 'settings.agent', [['', host.words.text('settings.noAgent')], ...agents]);
}

/** What the operator's agent decides is not offered. @param {Host} host */
const agentChosen = (host) => host.agent !== '' || host.agents.some(({ name }) => name === host.settings.agent);

/** @param {Host} host */
function voiceGroup(host) {
  const { words, settings, configuration } = host;
  const capabilities = capabilitiesOf(configuration, settings.model);
  const byDefault = words.text('settings.default');
  const languages = capabilities?.languages ?? [];
  const names = new Intl.DisplayNames(words.language, { type: 'language' });
  const agents = agentChoice(host);
  if (host.agent) return nothing;
  if (agentChosen(host)) return group(host, 'settings.conversation', agents);
  const voices = capabilities?.voices ?? [];
  return group(
    host,
    'settings.conversation',
    html`
      ${agents}
      ${choice(
        host,
        'voice',
        'settings.voice',
        [['', byDefault], ...voices.map((name) => /** @type {[string, string]} */ ([name, voiceTitle(words, name)]))],
        { reason: capabilities && voices.length === 0 ? words.text('settings.unsupported') : '' },
      )}
      ${voices.length > 0 ? voiceSample(host) : nothing}
      ${
        languages.length > 0
          ? choice(host, 'language', 'settings.language', [
              ['', byDefault],
              ...languages.map((tag) => /** @type {[string, string]} */ ([tag, names.of(tag) ?? tag])),
            ])
          : nothing
      }
      ${instructionField(host)}
    `,
  );
}

/** @param {Host} host */
function listenGroup(host) {
  const { words } = host;
  return group(
    host,
    'settings.input',
    html`
      ${choice(host, 'microphone', 'settings.device', deviceChoices(host, 'audioinput'))}
      ${choice(host, 'turns', 'settings.turnsMode', [
        ['auto', words.text('settings.turnsAuto')],
        ['ptt', words.text('settings.turnsPtt')],
      ])}
      <p class="hint">${words.text('settings.pttHint')}</p>
    `,
  );
}

/** @param {Host} host */
function looksGroup(host) {
  const { words } = host;
  return group(
    host,
    'settings.appearance',
    html`
      ${choice(host, 'theme', 'settings.theme', [
        ['system', words.text('settings.themeSystem')],
        ['light', words.text('settings.themeLight')],
        ['dark', words.text('settings.themeDark')],
      ])}
      ${choice(host, 'uiLanguage', 'settings.uiLanguage', [
        ['', words.text('settings.browserLanguage')],
        ...Object.entries(LANGUAGE_NAMES),
      ])}
    `,
  );
}

/** @param {Host} host */
function modelGroup(host) {
  const { words, settings, configuration } = host;
  const capabilities = capabilitiesOf(configuration, settings.model);
  const byDefault = words.text('settings.default');
  /** @type {Choices} */
  const models = configuration.models.map(({ id, displayName }) => [
    id === configuration.defaultModel ? '' : id,
    displayName,
  ]);
  const levels = capabilities?.thinkingLevels ?? [];
  if (agentChosen(host)) return nothing;
  return group(
    host,
    'settings.modelGroup',
    html`
      ${choice(host, 'model', 'settings.modelName', models.length > 0 ? models : [['', byDefault]])}
      ${
        levels.length > 0
          ? choice(host, 'thinking', 'settings.thinking', [
              ['', byDefault],
              ...levels.map((level) => /** @type {[string, string]} */ ([level, level])),
            ])
          : nothing
      }
      ${check(host, 'search', 'settings.search', {
        reason: capabilities?.search ? '' : words.text('settings.unsupported'),
      })}
    `,
  );
}

/** @param {Host} host */
function turnsGroup(host) {
  const { words, settings } = host;
  const auto = settings.turns === 'auto';
  /** @type {Choices} */
  const sensitivity = [
    ['', words.text('settings.default')],
    ['HIGH', words.text('settings.high')],
    ['LOW', words.text('settings.low')],
  ];
  const times = (/** @type {number[]} */ values) =>
    /** @type {Choices} */ (
      values.map((ms) => [
        ms,
        ms === 0 ? words.text('settings.default') : words.text('settings.ms', { ms: words.number(ms) }),
      ])
    );
  return group(
    host,
    'settings.turns',
    html`
      ${
        auto
          ? html`${choice(host, 'startSensitivity', 'settings.startSensitivity', sensitivity)}
            ${choice(host, 'endSensitivity', 'settings.endSensitivity', sensitivity)}
            ${choice(host, 'silenceMs', 'settings.silenceMs', times(SILENCES))}
            ${choice(host, 'prefixMs', 'settings.prefixMs', times(PREFIXES))}`
          : nothing
      }
      ${check(host, 'bargeIn', 'settings.bargeIn')}
    `,
  );
}

/**
 * @param {Host} host
 * @param {MediaDeviceKind} kind
 * @returns {Choices}
 */
export function deviceChoices(host, kind) {
  const devices = host.devices.filter((device) => device.kind === kind && device.deviceId && device.label);
  return [
    ['', host.words.text('settings.default')],
    ...devices
      .filter((device) => device.deviceId !== 'default')
      .map((device) => /** @type {[string, string]} */ ([device.deviceId, device.label])),
  ];
}

/** @param {Host} host */
function inputGroup(host) {
  const { words, conversation } = host;
  const effects = conversation.microphoneEffects;
  return group(
    host,
    'settings.processed',
    html`
      ${check(host, 'processing', 'settings.processing')}
      ${
        effects
          ? html`<p class="hint">
              ${words.text('settings.effects', {
                device: effects.device,
                rate: words.number(effects.rate),
                echo: words.text(effects.echoCancellation ? 'settings.on' : 'settings.off'),
              })}
            </p>`
          : nothing
      }
    `,
  );
}

/** @param {Host} host */
export function volumeField(host) {
  const { words, settings } = host;
  return html`<label class="field">
    <span>${words.text('settings.volume')}</span>
    <input
      type="range"
      name="volume"
      min="0"
      max="1"
      step="0.05"
      .value=${String(settings.volume)}
      aria-valuetext=${words.percent(settings.volume)}
      @input=${(/** @type {Event} */ event) =>
        host.changeSettings({ volume: Number(/** @type {HTMLInputElement} */ (event.target).value) })}
    />
  </label>`;
}

/** @param {Host} host */
function outputGroup(host) {
  const { words } = host;
  return group(
    host,
    'settings.output',
    html`
      ${Speaker.canChooseOutput ? choice(host, 'speaker', 'settings.device', deviceChoices(host, 'audiooutput')) : nothing}
      ${volumeField(host)}
      ${choice(
        host,
        'prebufferMs',
        'settings.prebuffer',
        PREBUFFERS.map((ms) => [ms, ms === 0 ? words.text('settings.adaptive') : words.text('settings.ms', { ms })]),
      )}
    `,
  );
}

/** @param {Host} host */
function videoGroup(host) {
  const { words, configuration } = host;
  const most = configuration.limits.framesPerSecond;
  const rates = [0.2, 0.5, 1, 2].filter((rate) => rate <= most);
  return group(
    host,
    'settings.video',
    html`
      ${choice(host, 'camera', 'settings.device', deviceChoices(host, 'videoinput'))}
      ${choice(
        host,
        'framesPerSecond',
        'settings.fps',
        rates.map((rate) => [rate, words.number(rate)]),
      )}
    `,
  );
}

/** @param {Host} host */
function captionsGroup(host) {
  const { words } = host;
  return group(
    host,
    'settings.captions',
    html`
      ${choice(host, 'captions', 'settings.captionsShown', [
        ['live', words.text('settings.captionsLive')],
        ['spoken', words.text('settings.captionsSpoken')],
        ['after', words.text('settings.captionsAfter')],
      ])}
      ${check(host, 'announce', 'settings.announce')}
    `,
  );
}

/** @param {Host} host */
function pageGroup(host) {
  return group(
    host,
    'settings.page',
    html`${check(host, 'shortcuts', 'settings.shortcuts')} ${check(host, 'developer', 'settings.developer')}`,
  );
}

/** @param {Host} host */
function privacyGroup(host) {
  const { words } = host;
  return group(
    host,
    'settings.privacy',
    html`
      <p class="hint">${words.text('settings.privacyHint')}</p>
      ${check(host, 'remember', 'settings.remember')} ${check(host, 'keepTranscript', 'settings.keepTranscript')}
      <div class="row">
        <button type="button" class="button" @click=${() => host.resetSettings()}>${words.text('settings.reset')}</button>
        <button type="button" class="button" @click=${() => host.copy(host.diagnostics(), 'diagnostics')}>
          ${words.text(host.copied === 'diagnostics' ? 'action.copied' : 'settings.diagnostics')}
        </button>
      </div>
    `,
  );
}
