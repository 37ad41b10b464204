import {
  askForPasskey,
  callAsUser,
  enterCode,
  enterFactor,
  type FactorProof,
  logout,
  type PendingSignIn,
  type Problem,
  refresh,
  sendCode,
} from './api';

const views = ['address-form', 'code-form', 'factor-form', 'account'];
const element = (id: string) => document.getElementById(id) as HTMLElement;
const factorForm = element('factor-form') as HTMLFormElement;
let challenge = { email: '', id: '' };

function show(view: string): void {
  for (const id of views) element(id).hidden = id !== view;
  element('problem').textContent = '';
}

async function showAccount(): Promise<void> {
  const user = await callAsUser<{ email: string }>('GET', '/auth/me');
  element('user').textContent = `Signed in as ${user.email}`;
  show('account');
}

/** Returns what to tell the user. */
function textOf({ code, errors, retry_after, unlock_in }: Problem): string {
  const seconds = retry_after ?? unlock_in;
  if (errors) return Object.values(errors).flat().join(' ');
  if (code === 'INVALID_OTP')
    return 'That code is wrong, was used, or is too old. Enter the newest one, or start again.';
  if (seconds !== undefined) return `Try again in ${seconds} seconds.`;
  return 'Something went wrong. Try again.';
}

function report(problem: Problem): void {
  element('problem').textContent = textOf(problem);
}

function onSubmit(form: string, field: string, work: (text: string) => Promise<void>): void {
  element(form).addEventListener('submit', (event) => {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get(field));
    work(text).catch(report);
  });
}

onSubmit('address-form', 'address', async (email) => {
  challenge = { email, id: (await sendCode(email)).challenge_id };
  show('code-form');
});

onSubmit('code-form', 'code', async (code) => {
  const pending = await enterCode(challenge.email, code, challenge.id);
  if (pending) askForFactor(pending);
  else await showAccount();
});

/** Asks for a second factor, and whether to trust this browser if the service offers it. */
function askForFactor({ factors, challenge_id, trust_device_days }: PendingSignIn): void {
  challenge.id = challenge_id;
  factorForm.reset();
  element('passkey').hidden = !factors.includes('PASSKEY');
  element('trust').hidden = !trust_device_days;
  element('days').textContent = String(trust_device_days);
  show('factor-form');
}

async function completeWith(proof: Omit<FactorProof, 'trust_device'>): Promise<void> {
  const trust_device = new FormData(factorForm).has('trust');
  await enterFactor(challenge.email, challenge.id, { ...proof, trust_device });
  await showAccount();
}

onSubmit('factor-form', 'factor', (text) =>
  // Only recovery codes contain letters.
  completeWith(/[a-z]/i.test(text) ? { recovery_code: text } : { totp: text }),
);

element('passkey').addEventListener('click', async () => {
  const passkey = await askForPasskey(challenge.id).catch(() => undefined);
  if (passkey) completeWith({ passkey }).catch(report);
  else element('problem').textContent = 'No passkey was used. Try again, or enter a code.';
});

element('log-out').addEventListener('click', () => {
  logout().then(() => show('address-form'), report);
});

refresh()
  .then(showAccount)
  .catch((problem: Problem) => {
    show('address-form');
    if (problem.code !== 'INVALID_TOKEN') report(problem);
  });
