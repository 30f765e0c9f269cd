/** Keeps the screen on during a conversation, where the browser can; a refusal is no fault. */
export class WakeLock {
  /** @type {WakeLockSentinel | null} */
  #sentinel = null;
  #wanted = false;

  async acquire() {
    this.#wanted = true;
    if (this.#sentinel || !('wakeLock' in navigator) || document.visibilityState === 'hidden') return;
    try {
      const sentinel = await navigator.wakeLock.request('screen');
      if (!this.#wanted || this.#sentinel) {
        await sentinel.release();
        return;
      }
      this.#sentinel = sentinel;
      sentinel.addEventListener('release', () => {
        this.#sentinel = null;
      });
    } catch {
      // Refused by battery saver, policy or an unfocused window; the conversation works without it.
    }
  }

  /** To be called when the page becomes visible again: browsers release the lock when it is hidden. */
  async renew() {
    if (this.#wanted) await this.acquire();
  }

  release() {
    this.#wanted = false;
    const sentinel = this.#sentinel;
    this.#sentinel = null;
    sentinel?.release().catch(() => undefined);
  }
}
