import { svg } from 'lit';

/**
 * @param {ReturnType<typeof svg>} shape
 * @param {string} [name] `icon mirrored` for one that is the other way round in a text from right to left
 */
const icon = (shape, name = 'icon') =>
  svg`<svg class=${name} viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shape}</svg>`;

export const icons = {
  microphone: icon(
    svg`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`,
  ),
  microphoneOff: icon(
    svg`<path d="M9 9.5V6a3 3 0 0 1 6-.4V11m-.7 2.6A3 3 0 0 1 9 12.5M5.5 11.5a6.5 6.5 0 0 0 10.9 4.8m1.9-2.6c.1-.7.2-1.4.2-2.2M12 18v3M4 4l16 16"/>`,
  ),
  sound: icon(
    svg`<path d="M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4.200 4.200 0 0 1 0 6m2.500-8.500a8 8 0 0 1 0 11"/>`,
    'icon mirrored',
  ),
  soundOff: icon(svg`<path d="M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM16 9.500l5 5m0-5-5 5"/>`, 'icon mirrored'),
  camera: icon(svg`<rect x="3" y="6.5" width="12.5" height="11" rx="2.5"/><path d="m15.5 11 5.5-3v8l-5.500-3"/>`),
  picture: icon(
    svg`<rect x="3.500" y="5" width="17" height="14" rx="2.500"/><circle cx="9" cy="10" r="1.500"/><path d="m4 17 5-4 3.500 3 3-2.500 5 4"/>`,
  ),
  screen: icon(
    svg`<rect x="3" y="4.500" width="18" height="12" rx="2"/><path d="M8.500 20h7M12 13.500v-5.500m-2.500 2.500L12 8l2.500 2.500"/>`,
  ),
  interrupt: icon(
    svg`<path d="M12 3 4.500 7v6.500c0 3.500 3.200 6 7.500 7.500 4.300-1.500 7.500-4 7.500-7.500V7z" opacity="0"/><circle cx="12" cy="12" r="8.500"/><rect x="9" y="9" width="6" height="6" rx="1" fill="currentColor" stroke="none"/>`,
  ),
  end: icon(
    svg`<path d="M3.500 13.800c0-1 .4-1.900 1.200-2.500 4.200-3.200 10.400-3.200 14.600 0 .8.600 1.200 1.500 1.200 2.500v1.200c0 .8-.7 1.400-1.500 1.200l-2.700-.6c-.7-.1-1.200-.7-1.200-1.400v-1.400c-2-.7-4.200-.7-6.200 0v1.400c0 .7-.5 1.300-1.200 1.400l-2.700.6c-.8.2-1.500-.4-1.500-1.200z"/>`,
  ),
  start: icon(svg`<path d="M4 12h1.500M8 8v8M12 4.500v15M16 8v8M18.500 12H20"/>`),
  send: icon(svg`<path d="M12 19V5m-6 6 6-6 6 6"/>`),
  developer: icon(
    svg`<path d="M4 14a8 8 0 1 1 16 0M12 14l3.500-4"/><circle cx="12" cy="14" r="1.200" fill="currentColor" stroke="none"/><path d="M4 18h16"/>`,
  ),
  account: icon(svg`<circle cx="12" cy="8.500" r="3.500"/><path d="M5 19.500a7 7 0 0 1 14 0"/>`),
  settings: icon(
    svg`<path d="M4 7h9m4 0h3M4 17h3m4 0h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
    'icon mirrored',
  ),
  help: icon(
    svg`<circle cx="12" cy="12" r="8.500"/><path d="M9.800 9.600a2.300 2.300 0 1 1 3.400 2c-.8.500-1.200 1-1.200 1.900M12 16.500v.1"/>`,
    'icon mirrored',
  ),
  close: icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  export: icon(svg`<path d="M12 4v10.500m-4-4 4 4 4-4M5 19.500h14"/>`),
  warning: icon(svg`<path d="M12 4 3 19.500h18zM12 10v4.500m0 2.500v.1"/>`),
  down: icon(svg`<path d="M12 5v14m-6-6 6 6 6-6"/>`),
  spark: icon(
    svg`<path d="M12 4c.6 4.800 3.200 7.400 8 8-4.800.6-7.400 3.200-8 8-.6-4.800-3.200-7.400-8-8 4.800-.6 7.400-3.200 8-8z"/>`,
  ),
};
