import { isComposing, shortcutKey } from './keys.js';

/** Keys that work while focus is not in a field: inside the element, or on the whole page if the element fills it. */

/** @param {Element | null | undefined} target */
const editable = (target) => target?.matches('input, textarea, select, [contenteditable]') ?? false;
/** @param {Element | null | undefined} target */
const pressable = (target) => target?.matches('button, summary, a') ?? false;

/**
 * @param {import('../gemini-live.js').GeminiLive} host
 * @param {EventTarget} target the element, or the document
 * @returns {() => void} stops listening
 */
export function listenToKeys(host, target) {
  const down = (/** @type {Event} */ event) => shortcut(host, /** @type {KeyboardEvent} */ (event), true);
  const up = (/** @type {Event} */ event) => shortcut(host, /** @type {KeyboardEvent} */ (event), false);
  target.addEventListener('keydown', down);
  target.addEventListener('keyup', up);
  return () => {
    target.removeEventListener('keydown', down);
    target.removeEventListener('keyup', up);
  };
}

/**
 * @param {import('../gemini-live.js').GeminiLive} host
 * @param {KeyboardEvent} event
 * @param {boolean} down
 */
function shortcut(host, event, down) {
  const target = /** @type {Element | undefined} */ (event.composedPath()[0]);
  // Esc ends a composition, and nothing else then.
  if (event.defaultPrevented || (down && isComposing(event))) return;
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
    ['l', () => void host.togglePanel('developer')],
    [',', () => void (host.noSettings || host.togglePanel('settings'))],
    ['?', () => void host.togglePanel('help')],
  ]);
}

/** A menu first, then a panel, then the model. @param {import('../gemini-live.js').GeminiLive} host */
function leave(host) {
  const menu = closeMenu(host.renderRoot);
  if (menu) menu.querySelector('summary')?.focus();
  else if (host.panel) host.closePanel();
  else host.interrupt();
}

/**
 * Closes the open menu.
 * @param {ParentNode} root
 * @returns {Element | null} the menu; null if none was open
 */
export function closeMenu(root) {
  const menu = root.querySelector(':is(.export, .choose)[open]');
  menu?.removeAttribute('open');
  return menu;
}
