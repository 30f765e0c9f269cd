// Builds the package into dist: the client without a user interface as one file, the element with its parts, the worklets, and the
// types. The sources are those of the service's own page. Needs the development dependencies of the repository.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const root = at('../../');
const WEB = 'src/main/resources/web';
const dist = at('dist');

rmSync(dist, { recursive: true, force: true });
cpSync(`${root}LICENSE`, at('LICENSE'));

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  outdir: dist,
  absWorkingDir: root,
  logLevel: 'warning',
};
await build({ ...common, entryPoints: ['clients/js/src/client.js'] });
await build({
  ...common,
  entryPoints: ['clients/js/src/element.js'],
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  // The licences of lit, marked and DOMPurify.
  legalComments: 'linked',
});
// One file each: bundlers of applications copy what `new URL()` names, and do not follow its imports.
for (const worklet of ['capture', 'playback']) {
  await build({ ...common, entryPoints: [`${WEB}/${worklet}/${worklet}.js`] });
}

// The compiler mirrors folders, so the sources move beside each other first. The types of the element are written by hand: those of
// its sources need lit's.
const staged = at('dist/staged');
mkdirSync(staged, { recursive: true });
cpSync(`${root}${WEB}`, `${staged}/web`, { recursive: true });
const source = readFileSync(at('src/client.js'), 'utf8');
writeFileSync(`${staged}/client.js`, source.replaceAll(`../../../${WEB}/`, './web/'));
execFileSync(
  process.execPath,
  [
    `${root}node_modules/typescript/bin/tsc`,
    ...[
      '--ignoreConfig',
      '--declaration',
      '--emitDeclarationOnly',
      '--allowJs',
      '--checkJs',
      '--strict',
      '--skipLibCheck',
    ],
    ...[
      '--target',
      'es2023',
      '--lib',
      'es2023,dom,dom.iterable',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
    ],
    ...['--types', 'node', '--typeRoots', `${root}node_modules/@types`],
    ...['--rootDir', staged, '--outDir', `${dist}/types`, `${staged}/client.js`],
  ],
  { stdio: 'inherit', cwd: root },
);
cpSync(at('src/types/element.d.ts'), `${dist}/types/element.d.ts`);
rmSync(staged, { recursive: true });
