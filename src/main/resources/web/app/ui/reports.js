import { stampOf, toJson, toMarkdown, toVtt } from '../state/export.js';

/** What can be taken away from a conversation. */

/** @typedef {import('../conversation/conversation.js').Conversation} Conversation */
/** @typedef {'markdown' | 'json' | 'vtt'} Format */

const FILES = Object.freeze({
  markdown: { type: 'text/markdown', extension: 'md' },
  json: { type: 'application/json', extension: 'json' },
  vtt: { type: 'text/vtt', extension: 'vtt' },
});

/**
 * @param {Format} format
 * @param {Conversation} conversation
 * @param {import('../i18n/index.js').Words} words
 */
export function transcriptAs(format, { transcript, state }, words) {
  const names = {
    user: words.text('conversation.you'),
    model: words.text('conversation.model'),
    tool: words.text('conversation.tool'),
    interrupted: words.text('conversation.interrupted'),
    suggestions: words.text('conversation.suggestions'),
  };
  const { session } = state;
  const items = transcript.items.map((item) =>
    item.role === 'notice' ? { ...item, text: words.text(item.text, { time: words.clock(item.startedAt) }) } : item,
  );
  switch (format) {
    case 'json':
      return toJson(items, { session: session?.id ?? null, model: session?.model ?? null });
    case 'vtt':
      return toVtt(items, names);
    default:
      return toMarkdown(items, names);
  }
}

/**
 * Hands a text to the browser's downloads.
 * @param {string} text
 * @param {Format} format
 * @param {import('../platform/environment.js').Clock} clock
 */
export function save(text, format, clock) {
  const { type, extension } = FILES[format];
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `livebridge-${stampOf(clock.wall())}.${extension}`;
  link.click();
  clock.after(10_000, () => URL.revokeObjectURL(url));
}

/**
 * State, transitions and figures, without any content.
 * @param {Conversation} conversation
 * @param {number} now
 */
export function diagnosticsOf({ state, log, latency, microphoneEffects, serviceClock }, now) {
  const report = {
    schema: 'livebridge-diagnostics/1',
    agent: navigator.userAgent,
    state,
    microphone: microphoneEffects,
    clock: { rtt: serviceClock.rtt, offset: serviceClock.offset },
    latency: latency.summary(now),
    transitions: log,
  };
  return JSON.stringify(report, null, 2);
}
