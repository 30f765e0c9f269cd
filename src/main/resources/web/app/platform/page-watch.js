import { WakeLock } from './wake-lock.js';

/** What a running conversation needs of the page around it: a heartbeat, its visibility, a screen that stays on. */

const BEAT_MS = 500;

export class PageWatch {
  #environment;
  #wakeLock = new WakeLock();
  /** @type {(() => void)[]} */
  #cancels = [];

  /** @param {import('./environment.js').PageEnvironment} environment */
  constructor(environment) {
    this.#environment = environment;
  }

  /** @param {{onBeat: () => void, onHidden: (hidden: boolean) => void}} listener */
  start({ onBeat, onHidden }) {
    const { clock, visibility } = this.#environment;
    this.#cancels.push(clock.every(BEAT_MS, onBeat));
    this.#cancels.push(
      visibility.watch(() => {
        const hidden = visibility.hidden();
        onHidden(hidden);
        if (!hidden) void this.#wakeLock.renew();
      }),
    );
    void this.#wakeLock.acquire();
  }

  stop() {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#wakeLock.release();
  }
}
