'use client';
import { useActionState } from 'react';
import { enterCode, type SignInState, sendCode } from './actions';

const submit = (state: SignInState, form: FormData) =>
  state.challengeId ? enterCode(state, form) : sendCode(state, form);

export function SignIn() {
  const [{ challengeId, problem }, action, isBusy] = useActionState(submit, {});
  return (
    <form action={action}>
      {challengeId ? (
        <label key="code">
          Code <input name="code" inputMode="numeric" autoComplete="one-time-code" required />
        </label>
      ) : (
        <label key="address">
          E-mail address <input name="address" type="email" autoComplete="email" required />
        </label>
      )}
      {problem && <p role="alert">{problem}</p>}
      <button type="submit" disabled={isBusy}>
        Continue
      </button>
    </form>
  );
}
