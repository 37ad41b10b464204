import { useState } from 'preact/hooks';
import type { Operations } from '../../client/src/operations.ts';
import type { PasskeyResult } from '../../client/src/passkeys.ts';
import { client } from './client.ts';
import { Copy, Failure, Field, Heading } from './parts.tsx';
import { hasPasskeys, passkeys } from './passkeys.ts';
import { setFactorRequired } from './required-factor.ts';
import { withStepUp } from './step-up.ts';

type NewApp = NonNullable<Awaited<ReturnType<Operations['enrollTotp']>>['data']>;
type Problem = PasskeyResult<unknown>['error'];

/** Adds the second factor without which the session may do nothing else. */
export function Enrolment() {
  const [app, setApp] = useState<NewApp>();
  const [codes, setCodes] = useState<readonly string[]>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Problem>();

  const attempt = async <Data,>(
    run: () => Promise<PasskeyResult<Data>>,
    onDone: (data: Data) => void,
  ) => {
    setBusy(true);
    setError(undefined);
    const result = await run();
    setBusy(false);
    setError(result.error);
    if (result.ok) onDone(result.data);
  };
  const finish = ({ recoveryCodes }: { readonly recoveryCodes: readonly string[] }) =>
    recoveryCodes.length > 0 ? setCodes(recoveryCodes) : setFactorRequired(false);
  const setUpApp = () => attempt(() => withStepUp(() => client.enrollTotp()), setApp);
  const confirmApp = (totp: string) =>
    attempt(() => withStepUp(() => client.confirmTotp({ totp })), finish);
  const addPasskey = () => attempt(() => withStepUp(() => passkeys.add()), finish);

  if (codes) return <RecoveryCodes codes={codes} />;
  return (
    <main class="card">
      <Heading title={app ? 'Set up your app' : 'Add a second factor'} />
      {app ? (
        <AppCode app={app} busy={busy} onCode={(totp) => void confirmApp(totp)} />
      ) : (
        <>
          <p>This service requires one of administrators: the mailbox alone is not enough.</p>
          {hasPasskeys && (
            <button type="button" class="primary" disabled={busy} onClick={() => void addPasskey()}>
              Add a passkey
            </button>
          )}
          <button type="button" class="primary" disabled={busy} onClick={() => void setUpApp()}>
            Set up an authenticator app
          </button>
        </>
      )}
      {error && <Failure error={error} />}
      <button type="button" class="link" onClick={() => void client.logout()}>
        Log out
      </button>
    </main>
  );
}

interface AppCodeProps {
  readonly app: NewApp;
  readonly busy: boolean;
  onCode(totp: string): void;
}

/** The key of a new app, and the field of its first code. */
function AppCode({ app: { qrCode, secret }, busy, onCode }: AppCodeProps) {
  const [text, setText] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onCode(text);
  };
  return (
    <form onSubmit={submit}>
      <p class="quiet">Scan the code with an authenticator app, or type the key into it.</p>
      <img
        class="qr-code"
        alt="QR code with the key for your app"
        src={`data:image/svg+xml,${encodeURIComponent(qrCode)}`}
      />
      <p>
        Key: <code>{(secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
      </p>
      <Field label="Code of the app">
        <input
          class="code"
          inputMode="numeric"
          autocomplete="one-time-code"
          required
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </Field>
      <button type="submit" class="primary" disabled={busy}>
        Turn on
      </button>
    </form>
  );
}

/** Recovery codes, which are shown once. */
const RecoveryCodes = ({ codes }: { codes: readonly string[] }) => (
  <main class="card">
    <Heading title="Keep your recovery codes">
      <Copy text={codes.join('\n')} />
    </Heading>
    <p>Without your device, each of them signs you in once. They are not shown again.</p>
    <ol class="recovery-codes">
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ol>
    <button type="button" class="primary" onClick={() => setFactorRequired(false)}>
      I have kept them
    </button>
  </main>
);
