import { useState } from 'preact/hooks';
import type { KeyFragment } from '../../client/generated/graphql.ts';
import { client } from './client.ts';
import { Confirm, Dialog } from './dialog.tsx';
import { useLoad } from './load.ts';
import { Badge, Copy, Empty, Failure, Field, Heading, Loading, Moment, Select } from './parts.tsx';
import { dayText } from './texts.ts';

/** Lists, creates and revokes API keys. A new key is shown once. */
export function ApiKeys() {
  const found = useLoad('', () => client.apiKeys());
  const [isCreating, setCreating] = useState(false);
  const [created, setCreated] = useState<string>();
  const [revoked, setRevoked] = useState<KeyFragment>();
  const { data: keys, error } = found;
  return (
    <>
      <Heading title="API keys" lead="For machines that manage users or read the audit log.">
        <button type="button" class="primary" onClick={() => setCreating(true)}>
          Create a key
        </button>
      </Heading>
      {error && <Failure error={error} retry={found.reload} />}
      {!keys && !error && <Loading />}
      {keys?.length === 0 && <Empty>There is no API key.</Empty>}
      {keys && keys.length > 0 && <Table keys={keys} revoke={setRevoked} />}
      {isCreating && (
        <Create
          onDone={(key) => {
            setCreating(false);
            setCreated(key);
            found.reload();
          }}
          onClose={() => setCreating(false)}
        />
      )}
      {created && <Created apiKey={created} onClose={() => setCreated(undefined)} />}
      {revoked && (
        <Confirm
          title="Revoke this key?"
          action="Revoke"
          isDangerous
          run={() => client.revokeApiKey({ id: revoked.id })}
          onDone={() => {
            setRevoked(undefined);
            found.reload();
          }}
          onClose={() => setRevoked(undefined)}
        >
          <p>
            The next request with <strong>{revoked.name}</strong> is rejected.
          </p>
        </Confirm>
      )}
    </>
  );
}

const isOver = ({ expiresAt }: KeyFragment) => Date.parse(expiresAt) < Date.now();

interface TableProps {
  readonly keys: readonly KeyFragment[];
  revoke(key: KeyFragment): void;
}

const Table = ({ keys, revoke }: TableProps) => (
  <div class="table">
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Scope</th>
          <th scope="col" class="wide">
            Begins with
          </th>
          <th scope="col" class="wide">
            Last used
          </th>
          <th scope="col">Expires</th>
          <th scope="col">
            <span class="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <td class="main">{key.name}</td>
            <td>
              <Badge tone={key.scope === 'WRITE' ? 'warn' : ''}>{key.scope.toLowerCase()}</Badge>
            </td>
            <td class="wide">
              <code>{key.start}…</code>
            </td>
            <td class="wide">
              {key.lastUsedAt ? <Moment at={key.lastUsedAt} /> : <span class="quiet">never</span>}
            </td>
            <td>{isOver(key) ? <Badge tone="bad">expired</Badge> : dayText(key.expiresAt)}</td>
            <td class="end">
              <button type="button" class="link" onClick={() => revoke(key)}>
                Revoke<span class="hidden"> {key.name}</span>
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

interface CreateProps {
  onDone(key: string): void;
  onClose(): void;
}

function Create({ onDone, onClose }: CreateProps) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<'READ' | 'WRITE'>('READ');
  const [days, setDays] = useState('90');
  return (
    <Confirm
      title="Create an API key"
      action="Create"
      isReady={name.trim() !== '' && Number(days) > 0}
      run={() => client.createApiKey({ name: name.trim(), scope, expiresInDays: Number(days) })}
      onDone={({ key }) => onDone(key)}
      onClose={onClose}
    >
      <Field label="Name" hint="What uses the key">
        <input
          autocomplete="off"
          required
          maxLength={100}
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </Field>
      <Select
        label="Scope"
        value={scope}
        options={[
          ['READ', 'Read: users and the audit log'],
          ['WRITE', 'Write: also manage users'],
        ]}
        onChange={(value) => setScope(value === 'WRITE' ? 'WRITE' : 'READ')}
      />
      <Field label="Days until it expires">
        <input
          type="number"
          min={1}
          max={366}
          required
          value={days}
          onInput={({ currentTarget }) => setDays(currentTarget.value)}
        />
      </Field>
    </Confirm>
  );
}

const Created = ({ apiKey, onClose }: { apiKey: string; onClose: () => void }) => (
  <Dialog title="Your new API key" onClose={onClose}>
    <p>Copy it now. It is never shown again.</p>
    <p class="secret">
      <code>{apiKey}</code> <Copy text={apiKey} />
    </p>
    <div class="buttons">
      <button type="button" class="primary" onClick={onClose}>
        Done
      </button>
    </div>
  </Dialog>
);
