import { callAsUser, enterCode, logout, type Problem, refresh, sendCode } from './api';

const views = ['address-form', 'code-form', 'account'];
const element = (id: string) => document.getElementById(id) as HTMLElement;
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
function textOf({ code, errors, retry_after }: Problem): string {
  if (errors) return Object.values(errors).flat().join(' ');
  if (code === 'INVALID_OTP') return 'That code is wrong or older than the newest mail.';
  if (retry_after !== undefined) return `Try again in ${retry_after} seconds.`;
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
  await enterCode(challenge.email, code, challenge.id);
  await showAccount();
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
