import { useState } from 'preact/hooks';
import type { PasskeyResult } from '../../client/src/passkeys.ts';
import { createSignIn, type SignInState } from '../../client/src/sign-in.ts';
import { client } from './client.ts';
import { FactorCode, PasskeyButton, proofOf } from './factor-proof.tsx';
import { useStore } from './load.ts';
import { Failure, Field } from './parts.tsx';
import { hasPasskeys, passkeys } from './passkeys.ts';

/** Signs in with a passkey, or with a mailed code, also after a password or before a second factor. */
export function SignIn() {
  const [signIn] = useState(() => createSignIn(client));
  const state = useStore(signIn.subscribe, signIn.getState);
  const [email, setEmail] = useState('');
  const [text, setText] = useState('');
  const [passkeyError, setPasskeyError] = useState<PasskeyResult<unknown>['error']>();
  const { step, isBusy, blockedFor, resendIn, factors, challengeId } = state;
  const error = state.error ?? passkeyError;

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setPasskeyError(undefined);
    if (step === 'address') void signIn.sendCode(email.trim());
    if (step === 'password') void signIn.submitPassword(text).then(() => setText(''));
    if (step === 'code') void signIn.submitCode(text).then(() => setText(''));
    if (step === 'factor') void signIn.submitFactor(proofOf(text));
  };
  const signInByPasskey = async () => setPasskeyError((await passkeys.signIn()).error);
  const restart = () => {
    setText('');
    setPasskeyError(undefined);
    signIn.restart();
  };
  return (
    <main class="card sign-in">
      <h1>{titles[step]}</h1>
      <form onSubmit={submit} key={step}>
        {step === 'address' ? (
          <>
            <p class="quiet">For administrators. Gatehouse mails you a code.</p>
            <Field label="E-mail address">
              <input
                type="email"
                autocomplete="username"
                required
                autofocus
                value={email}
                onInput={({ currentTarget }) => setEmail(currentTarget.value)}
              />
            </Field>
          </>
        ) : step === 'factor' ? (
          <>
            <PasskeyButton
              factors={factors}
              challengeId={challengeId}
              disabled={isBusy}
              onProof={(proof) => void signIn.submitFactor(proof)}
              onError={setPasskeyError}
            />
            <FactorCode factors={factors} text={text} setText={setText} />
          </>
        ) : (
          <Secret step={step} email={state.email} text={text} setText={setText} />
        )}
        {error && <Failure error={error} />}
        <button type="submit" class="primary" disabled={isBusy || blockedFor > 0}>
          {buttons[step]}
        </button>
      </form>
      {step === 'address' && hasPasskeys && (
        <button type="button" class="link" onClick={() => void signInByPasskey()}>
          Sign in with a passkey
        </button>
      )}
      {step === 'address' && (
        <button
          type="button"
          class="link"
          onClick={() => signIn.choosePassword(email.trim())}
          disabled={isBusy || email.trim() === ''}
        >
          Use a password
        </button>
      )}
      {step === 'code' && (
        <button
          type="button"
          class="link"
          onClick={() => void signIn.resend()}
          disabled={isBusy || resendIn > 0}
        >
          {resendIn > 0 ? `Send another code in ${resendIn} s` : 'Send another code'}
        </button>
      )}
      {step !== 'address' && (
        <button type="button" class="link" onClick={restart}>
          Use another address
        </button>
      )}
    </main>
  );
}

type Step = SignInState['step'];

const titles: Record<Step, string> = {
  address: 'Sign in',
  password: 'Enter your password',
  code: 'Enter the code',
  factor: 'Confirm that it is you',
  done: 'Signed in',
};
const buttons: Record<Step, string> = {
  address: 'Mail me a code',
  password: 'Continue',
  code: 'Sign in',
  factor: 'Sign in',
  done: 'Signed in',
};

interface SecretProps {
  readonly step: Step;
  readonly email: string;
  readonly text: string;
  setText(text: string): void;
}

/** The field of a password or code. */
function Secret({ step, email, text, setText }: SecretProps) {
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
    setText(currentTarget.value);
  return step === 'password' ? (
    <Field label="Password" hint={`For ${email}`}>
      <input
        type="password"
        autocomplete="current-password"
        required
        autofocus
        value={text}
        onInput={onInput}
      />
    </Field>
  ) : (
    <Field label="Code" hint={`Six digits, mailed to ${email}`}>
      <input
        class="code"
        inputMode="numeric"
        autocomplete="one-time-code"
        required
        autofocus
        value={text}
        onInput={onInput}
      />
    </Field>
  );
}
