import { css } from 'lit';

/** The orb shows the state by its colour and motion, and the loudness by its size. */
export const orb = css`
  /* Inherited by the orb and by the level bar beside it; the script sets it on this element. */
  .stage {
    --level: 0;
  }

  .orb {
    --one: #7aa2ff;
    --two: #3f6df0;
    --three: #9db8ff;
    --deep: #2447b8;
    --speed: 18s;
    position: relative;
    inline-size: clamp(8rem, 32vmin, 16rem);
    aspect-ratio: 1;
    flex: none;
  }

  .orb i {
    position: absolute;
    display: block;
    border-radius: 50%;
  }

  .halo {
    inset: -34%;
    background: radial-gradient(closest-side, color-mix(in oklab, var(--two) 42%, transparent) 45%, transparent);
    opacity: calc(0.3 + var(--level) * 0.7);
    transform: scale(calc(0.88 + var(--level) * 0.24));
    transition: opacity 180ms linear;
  }

  .ball {
    inset: 0;
    overflow: hidden;
    background: var(--two);
    transform: scale(calc(1 + var(--level) * 0.06));
    box-shadow: 0 1.25rem 3rem -0.75rem color-mix(in oklab, var(--deep) 55%, transparent);
    isolation: isolate;
    transition: background-color 500ms;
  }

  .swirl {
    inset: -12%;
    background:
      radial-gradient(38% 38% at 28% 34%, var(--one), transparent),
      radial-gradient(34% 40% at 70% 30%, var(--three), transparent),
      radial-gradient(44% 42% at 66% 74%, var(--deep), transparent),
      radial-gradient(46% 40% at 26% 74%, var(--one), transparent),
      linear-gradient(140deg, var(--two), var(--deep));
    filter: blur(0.75rem) saturate(1.2);
    animation: turn var(--speed) linear infinite;
  }

  .drift {
    inset: 18%;
    background: radial-gradient(closest-side, color-mix(in oklab, var(--three) 90%, white), transparent);
    mix-blend-mode: soft-light;
    transform: scale(calc(1 + var(--level) * 0.5));
    animation: float calc(var(--speed) * 0.6) ease-in-out infinite alternate;
  }

  .gloss {
    inset: 0;
    background:
      radial-gradient(60% 45% at 32% 20%, rgb(255 255 255 / 55%), transparent 70%),
      radial-gradient(90% 90% at 50% 45%, transparent 62%, rgb(6 10 40 / 28%));
  }

  .meter {
    display: none;
    inline-size: 100%;
    max-inline-size: 8rem;
    block-size: 0.5rem;
    border-radius: 999px;
    border: 1px solid var(--border);
    overflow: hidden;
  }

  .meter i {
    display: block;
    block-size: 100%;
    background: var(--accent);
    transform-origin: 0 50%;
    transform: scaleX(var(--level));
  }

  .app[dir='rtl'] .meter i {
    transform-origin: 100% 50%;
  }

  /* At rest nothing moves: a blurred animation costs a third of a core without a graphics processor. */
  :is([data-phase='idle'], [data-phase='ended'], [data-phase='failed']) :is(.swirl, .drift) {
    animation: none;
  }

  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }

  @keyframes float {
    from {
      translate: -14% -8%;
    }

    to {
      translate: 16% 14%;
    }
  }

  [data-look='userSpeaking'] .orb {
    --one: #6ff0c8;
    --two: #1cb893;
    --three: #c4ffe9;
    --deep: #0d6f7d;
    --speed: 10s;
  }

  [data-look='listening'] .orb {
    --one: #7fd4ff;
    --two: #2f86f2;
    --three: #b8e6ff;
    --deep: #2450c4;
    --speed: 14s;
  }

  [data-look='thinking'] .orb {
    --one: #c7a4ff;
    --two: #7b57ee;
    --three: #e6d6ff;
    --deep: #4427a8;
    --speed: 4s;
  }

  [data-look='speaking'] .orb {
    --one: #ff9fce;
    --two: #6a5cf6;
    --three: #ffd0b0;
    --deep: #2b5be0;
    --speed: 7s;
  }

  [data-look='interrupted'] .orb,
  [data-look='reconnecting'] .orb,
  [data-look='attention'] .orb {
    --one: #ffd48a;
    --two: #e8962b;
    --three: #ffedc9;
    --deep: #a8560f;
    --speed: 6s;
  }

  [data-look='failed'] .orb {
    --one: #ffb3a8;
    --two: #d4483c;
    --three: #ffdcd6;
    --deep: #8c1d18;
    --speed: 30s;
  }

  [data-look='ended'] .orb,
  [data-look='muted'] .orb {
    --one: #c3cada;
    --two: #8791a8;
    --three: #e4e8f1;
    --deep: #565f75;
    --speed: 30s;
  }

  @container live (max-width: 52rem) {
    .orb {
      inline-size: 4rem;
    }

    .orb {
      transition: inline-size 300ms;
    }

    .halo {
      inset: -20%;
    }

    [data-empty] .orb {
      inline-size: min(46cqi, 26dvh);
    }

    .swirl {
      filter: blur(0.375rem) saturate(1.2);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .caption {
      inline-size: 100%;
    }

    .ball,
    .halo,
    .drift {
      transform: none;
    }

    .meter {
      display: block;
    }
  }

  @media (forced-colors: active) {
    .orb {
      border: 2px solid CanvasText;
      border-radius: 50%;
    }

    .orb i {
      display: none;
    }

    .meter {
      display: block;
      border-color: CanvasText;
    }

    .meter i {
      forced-color-adjust: none;
      background: Highlight;
    }

    .pill {
      border: 1px solid CanvasText;
    }
  }
`;
