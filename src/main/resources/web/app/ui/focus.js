/** Where the focus goes when a rendering removes or disables the element that has it. */

/** Candidates in this order; the first that is there and enabled gets the focus. */
const RUNNING = ['.control.talk', '.control[aria-keyshortcuts="m"]', '#message', '.control.danger'];
const AT_REST = ['.control.start', '#conversation-title'];
/** The buttons that begin, cancel or end a conversation. */
const MAIN = '.control.start, .control.cancel, .control.danger';

export class FocusKeeper {
  /** @type {Element | null} */
  #before = null;

  /** Before a rendering. @param {ShadowRoot} root */
  note(root) {
    this.#before = root.activeElement;
  }

  /**
   * After a rendering: gives the focus to the next sensible element if the noted one lost it.
   * @param {ShadowRoot} root
   * @param {boolean} running whether a conversation runs
   */
  handOn(root, running) {
    const before = this.#before;
    this.#before = null;
    if (before === null || usable(before)) return;
    const main = before.matches(MAIN) || before.closest('.controls') !== null;
    const aside = before.closest('.notices')
      ? ['.notices .button']
      : before.closest('.stage')
        ? ['.stage .button']
        : [];
    const head = before.closest('.head-tools') ? ['.head-tools .button'] : [];
    const order = [...(main ? [] : aside), ...head, ...(running ? ['.control.cancel', ...RUNNING] : AT_REST)];
    const next = order.flatMap((selector) => [...root.querySelectorAll(selector)]).find(usable);
    if (next instanceof HTMLElement) next.focus();
  }
}

/** @param {Element} element */
function usable(element) {
  return element.isConnected && !element.matches(':disabled') && !element.closest('[inert]');
}
