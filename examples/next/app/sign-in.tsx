'use client';
import type { GatehouseError } from '@gatehouse/client';
import { useSignIn } from '@gatehouse/client/react';

export function SignIn() {
  const signIn = useSignIn();
  const { step, error, isBusy, blocked, blockedFor, resendIn } = signIn;
  const problem = blocked ? `Try again in ${blockedFor} seconds.` : error && textOf(error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const text = String(new FormData(event.currentTarget).get(step));
        void (step === 'code' ? signIn.submitCode(text) : signIn.sendCode(text));
      }}
    >
      {step === 'code' ? (
        <label key="code">
          Code <input name="code" inputMode="numeric" autoComplete="one-time-code" required />
        </label>
      ) : (
        <label key="address">
          E-mail address <input name="address" type="email" autoComplete="email" required />
        </label>
      )}
      {problem && <p role="alert">{problem}</p>}
      <button type="submit" disabled={isBusy || blocked !== undefined}>
        Continue
      </button>
      {step === 'code' && (
        <>
          <button type="button" disabled={resendIn > 0} onClick={() => signIn.resend()}>
            {resendIn > 0 ? `Resend in ${resendIn} s` : 'Resend the code'}
          </button>
          <button type="button" onClick={() => signIn.restart()}>
            Use another address
          </button>
        </>
      )}
    </form>
  );
}

/** Returns what to tell the user. `error.message` is for developers. */
function textOf(error: GatehouseError): string {
  switch (error.code) {
    case 'BAD_USER_INPUT':
      return Object.values(error.fields).flat().join(' ');
    case 'INVALID_OTP':
      return 'That code is wrong or older than the newest mail.';
    case 'NETWORK_ERROR':
      return 'The service cannot be reached. Try again.';
    default:
      return 'Something went wrong. Try again.';
  }
}
