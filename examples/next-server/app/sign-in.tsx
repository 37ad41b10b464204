'use client';
import { useActionState } from 'react';
import { enterCode, enterFactor, type SignInState, sendCode } from './actions';

const actions = { address: sendCode, code: enterCode, factor: enterFactor };

const submit = (state: SignInState, form: FormData) => actions[state.step](state, form);

const initial: SignInState = { step: 'address', email: '', challengeId: '' };

export function SignIn() {
  const [{ step, email, problem }, action, isBusy] = useActionState(submit, initial);
  return (
    <form action={action}>
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
          <input name="address" type="email" autoComplete="email" defaultValue={email} required />
        </label>
      )}
      {problem && <p role="alert">{problem}</p>}
      <button type="submit" disabled={isBusy}>
        Continue
      </button>
      {step !== 'address' && <a href="/">Start again</a>}
    </form>
  );
}
