import { encodePicture } from '../media/still.js';
import { problem } from '../net/errors.js';

/** Pictures that a person chooses, pastes or drops. */

/** @typedef {import('../gemini-live.js').GeminiLive} Host */

/** More at once are mistaken drops. */
const MOST = 4;

/** Asks for files. Call inside a gesture. @param {Host} host */
export function choosePictures(host) {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'image/*';
  input.multiple = true;
  input.addEventListener('change', () => void addPictures(host, [...(input.files ?? [])]));
  input.click();
}

/**
 * @param {Host} host
 * @param {File[]} files
 */
export async function addPictures(host, files) {
  for (const file of files.slice(0, MOST)) {
    try {
      const { jpeg, blob } = await encodePicture(file, host.configuration.limits.maxMessageBytes);
      host.conversation.sendPicture(jpeg, URL.createObjectURL(blob));
    } catch (error) {
      host.conversation.report(problem('picture', 'camera', { detail: `${file.type}: ${error}` }));
    }
  }
  host.focusComposer();
}
