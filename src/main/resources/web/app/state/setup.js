import { heardParts } from './heard.js';
import { isBlank } from './segments.js';

/**
 * The user's settings, and their conversion to a `setup`.
 *
 * @typedef {object} Capabilities what a model can do, as the service says
 * @property {string} id
 * @property {string} displayName
 * @property {string[]} voices
 * @property {boolean} textInput
 * @property {boolean} video
 * @property {string[]} languages empty when the model chooses by itself
 * @property {string[]} thinkingLevels empty when thinking can't be set
 * @property {boolean} search
 * @property {boolean} history whether a new session accepts earlier turns
 *
 * @typedef {{name: string, title: string}} AgentTitle
 *
 * @typedef {object} PageConfiguration
 * @property {string} backend
 * @property {string} backendLabel
 * @property {boolean} simulated
 * @property {string} endpoint
 * @property {string} captureUrl the worklet of the microphone; empty where the page names it
 * @property {string} playbackUrl the worklet of the loudspeaker
 * @property {string} sessionUrl where the page asks whether the person may talk; empty when there is nothing to ask
 * @property {string} defaultModel
 * @property {Capabilities[]} models
 * @property {boolean} developer whether the details for developers are offered from the beginning
 * @property {Record<string, import('../metrics/cost.js').Price>} prices by model, where they are known
 * @property {AgentTitle[]} agents empty when `sessionUrl` tells them
 * @property {{maxMessageBytes: number, framesPerSecond: number, maxDurationMs: number, idleTimeoutMs: number}} limits
 *
 * @typedef {object} Settings
 * @property {string} model empty for the service's default
 * @property {string} agent empty for none, or for the one of the caller's rule
 * @property {string} voice empty for the model's default
 * @property {string} language
 * @property {string} thinking
 * @property {string} instruction
 * @property {boolean} search
 * @property {'auto' | 'ptt'} turns
 * @property {'' | 'HIGH' | 'LOW'} startSensitivity
 * @property {'' | 'HIGH' | 'LOW'} endSensitivity
 * @property {number} silenceMs 0 for the model's default
 * @property {number} prefixMs 0 for the model's default
 * @property {boolean} bargeIn
 * @property {string} microphone device id, empty for the default
 * @property {boolean} processing echo cancellation, noise suppression, gain control
 * @property {string} speaker
 * @property {number} volume 0 to 1
 * @property {number} prebufferMs 0 adapts
 * @property {string} camera
 * @property {number} framesPerSecond
 * @property {'live' | 'spoken' | 'after'} captions
 * @property {'system' | 'light' | 'dark'} theme
 * @property {string} uiLanguage empty for the browser's
 * @property {boolean} shortcuts
 * @property {boolean} announce read whole answers to screen readers
 * @property {boolean} remember keep these settings in this browser
 * @property {boolean} developer the button of the details for developers is shown
 * @property {boolean} keepTranscript keep the transcript in this tab, so that it survives a reload
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  model: '',
  agent: '',
  voice: '',
  language: '',
  thinking: '',
  instruction: '',
  search: false,
  turns: 'auto',
  startSensitivity: '',
  endSensitivity: '',
  silenceMs: 0,
  prefixMs: 0,
  bargeIn: true,
  microphone: '',
  processing: true,
  speaker: '',
  volume: 1,
  prebufferMs: 0,
  camera: '',
  framesPerSecond: 1,
  captions: 'live',
  theme: 'system',
  uiLanguage: '',
  shortcuts: true,
  announce: false,
  remember: true,
  developer: false,
  keepTranscript: true,
});

/** Settings that are part of the setup: changing them needs a new conversation. */
export const SETUP_KEYS = /** @type {const} */ ([
  'model',
  'agent',
  'voice',
  'language',
  'thinking',
  'instruction',
  'search',
  'turns',
  'startSensitivity',
  'endSensitivity',
  'silenceMs',
  'prefixMs',
  'bargeIn',
]);

/**
 * Converts stored settings of any version to valid settings.
 * @param {unknown} stored
 * @returns {Settings}
 */
