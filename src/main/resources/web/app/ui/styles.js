import { css } from 'lit';

/** Colours, type and spacing. Everything a host page may change is a `--gl-*` property. */
export const tokens = css`
  :host {
    --background: var(--gl-background, light-dark(#fbfbfd, #0d0f14));
    --surface: var(--gl-surface, light-dark(#ffffff, #161922));
    --raised: light-dark(#f1f3f8, #1e222d);
    --text: var(--gl-text, light-dark(#14161c, #f2f4f8));
    --muted: light-dark(#545b6b, #a3abbd);
    --border: light-dark(#8a91a0, #6b7385);
    --hairline: light-dark(#e2e5ec, #272c38);
    --accent: var(--gl-accent, light-dark(#1550c8, #9cc0ff));
    --on-accent: var(--gl-on-accent, light-dark(#ffffff, #08132b));
    --danger: light-dark(#b3261e, #ffb4ab);
    --on-danger: light-dark(#ffffff, #3a0906);
    --warning: light-dark(#7a4f00, #ffd18a);
    --good: light-dark(#0a7d4b, #6fdcaa);
    --radius: 1rem;
    --shadow: 0 1px 2px rgb(15 20 40 / 6%), 0 8px 24px rgb(15 20 40 / 7%);
    color-scheme: light dark;
    display: block;
    block-size: 100%;
    min-block-size: 22rem;
    background: var(--background);
    color: var(--text);
    font: 1rem / 1.5 var(--gl-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif);
    font-optical-sizing: auto;
    text-rendering: optimizeLegibility;
    container: live / inline-size;
  }

  :host([hidden]) {
    display: none;
  }

  :host([theme='light']) {
    color-scheme: light;
  }

  :host([theme='dark']) {
    color-scheme: dark;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  p,
  figure,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }

  ul {
    list-style: none;
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }

  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }

  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .icon {
    flex: none;
    inline-size: 1.375rem;
    block-size: 1.375rem;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-block-size: 2.75rem;
    min-inline-size: 2.75rem;
    padding: 0.375rem 1rem;
    border: 1px solid var(--border);
    border-radius: 999px;
    background: var(--surface);
    color: var(--text);
    font-weight: 500;
    cursor: pointer;
    transition: background-color 120ms, border-color 120ms, transform 120ms;
  }

  @media (hover: hover) {
    .button:hover {
      background: var(--raised);
    }
  }

  .button:active {
    transform: scale(0.98);
  }

  .button[disabled] {
    opacity: 0.5;
    cursor: default;
  }

  .button.quiet {
    border-color: transparent;
    background: transparent;
  }

  @media (hover: hover) {
    .button.quiet:hover {
      background: var(--raised);
    }
  }

  .button.primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }

  @media (hover: hover) {
    .button.primary:hover {
      background: color-mix(in oklab, var(--accent) 88%, var(--text));
    }
  }

  .button.danger {
    border-color: transparent;
    background: var(--danger);
    color: var(--on-danger);
  }

  .button.round {
    padding: 0;
    inline-size: 2.75rem;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }

  @media (forced-colors: active) {
    .button {
      forced-color-adjust: none;
      background: ButtonFace;
      color: ButtonText;
      border-color: ButtonBorder;
    }

    .button.primary,
    .button.danger {
      background: ButtonFace;
      color: ButtonText;
      border-color: ButtonBorder;
    }

    .button[aria-pressed='true'] {
      background: Highlight;
      color: HighlightText;
    }
  }
`;

