import { ApolloProvider } from '@apollo/client/react';
import { GatehouseProvider, useAuthState } from '@gatehouse/client/react';
import { useState } from 'react';
import { createApollo } from './apollo';
import { Devices } from './Devices';
import { gatehouse } from './gatehouse';
import { SignIn } from './SignIn';

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
  const [apollo] = useState(createApollo);
  return (
    <ApolloProvider client={apollo}>
      <p>Signed in as {email}</p>
      <Devices />
      <button type="button" onClick={() => gatehouse.logout()}>
        Log out
      </button>
    </ApolloProvider>
  );
}
