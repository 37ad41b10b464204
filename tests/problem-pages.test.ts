import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '#src/errors/auth-error.ts';
import { type ProblemName, problemTypes } from '#src/errors/problem-types.ts';
import { readProblemTexts } from '#src/pages/problem-texts.ts';
import { newAddress, useApp } from './support/app.ts';
import { production } from './support/production.ts';
import type { Answer, RequestOptions } from './support/request.ts';

const app = useApp(production);
const problems = Object.entries(problemTypes);

it.each(problems)('explains %s and how to solve it', async (name, problem) => {
  const { status, text } = await app.fetch(`/problems/${name}`);
  expect(status).toBe(200);
  const { cause, cure } = readProblemTexts(app.runtime.config)[name as ProblemName];
  expect(cause.length).toBeGreaterThan(40);
  expect(cure.length).toBeGreaterThan(80);
  for (const told of [problem.title, cause, cure]) {
    expect(textOf(text)).toContain(told.replaceAll('`', ''));
  }
  expect(text).toContain(`<code>${problem.code}</code> <code>HTTP ${problem.status}</code>`);
});

it('takes the numbers in the texts from the settings', () => {
  const { config } = app.runtime;
  const texts = readProblemTexts({
    ...config,
    otpTtl: 240,
    wrongPasswords: { max: 7, seconds: 7200 },
    mailedCodesADay: { max: 1, seconds: 86_400 },
  });
  expect(texts['invalid-otp'].cause).toContain('(after 4 minutes)');
  expect(texts.locked.cause).toContain('(7 in 2 hours)');
  expect(texts['rate-limited'].cause).toContain('and 1 in 1 day)');
  expect(texts['payload-too-large'].cause).toContain('100,000 bytes');
  expect(JSON.stringify(texts)).not.toMatch(/[{}]\w|undefined/);
});

it('lists all problem types, and every code of GraphQL', async () => {
  const { text } = await app.fetch('/problems');
  for (const [name, { title }] of problems) {
    expect(text).toContain(`<a href="/problems/${name}">${title}</a>`);
  }
  for (const code of Object.keys(errorCodes)) expect(text).toContain(code);
});

it('responds 404 for unknown names', async () => {
  for (const path of ['/problems/nothing', '/problems/constructor', '/problems/locked/more']) {
    const { status, headers } = await app.fetch(path);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
  }
});

describe('the samples of', () => {
  const email = newAddress();
  const other = newAddress();
  const json = (body: string): RequestOptions => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const rest = (path: string, body: object) =>
    app.fetch(`/api/v1/auth${path}`, json(JSON.stringify(body)));
  const graphql = (query: string) => app.fetch('/graphql', json(JSON.stringify({ query })));
  const both = (name: ProblemName, options: RequestOptions) =>
    [
      name,
      () => app.fetch('/api/v1/auth/login', options),
      () => app.fetch('/graphql', options),
    ] as const;

  it.each([
    [
      'bad-user-input',
      () => rest('/register', { email, password: 'short' }),
      () =>
        graphql(
          `mutation { register(input: { email: "${email}", password: "short" }) { detail } }`,
        ),
    ],
    ['unauthenticated', () => app.fetch('/api/v1/auth/me'), () => graphql('{ me { id } }')],
    [
      'invalid-credentials',
      () => rest('/login', { email, password: 'amber' }),
      () =>
        graphql(`mutation { login(input: { email: "${email}", password: "amber" }) { detail } }`),
    ],
    [
      'invalid-otp',
      () => rest('/otp/verify', { email, otp: '000000' }),
      () =>
        graphql(
          `mutation { verifyOtp(input: { email: "${email}", otp: "000000" }) { expiresIn } }`,
        ),
    ],
    [
      'invalid-token',
      () => rest('/token/refresh', { refresh: 'a.b.c' }),
      () => graphql('mutation { refreshTokens(input: { refreshToken: "a.b.c" }) { expiresIn } }'),
    ],
    [
      'rate-limited',
      () => lastOfMany(() => rest('/otp/request', { email })),
      () => graphql(`mutation { requestOtp(input: { email: "${email}" }) { detail } }`),
    ],
    [
      'locked',
      () => lastOfMany(() => rest('/login', { email: other, password: 'amber' })),
      () =>
        graphql(`mutation { login(input: { email: "${other}", password: "amber" }) { detail } }`),
    ],
    [
      'method-not-allowed',
      () => app.fetch('/api/v1/auth/login'),
      () => app.fetch('/graphql?query=mutation{logout{detail}}'),
    ],
    both('bad-request', json('{')),
    both('payload-too-large', json('x'.repeat(100_001))),
    both('unsupported-media-type', { method: 'POST', body: 'x' }),
  ] as const)('%s are the responses of the service', async (name, askRest, askGraphql) => {
    const [overRest, overGraphql] = samplesIn(await app.fetch(`/problems/${name}`));
    expect(overRest).toEqual(asSample(await askRest(), overRest));
    expect(overGraphql).toEqual(asSample(await askGraphql(), overGraphql));
  });
});

async function lastOfMany(ask: () => Promise<Answer>): Promise<Answer> {
  for (let count = 0; count < 5; count++) await ask();
  return ask();
}

interface Sample {
  readonly head: string;
  /** Names only: the values differ from answer to answer. */
  readonly headers: readonly string[];
  readonly body: unknown;
}

function samplesIn({ text }: Answer): [Sample, Sample] {
  const samples = [...text.matchAll(/<pre>(.+?)<\/pre>/gs)].map(([, sample = '']): Sample => {
    const [top = '', body = ''] = textOf(sample).split('\n\n');
    const [head = '', ...lines] = top.split('\n');
    return { head, headers: lines.map((line) => line.replace(/:.*/, '')), body: bodyOf(body) };
  });
  expect(samples.length).toBe(2);
  return samples as [Sample, Sample];
}

const asSample = ({ status, headers, text }: Answer, sample: Sample): Sample => ({
  head: `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
  headers: sample.headers.filter((name) => name.toLowerCase() in headers),
  body: bodyOf(text),
});

/** Without places in the document, and with times to wait all alike. */
const bodyOf = (text: string): unknown =>
  JSON.parse(text, (key, value) => {
    if (key === 'locations') return undefined;
    return /^(retry|unlock)/.test(key) ? 'seconds' : value;
  });

const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
