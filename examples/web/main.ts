/** A sample frontend: signing in with a password and a code, or with a code alone. */
import {
  type ChallengeFragment,
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
import { duration, onSubmit } from './forms.ts';
import { isSignedIn, run, signIn } from './session.ts';
import { fill, show, viewInAddress } from './views.ts';

/** What a code that is to be typed belongs to. */
let challenge: { readonly email: string; readonly challengeId: string } | undefined;

onSubmit<RegisterInput>('register', async (input) => {
  await run(RegisterDocument, { input });
  show('sign-in', 'Your account is made. Sign in to prove that the address is yours.');
});

onSubmit<LoginInput>('login', async (input) => {
  const { login } = await run(LoginDocument, { input });
  askForCode('code', input.email, login);
});

onSubmit<RequestOtpInput>('requestOtp', async (input) => {
  const { requestOtp } = await run(RequestOtpDocument, { input });
  askForCode('code', input.email, requestOtp);
});

onSubmit<Pick<VerifyOtpInput, 'otp'>>('verifyOtp', async ({ otp }) => {
  if (!challenge) return show('sign-in');
  const { verifyOtp } = await run(VerifyOtpDocument, { input: { ...challenge, otp } });
  signIn(verifyOtp);
  challenge = undefined;
  await openAccount();
});

onSubmit<ForgotPasswordInput>('forgotPassword', async (input) => {
  const { forgotPassword } = await run(ForgotPasswordDocument, { input });
  askForCode('reset', input.email, forgotPassword);
});

onSubmit<Pick<ResetPasswordInput, 'otp' | 'password'>>('resetPassword', async (typed) => {
  if (!challenge) return show('forgotten');
  await run(ResetPasswordDocument, { input: { ...challenge, ...typed } });
  challenge = undefined;
  show('sign-in', 'Your new password is set. Sign in with it.');
});

function askForCode(view: string, email: string, { challengeId, expiresIn }: ChallengeFragment) {
  challenge = { email, challengeId };
  fill(view, { email, validity: duration(expiresIn) });
  show(view);
}

/** Opens the view in the address, or the one that makes sense instead. */
function open(): void {
  const view = isSignedIn() ? 'account' : openTo(viewInAddress());
  history.replaceState(null, '', `#${view}`);
  if (view === 'account') void openAccount();
  else show(view);
}

/** Where somebody gets who is not signed in. */
function openTo(view: string): string {
  const closed = view === 'account' || (!challenge && (view === 'code' || view === 'reset'));
  return closed ? 'sign-in' : view;
}

/** An address that was typed once stands in every form. */
document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== 'email') return;
  const { value } = target;
  for (const input of document.querySelectorAll('input')) {
    if (input.type === 'email') input.value = value;
  }
});

window.addEventListener('hashchange', open);
open();
