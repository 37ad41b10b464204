import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { mailboxOf } from '#src/ports/mailbox-of.ts';
import { askOver, transports } from '../equivalence/either-transport.ts';
import { newClient, useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';

const app = useApp();

/** Asks for a code at each address, each time from another client. @returns how many got one */
async function bomb(addresses: readonly string[]): Promise<number> {
  const answers = await Promise.all(
    addresses.map((email, turn) => {
      const [operation, input] =
        turn % 2 ? ['requestOtp' as const, { email }] : ['forgotPassword' as const, { email }];
      return askOver(transports[turn % 3 ? 0 : 1], app, operation, input, { from: newClient() });
    }),
  );
  const codes = new Set(answers.map(({ code }) => code));
  expect([...codes].every((code) => code === undefined || code === 'RATE_LIMITED')).toBe(true);
  return answers.filter(({ code }) => code === undefined).length;
}

// Before: 150 mails in 1.3 s from 30 clients.
it('mails 15 of 60 codes that unknown clients ask for at sub-addresses of one mailbox', async () => {
  const box = `box-${randomInt(1e9)}`;
  const addresses = Array.from({ length: 60 }, (_, n) => `${box}+${n}@example.com`);
  expect(await bomb(addresses)).toBe(15);
});

it('counts Gmail addresses with dots, and both Gmail domains, as one mailbox', async () => {
  const name = `${randomInt(1e9)}`.padStart(9, '7');
  const addresses = Array.from({ length: 40 }, (_, n) => {
    const dotted = name
      .split('')
      .map((letter, at) => (at > 0 && (n >> (at - 1)) & 1 ? `.${letter}` : letter));
    return `${dotted.join('')}@${n % 2 ? 'gmail.com' : 'googlemail.com'}`;
  });
  expect(await bomb(addresses)).toBe(15);
});

// Before: each refused login of somebody who registered the address consumed the mailbox.
it('consumes nothing from the mailbox limit for correct logins past the limit of mailed codes, and records one', async () => {
  const name = `box-${randomInt(1e9)}`;
  const ada = new Person(app, `${name}@example.com`);
  await ada.register();
  for (const _ of Array(4)) expect((await ada.login()).code).toBeUndefined();
  for (const _ of Array(12)) expect((await ada.login()).code).toBe('RATE_LIMITED');
  expect(await bomb(Array.from({ length: 20 }, (_, n) => `${name}+${n}@example.com`))).toBe(10);
  const refused = await app.eventually(async () => {
    const events = await ada.events();
    return (
      events.some(({ event }) => event === 'RATE_LIMITED') &&
      events.filter(({ metadata }) => metadata.mailed === false)
    );
  });
  expect(refused).toHaveLength(1);
});

it('does not count mails to known clients or to other mailboxes', async () => {
  const name = `owner-${randomInt(1e9)}`;
  const ada = new Person(app, `${name}@example.com`);
  await ada.signIn();
  await bomb(Array.from({ length: 40 }, (_, n) => `${name}+${n}@example.com`));
  expect((await new Person(app, ada.email).requestOtp()).code).toBe('RATE_LIMITED');
  expect((await ada.requestOtp()).code).toBeUndefined();
  expect((await new Person(app, `${name}@example.org`).requestOtp()).code).toBeUndefined();
});

it('refunds the limit of the mailbox if the address has no code left', async () => {
  const name = `person-${randomInt(1e9)}`;
  expect(await bomb(Array(40).fill(`${name}@example.com`))).toBe(10);
  expect(await bomb(Array.from({ length: 20 }, (_, n) => `${name}+${n}@example.com`))).toBe(5);
});

it.each([
  ['box+shop@example.com', 'box@example.com'],
  ['box+a+b@example.com', 'box@example.com'],
  ['+box@example.com', '+box@example.com'],
  ['b.o.x@example.com', 'b.o.x@example.com'],
  ['b.o.x+a.b@googlemail.com', 'box@gmail.com'],
])('maps the address %s to the mailbox %s', (address, mailbox) => {
  expect(mailboxOf(address)).toBe(mailbox);
});
