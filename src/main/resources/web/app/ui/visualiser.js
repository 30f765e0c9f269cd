/** Moves the orb (or the level bar) with the loudness; at most 30 times a second, never on a hidden page. */

const FRAME_MS = 33;
/** Loudness that moves everything as far as it goes. */
const FULL = 0.25;

export class Visualiser {
  #handle = 0;
  #lastAt = 0;
  #level = 0;

  /**
   * Runs while a conversation does.
   * @param {HTMLElement} surface gets `--level`, 0 to 1
   * @param {import('../conversation/conversation.js').Conversation} conversation
   * @param {import('../platform/environment.js').PageEnvironment} environment
   */
  show(surface, conversation, environment) {
    if (this.#handle !== 0) return;
    const step = (/** @type {number} */ at) => {
      this.#handle = 0;
      const { phase } = conversation.state;
      const moving = phase === 'speaking' || phase === 'userSpeaking' || phase === 'listening' || this.#level > 0.01;
      if (!moving || environment.visibility.hidden() || !surface.isConnected) return;
      this.#handle = requestAnimationFrame(step);
      if (at - this.#lastAt < FRAME_MS) return;
      this.#lastAt = at;
      const live = phase === 'speaking' ? conversation.outputLevel : conversation.inputLevel;
      const target = phase === 'speaking' || phase === 'userSpeaking' || phase === 'listening' ? live : 0;
      const wanted = Math.min(1, Math.sqrt(target / FULL));
      // Up fast, down slowly, as an ear expects.
      this.#level += (wanted - this.#level) * (wanted > this.#level ? 0.5 : 0.15);
      surface.style.setProperty('--level', this.#level.toFixed(3));
    };
    this.#handle = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.#handle);
    this.#handle = 0;
  }
}
