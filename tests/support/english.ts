import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A place whose wording the project's vocabulary rejects. */
interface Offence {
  readonly file: string;
  readonly line: number;
  readonly word: string;
  readonly text: string;
}

/** Words with a standard replacement. Matched in prose and inside camelCase and kebab-case names. */
const bannedWords = new Set([
  ...[
    'stranger',
    'strangers',
    'budget',
    'budgets',
    'reception',
    'receptions',
    'arrival',
    'arrivals',
  ],
  ...['patiently', 'guarded', 'signer', 'signers', 'poison', 'chapter', 'chapters'],
  ...['twin', 'twins', 'deed', 'deeds', 'lane', 'lanes', 'door', 'doors'],
]);

/** Phrases and names, with their exact case. */
const bannedPhrases = [
  /\bgiveBack\b|\bgiven? back\b|\bgives back\b/,
  /\bStanding\b/,
  /\bTurns\b(?! [a-z])/,
  /\bHouse\b/,
  /\bpasswordMark/i,
  /\bkey-?ring|\bkey ring|keyRing|KeyRing/,
  /\bown-sessions\b/,
  /\bprov(?:e|es|ed|ing) (?:a|the|its|their|your|his) (?:mailbox|address|account)/,
  /(?<!delete-)\bunproven\b|\bproven\b|Proven/,
  // Unix time, and PostgreSQL's function for it, keep their name.
  /(?<!Unix |extract\()\bepoch\b(?! in ms| ms| millisecond)|Epoch\b(?!Seconds|Ms)/,
  /\b(?:here|away|look)\(|(?<!\.)\.(?:here|away|look)\b(?! )/,
];

/** Words that stored data, former settings and other programs keep, by file. */
const kept: Readonly<Record<string, RegExp>> = {
  // The form of challenges in Redis, which earlier releases read.
  'src/adapters/redis-challenges.ts': /^(passwordMark|epoch)$/,
  'tests/password-hashes.test.ts': /^passwordMark$/,
  'src/config/limits.ts': /^STRANGERS$/,
  // A kind of Kubernetes.
  'tests/support/kubernetes.ts': /^Budget$/,
};

const WORDS = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g;
const OPENING = /^(Of|Where|Who|What|Those|The same)\b/;
const DOC_COMMENT = /\/\*\*\s*(?:\*\s*)?([^\n]*)/g;
const DESCRIPTION = /"""\s*([^\n]*)|\b(?:description|about|summary): ?\n?\s*['"`]([^\n]*)/g;

/** Finds banned words, and comments and descriptions that do not begin with a verb or a noun. */
export function offencesIn(root: string, file: string): Offence[] {
  const content = readFileSync(join(root, file), 'utf8');
  const offences = [...wordsIn(file, content), ...openingsIn(file, content)];
  return offences.filter(({ word }) => !kept[file]?.test(word));
}

function wordsIn(file: string, content: string): Offence[] {
  const lines = [file, ...content.split('\n')];
  return lines.flatMap((text, line) => {
    const words = (text.match(WORDS) ?? []).filter((word) => bannedWords.has(word.toLowerCase()));
    const phrases = bannedPhrases.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
    return [...new Set([...words, ...phrases])].map((word) => ({ file, line, word, text }));
  });
}

function openingsIn(file: string, content: string): Offence[] {
  if (!/\.(tsx?|js|mjs|graphql)$/.test(file)) return [];
  return [DOC_COMMENT, DESCRIPTION].flatMap((pattern) =>
    [...content.matchAll(pattern)].flatMap(({ 1: comment, 2: description, index }) => {
      const text = comment ?? description ?? '';
      const word = OPENING.exec(text)?.[0];
      const line = content.slice(0, index).split('\n').length;
      return word === undefined ? [] : [{ file, line, word: `begins with "${word}"`, text }];
    }),
  );
}