/** Where things are. */
export const layout = css`
  .app {
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr) auto;
    block-size: 100%;
    position: relative;
    overflow: hidden;
  }

  .under {
    display: contents;
  }

  .skip {
    position: absolute;
    inset-block-start: 0.5rem;
    inset-inline-start: 0.5rem;
    z-index: 30;
    transform: translateY(-200%);
  }

  .skip:focus {
    transform: none;
  }

  header {
    display: flex;
    align-items: center;
    gap: 1rem;
    padding: 0.75rem max(1.25rem, env(safe-area-inset-right)) 0.75rem max(1.25rem, env(safe-area-inset-left));
  }

  h1 {
    font-size: 1.0625rem;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  .pill {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.25rem 0.75rem 0.25rem 0.625rem;
    border-radius: 999px;
    background: var(--raised);
    font-size: 0.875rem;
    font-weight: 550;
    white-space: nowrap;
  }

  .pill::before {
    content: '';
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border-radius: 50%;
    background: var(--dot, var(--muted));
  }

  [data-look='listening'] .pill,
  [data-look='userSpeaking'] .pill {
    --dot: var(--good);
  }

  [data-look='thinking'] .pill,
  [data-look='speaking'] .pill {
    --dot: var(--accent);
  }

  [data-look='interrupted'] .pill,
  [data-look='reconnecting'] .pill,
  [data-look='muted'] .pill {
    --dot: var(--warning);
  }

  [data-look='failed'] .pill {
    --dot: var(--danger);
  }

  .badges {
    display: flex;
    gap: 0.5rem;
  }

  .badge {
    font-size: 0.8125rem;
    color: var(--warning);
    white-space: nowrap;
  }

  .figures {
    display: flex;
    gap: 1.25rem;
    font-size: 0.8125rem;
    color: var(--muted);
    white-space: nowrap;
  }

  .figures div {
    display: flex;
    gap: 0.375rem;
  }

  .figures dd {
    color: var(--text);
    font-weight: 550;
    font-variant-numeric: tabular-nums;
  }

  .tools {
    display: flex;
    gap: 0.25rem;
    margin-inline-start: auto;
  }

  .notices {
    display: grid;
    gap: 0.5rem;
    padding-inline: 1.25rem;
  }

  .notices > :last-child {
    margin-block-end: 0.5rem;
  }

  .notice,
  .alert {
    display: flex;
    align-items: flex-start;
    gap: 0.75rem;
    padding: 0.625rem 0.625rem 0.625rem 1rem;
    border-radius: var(--radius);
    background: var(--raised);
    font-size: 0.875rem;
    color: var(--muted);
  }

  .notice .icon {
    color: var(--accent);
    inline-size: 1.125rem;
    block-size: 1.125rem;
    margin-block-start: 0.125rem;
  }

  .notice p {
    flex: 1;
    min-inline-size: 0;
  }

  .notice p,
  .notice .icon {
    margin-block: 0.125rem;
  }

  .notice .button,
  .alert .button {
    min-block-size: 2.75rem;
    margin-block: -0.5rem;
  }

  .alert {
    align-items: center;
    border: 1px solid color-mix(in oklab, var(--danger) 45%, transparent);
    background: color-mix(in oklab, var(--danger) 9%, var(--surface));
    color: var(--text);
    font-size: 0.9375rem;
    flex-wrap: wrap;
  }

  .alert > .icon {
    color: var(--danger);
  }

  .alert .words {
    flex: 1 1 16rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .alert small {
    display: block;
    color: var(--muted);
    font-size: 0.8125rem;
  }

  .alert .button {
    margin-block: 0;
  }

  .alert details {
    flex-basis: 100%;
    font-size: 0.8125rem;
    color: var(--muted);
  }

  .alert summary {
    cursor: pointer;
    padding-block: 0.375rem;
  }

  .alert code {
    overflow-wrap: anywhere;
  }

  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 26rem;
    min-block-size: 0;
  }

  .stage {
    position: relative;
    display: grid;
    justify-items: center;
    align-items: center;
    gap: 1rem;
    padding: 1rem 1.25rem;
    min-block-size: 0;
    overflow: hidden;
  }

  .presence {
    display: grid;
    justify-items: center;
    gap: clamp(1.5rem, 5vmin, 3rem);
    min-inline-size: 0;
  }

  .caption {
    display: grid;
    justify-items: center;
    gap: 1rem;
    text-align: center;
    max-inline-size: 28rem;
  }

  .caption p {
    font-size: 1.1875rem;
    line-height: 1.4;
    letter-spacing: -0.01em;
    color: var(--muted);
    text-wrap: balance;
    min-block-size: 1.4em;
  }

  .caption .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.5rem;
  }

  .previews {
    position: absolute;
    inset-block-end: 1rem;
    inset-inline-end: 1.25rem;
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
  }

  .preview {
    inline-size: 12.5rem;
  }

  .preview .frame {
    display: block;
    position: relative;
    border-radius: 0.875rem;
    overflow: hidden;
    background: #14161c;
    aspect-ratio: 16 / 9;
    box-shadow: var(--shadow);
  }

  .preview video {
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
    display: block;
  }

  .preview .frame::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: inherit;
    box-shadow: inset 0 0 0 3px var(--accent);
    opacity: 0;
  }

  .preview .frame.blink::after {
    animation: blink 500ms ease-out;
  }

  @keyframes blink {
    from {
      opacity: 1;
    }
  }

  .preview figcaption {
    margin-block-start: 0.375rem;
    font-size: 0.75rem;
    color: var(--muted);
    font-variant-numeric: tabular-nums;
  }

  footer {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 26rem;
    align-items: center;
    padding-block-end: max(0.875rem, env(safe-area-inset-bottom));
  }

  .controls {
    display: flex;
    justify-content: center;
    gap: 0.5rem;
    padding: 0.5rem 1.25rem;
  }

  .control {
    flex-direction: column;
    gap: 0.25rem;
    min-inline-size: 5rem;
    padding: 0.5rem 0.75rem;
    border-radius: 1.125rem;
    border-color: transparent;
    background: transparent;
    font-size: 0.8125rem;
    line-height: 1.2;
    font-weight: 500;
    color: var(--muted);
    touch-action: manipulation;
    user-select: none;
  }

  @media (hover: hover) {
    .control:hover:not([disabled]) {
      color: var(--text);
    }
  }

  .control[aria-pressed='true'] {
    background: color-mix(in oklab, var(--accent) 14%, var(--surface));
    color: var(--accent);
  }

  .control.primary,
  .control.danger {
    color: var(--on-accent);
  }

  .control.danger {
    background: transparent;
    color: var(--danger);
  }

  @media (hover: hover) {
    .control.danger:hover:not([disabled]) {
      background: color-mix(in oklab, var(--danger) 12%, transparent);
      color: var(--danger);
    }
  }

  .control.start {
    flex-direction: row;
    gap: 0.625rem;
    min-block-size: 3.5rem;
    padding-inline: 1.75rem 2rem;
    border-radius: 999px;
    background: var(--accent);
    font-size: 1.0625rem;
    font-weight: 600;
    box-shadow: 0 0.5rem 1.5rem -0.5rem color-mix(in oklab, var(--accent) 60%, transparent);
  }

  @media (hover: hover) {
    .control.primary:hover:not([disabled]) {
      color: var(--on-accent);
    }
  }

  .control.talk {
    min-inline-size: 8rem;
    touch-action: none;
  }

  .composer {
    padding: 0.5rem 1.25rem 0.5rem 1rem;
  }

  .composer form {
    display: flex;
    align-items: end;
    gap: 0.375rem;
    padding: 0.3125rem;
    border: 1px solid var(--border);
    border-radius: 1.625rem;
    background: var(--surface);
  }

  .composer form:focus-within {
    border-color: var(--accent);
    box-shadow: 0 0 0 2px var(--accent);
  }

  .composer textarea {
    flex: 1;
    min-inline-size: 0;
    resize: none;
    border: 0;
    background: transparent;
    padding: 0.625rem 0.5rem 0.625rem 0.875rem;
    line-height: 1.5;
    max-block-size: 8rem;
    field-sizing: content;
    outline: none;
  }

  .composer textarea::placeholder {
    color: var(--muted);
    opacity: 1;
  }

  @media (forced-colors: active) {
    .control,
    .control.start,
    .control.talk,
    .control.danger {
      background: ButtonFace;
      color: ButtonText;
      border-color: ButtonBorder;
    }

    .control[disabled] {
      color: GrayText;
      border-color: GrayText;
      opacity: 1;
    }

    .control[aria-pressed='true'],
    .control[aria-pressed='true']:hover:not([disabled]) {
      background: Highlight;
      color: HighlightText;
    }

    .control:hover:not([disabled], [aria-pressed='true']) {
      background: ButtonFace;
      color: ButtonText;
      border-color: Highlight;
    }

    .notice,
    .alert,
    article.user .body,
    .panel {
      border: 1px solid CanvasText;
    }
  }

  @container live (max-width: 68rem) {
    .figures {
      display: none;
    }

    main,
    footer {
      grid-template-columns: minmax(0, 1fr) 22rem;
    }
  }

  @container live (max-width: 52rem) {
    header {
      padding: 0.375rem 0.5rem 0.375rem 1rem;
      gap: 0.625rem;
    }

    .tools .button {
      padding: 0;
      inline-size: 2.75rem;
    }

    .tools .button span,
    .tools .help {
      display: none;
    }

    .notices {
      padding-inline: 0.75rem;
    }

    main {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr);
    }

    .stage {
      grid-template-columns: minmax(0, 1fr) auto;
      padding: 0.25rem 1rem 0.75rem;
      gap: 0.75rem;
      border-block-end: 1px solid var(--hairline);
    }

    .presence {
      display: flex;
      align-items: center;
      justify-self: start;
      gap: 1rem;
    }

    .caption {
      justify-items: start;
      text-align: start;
      gap: 0.375rem;
    }

    .caption p {
      font-size: 1rem;
    }

    .caption .actions {
      justify-content: start;
    }

    .previews {
      position: static;
      flex-direction: row;
      gap: 0.5rem;
    }

    [data-empty] main {
      grid-template-rows: minmax(0, 1fr);
    }

    [data-empty] .conversation {
      display: none;
    }

    [data-empty] .stage {
      grid-template-columns: minmax(0, 1fr);
      border: 0;
    }

    [data-empty] .presence {
      display: grid;
      justify-self: center;
      gap: 2rem;
    }

    [data-empty] .caption {
      justify-items: center;
      text-align: center;
    }

    [data-empty] .caption p {
      font-size: 1.125rem;
    }

    [data-empty] .caption .actions {
      justify-content: center;
    }

    [data-empty] .previews {
      position: absolute;
      inset-block-end: 0.75rem;
      inset-inline-end: 1rem;
    }

    .preview {
      inline-size: 6rem;
    }

    .preview figcaption .more {
      display: none;
    }

    footer {
      grid-template-columns: minmax(0, 1fr);
      padding-block-end: max(0.25rem, env(safe-area-inset-bottom));
      border-block-start: 1px solid var(--hairline);
      background: var(--surface);
    }

    .composer {
      order: -1;
      padding: 0.5rem 0.75rem 0.125rem;
    }

    .controls {
      padding: 0.125rem 0.375rem;
      gap: 0;
      justify-content: space-around;
    }

    .control {
      flex: 1;
      min-inline-size: 0;
      max-inline-size: 8rem;
      padding: 0.4375rem 0.125rem;
      font-size: 0.75rem;
    }

    .control.talk {
      min-inline-size: 0;
    }

    .control.start {
      flex: 0 1 20rem;
      max-inline-size: 20rem;
      min-block-size: 3rem;
      margin-block: 0.25rem;
      font-size: 1rem;
    }

    .control .long {
      display: none;
    }
  }

  @container live (min-width: 52.01rem) {
    .control .short {
      display: none;
    }

    .conversation {
      border-inline-start: 1px solid var(--hairline);
    }
  }

  @container live (max-width: 22rem) {
    h1 {
      position: absolute;
      clip-path: inset(50%);
    }

    .control .icon {
      inline-size: 1.25rem;
      block-size: 1.25rem;
    }
  }

  @media (max-height: 30rem) {
    .caption p {
      font-size: 1rem;
    }
  }
`;

