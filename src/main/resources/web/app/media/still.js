/**
 * One picture for the model, from a file.
 */

const LONGEST_SIDE = 2048;
const QUALITIES = [0.9, 0.8, 0.6, 0.4];
/** A frame's header, and room for the service's own limit. */
const MARGIN_BYTES = 1024;

/**
 * @param {Blob} file a picture of any type that the browser reads
 * @param {number} maxBytes
 * @returns {Promise<{jpeg: ArrayBuffer, blob: Blob, width: number, height: number}>}
 * @throws {DOMException} it is no picture, or too big in every quality
 */
export async function encodePicture(file, maxBytes) {
  const bitmap = await createImageBitmap(file);
  try {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new DOMException('no 2d canvas', 'NotSupportedError');
    // What is transparent would become black.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    for (const quality of QUALITIES) {
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      if (blob.size <= maxBytes - MARGIN_BYTES) return { jpeg: await blob.arrayBuffer(), blob, width, height };
    }
    throw new DOMException('too big', 'DataError');
  } finally {
    bitmap.close();
  }
}
