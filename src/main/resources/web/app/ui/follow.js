/** Within this distance of the end the list follows what is said, pixels. */
const FOLLOW_WITHIN = 32;

/** Keeps a growing list scrolled to its end, or counts the new items while the user reads elsewhere. */
export class Follow {
  #following = true;
  #seen = 0;

  /** @param {number} total items in the list */
  unseen(total) {
    return this.#following ? 0 : Math.max(0, total - this.#seen);
  }

  resume() {
    this.#following = true;
  }

  /**
   * The reader scrolled.
   * @param {Element} list
   * @param {number} total
   * @returns {boolean} whether that changed anything
   */
  scrolled(list, total) {
    const following = list.scrollHeight - list.scrollTop - list.clientHeight <= FOLLOW_WITHIN;
    if (following === this.#following) return false;
    this.#following = following;
    this.#seen = total;
    return true;
  }

  /** @param {Element} list after it was rendered */
  rendered(list) {
    if (this.#following) list.scrollTop = list.scrollHeight;
  }
}
