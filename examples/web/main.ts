/** Sample frontend: sign-in with a password and a code, or with a code only. */
import {
  ForgotPasswordDocument,
  type ForgotPasswordInput,
  LoginDocument,
  type LoginInput,
  RegisterDocument,
  type RegisterInput,
  RequestOtpDocument,
  type RequestOtpInput,
  ResetPasswordDocument,
  type ResetPasswordInput,
  VerifyOtpDocument,
  type VerifyOtpInput,
} from '../../client/generated/graphql.ts';
import { openAccount } from './account.ts';
import { askForCode, challenge, forgetChallenge } from './code-mail.ts';
import { onSubmit } from './forms.ts';
import { addPasskey, offerFirstPasskey, offerPasskeys } from './passkeys.ts';
import { isSignedIn, run, signIn } from './session.ts';
import { say, show, viewInAddress } from './views.ts';

onSubmit<RegisterInput>('register', (input) =>
  askForCode('code', input.email, async () => (await run(RegisterDocument, { input })).register),
);

onSubmit<LoginInput>('login', (input) =>
  askForCode('code', input.email, async () => (await run(LoginDocument, { input })).login),
);

onSubmit<RequestOtpInput>('requestOtp', (input) =>
  askForCode(
    'code',
    input.email,
    async () => (await run(RequestOtpDocument, { input })).requestOtp,
  ),
);

onSubmit<Pick<VerifyOtpInput, 'otp'>>('verifyOtp', async ({ otp }) => {
  const asked = challenge();
  if (!asked) return show('sign-in');
  const { verifyOtp } = await run(VerifyOtpDocument, { input: { ...asked, otp } });
  signIn(verifyOtp);
  forgetChallenge();
  if (!(await offerFirstPasskey())) await openAccount();
});

onSubmit('offerPasskey', async () => {
  if (!(await addPasskey())) return;
  await openAccount();
  say('Your passkey was added.');
});

onSubmit<ForgotPasswordInput>('forgotPassword', (input) =>
  askForCode(
    'reset',
    input.email,
    async () => (await run(ForgotPasswordDocument, { input })).forgotPassword,
  ),
);

onSubmit<Pick<ResetPasswordInput, 'otp' | 'password'>>('resetPassword', async (typed) => {
  const asked = challenge();
  if (!asked) return show('forgotten');
  await run(ResetPasswordDocument, { input: { ...asked, ...typed } });
  forgetChallenge();
  show('sign-in', 'Your password was reset. Sign in with the new password.');
});

/** Opens the view in the URL, or the one that fits the state of the session. */
function open(): void {
  const view = isSignedIn() ? 'account' : openTo(viewInAddress());
  history.replaceState(null, '', `#${view}`);
  if (view === 'account') void openAccount();
  else show(view);
}

/** Returns the view to open for a visitor who is not signed in. */
function openTo(view: string): string {
  const closed =
    view === 'account' ||
    view === 'offer' ||
    (!challenge() && (view === 'code' || view === 'reset'));
  return closed ? 'sign-in' : view;
}

/** Copies a typed address into all forms. */
document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== 'email') return;
  const { value } = target;
  for (const input of document.querySelectorAll('input')) {
    if (input.type === 'email') input.value = value;
  }
});

window.addEventListener('hashchange', open);
open();
void offerPasskeys(openAccount);
