// Writes docs/conformance.md: each behaviour of asyncio's event loop, and the tests that cite its number in
// their titles, `(B57)` or `(B100–B106)`. `--check` only compares.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeIfChanged } from './files.mjs';

const TARGET = 'docs/conformance.md';
/** A title in a source file: a string on one line with numbers in parentheses. */
const TITLE = /(["'`])((?:\\.|(?!\1)[^\\\n])*?\(B\d+[^()\n]*\)(?:\\.|(?!\1)[^\\\n])*)\1/g;
/** A comment with numbers above a Rust test. */
const RUST = /\/\/\/? [^\n]*(\(B\d+[^()\n]*\))[^\n]*\n\s*(?:#\[[^\]]*\]\s*)+fn (\w+)/g;
const CITED = /\((B\d+(?:\s*[–,-]\s*B?\d+)*)\)/g;

/** Every file below `folder` with that ending, in order. */
function filesOf(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .filter((path) => path.endsWith(ending))
    .sort();
}

/** The numbers in a title: single ones, lists, and ranges. */
function numbersIn(title) {
  return [...title.matchAll(CITED)].flatMap(([, list]) =>
    list.split(',').flatMap((part) => {
      const [first, last = first] = part.split(/[–-]/).map((number) => Number(number.replace(/\D/g, '')));
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  );
}

/** A title as a reader of the table needs it: without its numbers and the parts that vary. */
function shown(title) {
  return title
    .replace(/\\(.)/g, '$1')
    .replace(/\s*\[\$\{[^}]*\}\]/g, '')
    .replace(/\$\{[^}]*\}/g, '…')
    .replace(CITED, '')
    .replace(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}

/** Number → tests that cite it, as `{ path, title }`. */
function citations() {
  const found = new Map();
  const note = (path, text, title) => {
    for (const number of new Set(numbersIn(text))) {
      if (!found.has(number)) found.set(number, []);
      found.get(number).push({ path, title });
    }
  };
  for (const path of filesOf('__test__', '.ts')) {
    for (const match of readFileSync(path, 'utf8').matchAll(TITLE)) note(path, match[2], shown(match[2]));
  }
  for (const path of filesOf('crates', '.rs')) {
    for (const [, cited, name] of readFileSync(path, 'utf8').matchAll(RUST)) {
      note(path, cited, name.replaceAll('_', ' '));
    }
  }
  return found;
}

function cell(behaviour, tests) {
  if (tests !== undefined) {
    return [...groupByPath(tests)]
      .map(([path, cited]) => {
        const name = path.replace(/^__test__\/|^.*\/src\//, '');
        return `[${name}](../${path}): ${[...new Set(cited.map(({ title }) => title))].join(' · ')}`;
      })
      .join('<br>');
  }
  return behaviour.notApplicable === undefined ? 'not yet' : `does not apply: ${behaviour.notApplicable}`;
}

function groupByPath(tests) {
  const groups = new Map();
  for (const test of tests) groups.set(test.path, [...(groups.get(test.path) ?? []), test]);
  return groups;
}

function documentOf(sections, tests) {
  const all = sections.flatMap(({ behaviours }) => behaviours);
  const tested = all.filter(({ number }) => tests.has(number)).length;
  const foreign = all.filter((b) => b.notApplicable !== undefined && !tests.has(b.number)).length;
  const lines = [
    '<!-- Generated from scripts/behaviours.json and the titles of the tests by `node scripts/conformance.mjs`. Do not edit. -->',
    '',
    '# Conformance',
    '',
    "What CPython's own test suite (3.13) checks of the event loop and of what stands on it, as numbered behaviours,",
    'and the tests of mioloop that cite each number. *Not yet* means that no test cites it: the part does not exist',
    'yet ([what is missing](architecture.md#what-is-missing-or-different)), or it does and its own tests are to come.',
    '',
    `${all.length} behaviours: ${tested} tested, ${foreign} do not apply, ${all.length - tested - foreign} not yet.`,
    '',
    'Besides these, `__test__/twins/` holds scenarios that exist twice, for CPython and for mioloop: the traces of',
    'both name the same events in the same turns ([how](../__test__/twins/README.md)). Those that cite a number are below;',
    '[architecture.md](architecture.md#lags-in-turns) has a table of all the lags.',
  ];
  for (const { title, behaviours } of sections) {
    lines.push('', `## ${title}`, '', '| | behaviour | tests |', '| --- | --- | --- |');
    for (const behaviour of behaviours) {
      const { number, text } = behaviour;
      lines.push(`| B${number} | ${text} | ${cell(behaviour, tests.get(number))} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const sections = JSON.parse(readFileSync('scripts/behaviours.json', 'utf8'));
const tests = citations();
const known = new Set(sections.flatMap(({ behaviours }) => behaviours.map(({ number }) => number)));
const unknown = [...tests].filter(([number]) => !known.has(number));
for (const [number, [{ path, title }]] of unknown) {
  console.error(`${path} cites B${number}, which scripts/behaviours.json does not have: ${title}`);
}
if (unknown.length > 0) process.exit(1);

const text = documentOf(sections, tests);
if (!process.argv.includes('--check')) writeIfChanged(TARGET, text);
else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) {
  console.error(`${TARGET} is not fresh: run \`node scripts/conformance.mjs\` and commit it.`);
  process.exit(1);
}
