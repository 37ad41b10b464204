import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newAddress, newClient, useApp } from '#tests/support/app.ts';
import { Person } from '#tests/support/flow.ts';
import { type AskedOperation, askOver, transports } from './either-transport.ts';

const app = useApp();
const wrong = { otp: '000000', password: 'amber-compass-91' };
const NO_CHALLENGE = Array(10).fill('0000').join('-');

const transport = fc.constantFrom(...transports);
const redemption = fc.oneof(
  { weight: 8, arbitrary: fc.constant<AskedOperation>('verifyOtp') },
  { weight: 1, arbitrary: fc.constant<AskedOperation>('resetPassword') },
);
/** Concurrent attempts of up to six clients, over both transports, to sign in and to reset. */
const attempts = fc.array(fc.record({ client: fc.nat({ max: 5 }), transport, redemption }), {
  minLength: 12,
  maxLength: 30,
});

const inputOf = (operation: AskedOperation, email: string) =>
  operation === 'resetPassword' ? { email, ...wrong } : { email, otp: wrong.otp };

/** How many of six more codes, each for a challenge that there is not, are compared. */
async function compareWithId(email: string, from: string): Promise<number> {
  const input = { ...inputOf('verifyOtp', email), challengeId: NO_CHALLENGE };
  const asked = [0, 1, 2, 3, 4, 5].map((turn) =>
    askOver(transports[turn % 2] ?? 'REST', app, 'verifyOtp', input, { from }),
  );
  const codes = (await Promise.all(asked)).map(({ code }) => code);
  expect(count(codes, 'INVALID_OTP') + count(codes, 'LOCKED')).toBe(6);
  return count(codes, 'INVALID_OTP');
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
const count = <T>(items: readonly T[], item: T) => items.filter((each) => each === item).length;

it('counts concurrent attempts exactly, over both transports', {
  timeout: 60_000,
}, async () => {
  const property = fc.asyncProperty(attempts, async (given) => {
    const email = newAddress();
    const clients = Array.from({ length: 6 }, newClient);
    const codes = await Promise.all(
      given.map(async ({ client, transport, redemption }) => {
        const input = inputOf(redemption, email);
        return (await askOver(transport, app, redemption, input, { from: clients[client] ?? '' }))
          .code;
      }),
    );
    // The machine is too busy: what was counted of those nobody can tell.
    fc.pre(!codes.includes('UNAVAILABLE'));
    const of = (client: number) => codes.filter((_, index) => given[index]?.client === client);
    const compared = clients.map((_, client) => count(of(client), 'INVALID_OTP'));
    const own = clients.map((_, client) => Math.min(5, of(client).length));

    expect(Math.max(...compared)).toBeLessThanOrEqual(5);
    expect(sum(compared)).toBe(Math.min(20, sum(own)));
    expect(count(codes, 'LOCKED')).toBe(codes.length - sum(compared));
    // A client that was refused because of the others has kept its own attempts.
    const left = await Promise.all(clients.map((from) => compareWithId(email, from)));
    expect(left).toEqual(compared.map((taken) => 5 - taken));
  });
  await fc.assert(property, { numRuns: 6, endOnFailure: true });
});

it('rejects the right code after five wrong ones, and refunds earlier wrong ones', async () => {
  const ada = new Person(app);
  const { from, email } = ada;
  const { challengeId } = (await ada.requestOtp()).data?.requestOtp ?? {};
  const right = { email, otp: await ada.code(), challengeId };
  expect(await compareWithId(email, from)).toBe(5);
  for (const each of transports) {
    expect((await askOver(each, app, 'verifyOtp', right, { from })).code).toBe('LOCKED');
  }

  const elsewhere = newClient();
  const four = [0, 1, 2, 3].map((turn) => {
    const input = { ...right, otp: '000000', challengeId: NO_CHALLENGE };
    return askOver(transports[turn % 2] ?? 'REST', app, 'verifyOtp', input, { from: elsewhere });
  });
  for (const { code } of await Promise.all(four)) expect(code).toBe('INVALID_OTP');
  const entered = await askOver('REST', app, 'verifyOtp', right, { from: elsewhere });
  expect(entered.code).toBeUndefined();
  expect(await compareWithId(email, elsewhere)).toBe(5);
});

it.each([
  ['passwords of a client', 'login', { password: 'not-the-one' }, 'INVALID_CREDENTIALS', 5],
  ['mailed sign-in codes', 'requestOtp', {}, undefined, 5],
  ['mailed reset codes', 'forgotPassword', {}, undefined, 5],
] as const)(
  'accepts exactly the allowed number of concurrent %s',
  async (_what, operation, input, code, max) => {
    const [email, from] = [newAddress(), newClient()];
    const asked = Array.from({ length: 9 }, (_, turn) =>
      askOver(transports[turn % 2] ?? 'REST', app, operation, { email, ...input }, { from }),
    );
    const codes = (await Promise.all(asked)).map((outcome) => outcome.code);
    expect(count(codes, code)).toBe(max);
    expect(count(codes, 'LOCKED') + count(codes, 'RATE_LIMITED')).toBe(9 - max);
  },
);
