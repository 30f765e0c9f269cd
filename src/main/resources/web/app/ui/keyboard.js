/** Keys that work while focus is inside the element and not in a field. */

/** @param {Element | null | undefined} target */
const editable = (target) => target?.matches('input, textarea, select, [contenteditable]') ?? false;
/** @param {Element | null | undefined} target */
const pressable = (target) => target?.matches('button, summary, a') ?? false;

/**
 * @param {import('../gemini-live.js').GeminiLive} host
 * @param {KeyboardEvent} event
 * @param {boolean} down
 */
export function shortcut(host, event, down) {
  const target = /** @type {Element | undefined} */ (event.composedPath()[0]);
  if (event.key === 'Escape' && down) {
    leave(host);
    return;
  }
  if (!host.settings.shortcuts || event.ctrlKey || event.metaKey || event.altKey || editable(target)) return;
  const { conversation } = host;
  if (event.key === ' ') {
    if (!conversation.state.flags.ptt || (pressable(target) && !target?.matches('.talk'))) return;
    event.preventDefault();
    if (!event.repeat) conversation.hold(down);
    return;
  }
  if (!down || event.repeat) return;
  const run = actions(host)[event.key.toLowerCase()];
  if (!run) return;
  event.preventDefault();
  run();
}

/**
 * @param {import('../gemini-live.js').GeminiLive} host
 * @returns {Record<string, () => void>}
 */
function actions(host) {
  const control = (/** @type {string} */ key) =>
    /** @type {HTMLButtonElement | null} */ (
      host.renderRoot.querySelector(`.control[aria-keyshortcuts="${key}"]`)
    )?.click();
  return {
    m: () => control('m'),
    v: () => control('v'),
    s: () => control('s'),
    '/': () => host.focusComposer(),
    l: () => host.togglePanel('latency'),
    ',': () => {
      if (!host.noSettings) host.togglePanel('settings');
    },
    '?': () => host.togglePanel('help'),
  };
}

/** A panel first, then the model. @param {import('../gemini-live.js').GeminiLive} host */
function leave(host) {
  if (host.panel) host.closePanel();
  else host.interrupt();
}
