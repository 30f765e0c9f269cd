import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

const PROPERTIES = 'src/main/resources/application.properties';
const JVM = 'src/main/docker/Dockerfile.jvm';
const NATIVE = 'src/main/docker/Dockerfile.native';

/** @type {string} */
let project;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'pin-images-'));
  write('.ci/pin-images', readFileSync('.ci/pin-images', 'utf8'));
  chmodSync(join(project, '.ci/pin-images'), 0o755);
  write(JVM, '# a base\nARG BASE=registry.example/jvm:1\nFROM $BASE\n');
  write(NATIVE, 'ARG BASE=registry.example/native:2\nFROM $BASE\n');
  write(PROPERTIES, 'a=b\nquarkus.native.builder-image=registry.example/builder:jdk-25\nc=d\n');
  // In place of skopeo: the manifest is the name; what is called "gone" is not there.
  skopeo('case $3 in *gone*) echo "manifest unknown" >&2; exit 1 ;; esac; printf %s "$3"');
});

afterEach(() => rmSync(project, { recursive: true }));

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), text);
}

/** @param {string} file */
const read = (file) => readFileSync(join(project, file), 'utf8');

/** @param {string} body */
function skopeo(body) {
  write('bin/skopeo', `#!/bin/sh\n${body}\n`);
  chmodSync(join(project, 'bin/skopeo'), 0o755);
}

/** @param {string} image */
const pinned = (image) => `${image}@sha256:${createHash('sha256').update(`docker://${image}`).digest('hex')}`;

/** @param {string[]} options */
function run(...options) {
  const { status, stdout, stderr } = spawnSync(join(project, '.ci/pin-images'), options, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(project, 'bin')}:${process.env.PATH}` },
  });
  return { status, output: stdout + stderr };
}

describe('pinned images', { skip: process.platform === 'win32' && 'a script for a shell' }, () => {
  test('it writes the digest of what each tag names, and nothing else', () => {
    const { status, output } = run();

    assert.equal(status, 0, output);
    assert.equal(read(JVM), `# a base\nARG BASE=${pinned('registry.example/jvm:1')}\nFROM $BASE\n`);
    assert.equal(
      read(PROPERTIES),
      `a=b\nquarkus.native.builder-image=${pinned('registry.example/builder:jdk-25')}\nc=d\n`,
    );
    assert.equal(run('--check').status, 0);
    assert.equal(run('--current').status, 0);
  });

  test('an image that is not pinned fails the check', () => {
    run();
    write(NATIVE, 'ARG BASE=registry.example/native:2\n');

    for (const option of ['--check', '--current']) {
      const { status, output } = run(option);
      assert.equal(status, 1);
      assert.match(output, /Dockerfile\.native: registry\.example\/native:2/);
    }
  });

  test('a tag with a new digest is outdated, and its new digest is written', () => {
    write(JVM, `ARG BASE=registry.example/jvm:1@sha256:${'0'.repeat(64)}\n`);
    run('--check');

    assert.equal(run('--current').status, 1);
    run();
    assert.equal(read(JVM), `ARG BASE=${pinned('registry.example/jvm:1')}\n`);
  });

  test('nothing is written when a registry does not answer as it should', () => {
    for (const [image, standIn] of [
      ['registry.example/gone:1', undefined],
      ['registry.example/jvm:1', 'exit 0'],
    ]) {
      write(JVM, `ARG BASE=${image}\n`);
      if (standIn) {
        skopeo(standIn);
      }
      const before = read(PROPERTIES) + read(NATIVE) + read(JVM);

      assert.equal(run().status, 1);
      assert.equal(read(PROPERTIES) + read(NATIVE) + read(JVM), before);
    }
  });

  test('what is no tag of a registry, and no SHA-256, is refused', () => {
    for (const image of [
      '',
      'jvm:1',
      'registry.example/jvm',
      'registry.example/jvm:1@sha256:beef',
      'x/y:1\nARG BASE=x/z:1',
    ]) {
      write(JVM, `ARG BASE=${image}\n`);
      assert.equal(run('--check').status, 1, image);
      assert.equal(run().status, 1, image);
    }
    assert.equal(run('--pin').status, 1);
  });
});
