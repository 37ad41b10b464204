import { describe, expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import type { Answer } from './support/request.ts';
import { rest } from './support/rest.ts';

type Numbers = Record<string, Record<string, number>>;

/** A List of RFC 9651 whose Items are Strings with Integers as parameters, as the draft has it. */
function readList(field: string | string[] | undefined): Numbers {
  expect(field).toMatch(/^"[a-zA-Z]+"(;[a-z]=\d+)+(, "[a-zA-Z]+"(;[a-z]=\d+)+)*$/);
  const items = String(field)
    .split(', ')
    .map((item) => {
      const [name = '', ...parameters] = item.split(';');
      const numbers = parameters.map((each) => each.split('=')).map(([key, n]) => [key, Number(n)]);
      return [name.slice(1, -1), Object.fromEntries(numbers)];
    });
  return Object.fromEntries(items);
}

const policyOf = ({ headers }: Answer) => readList(headers['ratelimit-policy']);
const limitOf = ({ headers }: Answer) => readList(headers.ratelimit);

describe('by default', () => {
  const app = useApp();

  it('shows the remaining requests of a client, over both transports together', async () => {
    const from = newClient();
    const answers = [
      await rest(app, 'GET', '/auth/me', undefined, { from }),
      await app.graphql('{ __typename }', {}, { from }),
      await rest(app, 'GET', '/auth/nothing', undefined, { from }),
      await app.graphql('{', {}, { from }),
    ];
    for (const answer of answers)
      expect(policyOf(answer)).toEqual({ requests: { q: 1200, w: 60 } });
    expect(answers.map((answer) => limitOf(answer).requests?.r)).toEqual([1199, 1198, 1197, 1196]);
    for (const answer of answers) {
      expect(limitOf(answer).requests?.t).toBeGreaterThan(50);
      expect(limitOf(answer).requests?.t).toBeLessThanOrEqual(60);
    }
  });

  it('shows the remaining attempts of each limited operation, over both transports together', async () => {
    const ada = new Person(app);
    const { from, email } = ada;
    const body = { email, password: 'not-the-one' };
    const answers = [await ada.login(), await rest(app, 'POST', '/auth/login', body, { from })];
    for (const answer of answers) {
      expect(policyOf(answer)).toEqual({
        requests: { q: 1200, w: 60 },
        logins: { q: 100, w: 600 },
      });
    }
    expect(answers.map((answer) => limitOf(answer).logins?.r)).toEqual([99, 98]);
    const codes = [await ada.requestOtp(), await ada.forgotPassword()];
    expect(codes.map((answer) => limitOf(answer).codeRequests?.r)).toEqual([9, 8]);
  });

  it('shows no limit that was not consumed', async () => {
    const nobody = new Person(app, 'no address');
    expect(policyOf(await nobody.login())).not.toHaveProperty('logins');
    const change = { currentPassword: 'wool-lantern-73', newPassword: 'amber-compass-91' };
    expect(policyOf(await nobody.changePassword('', change))).not.toHaveProperty('passwordChanges');
  });

  it('shows no limits on probes and cacheable responses', async () => {
    for (const path of ['/healthz', '/readyz', '/.well-known/jwks.json', '/openapi.json']) {
      const { headers } = await app.fetch(path);
      expect([headers.ratelimit, headers['ratelimit-policy']]).toEqual([undefined, undefined]);
    }
  });

  it('shows the same for an address with an account, without one, and for a locked one', async () => {
    const known = new Person(app);
    await known.register();
    const shown: unknown[] = [];
    for (const email of [known.email, new Person(app).email]) {
      const somebody = new Person(app, email);
      const answers = [];
      for (let i = 0; i < 7; i += 1) answers.push(await somebody.login('not-the-one'));
      for (let i = 0; i < 7; i += 1) answers.push(await somebody.requestOtp());
      for (let i = 0; i < 7; i += 1) answers.push(await somebody.verifyOtp('000000'));
      expect(new Set(answers.map(({ code }) => code))).toContain('LOCKED');
      expect(new Set(answers.map(({ code }) => code))).toContain('RATE_LIMITED');
      shown.push(
        answers.map((answer) => [
          policyOf(answer),
          Object.entries(limitOf(answer)).map(([name, { r }]) => [name, r]),
        ]),
      );
    }
    expect(shown[0]).toEqual(shown[1]);
    expect(JSON.stringify(shown)).not.toMatch(/mailed|wrong|guess|unknown|address/i);
  });
});

describe('at the end of a limit', () => {
  const app = useApp({ LIMIT_REQUESTS: '6/60', LIMIT_LOGIN: '2/90' });

  it('resets after the time in Retry-After', async () => {
    const ada = new Person(app);
    for (let i = 0; i < 2; i += 1) await ada.login();
    const answer = await ada.login();
    expect(answer.code).toBe('RATE_LIMITED');
    const { logins } = limitOf(answer);
    expect(logins).toEqual({ r: 0, t: Number(answer.headers['retry-after']) });
    expect(logins?.t).toBeGreaterThan(60);

    for (let i = 0; i < 3; i += 1) await ada.login();
    const body = { email: ada.email, password: 'not-the-one' };
    const { from } = ada;
    for (const refused of [
      await ada.login(),
      await rest(app, 'POST', '/auth/login', body, { from }),
    ]) {
      expect([refused.status, limitOf(refused)]).toEqual([
        429,
        { requests: { r: 0, t: Number(refused.headers['retry-after']) } },
      ]);
    }
  });
});
