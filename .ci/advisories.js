#!/usr/bin/env node
// Asks OSV (https://google.github.io/osv.dev/api/) for known vulnerabilities of all packages in the bill of materials and
// in package-lock.json. Usage: .ci/advisories.js [SBOM] [LOCK] [ACCEPTED]
//
// Exit status: 0 no findings, 1 findings or invalid acceptances, 2 invalid answer. If OSV can't be reached it warns and
// succeeds, unless OSV_REQUIRED=true. OSV_URL sets another server.
import { readFileSync } from 'node:fs';

const BATCH = 500; // the API takes 1000
const TIMEOUT_MS = 30_000;
const server = process.env.OSV_URL ?? 'https://api.osv.dev';
const [
  sbomFile = 'target/livebridge-sbom.json',
  lockFile = 'package-lock.json',
  acceptedFile = '.ci/advisories-accepted',
] = process.argv.slice(2);

class Unreachable extends Error {}

function purlsOfSbom(file) {
  const { components } = JSON.parse(readFileSync(file, 'utf8'));
  const purls = (components ?? []).map((component) => component.purl?.replace(/[?#].*/, ''));
  if (purls.length === 0 || purls.some((purl) => !purl)) {
    throw new Error(`${file} has no components, or some without a purl`);
  }
  return purls.flatMap((purl) => [purl, ...npmNameOf(purl)]);
}

// Web Bundler takes npm packages as Maven artifacts of the group org.mvnpm; advisories use the names of npm.
function npmNameOf(purl) {
  const [, scope, name] = /^pkg:maven\/org\.mvnpm(?:\.at\.([^/]+))?\/(.+)$/.exec(purl) ?? [];
  return name ? [`pkg:npm/${scope ? `%40${scope}/` : ''}${name}`] : [];
}

function purlsOfLock(file) {
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
    .filter(([path]) => path !== '')
    .map(([path, { version }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length).replace(/^@/, '%40');
      return `pkg:npm/${name}@${version}`;
    });
}

// Lines "ID LAST-DAY REASON".
function readAccepted(file) {
  const accepted = new Map();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) {
      continue;
    }
    const [, id, until] = /^(\S+) (\d{4}-\d{2}-\d{2}) \S.*$/.exec(line) ?? [];
    if (!id || Number.isNaN(Date.parse(until))) {
      throw new Error(`${file}: "${line}" is not "ID YYYY-MM-DD REASON"`);
    }
    accepted.set(id, until);
  }
  return accepted;
}

async function ask(queries) {
  let response;
  try {
    response = await fetch(`${server}/v1/querybatch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ queries }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new Unreachable(`${server} can't be reached: ${error.cause?.message ?? error.message}`);
  }
  if (!response.ok) {
    throw new Error(`${server} answered ${response.status}`);
  }
  const answer = await response.json().catch((error) => {
    throw new Error(`${server} answered no JSON: ${error.message}`);
  });
  if (!Array.isArray(answer?.results) || answer.results.length !== queries.length) {
    throw new Error(`${server} answered ${answer?.results?.length} results for ${queries.length} questions`);
  }
  return answer.results;
}

// One entry per advisory and package; requests all pages.
async function findings(purls) {
  const found = [];
  let open = purls.map((purl) => ({ package: { purl } }));
  while (open.length > 0) {
    const batch = open.slice(0, BATCH);
    const more = [];
    for (const [index, result] of (await ask(batch)).entries()) {
      const purl = batch[index].package.purl;
      for (const { id } of result.vulns ?? []) {
        if (typeof id !== 'string') {
          throw new Error(`${server} answered an advisory without an id for ${purl}`);
        }
        found.push({ id, purl });
      }
      if (result.next_page_token) {
        if (batch[index].page_token === result.next_page_token) {
          throw new Error(`${server} answers the same page of ${purl} again`);
        }
        more.push({ package: { purl }, page_token: result.next_page_token });
      }
    }
    open = [...open.slice(BATCH), ...more];
  }
  return found;
}

async function run() {
  const accepted = readAccepted(acceptedFile);
  const purls = [...new Set([...purlsOfSbom(sbomFile), ...purlsOfLock(lockFile)])];
  const found = await findings(purls);
  const today = new Date().toISOString().slice(0, 10);
  const complaints = found
    .filter(({ id }) => !accepted.has(id))
    .map(({ id, purl }) => `${purl} has ${id}: https://osv.dev/vulnerability/${id}`);
  for (const [id, until] of accepted) {
    if (!found.some((finding) => finding.id === id)) {
      complaints.push(`${acceptedFile}: ${id} is not found any more; remove the line`);
    } else if (until < today) {
      complaints.push(`${acceptedFile}: ${id} was accepted until ${until}; update the dependency, or decide again`);
    }
  }
  for (const complaint of complaints) {
    console.error(`[ERROR] advisories: ${complaint}`);
  }
  console.log(`advisories: ${purls.length} packages, ${found.length} findings, ${accepted.size} accepted`);
  return complaints.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  const forgiven = error instanceof Unreachable && process.env.OSV_REQUIRED !== 'true';
  console.error(
    forgiven
      ? `[WARNING] THE DEPENDENCIES ARE NOT CHECKED FOR ADVISORIES: ${error.message}`
      : `[ERROR] advisories: ${error.message}`,
  );
  process.exitCode = forgiven ? 0 : 2;
}
