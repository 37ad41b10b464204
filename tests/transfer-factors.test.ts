import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { FactorOwner } from './support/factor-owner.ts';
import { PasskeyFactorOwner } from './support/passkey-factor-owner.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const app = useApp({
  ...manyCodes,
  LIMIT_WRONG_CODES: many,
});
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-transfer-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface ExportedUser {
  readonly email: string;
  readonly factors?: {
    readonly totp: { readonly secret?: string; readonly sealed_secret?: string } | null;
    readonly recovery_codes: readonly string[];
    readonly passkeys: readonly object[];
  };
}

async function exported(email: string, options = ''): Promise<ExportedUser> {
  const { output } = await command(app, 'export', `users ${options}`);
  const users = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ExportedUser);
  const user = users.find((each) => each.email === email);
  if (!user) throw new Error(`${email} is not exported`);
  return user;
}

let files = 0;

/** Imports users, in place of the accounts that have their addresses. @returns the output */
async function replace(users: readonly object[], variables: Record<string, string> = {}) {
  for (const { email } of users as ExportedUser[]) {
    await app.sql('delete from accounts where email = ?', [email]);
  }
  files += 1;
  const file = join(directory, `${files}.jsonl`);
  writeFileSync(file, users.map((user) => `${JSON.stringify(user)}\n`).join(''));
  const { code, output } = await command(app, 'import', `jsonl --from ${file} --source s${files}`, {
    variables,
  });
  expect([code, output]).toEqual([0, expect.stringContaining(`Created ${users.length} accounts`)]);
  return output;
}

it('moves an app, passkeys and unused recovery codes, and no account loses its factor', async () => {
  const ada = await PasskeyFactorOwner.create(app);
  await ada.enroll();
  expect((await ada.addPasskey()).code).toBeUndefined();
  app.clock.advance({ seconds: 30 });
  const spent = ada.totp();
  expect((await ada.ask('stepUp', { totp: spent })).code).toBeUndefined();
  const [used, unused] = ada.recoveryCodes;
  expect((await ada.ask('stepUp', { recoveryCode: used })).code).toBeUndefined();

  const before = await exported(ada.email);
  expect(JSON.stringify(before)).not.toContain(ada.secret);
  expect(before.factors?.recovery_codes).toHaveLength(9);
  const output = await replace([before]);
  expect(output).toContain('  1 with second factors\n');
  expect(output).not.toContain('without');
  const after = await exported(ada.email);
  const sealed = /"sealed_secret":"[^"]+"/;
  expect(JSON.stringify(after)).not.toBe(JSON.stringify(before));
  expect(JSON.stringify(after).replace(sealed, '')).toBe(
    JSON.stringify(before).replace(sealed, ''),
  );

  const { code, members, challengeId } = await ada.redeem();
  expect([code, members.factors]).toEqual(['MFA_REQUIRED', ['PASSKEY', 'TOTP', 'RECOVERY_CODE']]);
  for (const wrong of [{ totp: spent }, { recoveryCode: used }]) {
    expect((await ada.prove(challengeId, wrong)).code).toBe('INVALID_OTP');
  }
  expect((await ada.prove(challengeId, { recoveryCode: unused })).code).toBeUndefined();
  app.clock.advance({ seconds: 30 });
  expect((await ada.enter()).code).toBeUndefined();
  expect((await ada.signInByPasskey()).code).toBeUndefined();
  expect((await ada.enterByPasskey()).code).toBeUndefined();
});

