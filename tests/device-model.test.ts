import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { DeviceWorld } from './support/device-world.ts';
import { trusting } from './support/trusted-browser.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const app = useApp({
  ...trusting,
  LIMIT_REGISTER: many,
  ...manyCodes,
  LIMIT_VERIFY_OTP: many,
  LIMIT_RESET_PASSWORD: many,
  LIMIT_WRONG_CODES: many,
  LIMIT_WRONG_PASSWORDS: many,
  LIMIT_WRONG_FACTORS: many,
  LIMIT_FACTORS: many,
  LIMIT_PASSKEY_CHANGES: many,
});

type Step = (world: DeviceWorld) => Promise<unknown>;
const named = (name: string, step: Step) => Object.assign(step, { toString: () => name });
const of = (weight: number, name: string, step: Step) => ({
  weight,
  arbitrary: fc.constant(named(name, step)),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  of(5, 'trusts the browser', (w) => w.trust()),
  of(5, 'signs in', (w) => w.signIn()),
  of(2, 'logs out', (w) => w.logOut()),
  of(2, 'changes the password', (w) => w.changePassword()),
  of(2, 'replaces the app', (w) => w.replaceApp()),
  of(2, 'adds a passkey', (w) => w.addPasskey()),
  of(1, 'removes a passkey', (w) => w.removePasskey()),
  of(2, 'revokes the other sessions', (w) => w.revokeOthers()),
  of(1, 'removes all devices', (w) => w.removeDevices()),
  of(4, 'reader of the mails signs in', (w) => w.readMails()),
  of(3, 'reader of the mails resets the password', (w) => w.resetPassword()),
  of(4, 'copier of the cookie tries', (w) => w.copyCookie()),
);

/** Steps of one group run at once. */
const groups = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: step.map((each) => [each]) },
    { weight: 2, arbitrary: fc.tuple(step, step) },
  ),
  { minLength: 3, maxLength: 8 },
);

it('lets in neither the mailbox nor a copied cookie alone, and nobody by a trust that has ended', {
  timeout: 120_000,
}, async () => {
  let uses = 0;
  const property = fc.asyncProperty(groups, async (script) => {
    const world = await DeviceWorld.create(app);
    await world.trust();
    for (const group of script) await Promise.all(group.map((each) => each(world)));
    expect(world.violations).toEqual([]);
    expect(await world.signIn()).toBe(true);
    uses += world.uses;
  });
  await fc.assert(property, { numRuns: 12, endOnFailure: true });
  // Otherwise the trust would have been ended by chance in every script.
  expect(uses).toBeGreaterThan(0);
});
