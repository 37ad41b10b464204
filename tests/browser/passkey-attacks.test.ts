import { expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { Authenticator } from '../support/authenticator.ts';
import { Person } from '../support/flow.ts';
import { PasskeyOwner } from '../support/passkeys.ts';
import { useBrowser } from './browser.ts';
import { expectView, storedTokens, submit } from './demo-page.ts';
import { addFirstPasskey, type Demo, expectAccount, logOut, openDemo } from './passkey-demo.ts';
import { deviceCredential } from './virtual-authenticator.ts';

const app = useApp();
/** Its pages are elsewhere. */
const OWN_ORIGIN = 'https://gatehouse.localhost';
const elsewhere = useApp({
  WEBAUTHN_RP_ID: 'gatehouse.localhost',
  WEBAUTHN_ORIGINS: OWN_ORIGIN,
});
const visitor = useBrowser(app);

/** Waits until the page has refused a passkey. Returns the reasons in the audit log, each once. */
async function refusals({ app: service, page }: Demo, email: string): Promise<unknown[]> {
  await page.getByText('The passkey was not accepted.').waitFor();
  expect(await storedTokens(page)).toBeNull();
  await service.auditWritten();
  const events = await new Person(service, email).events();
  const refused = events.filter(({ event }) => event === 'PASSKEY_FAILED');
  // The page offers autofill again after the button, and the authenticator answers that, too.
  return [...new Set(refused.map(({ metadata }) => metadata.reason))];
}

async function onlyPasskey({ authenticator }: Demo) {
  const [only] = await authenticator.credentials();
  if (!only) throw new Error('the authenticator has no passkey');
  return only;
}

it('refuses a copy of a passkey, whose counter goes back', async () => {
  const demo = await openDemo(app, visitor);
  const { page, authenticator } = demo;
  const { email } = await addFirstPasskey(demo);
  const own = await onlyPasskey(demo);
  await authenticator.store({ ...own, signCount: 1000 });
  await logOut(demo, true);
  await expectAccount(page, email);

  await authenticator.store({ ...own, signCount: 500 });
  await logOut(demo, true);
  expect(await refusals(demo, email)).toEqual(['COUNTER']);
});

it('refuses a response that someone sends again', async () => {
  const demo = await openDemo(app, visitor);
  const { page, authenticator } = demo;
  const { email } = await addFirstPasskey(demo);
  const sent = page.waitForRequest((request) =>
    (request.postData() ?? '').includes('mutation SignInWithPasskey'),
  );
  await logOut(demo, true);
  await expectAccount(page, email);
  const stolen = (await sent).postData() ?? '';

  await logOut(demo, false);
  await expectView(page, 'Sign in');
  await page.route('**/graphql', async (route) => {
    const isSignIn = route.request().postData()?.includes('mutation SignInWithPasskey');
    await route.continue(isSignIn ? { postData: stolen } : {});
  });
  await authenticator.setPresence(true);
  await submit(page, {}, 'Sign in with a passkey');
  expect(await refusals(demo, email)).toEqual(['CHALLENGE']);
});

it('gets no response of a browser on a page of another domain', async () => {
  const owner = await openDemo(app, visitor);
  await addFirstPasskey(owner);
  const own = await onlyPasskey(owner);
  const { page, authenticator } = await openDemo(app, visitor, 'phishing.localhost');
  await authenticator.store(own);
  await authenticator.setPresence(true);
  const sent: string[] = [];
  page.on('request', (request) => void sent.push(request.postData() ?? ''));
  await submit(page, {}, 'Sign in with a passkey');
  await page.getByText('The browser used no passkey.').waitFor();
  expect(sent.some((body) => body.includes('PasskeySignInOptions'))).toBe(true);
  expect(sent.filter((body) => body.includes('SignInWithPasskey'))).toEqual([]);
});

it('refuses the response for a page of its domain that is not its own', async () => {
  const software = new Authenticator(OWN_ORIGIN, { isSynced: false });
  const { person } = await PasskeyOwner.create(elsewhere, 'GraphQL', software);
  const [credential] = software.credentials;
  if (!credential) throw new Error('the authenticator has no passkey');
  const demo = await openDemo(elsewhere, visitor, 'gatehouse.localhost');
  await demo.authenticator.store(deviceCredential(credential));
  await demo.authenticator.setPresence(true);
  await submit(demo.page, {}, 'Sign in with a passkey');
  expect(await refusals(demo, person.email)).toEqual(['ORIGIN']);
});
