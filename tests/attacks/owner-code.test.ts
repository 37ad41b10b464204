import { expect, it } from 'vitest';
import { askOver, transports } from '../equivalence/either-transport.ts';
import { newClient, useApp } from '../support/app.ts';
import { Person, wrongCode } from '../support/flow.ts';

const app = useApp();

const operations = [
  { ask: 'requestOtp', redeem: 'verifyOtp', more: {} },
  { ask: 'forgotPassword', redeem: 'resetPassword', more: { password: 'amber-compass-91' } },
] as const;

/** Waits for the code requested from this IP address, which its mail names. */
const codeOf = (owner: Person, from: string) =>
  app.eventually(() => {
    const mail = owner.mails().findLast((raw) => raw.includes(`IP address: ${from}`));
    return /^ {4}(\d{6})\r?$/m.exec(mail ?? '')?.[1];
  });

// Before: one request of an unknown client killed the owner's code, and 5 right codes locked it out.
it.each(
  transports.flatMap((transport) => operations.map((operation) => ({ transport, ...operation }))),
)(
  'accepts the code of the owner after an unknown client has requested codes: $redeem, $transport',
  async ({ transport, ask, redeem, more }) => {
    const ada = new Person(app);
    await ada.signIn();
    const { email, from } = ada;
    const asked = app.mails.received.length;
    await askOver(transport, app, ask, { email }, { from });
    await app.eventually(() => app.mails.received.length > asked);
    const otp = await codeOf(ada, from);
    for (const other of transports) {
      const attacker = newClient();
      await askOver(other, app, ask, { email }, { from: attacker });
      const guess = { email, otp: wrongCode(otp), ...more };
      for (const _ of Array(5)) await askOver(other, app, redeem, guess, { from: attacker });
    }

    const entered = await askOver(transport, app, redeem, { email, otp, ...more }, { from });
    expect(entered.code).toBeUndefined();
  },
);
