import { css } from 'lit';

/** Less room: one column, the orb small beside its caption, words under the icons. */
export const narrow = css`
  @container live (max-width: 68rem) {

    main,
    footer {
      grid-template-columns: minmax(0, 1fr) 22rem;
    }
  }

  @container live (max-width: 52rem) {
    .caption .live {
      display: none;
    }

    header {
      padding-block: 0.375rem;
      padding-inline: 1rem 0.5rem;
      gap: 0.625rem;
    }

    .pill {
      flex: none;
    }

    /* If both do not fit, the state has priority over the page's name. */
    header:has(.badge, .chip) h1 {
      position: absolute;
      clip-path: inset(50%);
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

    .caption > p {
      font-size: 1rem;
    }

    .caption .actions {
      justify-content: start;
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

    [data-empty] .caption > p {
      font-size: 1.125rem;
    }

    [data-empty] .caption .actions {
      justify-content: center;
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
    .head-tools > .all {
      display: none;
    }

    h1 {
      position: absolute;
      clip-path: inset(50%);
    }

    .control .icon {
      inline-size: 1.25rem;
      block-size: 1.25rem;
    }
  }
`;