it('needs the former SECRET_KEY for an app, or an export of its secret', async () => {
  const ada = await FactorOwner.enrolled(app);
  const own = app.runtime.config.secretKey;
  const sealed = await exported(ada.email);
  // The other installation has another secret: the app is lost, but not the second step.
  const other = { SECRET_KEY: 'the secret of another installation' };
  const output = await replace([sealed], other);
  expect(output).toContain(`  1 without their authenticator app: set SECRET_KEY_PREVIOUS`);
  expect(output).toContain(`    line 1: ${ada.email}\n`);
  expect((await ada.redeem()).members.factors).toEqual(['RECOVERY_CODE']);
  expect((await ada.enter()).code).toBe('INVALID_OTP');
  const [recoveryCode] = ada.recoveryCodes;
  const { challengeId } = await ada.redeem();
  expect((await ada.prove(challengeId, { recoveryCode })).code).toBeUndefined();

  // Without anything that works, the operator is told; a mailed code alone is still not enough.
  const alone = { ...sealed, factors: { ...sealed.factors, recovery_codes: [] } };
  expect(await replace([alone], other)).toContain(
    '  1 without any factor that works: they cannot sign in until you reset their factors\n',
  );
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');

  const both = { SECRET_KEY: 'the next secret', SECRET_KEY_PREVIOUS: own };
  expect(await replace([sealed], both)).not.toContain('without');
  const back = { SECRET_KEY: own, SECRET_KEY_PREVIOUS: 'the next secret' };
  await command(app, 'keys', 'reseal', { variables: back });
  app.clock.advance({ seconds: 30 });
  expect((await ada.enter()).code).toBeUndefined();
});

it('writes the secrets of apps only when asked, and reads them', async () => {
  const ada = await FactorOwner.enrolled(app);
  const open = await exported(ada.email, '--totp-secrets');
  expect(open.factors?.totp).toMatchObject({ secret: ada.secret });
  expect(open.factors?.totp).not.toHaveProperty('sealed_secret');
  await replace([open]);
  const rows = JSON.stringify(await app.sql('select * from totp_factors'));
  expect(rows).not.toContain(ada.secret);
  app.clock.advance({ seconds: 30 });
  expect((await ada.enter()).code).toBeUndefined();
});

it('gives a passkey to one user only, and names the others', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const bob = await PasskeyFactorOwner.create(app);
  const [first, other] = [await exported(ada.email), await exported(bob.email)];
  const copy = { ...other, factors: first.factors };
  const warning =
    '  1 without a passkey that another user has: reset the factors of those who cannot sign in otherwise\n';
  // In one file, and with an account that is here already.
  expect(await replace([first, copy])).toContain(`${warning}    line 2: ${bob.email}\n`);
  expect((await ada.signInByPasskey()).code).toBeUndefined();
  expect((await ada.me(ada.token)).data?.me.email).toBe(ada.email);
  expect(await replace([copy])).toContain(`${warning}    line 1: ${bob.email}\n`);
  expect((await ada.signInByPasskey()).code).toBeUndefined();
  const { members } = await bob.redeem();
  expect([members.code, members.factors]).toEqual(['MFA_REQUIRED', ['RECOVERY_CODE']]);
});

it('reads the app of another system', async () => {
  const ada = new FactorOwner(app);
  ada.secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  await replace([{ email: ada.email, factors: { totp: { secret: ada.secret } } }]);
  expect((await ada.redeem()).members.factors).toEqual(['TOTP']);
  expect((await ada.enter()).code).toBeUndefined();
});

// Microsoft SQL Server writes UUIDs in upper case; PostgreSQL in lower case.
it('reads the app of a user whose id is a UUID in upper case', async () => {
  const ada = new FactorOwner(app);
  ada.secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const id = randomUUID().toUpperCase();
  await replace([{ id, email: ada.email, factors: { totp: { secret: ada.secret } } }]);
  expect((await ada.enter()).code).toBeUndefined();
});

it.each([
  [{}, 'Contains neither totp nor passkeys.'],
  [{ totp: {} }, 'Needs either secret or sealed_secret.'],
  [{ totp: { secret: 'short' } }, 'Not base32'],
  [{ totp: { secret: 'A'.repeat(32) }, recovery_codes: ['plain'] }, 'recovery_codes'],
  [{ totp: { secret: 'A'.repeat(32) }, codes: [] }, 'unknown field codes'],
])('skips a user whose factors it cannot read: %j', async (factors, problem) => {
  files += 1;
  const file = join(directory, `${files}.jsonl`);
  writeFileSync(file, `${JSON.stringify({ email: `odd-${files}@example.com`, factors })}\n`);
  const { output } = await command(app, 'import', `jsonl --from ${file}`);
  expect(output).toContain('Created 0 accounts');
  expect(output).toContain('1 skipped: invalid');
  expect(output).toContain(problem);
});
