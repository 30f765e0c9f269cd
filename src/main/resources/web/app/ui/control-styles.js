import { css } from 'lit';

/** What is pressed and typed into. */
export const controls = css`
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

  .control[aria-pressed='true']:not(.sound) {
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

  .with-menu {
    position: relative;
    display: flex;
  }

  .choose {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
  }

  .choose summary {
    min-block-size: 1.5rem;
    min-inline-size: 0;
    inline-size: 1.5rem;
    padding: 0;
    list-style: none;
  }

  .choose summary::-webkit-details-marker {
    display: none;
  }

  .choose summary::before {
    content: '';
    border: 0.25rem solid transparent;
    border-block-end-color: currentColor;
    translate: 0 -0.125rem;
  }

  .choose .menu {
    position: absolute;
    z-index: 3;
    inset-block-end: 100%;
    /* Within the stage on both sides: the menu is wider than the controls beside it. */
    inset-inline-end: -6rem;
    inline-size: 18rem;
    padding: 1rem;
    border-radius: 0.875rem;
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .with-menu:first-child .menu {
    inset-inline: 0 auto;
  }

  @container live (max-width: 52rem) {
    .choose {
      display: none;
    }
  }

  @media (max-height: 32rem) {
    .choose {
      display: none;
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
    padding-block: 0.5rem;
    padding-inline: 1rem 1.25rem;
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
    padding-block: 0.625rem;
    padding-inline: 0.875rem 0.5rem;
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

    .control:hover:not([disabled], [aria-pressed='true']),
    .control.primary:hover:not([disabled]) {
      background: ButtonFace;
      color: ButtonText;
      border-color: Highlight;
    }

    .notice,
    .alert,
    article.user .body,
    .preview .frame,
    .panel {
      border: 1px solid CanvasText;
    }

    .pill::before {
      forced-color-adjust: none;
      background: CanvasText;
    }
  }
`;