/** The words. */
export const conversation = css`
  .conversation {
    position: relative;
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-block-size: 0;
  }

  .conversation > .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-block-size: 3rem;
    padding: 0 0.75rem 0 1.5rem;
  }

  h2 {
    font-size: 0.875rem;
    font-weight: 600;
    color: var(--muted);
  }

  .export {
    position: relative;
  }

  .export summary {
    list-style: none;
  }

  .export summary::-webkit-details-marker {
    display: none;
  }

  .export .menu {
    position: absolute;
    z-index: 5;
    inset-inline-end: 0;
    inset-block-start: 100%;
    display: grid;
    min-inline-size: 13rem;
    padding: 0.375rem;
    border: 1px solid var(--hairline);
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .export .menu .button {
    justify-content: start;
    border-radius: 0.75rem;
  }

  .scroll {
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 0.25rem 1.5rem 1.5rem;
    scroll-padding-block-end: 1.5rem;
  }

  .scroll:focus-visible {
    outline-offset: -3px;
  }

  .empty {
    display: grid;
    place-content: center;
    block-size: 100%;
    text-align: center;
    color: var(--muted);
    text-wrap: balance;
    padding-inline: 1rem;
  }

  .items {
    display: grid;
    gap: 1.25rem;
  }

  article {
    display: grid;
    gap: 0.25rem;
    min-inline-size: 0;
  }

  article h3 {
    display: flex;
    gap: 0.5rem;
    align-items: baseline;
    font-size: 0.8125rem;
    font-weight: 600;
    color: var(--muted);
  }

  article h3 time,
  article h3 .ms {
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  article h3 .ms {
    margin-inline-start: auto;
  }

  article .body {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  article.user {
    justify-items: end;
  }

  article.user .body {
    padding: 0.5rem 0.875rem;
    border-radius: 1.125rem 1.125rem 0.25rem 1.125rem;
    background: var(--raised);
    max-inline-size: 100%;
  }

  article .interim {
    color: var(--muted);
    font-style: italic;
  }

  article .body s {
    color: var(--muted);
    text-decoration-thickness: 1px;
  }

  .tag {
    display: inline-block;
    margin-inline-start: 0.375rem;
    padding: 0 0.5rem;
    border: 1px solid var(--border);
    border-radius: 999px;
    font-size: 0.75rem;
    line-height: 1.5;
    color: var(--muted);
    white-space: nowrap;
  }

  article.tool .body {
    font: 0.8125rem / 1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    color: var(--muted);
  }

  article.notice-item {
    font-size: 0.8125rem;
    color: var(--muted);
    text-align: center;
  }

  article details {
    font-size: 0.875rem;
    color: var(--muted);
  }

  article summary {
    cursor: pointer;
    padding-block: 0.25rem;
  }

  .sources {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    padding-block-start: 0.25rem;
  }

  .sources a {
    display: inline-block;
    max-inline-size: 100%;
    padding: 0.25rem 0.75rem;
    border: 1px solid var(--hairline);
    border-radius: 999px;
    font-size: 0.8125rem;
    color: var(--accent);
    text-decoration: none;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  @media (hover: hover) {
    .sources a:hover {
      text-decoration: underline;
    }
  }

  .rich {
    white-space: normal !important;
  }

  .rich > * + * {
    margin-block-start: 0.625rem;
  }

  .rich ul,
  .rich ol {
    padding-inline-start: 1.25rem;
    list-style: revert;
    margin-block-end: 0;
  }

  .rich pre,
  .rich table {
    display: block;
    overflow-x: auto;
    font-size: 0.875rem;
  }

  .rich pre {
    padding: 0.75rem;
    border-radius: 0.75rem;
    background: var(--raised);
  }

  .rich a {
    color: var(--accent);
  }

  .rich :is(h1, h2, h3, h4, h5, h6) {
    font-size: 1rem;
    font-weight: 650;
    color: var(--text);
  }

  .jump {
    position: absolute;
    inset-block-end: 0.75rem;
    inset-inline: 0;
    display: grid;
    justify-items: center;
    pointer-events: none;
  }

  .jump .button {
    pointer-events: auto;
    box-shadow: var(--shadow);
  }

  @container live (max-width: 52rem) {
    .conversation > .head {
      min-block-size: 2.75rem;
      padding: 0 0.25rem 0 1rem;
    }

    .scroll {
      padding-inline: 1rem;
    }
  }
`;
