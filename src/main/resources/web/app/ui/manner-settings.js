import { html } from 'lit';

/** How the model speaks and behaves: names of voices, and the instruction. */

/** @typedef {import('../gemini-live.js').GeminiLive} Host */

/** Characters of the voices, as Google describes them. */
const CHARACTERS = new Map(
  Object.entries({
    bright: 'Zephyr Autonoe',
    upbeat: 'Puck Laomedeia',
    informative: 'Charon Rasalgethi',
    firm: 'Kore Orus Alnilam',
    excitable: 'Fenrir',
    youthful: 'Leda',
    breezy: 'Aoede',
    easygoing: 'Callirrhoe Umbriel',
    breathy: 'Enceladus',
    clear: 'Iapetus Erinome',
    smooth: 'Algieba Despina',
    gravelly: 'Algenib',
    soft: 'Achernar',
    even: 'Schedar',
    mature: 'Gacrux',
    forward: 'Pulcherrima',
    friendly: 'Achird',
    casual: 'Zubenelgenubi',
    gentle: 'Vindemiatrix',
    lively: 'Sadachbia',
    knowledgeable: 'Sadaltager',
    warm: 'Sulafat',
  }).flatMap(([character, names]) => names.split(' ').map((name) => [name, character])),
);

/** The instruction of these presets is in the language of the page. */
const PRESETS = ['tutor', 'interviewer', 'translator'];

/**
 * The name of a voice with its character, where it is known.
 * @param {import('../i18n/index.js').Words} words
 * @param {string} name
 */
export function voiceTitle(words, name) {
  const character = CHARACTERS.get(name);
  return character ? `${name} – ${words.text(`voice.${character}`)}` : name;
}

/** @param {Host} host */
export function instructionField(host) {
  const { words, settings } = host;
  const set = (/** @type {string} */ instruction) => host.changeSettings({ instruction });
  return html`<label class="field wide">
      <span>${words.text('settings.instruction')}</span>
      <textarea
        name="instruction"
        rows="3"
        dir="auto"
        .value=${settings.instruction}
        @change=${(/** @type {Event} */ event) => set(/** @type {HTMLTextAreaElement} */ (event.target).value)}
      ></textarea>
      <span class="hint">${words.text('settings.instructionHint')}</span>
    </label>
    <div class="row" role="group" aria-label=${words.text('settings.presets')}>
      ${PRESETS.map((preset) => {
        const instruction = words.text(`preset.${preset}.text`);
        return html`<button
          type="button"
          class="button"
          aria-pressed=${settings.instruction === instruction ? 'true' : 'false'}
          @click=${() => set(settings.instruction === instruction ? '' : instruction)}
        >
          ${words.text(`preset.${preset}`)}
        </button>`;
      })}
    </div>`;
}
