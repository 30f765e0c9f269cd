/**
 * A value from the service or the host page as text.
 * @param {unknown} value
 */
export function shownJson(value) {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Nested too deeply, circular, or with a BigInt: JSON can't represent it. The rest is still shown.
    return '…';
  }
}
