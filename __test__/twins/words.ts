// What happened, in words that both languages share. The Python side is python/words.py.

/** The error that scenarios raise on purpose. */
export class Boom extends Error {}

export type Words = (error: unknown) => string;

/** A value; Python has one word for undefined and null. */
export function shown(value: unknown): string {
  return String(value ?? null);
}

/** An error in a word. */
export function word(error: unknown): string {
  if (error === null || error === undefined) return 'no error';
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return /^E[A-Z]+$/.test(code) ? code : error.constructor.name;
}

/** The same with its text, as far as that names no object: objects are printed as each language does. */
export function said(error: unknown): string {
  const whole = error instanceof Error ? error.message : '';
  const text = whole.replace(/[:,]? got .*|:? <.*/s, '').replaceAll('None', 'null');
  return text === '' ? word(error) : `${word(error)}: ${text}`;
}

/** An error in words that do not depend on the language, with those inside it. */
export function told(error: unknown): string {
  if (error instanceof AggregateError) return `AggregateError [${error.errors.map(told).join(', ')}]`;
  const ours = error instanceof Boom || word(error) === 'CancelledError';
  return ours ? said(error) : word(error);
}

/** What a call gives, or its error. */
export function tried(call: () => unknown, words: Words = word): string {
  try {
    return shown(call());
  } catch (error) {
    return `raised ${words(error)}`;
  }
}
