import './page.css';
import { GeminiLive } from './gemini-live.js';

if (!customElements.get('gemini-live')) customElements.define('gemini-live', GeminiLive);
