import { isComposing, shortcutKey } from './keys.js';

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
  // Esc ends a composition, and nothing else then.
  if (down && isComposing(event)) return;
  if (event.key === 'Escape' && down) {
    leave(host);
    return;
  }
  if (!host.settings.shortcuts || event.ctrlKey || event.metaKey || event.altKey || editable(target)) return;
  const { conversation } = host;
  const key = shortcutKey(event);
  if (key === ' ') {
    if (!conversation.state.flags.ptt || (pressable(target) && !target?.matches('.talk'))) return;
    event.preventDefault();
    if (!event.repeat) conversation.hold(down);
    return;
  }
  if (!down || event.repeat) return;
  const run = actions(host).get(key);
  if (!run) return;
  event.preventDefault();
  run();
}

/**
 * @param {import('../gemini-live.js').GeminiLive} host
 * @returns {Map<string, () => void>}
 */
function actions(host) {
  const control = (/** @type {string} */ key) =>
    /** @type {HTMLButtonElement | null} */ (
      host.renderRoot.querySelector(`.control[aria-keyshortcuts="${key}"]`)
    )?.click();
  return new Map([
    ['m', () => control('m')],
    ['v', () => control('v')],
    ['s', () => control('s')],
    ['/', () => host.focusComposer()],
    ['l', () => void host.togglePanel('latency')],
    [',', () => void (host.noSettings || host.togglePanel('settings'))],
    ['?', () => void host.togglePanel('help')],
  ]);
}

/** A panel first, then the model. @param {import('../gemini-live.js').GeminiLive} host */
function leave(host) {
  if (host.panel) host.closePanel();
  else host.interrupt();
}