export function readSettings(stored) {
  if (stored === null || typeof stored !== 'object') return { ...DEFAULTS };
  const known = Object.entries(stored).filter(
    ([key, value]) => key in DEFAULTS && typeof value === typeof DEFAULTS[/** @type {keyof Settings} */ (key)],
  );
  return { ...DEFAULTS, ...Object.fromEntries(known) };
}

/**
 * @param {PageConfiguration} configuration
 * @param {string} model
 * @returns {Capabilities | undefined}
 */
export function capabilitiesOf(configuration, model) {
  const id = model || configuration.defaultModel;
  return configuration.models.find((candidate) => candidate.id === id);
}

/**
 * @param {Settings} settings
 * @param {Capabilities | undefined} model what the chosen model can do; without it only the plainest things are asked
 * @param {readonly unknown[]} [functions] function declarations of the host page
 * @returns {Record<string, unknown>} Gemini's `setup` object
 */
export function buildSetup(settings, model, functions = []) {
  /** @type {Record<string, unknown>[]} */
  const tools = functions.length > 0 ? [{ functionDeclarations: functions }] : [];
  // The operator has decided the rest. The service refuses what the agent does not leave to its clients.
  if (settings.agent) {
    return {
      model: `models/agent-${settings.agent}`,
      ...(tools.length > 0 && { tools }),
      ...(settings.turns === 'ptt' && { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } }),
      inputAudioTranscription: {},
      outputAudioTranscription: {},
    };
  }
  if (settings.search && model?.search) tools.unshift({ googleSearch: {} });
  const voice = model?.voices.includes(settings.voice) ? settings.voice : '';
  const language = model?.languages.includes(settings.language) ? settings.language : '';
  const thinking = model?.thinkingLevels.includes(settings.thinking) ? settings.thinking : '';
  const speechConfig = {
    ...(voice && { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } }),
    ...(language && { languageCode: language }),
  };
  const detection =
    settings.turns === 'ptt'
      ? { disabled: true }
      : {
          ...(settings.startSensitivity && {
            startOfSpeechSensitivity: `START_SENSITIVITY_${settings.startSensitivity}`,
          }),
          ...(settings.endSensitivity && { endOfSpeechSensitivity: `END_SENSITIVITY_${settings.endSensitivity}` }),
          ...(settings.silenceMs > 0 && { silenceDurationMs: settings.silenceMs }),
          ...(settings.prefixMs > 0 && { prefixPaddingMs: settings.prefixMs }),
        };
  const realtimeInputConfig = {
    ...(Object.keys(detection).length > 0 && { automaticActivityDetection: detection }),
    ...(!settings.bargeIn && { activityHandling: 'NO_INTERRUPTION' }),
  };
  return {
    ...(settings.model && { model: `models/${settings.model}` }),
    generationConfig: {
      responseModalities: ['AUDIO'],
      ...(Object.keys(speechConfig).length > 0 && { speechConfig }),
      ...(thinking && { thinkingConfig: { thinkingLevel: thinking, includeThoughts: true } }),
    },
    ...(settings.instruction.trim() && { systemInstruction: { parts: [{ text: settings.instruction.trim() }] } }),
    ...(tools.length > 0 && { tools }),
    ...(Object.keys(realtimeInputConfig).length > 0 && { realtimeInputConfig }),
    inputAudioTranscription: {},
    outputAudioTranscription: {},
  };
}

/** Maximum number of turns in the history of a new session. */
const HISTORY_ITEMS = 30;

/**
 * The transcript as history for a new session.
 * @param {readonly import('./transcript.js').Item[]} items
 * @returns {{role: string, parts: {text: string}[]}[]}
 */
export function historyTurns(items) {
  return items
    .filter((item) => (item.role === 'user' || item.role === 'model') && !isBlank(item.text))
    .slice(-HISTORY_ITEMS)
    .map((item) => ({ role: item.role, parts: [{ text: heardParts(item).heard.trim() || '…' }] }));
}
