import type { GatehouseError } from '@gatehouse/client';
import { usePasskeys, useSignIn } from '@gatehouse/client/react';

export function SignIn() {
  const signIn = useSignIn();
  const passkeys = usePasskeys();
  const { step, error, isBusy, blocked, blockedFor, resendIn } = signIn;
  const problem = blocked ? `Try again in ${blockedFor} seconds.` : error && textOf(error);
  const submit = (text: string) => {
    if (step === 'code') return signIn.submitCode(text);
    if (step !== 'factor') return signIn.sendCode(text);
    return signIn.submitFactor(text.length > 6 ? { recoveryCode: text } : { totp: text });
  };
  const provePasskey = async () => {
    const { data } = await passkeys.prove(signIn.challengeId);
    if (data) await signIn.submitFactor(data);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit(String(new FormData(event.currentTarget).get(step)));
      }}
    >
      {step === 'code' ? (
        <label key="code">
          Code <input name="code" inputMode="numeric" autoComplete="one-time-code" required />
        </label>
      ) : step === 'factor' ? (
        <label key="factor">
          Code of your app, or a recovery code
          <input name="factor" autoComplete="one-time-code" required />
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
      {step === 'factor' && signIn.factors.includes('PASSKEY') && (
        <button type="button" onClick={provePasskey}>
          Use a passkey
        </button>
      )}
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
      return 'That code is wrong, was used, or is older than the newest mail.';
    case 'NETWORK_ERROR':
      return 'The service cannot be reached. Try again.';
    default:
      return 'Something went wrong. Try again.';
  }
}
