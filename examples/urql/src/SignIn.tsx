import type { GatehouseError } from '@gatehouse/client';
import { type FactorProof, usePasskeys, useSignIn } from '@gatehouse/client/react';
import { useRef, useState } from 'react';

export function SignIn() {
  const signIn = useSignIn();
  const passkeys = usePasskeys();
  const trustBox = useRef<HTMLInputElement>(null);
  const [passkeyFailed, setPasskeyFailed] = useState(false);
  const { step, error, isBusy, blocked, blockedFor, resendIn, trustDeviceDays } = signIn;
  const problem = blocked ? `Try again in ${blockedFor} seconds.` : error && textOf(error);
  const prove = (proof: FactorProof) =>
    signIn.submitFactor({ ...proof, trustDevice: trustBox.current?.checked });
  const submit = (text: string) => {
    setPasskeyFailed(false);
    if (step === 'code') return signIn.submitCode(text);
    if (step !== 'factor') return signIn.sendCode(text);
    // Only recovery codes contain letters.
    return prove(/[a-z]/i.test(text) ? { recoveryCode: text } : { totp: text });
  };
  const provePasskey = async () => {
    const { data } = await passkeys.prove(signIn.challengeId);
    setPasskeyFailed(!data);
    if (data) await prove(data);
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
          E-mail address
          <input
            name="address"
            type="email"
            autoComplete="email"
            defaultValue={signIn.email}
            required
          />
        </label>
      )}
      {trustDeviceDays && (
        <label>
          <input ref={trustBox} type="checkbox" /> Trust this browser for {trustDeviceDays} days
        </label>
      )}
      {problem && <p role="alert">{problem}</p>}
      <button type="submit" disabled={isBusy || blocked !== undefined}>
        Continue
      </button>
      {signIn.factors.includes('PASSKEY') && (
        <>
          <button type="button" onClick={provePasskey}>
            Use a passkey
          </button>
          {passkeyFailed && <p role="alert">No passkey was used. Try again, or enter a code.</p>}
        </>
      )}
      {step === 'code' && (
        <button type="button" disabled={resendIn > 0} onClick={() => signIn.resend()}>
          {resendIn > 0 ? `Resend in ${resendIn} s` : 'Resend the code'}
        </button>
      )}
      {step !== 'address' && (
        <button type="button" onClick={() => signIn.restart()}>
          Start again
        </button>
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
      return 'That code is wrong, was used, or is too old. Enter the newest one, or start again.';
    case 'NETWORK_ERROR':
      return 'The service cannot be reached. Try again.';
    default:
      return 'Something went wrong. Try again.';
  }
}
