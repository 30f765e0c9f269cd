import { EmbeddedLive } from '../app/embed/embedded-live.js';

if (!customElements.get('gemini-live')) customElements.define('gemini-live', EmbeddedLive);
