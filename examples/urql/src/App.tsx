import { GatehouseProvider, useAuthState } from '@gatehouse/client/react';
import { useState } from 'react';
import { Provider } from 'urql';
import { Devices } from './Devices';
import { gatehouse } from './gatehouse';
import { SignIn } from './SignIn';
import { createUrql } from './urql';

export default function App() {
  return (
    <GatehouseProvider client={gatehouse}>
      <Page />
    </GatehouseProvider>
  );
}

function Page() {
  const { status, user } = useAuthState();
  if (status === 'loading') return null;
  if (status === 'signed-out') return <SignIn />;
  return <Account key={user.id} email={user.email} />;
}

/** Has a cache of its own: the next user must not see this user's data. */
function Account({ email }: { email: string }) {
  const [urql] = useState(createUrql);
  return (
    <Provider value={urql}>
      <p>Signed in as {email}</p>
      <Devices />
      <button type="button" onClick={() => gatehouse.logout()}>
        Log out
      </button>
    </Provider>
  );
}
