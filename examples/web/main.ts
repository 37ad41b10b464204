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
  type SignedInFragment,
  VerifyFactorDocument,
  VerifyOtpDocument,
  type VerifyOtpInput,
} from '../../client/generated/graphql.ts';
import { hasCode } from '../walk-through/gatehouse-error.ts';
import { openAccount } from './account.ts';
import { askForCode, challenge, forgetChallenge } from './code-mail.ts';
import { welcome } from './enrolment.ts';
import { onSubmit } from './forms.ts';
import { offerPasskeys } from './passkeys.ts';
import { askForProof } from './proof.ts';
import { isSignedIn, run, signIn } from './session.ts';
import { show, viewInAddress } from './views.ts';

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
  const tokens = await redeem({ ...asked, otp });
  forgetChallenge();
  if (!tokens) return show('sign-in', 'You did not sign in.');
  signIn(tokens);
  await welcome();
});

/** Redeems a code. Asks for a factor if the account has one; returns undefined if the user cancels. */
async function redeem(input: VerifyOtpInput): Promise<SignedInFragment | undefined> {
  try {
    return (await run(VerifyOtpDocument, { input })).verifyOtp;
  } catch (error) {
    if (!hasCode(error, 'MFA_REQUIRED')) throw error;
    const { challengeId = '' } = error;
    const { email } = input;
    return askForProof(error, async (proof, trustDevice) => {
      const completed = { ...proof, ...(trustDevice && { trustDevice }), email, challengeId };
      return (await run(VerifyFactorDocument, { input: completed })).verifyFactor;
    });
  }
}

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

/** Views of a signed-in account. After a reload, the account itself opens. */
const ofAccount = ['account', 'offer', 'required', 'app', 'recovery'];

/** Returns the view to open for a visitor who is not signed in. */
function openTo(view: string): string {
  const needsCode = view === 'code' || view === 'reset';
  const closed = ofAccount.includes(view) || (needsCode && !challenge());
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
