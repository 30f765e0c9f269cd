import { EmbeddedLive } from '../../../src/main/resources/web/app/embed/embedded-live.js';

/** The element with the worklets of this package. `gateway` names the service. */
export class GeminiLive extends EmbeddedLive {
  constructor() {
    super();
    this.captureUrl = new URL('./capture.js', import.meta.url).href;
    this.playbackUrl = new URL('./playback.js', import.meta.url).href;
  }
}

/** @satisfies {new () => import('./types/element.js').GeminiLive} */ (GeminiLive);

if (!customElements.get('gemini-live')) customElements.define('gemini-live', GeminiLive);
